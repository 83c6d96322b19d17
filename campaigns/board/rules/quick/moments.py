"""The one moment that a line names: its last day, and the time of day that goes with it."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from campaigns.board.rules.quick.clock import Clock, clocks, moment_on
from campaigns.board.rules.quick.day_words import DayMark, days
from campaigns.board.rules.quick.days import Found, Today
from campaigns.board.rules.quick.facts import Issue, Part, Weight
from campaigns.board.rules.quick.text import Span
from planner.core.words import Said, say
from staff.calendars.rules import ONE_DAY

_BETWEEN = re.compile(r"[\s的,]*(?:at |on )?")
_BEFORE = re.compile(r"(?:截止(?:到|至|时间|日期)?|截至|不晚于|ddl|deadline|due|by|before|until)[:\s]*$")
_BEHIND = re.compile(
    r"\s*(?:下班)?(?:之前|以前|前)(?:交付|交|完成|截止)?(?=\s|$|[,;、。@#!~])|(?:之前|以前|前)|\s*截止"
)
_WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"), say("Sunday"),
)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """When it is due, where that stands in the line, and what there is to say about it."""

    at: datetime | None = None
    taken: tuple[Span, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class _Group:
    """A day and a time of day that stand together; either may be missing."""

    start: int
    end: int
    day: DayMark | None = None
    clock: Clock | None = None


def due_of(plain: str, today: Today, zone: ZoneInfo) -> Due:
    """The moment that the line names, if it names one."""
    groups = _groups(plain)
    if not groups:
        return Due()
    dated = [group for group in groups if group.day]
    timed = [group for group in groups if group.clock and not group.day and not group.clock.is_loose]
    chosen = (dated or timed)[-1:]
    if not chosen:
        return Due()
    group = chosen[0]
    parts = [group]
    if group.day and group.clock is None and timed:
        parts.append(timed[-1])
        group = replace(group, clock=timed[-1].clock)
    taken = tuple(_widened(plain, part) for part in parts)
    issues = []
    if len(dated) > 1:
        issues.append(_issue(Weight.NOTE, say("There is more than one date: the last one counts."), taken[0]))
    at, found = _resolved(group, today, zone)
    issues += [replace(issue, start=taken[0][0], end=taken[0][1]) for issue in found]
    return Due(at, taken, tuple(issues))


def _groups(plain: str) -> list[_Group]:
    marks: list[DayMark | Clock] = list(days(plain))
    busy = [(mark.start, mark.end) for mark in marks]
    masked = list(plain)
    for start, end in busy:
        masked[start:end] = "\1" * (end - start)
    marks += list(clocks("".join(masked)))
    groups: list[_Group] = []
    for mark in sorted(marks, key=lambda each: each.start):
        last = groups[-1] if groups else None
        is_next = last is not None and _BETWEEN.fullmatch(plain, last.end, mark.start) is not None
        if isinstance(mark, DayMark):
            if last and is_next and last.day is None:
                groups[-1] = replace(last, day=mark, end=mark.end)
            else:
                groups.append(_Group(mark.start, mark.end, day=mark))
        elif last and is_next and last.day and last.clock is None:
            groups[-1] = replace(last, clock=mark, end=mark.end)
        else:
            groups.append(_Group(mark.start, mark.end, clock=mark))
    return groups


def _widened(plain: str, group: _Group) -> Span:
    """With the words around it that only say that this is the deadline."""
    before = _BEFORE.search(plain, 0, group.start)
    behind = _BEHIND.match(plain, group.end)
    return (before.start() if before else group.start, behind.end() if behind else group.end)


def _issue(weight: Weight, said: Said, span: Span = (0, 0)) -> Issue:
    return Issue(Part.DUE, weight, said, *span)


def _resolved(group: _Group, today: Today, zone: ZoneInfo) -> tuple[datetime | None, list[Issue]]:
    clock = group.clock
    if clock and not clock.is_possible:
        return None, [_issue(Weight.FAULT, say("There is no such time of day."))]
    try:
        if group.day is None:
            return _time_alone(clock, today, zone)
        found = group.day.find(today)
        if found.needs_campaign:
            return None, [_issue(Weight.FAULT, say("This date hangs on a campaign: name one with #."))]
        if found.is_impossible:
            return None, [_issue(Weight.FAULT, say("There is no such day in the calendar."))]
        return _dated(found, clock, today, zone)
    except (OverflowError, ValueError):
        return None, [_issue(Weight.FAULT, say("There is no such day in the calendar."))]


def _time_alone(clock: Clock | None, today: Today, zone: ZoneInfo) -> tuple[datetime, list[Issue]]:
    at = moment_on(today.day, clock, zone)
    if at > today.now:
        return at, _days_off(at, today)
    at = moment_on(today.day + ONE_DAY, clock, zone)
    return at, [_issue(Weight.NOTE, say("This time has passed today: tomorrow is meant.")), *_days_off(at, today)]


def _dated(found: Found, clock: Clock | None, today: Today, zone: ZoneInfo) -> tuple[datetime, list[Issue]]:
    clock = _with_period(found, clock)
    if found.at and clock is None:
        at = found.at.replace(second=0, microsecond=0)
        return at, _judged(at, today)
    day = found.day or (found.at.date() if found.at else today.day)
    at = moment_on(day, clock, zone)
    if at > today.now:
        return at, _days_off(at, today)
    if day == today.day and not found.is_weekday:
        return _today(day, clock, found, today, zone)
    if found.later is None:
        return at, _judged(at, today)
    following = found.later()
    if following is None:
        return at, [_issue(Weight.FAULT, say("There is no such day in the calendar."))]
    at = moment_on(following, clock, zone)
    return at, [_issue(Weight.NOTE, say("That moment has passed: the next one is meant.")), *_days_off(at, today)]


def _today(day: date, clock: Clock | None, found: Found, today: Today, zone: ZoneInfo) -> tuple[datetime, list[Issue]]:
    """Today at a time that has passed: without one the day is not over, and nine may be the evening's."""
    if clock is None:
        return datetime.combine(day, time(23, 59), zone), _days_off(today.now, today)
    evening = _evening(day, clock, zone)
    if evening and evening > today.now:
        said = say("This hour has passed: the one in the evening is meant.")
        return evening, [_issue(Weight.NOTE, said), *_days_off(evening, today)]
    at = moment_on(day, clock, zone)
    if found.later or found.at:
        return at, _judged(at, today)
    at = moment_on(day + ONE_DAY, clock, zone)
    return at, [_issue(Weight.NOTE, say("This time has passed today: tomorrow is meant.")), *_days_off(at, today)]


def _with_period(found: Found, clock: Clock | None) -> Clock | None:
    if not found.period:
        return clock
    if clock is None:
        return Clock(0, 0, found.period)
    return replace(clock, period=clock.period or found.period)


def _evening(day: date, clock: Clock | None, zone: ZoneInfo) -> datetime | None:
    if clock is None or not clock.is_point or clock.period or clock.hour is None or not 8 <= clock.hour < 12:
        return None
    return moment_on(day, replace(clock, hour=clock.hour + 12), zone)


def _judged(at: datetime, today: Today) -> list[Issue]:
    passed = [_issue(Weight.NOTE, say("This moment has passed."))] if at <= today.now else []
    return [*passed, *_days_off(at, today)]


def _days_off(at: datetime, today: Today) -> list[Issue]:
    day = at.date()
    if today.calendar.is_workday(day):
        return []
    holiday = today.calendar.holidays.get(day)
    name = Said(holiday) if holiday else _WEEKDAYS[day.weekday()]
    return [_issue(Weight.NOTE, say("%(day)s is a day off.", day=name))]
