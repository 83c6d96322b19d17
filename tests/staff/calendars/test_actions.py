"""The calendar is filled from what is known, once, and a guess gives way to the notice."""

from datetime import date

import pytest

from planner.core.errors import NotAllowed
from staff.calendars.actions import seed_calendar
from staff.calendars.models import CalendarDay
from staff.calendars.queries import work_calendar
from staff.people.rules import SYSTEM
from tests.cast import Cast
from tests.factories import NOW


@pytest.mark.django_db
def test_noticed_years_are_official_and_later_ones_provisional() -> None:
    seed_calendar(actor=SYSTEM, first_year=2025, last_year=2026, now=NOW)
    seed_calendar(actor=SYSTEM, first_year=2040, last_year=2040, now=NOW)
    calendar = work_calendar(date(2025, 6, 1), date(2041, 1, 1))
    assert [calendar.is_provisional(year) for year in (2025, 2026, 2040, 2041)] == [False, False, True, True]
    assert calendar.is_workday(date(2025, 9, 28))
    assert calendar.holidays[date(2025, 10, 8)] == "National Day"
    assert not calendar.is_workday(date(2040, 10, 1))
    assert not any(day.year == 2040 for day in calendar.makeup_days)


@pytest.mark.django_db
def test_no_plain_weekend_is_a_row() -> None:
    seed_calendar(actor=SYSTEM, first_year=2025, last_year=2025, now=NOW)
    assert not CalendarDay.objects.filter(on__in=[date(2025, 3, 1), date(2025, 3, 2)]).exists()
    for row in CalendarDay.objects.filter(kind="makeup_workday"):
        assert row.on.weekday() >= 5


@pytest.mark.django_db
def test_seeding_again_changes_nothing() -> None:
    assert seed_calendar(actor=SYSTEM, first_year=2025, last_year=2028, now=NOW) > 0
    rows = set(CalendarDay.objects.values_list("id", "on"))
    assert seed_calendar(actor=SYSTEM, first_year=2025, last_year=2028, now=NOW) == 0
    assert set(CalendarDay.objects.values_list("id", "on")) == rows


@pytest.mark.django_db
def test_the_notice_replaces_a_guess_and_a_guess_never_replaces_a_notice() -> None:
    CalendarDay.objects.create(on=date(2026, 3, 3), kind="holiday", name="Guess", official=False)
    CalendarDay.objects.create(on=date(2040, 3, 3), kind="holiday", name="Noticed", official=True)
    seed_calendar(actor=SYSTEM, first_year=2026, last_year=2026, now=NOW)
    seed_calendar(actor=SYSTEM, first_year=2040, last_year=2040, now=NOW)
    assert not CalendarDay.objects.filter(name="Guess").exists()
    assert list(CalendarDay.objects.filter(on__year=2040).values_list("name", flat=True)) == ["Noticed"]


def test_only_the_system_seeds(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        seed_calendar(actor=cast.actor("manager"), first_year=2025, last_year=2025, now=NOW)
