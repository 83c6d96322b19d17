"""The board's lanes, and where a card may go from where it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaigns.board.rules.facts import Status, TaskFacts
from campaigns.board.rules.moves import check_step
from campaigns.campaign.rules import Phase
from planner.core.errors import DomainError, Refused
from planner.core.words import Said, say
from staff.people.rules import Actor, Role


class Group(StrEnum):
    """What the board's lanes stand for."""

    ROLE = "role"
    PERSON = "person"
    PHASE = "phase"
    QUADRANTS = "quadrants"


NOBODY = "nobody"
# Key → (important, urgent), in the order in which they are read.
QUADRANTS = {"q11": (True, True), "q10": (True, False), "q01": (False, True), "q00": (False, False)}
BIGGEST_DIGITS = 18


def lane_changes(group: Group | None, lane: str) -> dict[str, Any]:
    """The columns that a card takes on in this lane; refuses a lane that the board does not have."""
    try:
        if group is Group.ROLE:
            return {"role": Role(lane)}
        if group is Group.PHASE and lane != Phase.CLOSED:
            return {"phase": Phase(lane)}
        if group is Group.QUADRANTS:
            return dict(zip(("important", "urgent"), QUADRANTS[lane], strict=True))
        if group is Group.PERSON and len(lane) <= BIGGEST_DIGITS:
            return {"owner_id": None if lane == NOBODY else int(lane)}
    except (KeyError, ValueError):
        pass
    raise Refused("no_lane", say("There is no such lane on the board: look at it again."))


@dataclass(frozen=True)
class Way:
    """One column as a card sees it: open to it, asking for something first, or closed with the reasons."""

    to: Status
    refusal: Said | None = None
    reasons: tuple[Said, ...] = ()

    @property
    def asks_person(self) -> bool:
        """True when somebody has to be named who checks the task."""
        return self.refusal is None and self.to is Status.IN_REVIEW

    @property
    def asks_reason(self) -> bool:
        """True when the reason has to be written down."""
        return self.refusal is None and self.to in {Status.BLOCKED, Status.CANCELLED}


def ways(actor: Actor, facts: TaskFacts) -> tuple[Way, ...]:
    """Every other column, in the board's order, with what stands in the way there."""
    return tuple(_way(actor, facts, to) for to in Status if to is not facts.status)


def _way(actor: Actor, facts: TaskFacts, to: Status) -> Way:
    try:
        check_step(actor, facts, to)
    except DomainError as error:
        return Way(to, error.detail, error.reasons)
    return Way(to)
