"""Where a design request stands on the list: by the day on which it is needed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.board.rules import RUSH_SHARE, TaskFacts


class When(StrEnum):
    """The sections, in order."""

    OVERDUE = "overdue"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    LATER = "later"
    NO_DATE = "no_date"


class Rush(StrEnum):
    """How a request stands as a rush."""

    NO = ""
    WAITING = "waiting"
    ACCEPTED = "accepted"


def when_of(due_at: datetime | None, now: datetime, zone: ZoneInfo) -> When:
    """The section of a need date; weeks end with Sunday in this zone."""
    if due_at is None:
        return When.NO_DATE
    return next((when for when, end in ends_of(now, zone).items() if due_at < end), When.LATER)


def ends_of(now: datetime, zone: ZoneInfo) -> dict[When, datetime]:
    """The sections that end, in order, each with the moment at which the next one begins."""
    today = now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    starts = (monday, monday + timedelta(days=7))
    next_week, later = (datetime.combine(day, time(), zone) for day in starts)
    return {When.OVERDUE: now, When.THIS_WEEK: next_week, When.NEXT_WEEK: later}


def rush_of(facts: TaskFacts) -> Rush:
    """Whether it is a rush, and whether that is settled."""
    if not facts.is_rush:
        return Rush.NO
    return Rush.WAITING if facts.rush_waits else Rush.ACCEPTED


@dataclass(frozen=True)
class Share:
    """How much of what is open is rush."""

    rush: int
    total: int
    waiting: int
    most: Decimal = RUSH_SHARE

    @property
    def percent(self) -> int:
        """In whole per cent; 0 when nothing is open."""
        return round(100 * self.rush / self.total) if self.total else 0

    @property
    def most_percent(self) -> int:
        """What is still healthy, in per cent."""
        return int(self.most * 100)

    @property
    def is_high(self) -> bool:
        """True when it is more than what is healthy."""
        return self.rush > self.most * self.total
