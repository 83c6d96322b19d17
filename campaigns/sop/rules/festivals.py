"""The trade's great dates: what a new campaign most likely is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True)
class Festival:
    """A sale as its dates were last: the first moment of full payment, and the last day; month and day."""

    name: str
    starts: tuple[int, int]
    ends: tuple[int, int]


# Tmall 2025 (domain.md §3); every year moves them a little, so they are only offered.
FESTIVALS = (Festival("618", (5, 16), (6, 20)), Festival("双11", (10, 20), (11, 14)))
OPENS, CLOSES = time(20), time(23, 59)
OFFERED = 3


@dataclass(frozen=True)
class Suggestion:
    """A campaign to begin with; its moments are in the team's zone."""

    name: str
    starts_at: datetime
    ends_at: datetime


def suggestions(local: datetime, taken: Collection[str]) -> tuple[Suggestion, ...]:
    """The next sales that are still to start and that the team has not made yet, the nearest first."""
    coming = [
        Suggestion(
            name=f"{each.name} {year}",
            starts_at=datetime.combine(date(year, *each.starts), OPENS, local.tzinfo),
            ends_at=datetime.combine(date(year, *each.ends), CLOSES, local.tzinfo),
        )
        for year in range(local.year, local.year + OFFERED + 1)
        for each in FESTIVALS
    ]
    free = [one for one in coming if one.starts_at > local and one.name not in taken]
    return tuple(sorted(free, key=lambda one: one.starts_at)[:OFFERED])
