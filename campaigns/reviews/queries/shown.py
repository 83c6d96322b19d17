"""Values of the review page, ready to show."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from campaigns.campaign.rules import CampaignFacts
from campaigns.reviews.rules.split import Method
from campaigns.reviews.rules.words import FACTOR_NAMES, GOAL_NAMES, MISSING_NAMES, REMINDER_NAMES
from planner.core.curve import Curve
from planner.core.words import Said
from planner.web.words import in_language
from staff.people.queries import Person
from staff.runs.queries import RunScreen


@dataclass(frozen=True)
class GoalLine:
    """One figure against its target."""

    code: str
    # How it is written: money, count or percent.
    kind: str
    target: Decimal | None
    actual: Decimal | None

    @property
    def name(self) -> Said:
        """What it is called."""
        return GOAL_NAMES[self.code]

    @property
    def gap(self) -> Decimal | None:
        """Actual less target."""
        return self.actual - self.target if self.actual is not None and self.target is not None else None

    @property
    def attained(self) -> Decimal | None:
        """Actual per target."""
        return self.actual / self.target if self.actual is not None and self.target else None


@dataclass(frozen=True)
class Factor:
    """One factor's part of the difference, with a bar for its size."""

    code: str
    amount: Decimal
    # Of 100: the largest effect fills the bar.
    share: int

    @property
    def name(self) -> Said:
        """What it is called."""
        return FACTOR_NAMES[self.code]


@dataclass(frozen=True)
class Lack:
    """A figure that the split needs and does not have; `days` where it is missing for some days only."""

    code: str
    days: int | None = None

    @property
    def said(self) -> Said:
        """What is missing, in words."""
        return Said(MISSING_NAMES[self.code].text, {} if self.days is None else {"days": self.days})


@dataclass(frozen=True)
class SplitShown:
    """The factor split, or which figures it lacks."""

    method: Method | None
    factors: tuple[Factor, ...]
    difference: Decimal | None
    missing: tuple[Lack, ...]

    @property
    def is_chain(self) -> bool:
        """True when a figure was zero, so that the factors were replaced one after the other."""
        return self.method == Method.CHAIN


@dataclass(frozen=True)
class DayShown:
    """One day of the curve."""

    on: date
    orders: int
    paid_amount: Decimal
    net: Decimal | None
    visitors: int | None


@dataclass(frozen=True)
class RefundsShown:
    """What went back."""

    refunds: Decimal
    rate: Decimal
    fully_refunded: int
    fully_rate: Decimal


@dataclass(frozen=True)
class TaskLink:
    """A task to open, with a number beside it: how often it was moved, or the minutes that it slipped."""

    id: int
    code: str
    title: str
    title_en: str
    number: int

    @property
    def label(self) -> str:
        """Its code and title in the reader's language."""
        return f"{self.code} {in_language(self.title, self.title_en)}".strip()

    @property
    def hours(self) -> Decimal:
        """The number, being minutes, in hours."""
        return Decimal(self.number) / 60

    @property
    def whole_hours(self) -> int:
        """The number, being minutes, in full hours."""
        return self.number // 60


@dataclass(frozen=True)
class PunctualLine:
    """Punctuality of one phase, role or person."""

    # Of a phase or role its code, of a person who and how they are called.
    code: str
    user_id: int | None
    name: str
    query: str
    tasks: int
    done: int
    on_time: int
    slipped: int
    slip_hours: Decimal
    worst: TaskLink | None

    @property
    def label(self) -> str:
        """A code to label, or a name as it is."""
        return self.code or self.name

    @property
    def rate(self) -> Decimal | None:
        """On time per done."""
        return Decimal(self.on_time) / self.done if self.done else None


@dataclass(frozen=True)
class PunctualGroup:
    """The lines of one way to group."""

    kind: str
    lines: tuple[PunctualLine, ...]


@dataclass(frozen=True)
class DueChangesShown:
    """How often deadlines were moved."""

    tasks: int
    moved: int
    changes: int
    most: tuple[TaskLink, ...]


@dataclass(frozen=True)
class OverrideShown:
    """A move over what blocked it."""

    at: datetime
    actor_id: int | None
    by: str
    from_phase: str
    to_phase: str
    reason: str


@dataclass(frozen=True)
class ReminderShown:
    """Messages of one kind."""

    kind: str
    messages: int
    tasks: int

    @property
    def name(self) -> Said:
        """What it is called; an unknown kind as it is."""
        return REMINDER_NAMES.get(self.kind, Said(self.kind))


@dataclass(frozen=True)
class HoursLine:
    """Planned against actual hours; the role is blank for all."""

    role: str
    tasks: int
    planned: Decimal
    actual: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """Actual per planned."""
        return self.actual / self.planned if self.planned else None


@dataclass(frozen=True)
class LessonLine:
    """One lesson, ready to show and to edit."""

    id: int
    kind: str
    text: str
    owner_id: int
    owner: str
    due_on: date
    task_id: int | None
    version: int


@dataclass(frozen=True)
class NotesShown:
    """What people wrote beside the summary, and its version."""

    notes: str
    version: int


@dataclass(frozen=True)
class ReviewScreen:
    """Everything on the review page; a section is None or empty where there is nothing to say."""

    campaign: CampaignFacts
    may_work: bool
    may_manage: bool
    user_id: int | None
    compiled_at: datetime | None
    run: RunScreen | None
    goal: tuple[GoalLine, ...]
    split: SplitShown | None
    days: tuple[DayShown, ...]
    curve: Curve | None
    refunds: RefundsShown | None
    punctuality: PunctualLine | None
    punctual_groups: tuple[PunctualGroup, ...]
    due_changes: DueChangesShown | None
    overrides: tuple[OverrideShown, ...]
    reminders: tuple[ReminderShown, ...]
    hours: tuple[HoursLine, ...]
    notes: str
    notes_version: int
    lessons: tuple[LessonLine, ...]
    people: tuple[Person, ...]

    @property
    def hours_of_all(self) -> HoursLine | None:
        """The line of all roles together."""
        return self.hours[-1] if self.hours else None

    @property
    def hours_by_role(self) -> tuple[HoursLine, ...]:
        """The lines of the roles."""
        return self.hours[:-1]

    @property
    def is_compiled(self) -> bool:
        """True when there is a summary to read."""
        return self.compiled_at is not None
