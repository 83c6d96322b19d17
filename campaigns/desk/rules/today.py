"""The first page: which list a task stands in, which date comes next, who sees the lanes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zlib import crc32

from campaigns.campaign.rules import Anchor, CampaignFacts
from planner.core.words import Said, say
from staff.people.rules import Actor, Level, Role

# The two crews whose work every campaign waits for: 客服 and 美工.
LANES = (Role.CS, Role.DESIGN)
WEEK = timedelta(days=7)
# A plan for next summer may lack owners for months; two weeks are the time in which somebody must be found.
OWNER_NOTICE = 2 * WEEK
# What I have just done stays where it stood, with its way back.
STAYS = timedelta(minutes=10)
# As often as words like "in 3 h" are said anew although nobody changed anything.
FRESH_MINUTES = 15
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

AWAY = {
    Anchor.START: say("%(away)s to the start"),
    Anchor.END: say("%(away)s to the end"),
    Anchor.PRESALE_START: say("%(away)s to the presale"),
    Anchor.WAVE2_START: say("%(away)s to the second wave"),
    Anchor.PRICE_PROTECT_END: say("%(away)s to the end of price protection"),
}


class Part(StrEnum):
    """The lists of the first page, in their order."""

    OVERDUE = "overdue"
    TODAY = "today"
    WAITING = "waiting"
    WEEK = "week"
    LATER = "later"


@dataclass(frozen=True)
class Mark:
    """A task as the lists of the first page sort it."""

    id: int
    due_at: datetime | None
    is_open: bool

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in a list: by due moment, those without one last."""
        return (_since(self.due_at), self.id)


def _since(due_at: datetime | None) -> int:
    return 10**18 if due_at is None else (due_at - EPOCH) // timedelta(microseconds=1)


def part_of(due_at: datetime | None, *, now: datetime, midnight: datetime) -> Part:
    """The list that a task of mine stands in; `midnight` ends the reader's day."""
    if due_at is None or due_at >= midnight + WEEK:
        return Part.LATER
    if due_at >= midnight:
        return Part.WEEK
    return Part.TODAY if due_at >= now else Part.OVERDUE


def midnight_after(local: datetime) -> datetime:
    """The end of the day that this moment lies in, by its own zone's clock."""
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


def after(marks: Iterable[Mark], cursor: str) -> list[Mark]:
    """The marks in order that stand behind the place that a cursor names; all of them without one."""
    ordered = sorted(marks, key=lambda mark: mark.place)
    if not cursor:
        return ordered
    due, _, pk = cursor.partition(".")
    place = (int(due), int(pk))
    return [mark for mark in ordered if mark.place > place]


def cursor_of(mark: Mark) -> str:
    """The place of a mark as an address carries it."""
    return "{}.{}".format(*mark.place)


def place_of(cursor: str) -> tuple[datetime | None, int]:
    """The due moment and the id that a cursor names; a moment that no calendar has is none."""
    due, _, pk = cursor.partition(".")
    try:
        return EPOCH + timedelta(microseconds=int(due)), int(pk)
    except OverflowError:
        return None, int(pk)


def version_of(campaigns: Iterable[CampaignFacts], local: datetime) -> str:
    """A short text that is another one once a campaign changed, the day did, or words about time grew old."""
    seen = sorted((campaign.id, campaign.board_version) for campaign in campaigns)
    quarter = (local.hour * 60 + local.minute) // FRESH_MINUTES
    return f"{crc32(repr((seen, local.date().isoformat(), quarter)).encode()):08x}"


def leads(actor: Actor) -> frozenset[int]:
    """The teams whose lanes this actor watches: as a manager, or as the one who leads the operations."""
    return frozenset(seat.team_id for seat in actor.seats if seat.level is Level.MANAGER or Role.LEAD in seat.roles)


def next_moment(moments: Iterable[tuple[Anchor, datetime]], now: datetime) -> tuple[Anchor, datetime] | None:
    """The first of a campaign's dated moments that is still to come."""
    return min(((anchor, at) for anchor, at in moments if at > now), key=lambda each: each[1], default=None)


def countdown(anchor: Anchor, away: Said) -> Said:
    """How far it is to a dated moment, with the moment's name."""
    return Said(AWAY[anchor].text, {"away": away})
