"""Working days and the arithmetic of working time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

ONE_DAY = timedelta(days=1)
# The office's clock: the productive hours of a day are spread evenly over it.
DAY_STARTS, DAY_ENDS = time(9), time(18)
DAY_SECONDS = 9 * 3600
HOURS_A_DAY = Decimal(6)


class DayKind(StrEnum):
    """Why a day differs from the plain week."""

    HOLIDAY = "holiday"
    MAKEUP_WORKDAY = "makeup_workday"


@dataclass(frozen=True)
class Day:
    """One day that differs from the plain week; `official` is False for a guess made before the year's notice."""

    on: date
    kind: DayKind
    name: str = ""
    official: bool = True


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked: Monday to Friday, without holidays, with make-up days."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    makeup_days: frozenset[date] = frozenset()
    official_years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, days: Iterable[Day]) -> "WorkCalendar":
        """The calendar of these days; a year is official when it has days and all of them are."""
        days = list(days)
        guessed = {day.on.year for day in days if not day.official}
        return cls(
            holidays={day.on: day.name for day in days if day.kind is DayKind.HOLIDAY},
            makeup_days=frozenset(day.on for day in days if day.kind is DayKind.MAKEUP_WORKDAY),
            official_years=frozenset(day.on.year for day in days) - guessed,
        )

    def is_workday(self, day: date) -> bool:
        """True for a weekday that is no holiday, and for a make-up day."""
        return day in self.makeup_days if day.weekday() > 4 else day not in self.holidays

    def is_provisional(self, year: int) -> bool:
        """True while the year's holidays are a guess, or not known at all."""
        return year not in self.official_years

    def last_workday(self, day: date) -> date:
        """The day itself when it is worked, else the last working day before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def first_workday(self, day: date) -> date:
        """The day itself when it is worked, else the next working day after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: date) -> date:
        """The last working day before this day."""
        return self.last_workday(day - ONE_DAY)

    def next_workday(self, day: date) -> date:
        """The first working day after this day."""
        return self.first_workday(day + ONE_DAY)

    def start_of_work(self, due: datetime, hours: Decimal, hours_a_day: Decimal = HOURS_A_DAY) -> datetime:
        """When to begin so that `hours` of work are done at `due`, at so many productive hours a working day.

        `due` is in the reader's zone and so is the answer. The due day counts as worked even on a day off: something is
        due on it. 3 h due on a working day at 18:00, at 6 h a day: 13:30.
        """
        days = float(hours / hours_a_day)
        opens = due.replace(hour=DAY_STARTS.hour, minute=0, second=0, microsecond=0)
        share = min(max((due - opens).total_seconds() / DAY_SECONDS, 0.0), 1.0)
        day = due.date()
        while days > share:
            days -= share
            day, share = self.previous_workday(day), 1.0
        start = datetime.combine(day, DAY_STARTS, due.tzinfo) + timedelta(seconds=round((share - days) * DAY_SECONDS))
        return min(start, due)
