"""Who sees the lanes on the first page."""

from staff.people.rules import Actor, Level, Role

# The two crews whose work every campaign waits for: 客服 and 美工.
LANES = (Role.CS, Role.DESIGN)


def leads(actor: Actor) -> frozenset[int]:
    """The teams whose lanes this actor watches: as a manager, or as the one who leads the operations."""
    return frozenset(seat.team_id for seat in actor.seats if seat.level is Level.MANAGER or Role.LEAD in seat.roles)
