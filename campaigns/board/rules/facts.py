"""What a task is: its states, a draft of one, and the facts that the verbs decide on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict

from campaigns.board.rules.requests import days_ahead, is_short
from campaigns.campaign.rules import CampaignFacts, Phase
from planner.core.words import Said, say
from staff.people.rules import Role


class Status(StrEnum):
    """Where a task stands; also the columns of the board, in this order."""

    TODO = "todo"
    DOING = "doing"
    IN_REVIEW = "in_review"
    BLOCKED = "blocked"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = frozenset({Status.TODO, Status.DOING, Status.IN_REVIEW, Status.BLOCKED})
RUSH_WAITS = say("Rush request: waits until a manager accepts it")
STATUS_NAMES: dict[Status, Said] = {
    Status.TODO: say("To do"),
    Status.DOING: say("Doing"),
    Status.IN_REVIEW: say("Being checked"),
    Status.BLOCKED: say("Blocked"),
    Status.DONE: say("Done"),
    Status.CANCELLED: say("Cancelled"),
}


@dataclass(frozen=True)
class TaskDraft:
    """A task of a plan before it has a row; `depends_on` names other drafts' codes."""

    code: str
    title: str
    title_en: str
    acceptance: str
    acceptance_en: str
    phase: Phase
    stage: str
    stage_en: str
    role: Role
    platforms: tuple[str, ...]
    owner_id: int | None
    important: bool
    urgent: bool
    must_have: bool
    is_gate: bool
    start_at: datetime | None
    due_at: datetime | None
    estimate_hours: Decimal
    depends_on: tuple[str, ...] = ()
    needs_evidence: bool = False
    # Pairs of the Chinese and the English text.
    checklist: tuple[tuple[str, str], ...] = ()


class TaskChanges(TypedDict, total=False):
    """The fields of a task that can be edited; only those present change."""

    title: str
    title_en: str
    acceptance: str
    acceptance_en: str
    start_at: datetime | None
    due_at: datetime | None
    estimate_hours: Decimal
    important: bool
    urgent: bool
    must_have: bool
    needs_evidence: bool
    role: Role
    phase: Phase


@dataclass(frozen=True)
class Predecessor:
    """A task that another one waits for."""

    task_id: int
    name: str
    status: Status
    is_gate: bool
    is_confirmed: bool
    is_waived: bool

    @property
    def is_passed(self) -> bool:
        """True when nothing waits for it any more.

        A gate counts only when confirmed. An ordinary task that a manager cancelled, with a reason, holds nobody up;
        a cancelled gate does, until somebody waives it.
        """
        if self.is_waived:
            return True
        if self.is_gate:
            return self.status is Status.DONE and self.is_confirmed
        return self.status in {Status.DONE, Status.CANCELLED}


@dataclass(frozen=True)
class TaskFacts:
    """A task as its verbs need it; attributes that are columns are named like them."""

    id: int
    campaign: CampaignFacts
    # Code and title in the reader's language: what refusals call it.
    name: str
    code: str
    title: str
    title_en: str
    acceptance: str
    acceptance_en: str
    phase: Phase
    role: Role
    owner_id: int | None
    helper_ids: frozenset[int]
    status: Status
    status_reason: str
    reviewer_id: int | None
    important: bool
    urgent: bool
    must_have: bool
    is_gate: bool
    start_at: datetime | None
    due_at: datetime | None
    due_changes: int
    planned_due_at: datetime | None
    estimate_hours: Decimal
    actual_hours: Decimal | None
    done_by_id: int | None
    done_at: datetime | None
    confirmed_by_id: int | None
    confirmed_at: datetime | None
    position: float
    version: int
    item_count: int = 0
    open_items: tuple[str, ...] = ()
    predecessors: tuple[Predecessor, ...] = ()
    assigned_at: datetime | None = None
    needs_evidence: bool = False
    # Counted only where it is needed.
    evidence_count: int = 0
    created_by_id: int | None = None
    deleted_at: datetime | None = None
    deleted_by_id: int | None = None
    created_at: datetime | None = None
    accepted_by_id: int | None = None
    accepted_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True while there is work left on it."""
        return self.status in OPEN

    @property
    def waits_for_confirmation(self) -> bool:
        """True for a gate that one person did and nobody confirmed yet."""
        return self.is_gate and self.status is Status.DONE and self.confirmed_at is None

    @property
    def waits_for(self) -> tuple[Predecessor, ...]:
        """The predecessors that still hold it up."""
        return tuple(each for each in self.predecessors if not each.is_passed)

    @property
    def lacks_evidence(self) -> bool:
        """True while it needs a piece of evidence and has none."""
        return self.needs_evidence and not self.evidence_count

    @property
    def workers(self) -> frozenset[int]:
        """Owner and helpers."""
        return self.helper_ids | ({self.owner_id} if self.owner_id is not None else frozenset())

    @property
    def lead_days(self) -> int | None:
        """Of a design request: days between asking and needing; None for other work and without a date."""
        if self.role is not Role.DESIGN or self.due_at is None or self.created_at is None:
            return None
        return days_ahead(self.created_at, self.due_at, self.campaign.zone)

    @property
    def is_rush(self) -> bool:
        """True for a design request that leaves less than the lead.

        Work that somebody sets themselves was asked of nobody; of a plan's tasks only those count whose date was moved.
        """
        if self.role is not Role.DESIGN or self.due_at is None or self.created_at is None:
            return False
        if self.accepted_at is not None:
            return True
        own = self.owner_id is not None and self.owner_id == self.created_by_id
        return not self.code and not own and is_short(self.created_at, self.due_at, self.campaign.zone)

    @property
    def rush_waits(self) -> bool:
        """True for an open rush that no manager has accepted; what the machine itself wrote nobody has to accept."""
        return self.is_open and self.is_rush and self.accepted_at is None and self.created_by_id is not None

    def is_late(self, now: datetime) -> bool:
        """True when it is open and its moment has passed."""
        return self.is_open and self.due_at is not None and self.due_at < now


def blockers(facts: TaskFacts) -> tuple[Said, ...]:
    """What must happen before this task can be done: acceptance, open items, evidence, then what it waits for."""
    rush = (RUSH_WAITS,) if facts.rush_waits else ()
    items = tuple(say("Not ticked: %(item)s", item=item) for item in facts.open_items)
    evidence = (say("Evidence is missing: add a link or a file"),) if facts.lacks_evidence else ()
    return rush + items + evidence + tuple(_waiting(each) for each in facts.waits_for)


def _waiting(each: Predecessor) -> Said:
    if each.is_gate and each.status is Status.DONE:
        return say("%(task)s is done, but nobody has confirmed it", task=each.name)
    return say("Waits for %(task)s (%(status)s)", task=each.name, status=STATUS_NAMES[each.status])
