"""What a quick line is read against, and what comes of reading it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from campaigns.campaign.rules import Anchor
from planner.core.words import Said
from staff.calendars.rules import WorkCalendar
from staff.people.rules import Role

MOST_LINES = 50
LINE_LENGTH = 400
TEXT_LENGTH = MOST_LINES * LINE_LENGTH
TITLE_LENGTH = 120


@dataclass(frozen=True)
class Named:
    """What is found by its name; `pinyin` is "linxiaomei lxm", `login` is a person's."""

    id: int
    name: str
    pinyin: str = ""
    login: str = ""


@dataclass(frozen=True)
class QuickPerson(Named):
    """Somebody who can own tasks of a team, with the roles held in it."""

    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class QuickCampaign(Named):
    """A running campaign in which the writer may make tasks."""

    zone: str = "Asia/Shanghai"
    anchors: Mapping[Anchor, datetime] = field(default_factory=dict)
    people: tuple[QuickPerson, ...] = ()
    # Who holds which role in this campaign.
    holders: Mapping[Role, int] = field(default_factory=dict)
    # True when the writer names owners, helpers and must-haves.
    may_manage: bool = False


@dataclass(frozen=True)
class QuickFacts:
    """Everything that reading needs: who writes, when, and what can be named."""

    me: int
    now: datetime
    campaigns: tuple[QuickCampaign, ...]
    # The campaign meant when none is named; None asks.
    default_id: int | None = None
    calendar: WorkCalendar = field(default_factory=WorkCalendar)


class Part(StrEnum):
    """The part of a task that a piece of the line speaks of."""

    CAMPAIGN = "campaign"
    OWNER = "owner"
    DUE = "due"
    PRIORITY = "priority"
    ESTIMATE = "estimate"
    TITLE = "title"


class Weight(StrEnum):
    """How an issue stands in the way: questions and faults do, notes do not."""

    QUESTION = "question"
    FAULT = "fault"
    NOTE = "note"


@dataclass(frozen=True)
class Choice:
    """One answer to a question: what it is called, and the whole line as it is written then.

    With `is_words` the answer is that the words name nothing and belong to the title.
    """

    name: str
    line: str
    is_words: bool = False


@dataclass(frozen=True)
class Issue:
    """What the reader of the line has to say about a piece of it; `start` and `end` are its place."""

    part: Part
    weight: Weight
    said: Said
    start: int = 0
    end: int = 0
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A line as it was understood."""

    line: str
    title: str
    campaign: QuickCampaign | None = None
    owner: QuickPerson | None = None
    helpers: tuple[QuickPerson, ...] = ()
    role: Role = Role.OPS
    due_at: datetime | None = None
    important: bool = False
    urgent: bool = False
    must_have: bool = False
    estimate_hours: Decimal = Decimal(0)
    issues: tuple[Issue, ...] = ()

    @property
    def is_clear(self) -> bool:
        """True when nothing is asked and nothing is at fault: it can be saved."""
        return not self.blocking

    @property
    def blocking(self) -> tuple[Issue, ...]:
        """Questions and faults."""
        return tuple(issue for issue in self.issues if issue.weight is not Weight.NOTE)

    @property
    def notes(self) -> tuple[Issue, ...]:
        """What is only worth knowing."""
        return tuple(issue for issue in self.issues if issue.weight is Weight.NOTE)


def tag_of(readings: Iterable[Reading]) -> str:
    """A short word that is another one when any value that would be saved is another one."""
    values = [
        (
            each.line,
            each.title,
            each.campaign and each.campaign.id,
            each.owner and each.owner.id,
            [helper.id for helper in each.helpers],
            each.role.value,
            each.due_at and each.due_at.isoformat(),
            each.important,
            each.urgent,
            each.must_have,
            str(each.estimate_hours),
        )
        for each in readings
    ]
    return sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:20]
