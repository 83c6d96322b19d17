"""The working calendar as it is known now."""

from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext, gettext_noop

from staff.calendars.models import CalendarDay
from staff.calendars.rules import Day, DayKind, WorkCalendar

HOLIDAYS = (
    gettext_noop("New Year's Day"),
    gettext_noop("Spring Festival"),
    gettext_noop("Tomb-Sweeping Day"),
    gettext_noop("Labour Day"),
    gettext_noop("Dragon Boat Festival"),
    gettext_noop("Mid-Autumn Festival"),
    gettext_noop("National Day"),
    gettext_noop("Victory Day"),
)


def work_calendar(first: date, last: date) -> WorkCalendar:
    """The calendar of every year from `first` to `last`; a year without rows is Monday to Friday and provisional."""
    rows = CalendarDay.objects.filter(on__gte=date(first.year, 1, 1), on__lte=date(last.year, 12, 31))
    found = rows.values_list("on", "kind", "name", "official")
    return WorkCalendar.of(Day(on, DayKind(kind), name, official) for on, kind, name, official in found)


def holiday_name(name: str) -> str:
    """A holiday's name in the reader's language."""
    return gettext(name) if name else ""


def known_years(first: int, last: int) -> dict[int, bool]:
    """By year, whether its holidays are official; a year of which nothing is known is absent."""
    rows = CalendarDay.objects.filter(on__gte=date(first, 1, 1), on__lte=date(last, 12, 31))
    found = (
        rows.order_by().values_list("on__year").annotate(days=Count("pk"), sure=Count("pk", filter=Q(official=True)))
    )
    return {year: days == sure for year, days, sure in found}
