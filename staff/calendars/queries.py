"""The working calendar as it is known now."""

from datetime import date

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
