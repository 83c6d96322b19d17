"""Verbs on the calendar."""

from datetime import datetime

from django.db import transaction

from planner.core.errors import NotAllowed
from staff.calendars.adapters.china import days_of
from staff.calendars.models import CalendarDay
from staff.calendars.rules import Day, DayKind
from staff.people.rules import Actor


@transaction.atomic
def seed_calendar(*, actor: Actor, first_year: int, last_year: int, now: datetime) -> int:  # noqa: ARG001 - as every verb
    """Writes the known days off of these years and returns how many rows that took; a second time takes none.

    A guess gives way to the year's notice and never replaces one.
    """
    if not actor.is_system:
        raise NotAllowed
    return sum(_seed_year(year) for year in range(first_year, last_year + 1))


def _seed_year(year: int) -> int:
    rows = CalendarDay.objects.filter(on__year=year).order_by("on")
    there = [Day(row.on, DayKind(row.kind), row.name, row.official) for row in rows]
    known = days_of(year)
    is_guess = not all(day.official for day in known)
    if there == known or (is_guess and any(day.official for day in there)):
        return 0
    rows.delete()
    # Two processes may seed at the same moment; they write the same days.
    CalendarDay.objects.bulk_create(
        [CalendarDay(on=day.on, kind=day.kind, name=day.name, official=day.official) for day in known],
        ignore_conflicts=True,
    )
    return len(known)
