"""What a review is compiled from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from campaigns.metrics.rules.figures import Figures
from campaigns.metrics.rules.targets import Target

REVIEW_KIND = "compile_review"


@dataclass(frozen=True)
class TaskFact:
    """One task that was not cancelled."""

    id: int
    phase: str
    role: str
    owner_id: int | None
    is_done: bool
    done_at: datetime | None
    due_at: datetime | None
    # The deadline first given.
    planned_due_at: datetime | None
    due_changes: int
    estimate_hours: Decimal
    actual_hours: Decimal | None


@dataclass(frozen=True)
class OverrideFact:
    """A move over what blocked it."""

    at: datetime
    actor_id: int | None
    from_phase: str
    to_phase: str
    reason: str


@dataclass(frozen=True)
class ReminderFact:
    """Messages of one kind that went out."""

    kind: str
    messages: int
    tasks: int


@dataclass(frozen=True)
class ReviewFacts:
    """Everything that a summary says, before it is said."""

    figures: Figures | None
    target: Target | None
    tasks: tuple[TaskFact, ...]
    overrides: tuple[OverrideFact, ...]
    reminders: tuple[ReminderFact, ...]
