"""Burn-up: how much should be done by a day, how much was, and how much there is."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.core.words import Said, say

# More points than this nobody sees on a screen.
MOST_DAYS = 120


@dataclass(frozen=True)
class Work:
    """A task as the curve counts it: since when there is it, until when it was first due, when it was done."""

    created_on: date
    planned_on: date | None
    done_on: date | None


@dataclass(frozen=True)
class BurnDay:
    """The sums at the end of a day; `done` is None for days that have not come."""

    on: date
    planned: int
    done: int | None
    scope: int


def burn_up(work: Sequence[Work], *, today: date) -> tuple[BurnDay, ...]:
    """Day by day from the first due or done task to the last, today among them; none without a date."""
    planned = _sorted(one.planned_on for one in work)
    done = _sorted(one.done_on for one in work)
    created = _sorted(one.created_on for one in work)
    if not planned:
        return ()
    ends = [planned[-1], *done[-1:]]
    if len(done) < len(work):
        ends.append(today)
    first, last = min(planned[0], *done[:1], today), max(ends)
    return tuple(
        BurnDay(
            on=day,
            planned=bisect_right(planned, day),
            done=bisect_right(done, day) if day <= today else None,
            scope=bisect_right(created, day),
        )
        for day in _days(first, last, today)
    )


def _sorted(days: Iterable[date | None]) -> list[date]:
    return sorted(day for day in days if day is not None)


def _days(first: date, last: date, today: date) -> list[date]:
    span = (last - first).days
    step = span // MOST_DAYS + 1
    days = {first + timedelta(days=number) for number in range(0, span + 1, step)} | {last}
    return sorted(days | ({today} if first <= today <= last else set()))


def changed(days: Sequence[BurnDay]) -> tuple[BurnDay, ...]:
    """The first day, and those on which a sum is another than on the day before."""
    kept: list[BurnDay] = []
    for before, day in zip([None, *days], days, strict=False):
        if (
            before is None
            or (day.planned, day.scope) != (before.planned, before.scope)
            or (day.done is not None and day.done != before.done)
        ):
            kept.append(day)
    return tuple(kept)


def standing(days: Sequence[BurnDay]) -> Said:
    """Where the work stands against its plan, in a sentence."""
    past = [day for day in days if day.done is not None]
    planned, done = (past[-1].planned, past[-1].done or 0) if past else (0, 0)
    if done < planned:
        sentence = say("%(planned)s tasks were to be done by now, %(done)s are: %(n)s behind.")
    elif done > planned:
        sentence = say("%(planned)s tasks were to be done by now, %(done)s are: %(n)s ahead.")
    else:
        sentence = say("%(planned)s tasks were to be done by now, and as many are.")
    return Said(sentence.text, {"planned": planned, "done": done, "n": abs(done - planned)})
