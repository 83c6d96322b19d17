"""Who may do what in a team."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say


class Level(StrEnum):
    """What a member may do."""

    MANAGER = "manager"
    MEMBER = "member"
    VIEWER = "viewer"


class Role(StrEnum):
    """What a member does; `lead` is only a function, not a right."""

    LEAD = "lead"
    OPS = "ops"
    DESIGN = "design"
    CS = "cs"
    WAREHOUSE = "warehouse"
    ADS = "ads"
    PURCHASE = "purchase"
    LIVE = "live"


NAME_LENGTH = 60
# Roles that keep their dates on days off: shops sell, pack and answer on holidays too.
SHIFT_ROLES = frozenset({Role.CS, Role.WAREHOUSE, Role.LIVE})


@dataclass(frozen=True)
class Seat:
    """One person's place in one team."""

    team_id: int
    level: Level
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Actor:
    """Who asks: built once at the edge and passed down, never None."""

    user_id: int | None
    name: str
    seats: tuple[Seat, ...] = ()
    is_system: bool = False

    @property
    def team_ids(self) -> frozenset[int]:
        """The teams whose things this actor may see."""
        return frozenset(seat.team_id for seat in self.seats)

    def seat(self, team_id: int) -> Seat:
        """The actor's place in the team; `Missing` for an outsider."""
        for seat in self.seats:
            if seat.team_id == team_id:
                return seat
        raise Missing


# Celery and the command line act with the machine owner's rights.
SYSTEM = Actor(user_id=None, name="system", is_system=True)


def may_see(actor: Actor, team_id: int) -> bool:
    """True for members of the team and for the system."""
    return actor.is_system or team_id in actor.team_ids


def may_manage(actor: Actor, team_id: int) -> bool:
    """True for managers of the team and for the system."""
    return actor.is_system or any(seat.team_id == team_id and seat.level is Level.MANAGER for seat in actor.seats)


def may_work(actor: Actor, team_id: int) -> bool:
    """True for members and managers of the team and for the system; viewers read and comment."""
    return actor.is_system or any(seat.team_id == team_id and seat.level is not Level.VIEWER for seat in actor.seats)


def check_see(actor: Actor, team_id: int) -> None:
    """Refuses outsiders with the answer for things that do not exist."""
    if not may_see(actor, team_id):
        raise Missing


def check_manage(actor: Actor, team_id: int) -> None:
    """Refuses everyone who is not a manager of the team."""
    check_see(actor, team_id)
    if not may_manage(actor, team_id):
        raise NotAllowed


def check_work(actor: Actor, team_id: int) -> None:
    """Refuses viewers and outsiders."""
    check_see(actor, team_id)
    if not may_work(actor, team_id):
        raise NotAllowed


def check_names(*names: str) -> None:
    """Refuses a log-in name or a name of a person or team that is empty or longer than a line."""
    if not all(0 < len(name) <= NAME_LENGTH and name.isprintable() for name in names):
        raise Refused("invalid", say("A name has 1 to %(most)s characters on one line.", most=NAME_LENGTH))


def check_capacity(capacity_hours: Decimal) -> None:
    """Refuses hours that no day has."""
    if not 0 < capacity_hours <= 24:
        fault = say("Between 0 and 24 hours a day.")
        raise Refused("invalid", fault, fields={"capacity_hours": fault})


def check_keeps_manager(managers: Collection[int], user_id: int) -> None:
    """Refuses to take the place or the level of the one manager left; `managers` are the present ones."""
    if set(managers) == {user_id}:
        raise Refused("last_manager", say("A team keeps at least one manager."))


# What a spreadsheet and a request still take in one go.
EXPORT_LINES = 20_000


def check_export(lines: int) -> None:
    """Refuses to write out more lines than one file holds."""
    if lines > EXPORT_LINES:
        detail = say("These are more than %(most)s lines: take a shorter span of days.", most=EXPORT_LINES)
        raise Refused("too_many_lines", detail)
