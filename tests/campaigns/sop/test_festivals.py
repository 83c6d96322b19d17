"""What a new campaign most likely is, and the week that asks the most: tables, no database."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.sop.rules import busiest_week
from campaigns.sop.rules.festivals import suggestions
from staff.calendars.rules import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("today", "taken", "names"),
    [
        (datetime(2026, 5, 16, 19, 59, tzinfo=ZONE), [], ["618 2026", "双11 2026", "618 2027"]),
        (datetime(2026, 5, 16, 20, 0, tzinfo=ZONE), [], ["双11 2026", "618 2027", "双11 2027"]),
        (datetime(2026, 11, 25, tzinfo=ZONE), ["618 2027", "日常运营"], ["双11 2027", "618 2028", "双11 2028"]),
    ],
)
def test_the_next_sales_are_offered_but_those_that_the_team_has(
    today: datetime, taken: list[str], names: list[str]
) -> None:
    assert [one.name for one in suggestions(today, taken)] == names


def test_a_sale_has_its_usual_dates_on_the_teams_clock() -> None:
    (one, *_rest) = suggestions(datetime(2027, 8, 1, tzinfo=ZONE), [])
    assert (one.starts_at.isoformat(), one.ends_at.isoformat()) == (
        "2027-10-20T20:00:00+08:00", "2027-11-14T23:59:00+08:00",
    )  # fmt: skip


@dataclass(frozen=True)
class _Step:
    hours: Decimal


@dataclass(frozen=True)
class _Task:
    due_at: datetime
    step: _Step


def due(day: int, hours: int) -> Any:
    return _Task(datetime(2026, 11, day, 18, tzinfo=ZONE), _Step(Decimal(hours)))


@pytest.mark.parametrize(
    ("tasks", "week"),
    [
        ([], None),
        ([due(2, 10), due(8, 21)], (date(2026, 11, 2), 31, 30, True)),
        ([due(2, 30), due(9, 29)], (date(2026, 11, 2), 30, 30, False)),
        # The same hours in a week with a day off ask for more.
        ([due(2, 28), due(16, 27)], (date(2026, 11, 16), 27, 24, True)),
    ],
)
def test_the_busiest_week_is_the_one_that_goes_furthest_beyond_its_hours(
    tasks: list[Any], week: tuple[date, int, int, bool] | None
) -> None:
    calendar = WorkCalendar(holidays={date(2026, 11, 17): "x"})
    found = busiest_week(tasks, calendar, Decimal(6))
    assert (found and (found.monday, found.hours, found.fits, found.is_over)) == week
