"""Burn-up in tables, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaigns.desk.rules.burnup import MOST_DAYS, BurnDay, Work, burn_up, changed, standing
from planner.core.curve import draw_curve

D1 = date(2026, 11, 20)


def day(number: int) -> date:
    return D1 + timedelta(days=number)


def work(planned: int | None, done: int | None = None, created: int = -30) -> Work:
    return Work(day(created), None if planned is None else day(planned), None if done is None else day(done))


def sums(days: tuple[BurnDay, ...]) -> list[tuple[int, int, int | None, int]]:
    return [((one.on - D1).days, one.planned, one.done, one.scope) for one in days]


@pytest.mark.parametrize(
    ("tasks", "today", "expected"),
    [
        ([], 0, []),
        ([work(None)], 0, []),
        ([work(0), work(2)], 1, [(0, 1, 0, 2), (1, 1, 0, 2), (2, 2, None, 2)]),
        # Done before its day, and added while it ran.
        ([work(2, done=0), work(2, created=1)], 1, [(0, 0, 1, 1), (1, 0, 1, 2), (2, 2, None, 2)]),
        # Not begun: today is where the curve starts. Late: today is where it ends.
        ([work(2)], 0, [(0, 0, 0, 1), (1, 0, None, 1), (2, 1, None, 1)]),
        ([work(0)], 2, [(0, 1, 0, 1), (1, 1, 0, 1), (2, 1, 0, 1)]),
        # All done long ago: it ends with its last day.
        ([work(0, done=1)], 90, [(0, 1, 0, 1), (1, 1, 1, 1)]),
        # Without a date it is in the scope alone.
        ([work(0), work(None)], 0, [(0, 1, 0, 2)]),
    ],
)
def test_the_sums_of_every_day(tasks: list[Work], today: int, expected: list[tuple[int, int, int | None, int]]) -> None:
    assert sums(burn_up(tasks, today=day(today))) == expected


def test_a_long_plan_has_few_points_and_today_and_the_end_among_them() -> None:
    days = burn_up([work(0), work(701)], today=day(301))
    assert len(days) <= MOST_DAYS + 2
    assert {day(0), day(301), day(701)} <= {one.on for one in days}
    assert [one.on for one in days if one.done is not None][-1] == day(301)


def test_the_table_leaves_out_days_on_which_nothing_changed() -> None:
    days = burn_up([work(0), work(4, done=2), work(9)], today=day(3))
    assert [(one.on - D1).days for one in changed(days)] == [0, 2, 4, 9]


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ([work(0), work(0), work(5)], "2 tasks were to be done by now, 0 are: 2 behind."),
        ([work(0, done=0), work(5, done=0)], "1 tasks were to be done by now, 2 are: 1 ahead."),
        ([work(0, done=0), work(5)], "1 tasks were to be done by now, and as many are."),
    ],
)
def test_where_it_stands_in_a_sentence(tasks: list[Work], words: str) -> None:
    assert str(standing(burn_up(tasks, today=day(1)))) == words


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (1, ["0", "1", "2", "3", "4"]),
        (4, ["0", "1", "2", "3", "4"]),
        (5, ["0", "2", "4", "6", "8"]),
        (30, ["0", "8", "16", "24", "32"]),
        (109, ["0", "30", "60", "90", "120"]),
    ],
)
def test_counts_have_whole_numbers_on_their_axis(highest: int, ticks: list[str]) -> None:
    curve = draw_curve([D1, day(1)], [("scope", [Decimal(highest)] * 2)], whole=True)
    assert curve is not None
    assert [tick.text for tick in curve.y_ticks] == ticks


def test_a_series_may_end_today_and_today_is_marked_inside_the_days_only() -> None:
    days = [day(number) for number in range(4)]
    values = [Decimal(number) for number in (1, 2, 3, 4)]
    curve = draw_curve(days, [("planned", values), ("done", values[:2])], whole=True, mark=day(1))
    assert curve is not None
    assert [len(line.dots) for line in curve.lines] == [4, 2]
    assert curve.mark == curve.lines[1].dots[-1][0]
    outside = draw_curve(days, [("planned", values)], whole=True, mark=day(9))
    assert outside is not None
    assert outside.mark == ""
