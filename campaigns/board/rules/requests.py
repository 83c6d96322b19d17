"""Design requests: what is asked of the designers, by when, and which of them are rush requests (急单).

Every open task of the role `design` is a request. What somebody adds by hand for somebody else is a rush when its need
date is nearer than the lead. A plan's own tasks were asked for with their campaign: one of them becomes a rush only
when its date is moved closer than the lead.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from planner.core.errors import Refused
from planner.core.words import Said, say

# Designers need two weeks; of what they have, a fifth may be rush (SOP, M06).
LEAD_DAYS = 14
RUSH_SHARE = Decimal("0.2")
MOST_SIZES = 20


class Priority(StrEnum):
    """How much a request matters, as one choice."""

    BOTH = "important_urgent"
    IMPORTANT = "important"
    URGENT = "urgent"
    NORMAL = "normal"

    @property
    def marks(self) -> tuple[bool, bool]:
        """Important, urgent."""
        return self in {Priority.BOTH, Priority.IMPORTANT}, self in {Priority.BOTH, Priority.URGENT}


def priority_of(*, important: bool, urgent: bool) -> Priority:
    """The priority that these two marks make."""
    return next(each for each in Priority if each.marks == (important, urgent))


def days_ahead(raised_at: datetime, due_at: datetime, zone: str) -> int:
    """Calendar days of this zone between asking and needing; negative when it was needed before."""
    place = ZoneInfo(zone)
    return (due_at.astimezone(place).date() - raised_at.astimezone(place).date()).days


def is_short(raised_at: datetime, due_at: datetime, zone: str) -> bool:
    """True when designers have less than their lead."""
    return days_ahead(raised_at, due_at, zone) < LEAD_DAYS


def first_calm_day(now: datetime, zone: str) -> datetime:
    """Six in the evening of the first day that is no rush."""
    place = ZoneInfo(zone)
    return datetime.combine(now.astimezone(place).date() + timedelta(days=LEAD_DAYS), time(18), place)


@dataclass(frozen=True)
class Hint:
    """What a need date means, before anything is sent."""

    text: Said
    is_rush: bool


def hint_of(now: datetime, due_at: datetime | None, zone: str, *, manages: bool) -> Hint:
    """What this need date means for who asks now."""
    if due_at is None:
        return Hint(
            say("Designers need %(days)s days: what is needed sooner is a rush request.", days=LEAD_DAYS), False
        )
    days = days_ahead(now, due_at, zone)
    if due_at <= now:
        return Hint(say("This date has passed."), True)
    if days >= LEAD_DAYS:
        return Hint(say("%(days)s days to the need date: no rush.", days=days), False)
    if manages:
        return Hint(say("%(days)s days to the need date: a rush request, accepted as you send it.", days=days), True)
    return Hint(say("%(days)s days to the need date: a rush request, a manager has to accept it.", days=days), True)


@dataclass(frozen=True)
class Brief:
    """What a designer has to know."""

    purpose: str
    # One picture a line.
    sizes: str
    wording: str = ""
    references: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The pictures, one each: the checklist of the task."""
        return tuple(line.strip() for line in self.sizes.splitlines() if line.strip())

    def text(self, *, english: bool) -> str:
        """The brief as the text by which the work is accepted."""
        names = (
            ("Purpose: ", "Sizes: ", "Wording: ", "References: ")
            if english
            else ("用途：", "尺寸：", "文案：", "参考：")
        )
        comma = ", " if english else "、"
        values = (self.purpose.strip(), comma.join(self.lines), self.wording.strip(), self.references.strip())
        return "\n".join(f"{name}{value}" for name, value in zip(names, values, strict=True) if value)


def check_brief(brief: Brief, due_at: datetime | None, now: datetime) -> datetime:
    """The need date; refuses a request without purpose, sizes or a date that is still to come."""
    faults: dict[str, Said] = {}
    if not brief.purpose.strip():
        faults["purpose"] = say("Say what it is for.")
    if not brief.lines:
        faults["sizes"] = say("Name at least one picture with its size.")
    elif len(brief.lines) > MOST_SIZES:
        faults["sizes"] = say("At most %(most)s pictures in one request: split it.", most=MOST_SIZES)
    if due_at is None:
        faults["due_at"] = say("Say by when it is needed.")
    elif due_at <= now:
        faults["due_at"] = say("This date has passed.")
    if faults or due_at is None:
        raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(faults.values()), fields=faults)
    return due_at
