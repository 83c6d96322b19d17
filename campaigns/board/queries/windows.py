"""The first cards of each column and lane, and how many there are: what a board costs follows what it shows."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from campaigns.board.models import OPEN as OPEN_ROWS
from campaigns.board.models import ChecklistItem, Task
from campaigns.board.rules import NOBODY, QUADRANTS, Group
from planner.web.api.paging import bad_cursor, read_cursor, write_cursor
from planner.web.limits import BIGGEST_ID

# The most cards of a column that are read at once.
WINDOW = 50
# About as many cards a page shows at first when lanes cut the columns into many pieces.
PAGE_CARDS = 240
# The columns that lanes and quadrants are made of.
LANE_FIELDS: Mapping[Group | None, tuple[str, ...]] = {
    None: (),
    Group.ROLE: ("role",),
    Group.PERSON: ("owner_id",),
    Group.PHASE: ("phase",),
    Group.QUADRANTS: ("important", "urgent"),
}


class Place(NamedTuple):
    """Where a card stands: its column, and its lane when there are any."""

    column: str
    lane: str = ""

    def __str__(self) -> str:
        return f"{self.column}.{self.lane}" if self.lane else self.column


class Row(NamedTuple):
    """A card's columns as they come from the database."""

    id: int
    code: str
    title: str
    title_en: str
    status: str
    role: str
    phase: str
    owner_id: int | None
    owner_name: str | None
    due_at: datetime | None
    important: bool
    urgent: bool
    must_have: bool
    is_gate: bool
    confirmed_at: datetime | None
    version: int
    position: float

    @property
    def cursor(self) -> str:
        """Where the cards behind this one begin."""
        return write_cursor(self.position, self.id)


_COLUMNS = [name.replace("owner_name", "owner__display_name") for name in Row._fields]
_QUADRANT_OF = {pair: key for key, pair in QUADRANTS.items()}


@dataclass(frozen=True)
class Tally:
    """How many cards a place has, and how many of them are late."""

    count: int = 0
    late: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.count + other.count, self.late + other.late)


def place_of(group: Group | None, values: Sequence[Any]) -> Place:
    """The place that a status and the values of the lane's fields mean."""
    status, *lane = values
    if group is Group.QUADRANTS:
        important, urgent = lane
        return Place(_QUADRANT_OF[bool(important), bool(urgent)])
    if not lane:
        return Place(status)
    return Place(status, NOBODY if lane[0] is None else str(lane[0]))


def tallies(rows: QuerySet[Task], group: Group | None, now: datetime) -> dict[Place, Tally]:
    """Every place that has a card, counted in one statement."""
    found: dict[Place, Tally] = defaultdict(Tally)
    counted = rows.order_by().values_list("status", *LANE_FIELDS[group])
    late = Count("pk", filter=OPEN_ROWS & Q(due_at__lt=now))
    for *values, count, overdue in counted.annotate(n=Count("pk"), n_late=late):
        found[place_of(group, values)] += Tally(count, overdue)
    return dict(found)


def window_size(places: int) -> int:
    """How many cards a place shows at first, when there are so many places."""
    return max(1, min(WINDOW, PAGE_CARDS // max(places, 1)))


def windows(
    rows: QuerySet[Task], group: Group | None, places: Iterable[Place], wanted: Mapping[Place, int]
) -> dict[Place, list[Row]]:
    """The first cards of these places, in the plan's order; `wanted` says where more than the usual are shown."""
    chosen = list(places)
    size = window_size(len(chosen))
    more = {place: max(wanted.get(place, 0), size) for place in chosen}
    if group in {None, Group.QUADRANTS}:
        return {place: window(rows, group, place, more[place]) for place in chosen}
    # One statement for the many small pieces that lanes make.
    parts = [F("status"), *(F(name) for name in LANE_FIELDS[group])]
    order = [F("position").asc(), F("id").asc()]
    numbered = rows.annotate(nth=Window(RowNumber(), partition_by=parts, order_by=order)).filter(nth__lte=size)
    found: dict[Place, list[Row]] = {place: [] for place in chosen}
    lane = [_COLUMNS.index(name) for name in LANE_FIELDS[group]]
    status = _COLUMNS.index("status")
    for values in numbered.order_by("position", "id").values_list(*_COLUMNS):
        place = place_of(group, (values[status], *(values[index] for index in lane)))
        if place in found:
            found[place].append(Row(*values))
    for place in chosen:
        if more[place] > size:
            found[place] = window(rows, group, place, more[place])
    return found


def window(rows: QuerySet[Task], group: Group | None, place: Place, size: int, cursor: str = "") -> list[Row]:
    """The first cards of one place, or those behind the cursor."""
    found = rows.filter(within(group, place))
    if cursor:
        position, task_id = _behind(cursor)
        # The first condition is what the index of the board understands.
        found = found.filter(position__gte=position).filter(Q(position__gt=position) | Q(pk__gt=task_id))
    return [Row(*values) for values in found.order_by("position", "id").values_list(*_COLUMNS)[:size]]


def within(group: Group | None, place: Place) -> Q:
    """The cards that stand in this place; none for a place that the board does not have."""
    if group is Group.QUADRANTS:
        important, urgent = QUADRANTS.get(place.column, (None, None))
        return Q(pk=None) if important is None else Q(important=important, urgent=urgent)
    column = Q(status=place.column)
    if group is None:
        return column
    if group is Group.PERSON:
        known = place.lane.isdecimal() and int(place.lane) <= BIGGEST_ID
        return column & Q(owner_id=int(place.lane) if known else None)
    return column & Q(**{LANE_FIELDS[group][0]: place.lane})


def _behind(cursor: str) -> tuple[float, int]:
    position, task_id = read_cursor(cursor, 2) or (0.0, 0)
    if type(position) not in {int, float} or not math.isfinite(position):
        raise bad_cursor()
    if type(task_id) is not int or not 0 < task_id <= BIGGEST_ID:
        raise bad_cursor()
    return float(position), task_id


def checklists(task_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Ticked or waived lines and all lines of each of these tasks; tasks without any are left out."""
    closed = Q(ticked_at__isnull=False) | ~Q(waived_reason="")
    items = ChecklistItem.objects.filter(task_id__in=list(task_ids)).order_by().values("task_id")
    counted = items.annotate(done=Count("pk", filter=closed), total=Count("pk"))
    return {task_id: (done, total) for task_id, done, total in counted.values_list("task_id", "done", "total")}
