"""Working days around holidays, and when work has to begin."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from staff.calendars.rules import Day, DayKind, WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
HOLIDAYS = [Day(date(2025, 10, day), DayKind.HOLIDAY, "National Day") for day in range(1, 9)]
MAKEUP = [Day(date(2025, 9, 28), DayKind.MAKEUP_WORKDAY), Day(date(2025, 10, 11), DayKind.MAKEUP_WORKDAY)]
CALENDAR = WorkCalendar.of([*HOLIDAYS, *MAKEUP])


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 9, 26), True),  # a plain Friday
        (date(2025, 9, 27), False),  # a plain Saturday
        (date(2025, 9, 28), True),  # a Sunday worked instead
        (date(2025, 10, 1), False),  # a holiday on a Wednesday
        (date(2025, 10, 4), False),  # a holiday on a Saturday
        (date(2025, 10, 11), True),  # a Saturday worked instead
    ],
)
def test_a_day_is_worked_unless_it_is_a_weekend_or_holiday_and_not_made_up(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


def test_the_working_day_before_and_after_a_long_holiday() -> None:
    assert CALENDAR.last_workday(date(2025, 10, 5)) == date(2025, 9, 30)
    assert CALENDAR.first_workday(date(2025, 10, 5)) == date(2025, 10, 9)
    assert CALENDAR.last_workday(date(2025, 10, 9)) == CALENDAR.first_workday(date(2025, 10, 9)) == date(2025, 10, 9)
    assert CALENDAR.previous_workday(date(2025, 10, 9)) == date(2025, 9, 30)
    assert CALENDAR.next_workday(date(2025, 9, 26)) == date(2025, 9, 28)


def test_a_year_is_official_when_all_its_days_are() -> None:
    calendar = WorkCalendar.of([*HOLIDAYS, Day(date(2027, 10, 1), DayKind.HOLIDAY, official=False)])
    assert [calendar.is_provisional(year) for year in (2025, 2026, 2027)] == [False, True, True]


@pytest.mark.parametrize(
    ("due", "hours", "capacity", "start"),
    [
        # Half of the productive hours: half of the day.
        ("2025-09-26T18:00", 3, 6, "2025-09-26T13:30"),
        ("2025-09-26T18:00", 6, 6, "2025-09-26T09:00"),
        # Eight hours at six a day reach a third into the working day before.
        ("2025-09-26T18:00", 8, 6, "2025-09-25T15:00"),
        ("2025-09-26T18:00", 8, 8, "2025-09-26T09:00"),
        # Over a holiday of eight days.
        ("2025-10-09T18:00", 12, 6, "2025-09-30T09:00"),
        # The due day counts as worked even when it is a day off.
        ("2025-10-04T18:00", 6, 6, "2025-10-04T09:00"),
        # Due in the night: the hours lie in the day before.
        ("2025-09-26T02:00", 3, 6, "2025-09-25T13:30"),
        # Due late in the evening: the day ends at 18:00.
        ("2025-09-26T21:00", 6, 6, "2025-09-26T09:00"),
    ],
)
def test_work_begins_its_hours_before_it_is_due(due: str, hours: int, capacity: int, start: str) -> None:
    moment = datetime.fromisoformat(due).replace(tzinfo=ZONE)
    began = CALENDAR.start_of_work(moment, Decimal(hours), Decimal(capacity))
    assert began == datetime.fromisoformat(start).replace(tzinfo=ZONE)
