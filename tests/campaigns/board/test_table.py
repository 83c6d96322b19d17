"""The table's query: filters, orders, pages that stay in step, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import Task, TaskHelper
from campaigns.board.queries import TaskFilters, page_of, table_screen, task_rows
from campaigns.board.queries.table import ORDERS, PAGE
from campaigns.board.rules import Status
from campaigns.campaign.models import Campaign
from planner.core.errors import Missing, Refused
from planner.web.api import write_cursor
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, depends


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def fill(cast: Cast, campaign: Campaign, count: int) -> None:
    """Tasks of which many share a value, and some have none."""
    before = TaskFactory(campaign=campaign)
    for index in range(count):
        status = list(Status)[index % 6]
        task = TaskFactory(
            campaign=campaign,
            code=f"N{before.pk}{index:03}" if index % 4 else "",
            owner=[cast.designer, cast.cs, None][index % 3],
            status=status,
            done_at=NOW if status is Status.DONE else None,
            role=["ops", "design", "cs"][index % 3],
            phase=["review", "prep", "execution"][index % 3],
            due_at=[NOW + timedelta(days=index % 5, microseconds=index), None, NOW][index % 3],
            position=float(index % 7) / 3,
        )
        ChecklistItemFactory(task=task)
        depends(task, before)


def walk(cast: Cast, campaign: Campaign, order: str, size: int = 4, who: str = "manager", **filters: Any) -> list[int]:
    rows = task_rows(cast.actor(who), campaign.pk, TaskFilters(**filters), NOW)
    found, cursor = [], ""
    for _ in range(100):
        page = page_of(rows, order, cursor, size)
        assert len(page.rows) <= size
        found += [row.pk for row in page.rows]
        cursor = page.cursor
        if not cursor:
            return found
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("order", [each for name in ORDERS for each in (name, f"-{name}")])
def test_pages_hold_every_task_once_in_the_order_of_one_page(cast: Cast, campaign: Campaign, order: str) -> None:
    fill(cast, campaign, 40)
    found = walk(cast, campaign, order)
    assert sorted(found) == sorted(Task.objects.values_list("pk", flat=True))
    assert found == walk(cast, campaign, order, size=1000)


@pytest.mark.parametrize("order", ["due", "-due", "owner", "-owner", "code", "-code"])
def test_nothing_comes_last_both_ways_round(cast: Cast, campaign: Campaign, order: str) -> None:
    fill(cast, campaign, 20)
    column = {"due": "due_at", "owner": "owner_id", "code": "code"}[order.removeprefix("-")]
    values = dict(Task.objects.values_list("pk", column))
    empty = [values[pk] in (None, "") for pk in walk(cast, campaign, order)]
    assert True in empty
    assert empty == sorted(empty)


def test_states_roles_and_phases_sort_by_the_work_and_not_by_the_alphabet(cast: Cast, campaign: Campaign) -> None:
    for phase in ("review", "wrap_up", "prep", "execution"):
        TaskFactory(campaign=campaign, phase=phase)
    phases = dict(Task.objects.values_list("pk", "phase"))
    assert [phases[pk] for pk in walk(cast, campaign, "phase")] == ["prep", "execution", "wrap_up", "review"]


def test_rows_that_come_and_go_meanwhile_neither_repeat_nor_skip_one(cast: Cast, campaign: Campaign) -> None:
    tasks = [TaskFactory(campaign=campaign, due_at=NOW + timedelta(hours=index)) for index in range(6)]
    rows = task_rows(cast.actor("manager"), campaign.pk, TaskFilters(), NOW)
    first = page_of(rows, "due", size=3)
    TaskFactory(campaign=campaign, due_at=NOW - timedelta(hours=1))
    tasks[2].delete()
    second = page_of(rows, "due", first.cursor, size=3)
    assert [row.pk for row in first.rows] == [task.pk for task in tasks[:2]] + [first.rows[2].pk]
    assert [row.pk for row in second.rows] == [task.pk for task in tasks[3:]]


def test_filters_join(cast: Cast, campaign: Campaign) -> None:
    mine = TaskFactory(campaign=campaign, owner=cast.cs, role="cs", due_at=NOW - timedelta(days=1))
    helped = TaskFactory(campaign=campaign, owner=cast.designer, role="cs", title="话术")
    TaskHelper.objects.create(task=helped, user=cast.cs)
    done = TaskFactory(campaign=campaign, status="done", done_at=NOW, due_at=NOW - timedelta(days=1), phase="review")

    def found(**filters: Any) -> set[int]:
        return set(walk(cast, campaign, "plan", who="cs", **filters))

    assert found(person="mine") == {mine.pk, helped.pk}
    assert found(person="nobody") == {done.pk}
    assert found(late=True) == {mine.pk}
    assert found(status="open") == {mine.pk, helped.pk}
    assert found(status="done", phase="review") == {done.pk}
    assert found(role="cs", text="话术") == {helped.pk}


def test_a_foreign_id_in_a_filter_finds_nothing_as_one_that_nobody_has(cast: Cast, campaign: Campaign) -> None:
    """A6."""
    fill(cast, campaign, 6)
    foreign = CampaignFactory(team=cast.other_team)
    TaskFactory(campaign=foreign, owner=cast.outsider)
    for person in (cast.outsider.pk, 10**9):
        screen = table_screen(cast.actor("cs"), campaign.pk, TaskFilters(person=str(person)), "plan", "", NOW)
        assert (screen.count, screen.late, screen.lines, screen.next_query) == (0, 0, (), "")
    with pytest.raises(Missing):
        table_screen(cast.actor("cs"), foreign.pk, TaskFilters(), "plan", "", NOW)


def test_a_cursor_of_elsewhere_shows_no_more_than_its_reader_may_see(cast: Cast, campaign: Campaign) -> None:
    other = TaskFactory(campaign=CampaignFactory(team=cast.other_team), position=1.0)
    mine = TaskFactory(campaign=campaign, position=2.0)
    rows = task_rows(cast.actor("cs"), campaign.pk, TaskFilters(), NOW)
    assert [row.pk for row in page_of(rows, "plan", write_cursor("plan", 1.0, other.pk)).rows] == [mine.pk]


@pytest.mark.parametrize("order", ["", "owner__password", "-campaign__team", "--due", "id", "sort_key", "?", "due;"])
def test_what_is_not_on_the_list_is_no_order(cast: Cast, campaign: Campaign, order: str) -> None:
    with pytest.raises(Refused) as caught:
        page_of(Task.objects.all(), order)
    assert list(caught.value.fields) == ["order"]


@pytest.mark.parametrize(
    "cursor",
    [
        "!", "x" * 99, write_cursor("plan", 1.0, 1), write_cursor("due", "x", 1), write_cursor("due", "2026-01-01", 1),
        write_cursor("due", "2026-01-01T00:00:00", 1), write_cursor("due", 5, 1), write_cursor("due", True, 1),
        write_cursor("due", None, 0), write_cursor("due", None, True), write_cursor("due", None, "1"),
        write_cursor("due", None, 2**63), write_cursor("due", "a\0", 1), write_cursor("due", [1], 1),
        write_cursor("due", {}, 1), write_cursor("due", "2026-13-41T99:00:00Z", 1), write_cursor("due", None),
    ],
)  # fmt: skip
def test_a_cursor_that_nobody_was_given_is_refused(cast: Cast, campaign: Campaign, cursor: str) -> None:
    with pytest.raises(Refused) as caught:
        page_of(Task.objects.all(), "due", cursor)
    assert list(caught.value.fields) == ["cursor"]


def test_the_table_costs_the_same_at_any_size(cast: Cast, campaign: Campaign) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            screen = table_screen(cast.actor("manager"), campaign.pk, TaskFilters(), "due", "", NOW)
            assert screen.count == Task.objects.count()
        return len(queries)

    fill(cast, campaign, 30)
    few = cost()
    fill(cast, campaign, PAGE + 30)
    assert cost() == few
