"""The tasks of one campaign as a table: filtered, sorted by an allow-list, page by page."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, NullIf
from django.utils.dateparse import parse_datetime

from campaigns.board.models import OPEN as OPEN_ROWS
from campaigns.board.models import Task
from campaigns.board.queries.bulk import BulkEditLine, nameable, recent_bulk_edits
from campaigns.board.queries.facts import facts_of
from campaigns.board.queries.filters import BoardFilters, as_query, filtered, late_only
from campaigns.board.queries.lines import TaskLine, task_lines
from campaigns.board.rules import Status, TaskFacts
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts, Phase
from planner.core.errors import Refused
from planner.core.words import say
from planner.web.api.paging import bad_cursor, read_cursor, write_cursor
from planner.web.limits import BIGGEST_ID
from staff.people.queries import people_of
from staff.people.rules import Actor, Role, may_manage, may_work

PAGE = 100


@dataclass(frozen=True)
class TaskFilters(BoardFilters):
    """The board's filters, and by state."""

    # A state, or "open" for all in which there is work left.
    status: str = ""

    @property
    def is_set(self) -> bool:
        """True when something may be hidden."""
        return super().is_set or bool(self.status)


@dataclass(frozen=True)
class Order:
    """A column that tasks can be sorted by, and what its values are when they come back in a cursor."""

    key: Combinable
    read: Callable[[Any], Any]


def _rank(column: str, codes: Iterable[str]) -> Combinable:
    # By the order of work, not of the alphabet.
    whens = [When(**{column: str(code)}, then=Value(index)) for index, code in enumerate(codes)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def _moment(value: Any) -> datetime:
    found = parse_datetime(_text(value))
    if found is None or found.tzinfo is None:
        raise ValueError
    return found


# Whatever else somebody asks to sort by is refused: a column's name from outside never reaches the database.
ORDERS: Mapping[str, Order] = {
    "plan": Order(Cast("position", FloatField()), _number),
    "code": Order(NullIf(F("code"), Value("")), _text),
    "title": Order(F("title"), _text),
    "role": Order(_rank("role", Role), _number),
    "owner": Order(F("owner__display_name"), _text),
    "phase": Order(_rank("phase", Phase), _number),
    "status": Order(_rank("status", Status), _number),
    "due": Order(F("due_at"), _moment),
}
DEFAULT_ORDER = "plan"


def check_order(order: str) -> str:
    """The order's name, with a minus for the other way round; refuses what is not on the list."""
    if order.removeprefix("-") not in ORDERS:
        fault = say("Sort by one of: %(names)s.", names=", ".join(ORDERS))
        raise Refused("invalid", fault, fields={"order": fault})
    return order


@dataclass(frozen=True)
class TaskPage:
    """Rows of one page with their owner selected, and the cursor of the next; blank at the end."""

    rows: tuple[Task, ...]
    cursor: str


def task_rows(actor: Actor, campaign_id: int, filters: TaskFilters, now: datetime) -> QuerySet[Task]:
    """The campaign's tasks that fit; the caller has checked that the actor may see the campaign."""
    rows = filtered(Task.objects.filter(campaign_id=campaign_id), actor, filters)
    if filters.status == "open":
        rows = rows.filter(OPEN_ROWS)
    elif filters.status:
        rows = rows.filter(status=filters.status)
    return late_only(rows, now) if filters.late else rows


def page_of(rows: QuerySet[Task], order: str, cursor: str = "", size: int = PAGE) -> TaskPage:
    """One page, sorted, from behind the cursor: rows that come or go elsewhere neither repeat nor skip one.

    Nothing (no owner, no due date, no code) comes last both ways round.
    """
    name, falling = check_order(order).removeprefix("-"), order.startswith("-")
    rows = rows.select_related("owner").annotate(sort_key=ORDERS[name].key)
    if cursor:
        rows = rows.filter(_behind(*_read(cursor, order), falling=falling))
    key = F("sort_key")
    by = key.desc(nulls_last=True) if falling else key.asc(nulls_last=True)
    found = list(rows.order_by(by, "id")[: size + 1])
    page = found[:size]
    if len(found) <= size:
        return TaskPage(tuple(page), "")
    last: Any = page[-1]
    return TaskPage(tuple(page), write_cursor(order, last.sort_key, last.pk))


def _behind(value: Any, task_id: int, *, falling: bool) -> Q:
    if value is None:
        return Q(sort_key__isnull=True, pk__gt=task_id)
    further = Q(sort_key__lt=value) if falling else Q(sort_key__gt=value)
    return further | Q(sort_key=value, pk__gt=task_id) | Q(sort_key__isnull=True)


def _read(cursor: str, order: str) -> tuple[Any, int]:
    """The value and the id of the row before; refuses a cursor of another order, and one that nobody was given."""
    made_for, value, task_id = read_cursor(cursor, 3) or ("", None, 0)
    if made_for != order or type(task_id) is not int or not 0 < task_id <= BIGGEST_ID:
        raise bad_cursor()
    try:
        return None if value is None else ORDERS[order.removeprefix("-")].read(value), task_id
    except ValueError:
        raise bad_cursor() from None


def task_facts_page(
    actor: Actor, campaign_id: int, filters: TaskFilters, *, order: str, cursor: str, size: int, now: datetime
) -> tuple[list[TaskFacts], str]:
    """One page as facts, and the cursor of the next."""
    campaign = campaign_for(actor, campaign_id)
    page = page_of(task_rows(actor, campaign_id, filters, now), order, cursor, size)
    return facts_of(list(page.rows), {campaign_id: campaign}), page.cursor


@dataclass(frozen=True)
class Heading:
    """A column of the table: what it sorts by, and where a click leads."""

    name: str
    query: str
    # "ascending", "descending", or blank when the table is sorted by something else.
    sorted: str


@dataclass(frozen=True)
class TableScreen:
    """Everything the table's page shows."""

    campaign: CampaignFacts
    lines: tuple[TaskLine, ...]
    filters: TaskFilters
    order: str
    headings: tuple[Heading, ...]
    count: int
    late: int
    is_first: bool
    next_query: str
    # (user id, name) of everyone in the team, and of those who can own tasks.
    people: tuple[tuple[str, str], ...]
    owners: tuple[tuple[int, str], ...]
    edits: tuple[BulkEditLine, ...]
    may_edit: bool
    may_plan: bool
    roles: tuple[Role, ...] = field(default=tuple(Role))
    phases: tuple[Phase, ...] = field(default=tuple(phase for phase in Phase if phase is not Phase.CLOSED))
    statuses: tuple[Status, ...] = field(default=tuple(Status))

    @property
    def query(self) -> str:
        """Filters and order as a query string."""
        return table_query(self.filters, self.order)


def table_query(filters: TaskFilters, order: str, **more: str) -> str:
    """Filters, order and what else is given, as a query string."""
    return as_query({**vars(filters), "order": "" if order == DEFAULT_ORDER else order, **more})


def table_screen(
    actor: Actor, campaign_id: int, filters: TaskFilters, order: str, cursor: str, now: datetime
) -> TableScreen:
    """One page of the campaign's tasks; the number of queries does not grow with the tasks."""
    campaign = campaign_for(actor, campaign_id)
    rows = task_rows(actor, campaign_id, filters, now)
    page = page_of(rows, order, cursor)
    counts = rows.aggregate(all=Count("pk"), late=Count("pk", filter=OPEN_ROWS & Q(due_at__lt=now)))
    people = people_of(actor, campaign.team_id)
    return TableScreen(
        campaign=campaign,
        lines=tuple(task_lines(actor, page.rows, {campaign_id: campaign}, now)),
        filters=filters,
        order=order,
        headings=tuple(_heading(name, filters, order) for name in ORDERS if name != DEFAULT_ORDER),
        count=counts["all"],
        late=counts["late"],
        is_first=not cursor,
        next_query=table_query(filters, order, cursor=page.cursor) if page.cursor else "",
        people=tuple((str(person.user_id), person.name) for person in people),
        owners=nameable(actor, campaign.team_id, people),
        edits=recent_bulk_edits(actor, campaign, now),
        may_edit=may_work(actor, campaign.team_id) and not campaign.is_frozen,
        may_plan=may_manage(actor, campaign.team_id),
    )


def _heading(name: str, filters: TaskFilters, order: str) -> Heading:
    way = {name: "ascending", f"-{name}": "descending"}.get(order, "")
    # A third click leads back to the plan's order.
    following = {"": name, "ascending": f"-{name}", "descending": DEFAULT_ORDER}[way]
    return Heading(name, table_query(filters, following), way)
