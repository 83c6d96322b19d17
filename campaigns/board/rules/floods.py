"""How much one person may say in an hour: a comment is cheap to write, and each @ is a mail to somebody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from planner.core.errors import Refused
from planner.core.words import say

WINDOW = timedelta(hours=1)
# By one author, wherever it was said; and of those, the ones that name one and the same person.
MOST_COMMENTS = 60
MOST_MENTIONS = 20


def check_flood(said: Sequence[datetime], named: Mapping[int, Sequence[datetime]], now: datetime) -> None:
    """Refuses one comment too many; it says when to come back.

    `said` are the moments of the author's comments, `named` those of them that named each person of this one.
    """
    until = _free_at(said, MOST_COMMENTS, now)
    if until:
        raise Refused(
            "too_many",
            say("You have written %(most)s comments within an hour. Try again in %(minutes)s minutes.",
                most=MOST_COMMENTS, minutes=_minutes(until, now)),
        )  # fmt: skip
    free = [until for moments in named.values() if (until := _free_at(moments, MOST_MENTIONS, now))]
    if free:
        raise Refused(
            "too_many",
            say("You have named one person %(most)s times within an hour. Try again in %(minutes)s minutes.",
                most=MOST_MENTIONS, minutes=_minutes(max(free), now)),
        )  # fmt: skip


def _free_at(moments: Iterable[datetime], most: int, now: datetime) -> datetime | None:
    # The oldest of the newest `most` is the one that has to grow old first.
    within = sorted((moment for moment in moments if moment > now - WINDOW), reverse=True)[:most]
    return within[-1] + WINDOW if len(within) == most else None


def _minutes(until: datetime, now: datetime) -> int:
    return max(1, -(-int((until - now).total_seconds()) // 60))
