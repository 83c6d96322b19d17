"""Mainland China: the State Council's notices where they are known, statutory days where they are not."""

from datetime import date

import holidays
from chinese_calendar import constants

from staff.calendars.rules import Day, DayKind

NOTICED_YEARS = frozenset(day.year for day in constants.holidays)
# The two sources name the same days differently.
NAMES = {
    "Anti-Fascist 70th Day": "Victory Day",
    "Chinese New Year (Spring Festival)": "Spring Festival",
    "Chinese New Year's Eve": "Spring Festival",
    "Labor Day": "Labour Day",
    "Tomb-sweeping Day": "Tomb-Sweeping Day",
    "Mid-autumn Festival": "Mid-Autumn Festival",
}


def days_of(year: int) -> list[Day]:
    """The year's days off and make-up days, official when its notice is known; plain weekends are not among them."""
    if year in NOTICED_YEARS:
        return _noticed(year)
    rows = holidays.country_holidays("CN", years=[year], language="en_US")
    return [Day(on, DayKind.HOLIDAY, _name(name), official=False) for on, name in sorted(rows.items())]


def _noticed(year: int) -> list[Day]:
    def of_year(source: dict[date, str], kind: DayKind) -> list[Day]:
        return [Day(on, kind, _name(name)) for on, name in source.items() if on.year == year]

    days = of_year(constants.holidays, DayKind.HOLIDAY) + of_year(constants.workdays, DayKind.MAKEUP_WORKDAY)
    return sorted(days, key=lambda day: day.on)


def _name(name: str) -> str:
    # Two holidays on one day come as "A; B"; a day given back for a weekend as "A (observed)".
    first = name.split(";")[0].removesuffix(" (observed)").strip()
    return NAMES.get(first, first)
