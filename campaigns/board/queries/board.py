"""The board of one campaign: columns by state, lanes, and the cards that are shown of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext

from campaigns.board.models import OPEN as OPEN_ROWS
from campaigns.board.models import Task
from campaigns.board.queries.filters import BoardFilters, Chip, as_query, chips_of, filtered, late_only
from campaigns.board.queries.windows import (
    WINDOW,
    Place,
    Row,
    Tally,
    checklists,
    tallies,
    window,
    windows,
)
from campaigns.board.rules import NOBODY, OPEN, QUADRANTS, Group, Status, may_create
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts, Phase
from planner.web.templatetags.words import label, short_moment
from planner.web.words import in_language
from staff.people.queries import names_of_team, people_of
from staff.people.rules import Actor, Role, may_work

# The most cards of one place that stay shown when the board comes anew.
MOST_SHOWN = 1000
PHASES = tuple(phase for phase in Phase if phase is not Phase.CLOSED)


@dataclass(frozen=True)
class BoardAsked(BoardFilters):
    """The board's filters, and how it is laid out."""

    group: str = ""
    cancelled: bool = False

    @property
    def lanes(self) -> Group | None:
        """What the lanes stand for; None without lanes."""
        return Group(self.group) if self.group else None


@dataclass(frozen=True)
class Card:
    """A task as a card shows it, all in words: templates print those fastest."""

    id: str
    version: str
    code: str
    title: str
    owner_name: str
    # What stands there while nobody owns it.
    role: str
    # Only where the columns are no states.
    status: str
    due: str
    is_late: bool
    is_gate: bool
    must_have: bool
    unconfirmed: bool
    # Closed of all lines of its checklist, as 2/3; blank without one.
    checklist: str


@dataclass(frozen=True)
class Cell:
    """The cards of one column in one lane: the first of them, or all."""

    place: Place
    name: str
    cards: tuple[Card, ...]
    count: int
    late: int
    # Leads to the cards behind the last one; blank when that is the last.
    more_query: str

    @property
    def hidden(self) -> int:
        """How many cards are not shown."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Lane:
    """A row of the board across its columns; the only one has no name."""

    key: str
    name: str
    count: int
    late: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """The head of a column."""

    key: str
    name: str
    count: int
    late: int


@dataclass(frozen=True)
class Choice:
    """One way to lay the board out."""

    key: str
    name: str
    is_current: bool


@dataclass(frozen=True)
class BoardScreen:
    """Everything the board page shows."""

    campaign: CampaignFacts
    asked: BoardAsked
    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    chips: tuple[Chip, ...]
    layouts: tuple[Choice, ...]
    # (user id, name) of everyone who can own a task.
    people: tuple[tuple[str, str], ...]
    count: int
    late: int
    # How many cancelled tasks fit, and the address that shows or hides them.
    cancelled: int
    cancelled_query: str
    may_create: bool
    may_move: bool
    # What the reader has loaded beyond the first window, as it came.
    shown: str = ""
    roles: tuple[Role, ...] = field(default=tuple(Role))
    phases: tuple[Phase, ...] = PHASES

    @property
    def live_query(self) -> str:
        """The query string that asks whether anything has changed since."""
        return as_query({**vars(self.asked), "shown": self.shown, "version": str(self.campaign.board_version)})

    @property
    def is_quadrants(self) -> bool:
        """True when the columns are the four quadrants."""
        return self.asked.lanes is Group.QUADRANTS


def board_screen(actor: Actor, campaign_id: int, asked: BoardAsked, now: datetime, shown: str = "") -> BoardScreen:
    """The campaign's tasks by state and lane, filtered; what it costs follows what it shows, not the campaign."""
    campaign = campaign_for(actor, campaign_id)
    group, rows = asked.lanes, _rows(actor, campaign_id, asked, now)
    counts = tallies(rows, group, now)
    cancelled = sum(tally.count for place, tally in counts.items() if place.column == Status.CANCELLED)
    if not asked.cancelled:
        counts = {place: tally for place, tally in counts.items() if place.column != Status.CANCELLED}
    found = windows(rows, group, counts, _shown(shown))
    cards = _cards(found, now, with_status=group is Group.QUADRANTS)
    people = {str(person.user_id): person.name for person in people_of(actor, campaign.team_id)}
    if group is Group.PERSON:
        # Who has left comes after those who are here.
        people |= {str(pk): name for pk, name in names_of_team(campaign.team_id).items() if str(pk) not in people}
    total = sum(counts.values(), Tally())
    keys = _column_keys(asked)
    return BoardScreen(
        campaign=campaign,
        asked=asked,
        columns=tuple(_column(key, [tally for place, tally in counts.items() if place.column == key]) for key in keys),
        lanes=tuple(
            _lane(key, _lane_name(group, key, people), keys, counts, cards, found, asked)
            for key in _lane_keys(group, counts, people)
        ),
        chips=chips_of(asked, people),
        layouts=_layouts(asked),
        people=tuple(people.items()),
        count=total.count,
        late=total.late,
        cancelled=cancelled,
        cancelled_query=replace(asked, cancelled=not asked.cancelled).query,
        may_create=may_create(actor, campaign.team_id) and not campaign.is_frozen,
        may_move=may_work(actor, campaign.team_id) and not campaign.is_frozen,
        shown=shown,
    )


@dataclass(frozen=True)
class More:
    """The next cards of one place."""

    campaign: CampaignFacts
    asked: BoardAsked
    cell: Cell
    may_move: bool


def board_more(actor: Actor, campaign_id: int, asked: BoardAsked, place: Place, cursor: str, now: datetime) -> More:
    """The cards of one place behind the cursor, as many as a window holds."""
    campaign = campaign_for(actor, campaign_id)
    rows = _rows(actor, campaign_id, asked, now)
    found = {place: window(rows, asked.lanes, place, WINDOW + 1, cursor)}
    following = found[place][WINDOW - 1].cursor if len(found[place]) > WINDOW else ""
    cards = _cards({place: found[place][:WINDOW]}, now, with_status=asked.lanes is Group.QUADRANTS)[place]
    cell = Cell(place, _lane_name(asked.lanes, place.lane, {}), cards, 0, 0, _more(asked, place, following))
    return More(campaign, asked, cell, may_work(actor, campaign.team_id) and not campaign.is_frozen)


def _rows(actor: Actor, campaign_id: int, asked: BoardAsked, now: datetime) -> QuerySet[Task]:
    rows = filtered(Task.objects.filter(campaign_id=campaign_id), actor, asked)
    if asked.lanes is Group.QUADRANTS:
        rows = rows.filter(OPEN_ROWS)
    return late_only(rows, now) if asked.late else rows


def _shown(text: str) -> dict[Place, int]:
    """Places and numbers of “todo:100,doing.design:60”; what cannot be meant is left out."""
    wanted: dict[Place, int] = {}
    for part in text.split(","):
        place, _, number = part.rpartition(":")
        if place and number.isdecimal() and len(number) < len(str(MOST_SHOWN)) + 1:
            column, _, lane = place.partition(".")
            wanted[Place(column, lane)] = min(int(number), MOST_SHOWN)
    return wanted


def _column_keys(asked: BoardAsked) -> tuple[str, ...]:
    if asked.lanes is Group.QUADRANTS:
        return tuple(QUADRANTS)
    return tuple(status for status in Status if status is not Status.CANCELLED or asked.cancelled)


def _lane_keys(group: Group | None, counts: Iterable[Place], people: Mapping[str, str]) -> list[str]:
    """The lanes that have a card, in the order of work; people in the team's order, nobody last."""
    if group in {None, Group.QUADRANTS}:
        return [""]
    orders: Mapping[Group | None, Iterable[str]] = {Group.ROLE: Role, Group.PHASE: Phase, Group.PERSON: people}
    order = [str(key) for key in orders[group]]
    there = {place.lane for place in counts}
    return [key for key in order if key in there] + sorted(there - set(order))


def _lane_name(group: Group | None, key: str, people: Mapping[str, str]) -> str:
    if group is Group.PERSON:
        return gettext("Nobody yet") if key == NOBODY else people.get(key, "?")
    return label(key) if key else ""


def _column(key: str, counted: list[Tally]) -> Column:
    total = sum(counted, Tally())
    return Column(str(key), label(key), total.count, total.late)


def _lane(
    key: str,
    name: str,
    columns: Iterable[str],
    counts: Mapping[Place, Tally],
    cards: Mapping[Place, tuple[Card, ...]],
    found: Mapping[Place, list[Row]],
    asked: BoardAsked,
) -> Lane:
    cells = []
    for column in columns:
        place = Place(column, key)
        tally, rows = counts.get(place, Tally()), found.get(place, [])
        following = rows[-1].cursor if tally.count > len(rows) > 0 else ""
        cells.append(
            Cell(place, label(column), cards.get(place, ()), tally.count, tally.late, _more(asked, place, following))
        )
    total = sum((counts.get(cell.place, Tally()) for cell in cells), Tally())
    return Lane(key, name, total.count, total.late, tuple(cells))


def _more(asked: BoardAsked, place: Place, cursor: str) -> str:
    """The address of the cards behind the cursor."""
    if not cursor:
        return ""
    return as_query({**vars(asked), "column": place.column, "lane": place.lane, "cursor": cursor})


def _layouts(asked: BoardAsked) -> tuple[Choice, ...]:
    names = {
        "": gettext("No lanes"),
        Group.ROLE: gettext("By role"),
        Group.PERSON: gettext("By person"),
        Group.PHASE: gettext("By phase"),
        Group.QUADRANTS: gettext("Important × urgent"),
    }
    return tuple(Choice(str(key), name, asked.group == key) for key, name in names.items())


def _cards(found: Mapping[Place, list[Row]], now: datetime, *, with_status: bool) -> dict[Place, tuple[Card, ...]]:
    lines = checklists(row.id for rows in found.values() for row in rows)
    # Few codes stand on many cards.
    words: dict[str, str] = {}

    def word(code: str) -> str:
        if code not in words:
            words[code] = label(code)
        return words[code]

    def card(row: Row) -> Card:
        name = row.owner_name or ""
        done = lines.get(row.id)
        return Card(
            id=str(row.id),
            version=str(row.version),
            code=row.code,
            title=in_language(row.title, row.title_en),
            owner_name=name,
            role="" if name else word(row.role),
            status=word(row.status) if with_status else "",
            due=short_moment(row.due_at) if row.due_at else "",
            is_late=row.due_at is not None and row.due_at < now and row.status in OPEN,
            is_gate=row.is_gate,
            must_have=row.must_have,
            unconfirmed=row.is_gate and row.status == Status.DONE and row.confirmed_at is None,
            checklist=f"{done[0]}/{done[1]}" if done else "",
        )

    return {place: tuple(card(row) for row in rows) for place, rows in found.items()}
