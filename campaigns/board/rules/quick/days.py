"""Which day is meant, counted from today, from the calendar or from a campaign's dates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns.campaign.rules import Anchor
from staff.calendars.rules import ONE_DAY, WorkCalendar

FRIDAY = 4


@dataclass(frozen=True)
class Today:
    """What days are counted from; `anchors` are empty while the campaign is not known."""

    now: datetime
    calendar: WorkCalendar
    anchors: dict[Anchor, datetime]

    @property
    def day(self) -> date:
        """The date where the team is."""
        return self.now.date()


@dataclass(frozen=True)
class Found:
    """One day that an expression may mean; `later` is the next one that it may mean when this one has passed."""

    day: date | None = None
    # A moment that needs no time of day.
    at: datetime | None = None
    period: str = ""
    later: Callable[[], date | None] | None = None
    # True for Friday: on a Friday evening the next one is meant, while a date that is today stays today.
    is_weekday: bool = False
    # True when it hangs on a campaign that is not known.
    needs_campaign: bool = False

    @property
    def is_impossible(self) -> bool:
        """True when there is no such day: 30 February."""
        return self.day is None and self.at is None and not self.needs_campaign


Find = Callable[[Today], Found]


def near(away: int, period: str = "") -> Find:
    """So many days from today."""
    return lambda today: Found(today.day + away * ONE_DAY, period=period)


def in_week(weekday: int, weeks: int | None = None) -> Find:
    """The weekday of a week: 0 is this one, else the next; None the first that comes, today's included."""

    def find(today: Today) -> Found:
        away = weekday - today.day.weekday()
        day = today.day + (away % 7 if weeks is None else away + 7 * weeks) * ONE_DAY
        return Found(day) if weeks else Found(day, later=lambda: day + 7 * ONE_DAY, is_weekday=True)

    return find


def on_date(year: int, month: int, day: int) -> Find:
    """One day of one year."""
    made = made_date(year, month, day)
    return lambda _: Found(made)


def yearly(month: int, day: int, years: int = 0) -> Find:
    """The next such day; a year that has none is not passed over."""

    def find(today: Today) -> Found:
        year = today.day.year + years
        return Found(made_date(year, month, day), later=lambda: made_date(year + 1, month, day))

    return find


def monthly(day: int, months: int = 0) -> Find:
    """The next such day of a month; a month without it is passed over."""

    def find(today: Today) -> Found:
        year, month = _months_on(today.day.year, today.day.month, months)
        made = made_date(year, month, day)
        return Found(made or _next_with(year, month, day), later=lambda: _next_with(year, month, day))

    return find


def _next_with(year: int, month: int, day: int) -> date:
    while True:
        year, month = _months_on(year, month, 1)
        if made := made_date(year, month, day):
            return made


def part_of_month(part: str, months: int = 0) -> Find:
    """The first, the middle or the last day (初, 中, 底) of this month, else of the next."""

    def of(today: Today, on: int) -> date:
        year, month = _months_on(today.day.year, today.day.month, on)
        days = {"初": 1, "中": 15}
        return date(year, month, days[part]) if part in days else last_of(year, month)

    def find(today: Today) -> Found:
        return Found(of(today, months)) if months else Found(of(today, 0), later=lambda: of(today, 1))

    return find


def end_of(month: int, years: int = 0) -> Find:
    """The last day of this month of the year."""

    def find(today: Today) -> Found:
        year = today.day.year + years
        return Found(last_of(year, month), later=lambda: last_of(year + 1, month))

    return find


def away(amount: float, unit: str) -> Find:
    """So many hours, days, weeks, months or working days from now."""

    def find(today: Today) -> Found:
        if unit in {"hour", "minute"}:
            return Found(at=today.now + timedelta(**{f"{unit}s": amount}))
        if amount < 1:
            halves = {"day": timedelta(hours=12), "week": 3 * ONE_DAY, "month": 15 * ONE_DAY}
            half = halves.get(unit, ONE_DAY)
            return Found(at=today.now + half) if unit == "day" else Found(today.day + half)
        return Found(_step(today.day, int(amount), unit, today.calendar))

    return find


def from_anchor(anchor: Anchor, amount: int, unit: str) -> Find:
    """So much before (negative) or after one of the campaign's dates."""

    def find(today: Today) -> Found:
        moment = today.anchors.get(anchor)
        if moment is None:
            return Found(needs_campaign=True)
        if amount == 0:
            return Found(moment.date(), at=moment)
        if unit == "hour":
            return Found(at=moment + timedelta(hours=amount))
        return Found(_step(moment.date(), amount, unit, today.calendar))

    return find


def _step(day: date, amount: int, unit: str, calendar: WorkCalendar) -> date:
    if unit == "workday":
        for _ in range(abs(amount)):
            day = calendar.next_workday(day) if amount > 0 else calendar.previous_workday(day)
        return day
    if unit == "month":
        year, month = _months_on(day.year, day.month, amount)
        return made_date(year, month, day.day) or last_of(year, month)
    return day + amount * (7 if unit == "week" else 1) * ONE_DAY


def made_date(year: int, month: int, day: int) -> date | None:
    """The date, if there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(*_months_on(year, month, 1), 1) - ONE_DAY


def _months_on(year: int, month: int, months: int) -> tuple[int, int]:
    years, index = divmod(month - 1 + months, 12)
    return year + years, index + 1
