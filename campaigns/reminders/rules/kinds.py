"""What people are told about, at which moment, and which line of the ledger that makes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    """Why somebody gets a message."""

    DUE_24H = "due_24h"
    DUE_2H = "due_2h"
    OVERDUE = "overdue"
    OVERDUE_24H = "overdue_24h"
    OVERDUE_24H_LEAD = "overdue_24h_lead"
    PLAN_READY = "plan_ready"
    UNOWNED_DIGEST = "unowned_digest"
    MENTION = "mention"


class Channel(StrEnum):
    """How it reaches them."""

    IN_APP = "in_app"
    EMAIL = "email"


# When a task's reminder is due, as a distance from the task's own deadline.
OFFSETS = {
    Kind.DUE_24H: timedelta(hours=-24),
    Kind.DUE_2H: timedelta(hours=-2),
    Kind.OVERDUE: timedelta(0),
    Kind.OVERDUE_24H: timedelta(hours=24),
    Kind.OVERDUE_24H_LEAD: timedelta(hours=24),
}
# What the owner hears about one deadline, in this order; the lead has only their one line.
OWNER_KINDS = (Kind.DUE_24H, Kind.DUE_2H, Kind.OVERDUE, Kind.OVERDUE_24H)
LEAD_KINDS = frozenset({Kind.OVERDUE_24H_LEAD, Kind.UNOWNED_DIGEST})

# How far back a sweep looks. Longer than the longest public holiday: a machine switched off over it still tells.
HORIZON = timedelta(days=15)
# Unowned tasks due within this time keep the daily digest coming.
DIGEST_AHEAD = timedelta(days=7)
DIGEST_TIME = time(9)


@dataclass(frozen=True)
class Addressee:
    """A person who can be told; without an address only inside the app."""

    user_id: int
    has_address: bool


@dataclass(frozen=True)
class DueTask:
    """An owned, open task with a deadline, as planning needs it."""

    id: int
    campaign_id: int
    due_at: datetime
    owner: Addressee
    created_at: datetime
    assigned_at: datetime | None


@dataclass(frozen=True)
class Line:
    """A line of the ledger before it is written: one message to one person by one channel about one occurrence."""

    campaign_id: int
    task_id: int | None
    recipient_id: int
    kind: Kind
    channel: Channel
    subject: str
    occurrence: str
    due_at: datetime


def occurrence_key(moment: datetime) -> str:
    """The moment in UTC: the same deadline in any zone is the same occurrence, a moved one is another."""
    return moment.astimezone(UTC).isoformat()


def task_subject(task_id: int) -> str:
    """How the ledger names a task."""
    return f"task:{task_id}"


def campaign_subject(campaign_id: int) -> str:
    """How the ledger names a campaign."""
    return f"campaign:{campaign_id}"


def comment_subject(comment_id: int) -> str:
    """How the ledger names a comment."""
    return f"comment:{comment_id}"


def moment_of(kind: Kind, due_at: datetime) -> datetime:
    """When this reminder of a task due at `due_at` is to be sent."""
    return due_at + OFFSETS[kind]


def has_come(kind: Kind, task: DueTask, now: datetime) -> bool:
    """True when the reminder's moment is here and did not pass before the task existed or had this owner."""
    since = max(task.created_at, task.assigned_at or task.created_at)
    return since <= moment_of(kind, task.due_at) <= now


def later_kinds(kind: Kind) -> tuple[Kind, ...]:
    """The reminders of the same deadline to the same person that come after this one."""
    return OWNER_KINDS[OWNER_KINDS.index(kind) + 1 :] if kind in OWNER_KINDS else ()


def due_lines(kind: Kind, task: DueTask, leads: Iterable[Addressee], now: datetime) -> list[Line]:
    """The lines that this reminder of a task makes; empty before its moment, and where it came too early to count."""
    if not has_come(kind, task, now):
        return []
    # A lead who owns the task has been told as its owner.
    people = [lead for lead in leads if lead.user_id != task.owner.user_id] if kind in LEAD_KINDS else [task.owner]
    return [
        Line(
            campaign_id=task.campaign_id,
            task_id=task.id,
            recipient_id=person.user_id,
            kind=kind,
            channel=channel,
            subject=task_subject(task.id),
            occurrence=occurrence_key(task.due_at),
            due_at=moment_of(kind, task.due_at),
        )
        for person in people
        for channel in channels(person)
    ]


def channels(person: Addressee) -> Iterator[Channel]:
    """Inside the app always, by mail to those who gave an address."""
    yield Channel.IN_APP
    if person.has_address:
        yield Channel.EMAIL


def campaign_lines(
    kind: Kind, campaign_id: int, people: Iterable[Addressee], occurrence: str, moment: datetime
) -> list[Line]:
    """The lines that tell these people about a campaign."""
    return [
        Line(
            campaign_id=campaign_id,
            task_id=None,
            recipient_id=person.user_id,
            kind=kind,
            channel=channel,
            subject=campaign_subject(campaign_id),
            occurrence=occurrence,
            due_at=moment,
        )
        for person in people
        for channel in channels(person)
    ]


def mention_lines(campaign_id: int, task_id: int, comment_id: int, at: datetime, person: Addressee) -> list[Line]:
    """The lines that tell somebody that a comment names them."""
    return [
        Line(
            campaign_id=campaign_id,
            task_id=task_id,
            recipient_id=person.user_id,
            kind=Kind.MENTION,
            channel=channel,
            subject=comment_subject(comment_id),
            occurrence=occurrence_key(at),
            due_at=at,
        )
        for channel in channels(person)
    ]


def digest_moment(now: datetime, zone: ZoneInfo) -> datetime | None:
    """Nine o'clock of the team's today; None before it."""
    local = now.astimezone(zone)
    moment = datetime.combine(local.date(), DIGEST_TIME, zone).astimezone(UTC)
    return moment if moment <= now else None


def digest_day(moment: datetime, zone: ZoneInfo) -> str:
    """Which daily digest: at most one a day of the team."""
    return f"day:{moment.astimezone(zone).date().isoformat()}"


def plan_occurrence(generated_at: datetime) -> str:
    """Which generation of a plan."""
    return f"plan:{occurrence_key(generated_at)}"
