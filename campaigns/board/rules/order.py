"""The order of cards in a column, and the order that dependencies ask for."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from planner.core.errors import Refused
from planner.core.words import say

GAP = 1024.0
# Halved some thirty times before no number is left between.
LEAST_GAP = 1.0
Key = TypeVar("Key", int, str)


def between(low: float | None, high: float | None) -> float | None:
    """A position between two neighbours, either of which may be missing; None when there is no number left between."""
    if low is None:
        return GAP if high is None else high - GAP
    if high is None:
        return low + GAP
    middle = low + (high - low) / 2
    return middle if low < middle < high else None


def spread(count: int, low: float | None = None, high: float | None = None) -> list[float] | None:
    """Positions for so many cards anew between two neighbours, either of which may be missing.

    None when they would stand so close that the next moves between them soon find no number again.
    """
    if low is not None and high is not None:
        step = (high - low) / (count + 1)
        return [low + step * (index + 1) for index in range(count)] if step >= LEAST_GAP else None
    first = low if low is not None else high - GAP * (count + 1) if high is not None else 0.0
    return [first + GAP * (index + 1) for index in range(count)]


def find_cycle(waits_for: Mapping[Key, Iterable[Key]]) -> tuple[Key, ...]:
    """The tasks that wait for each other in a ring, first one repeated at the end; empty when there is no ring."""
    try:
        TopologicalSorter(waits_for).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()


def waiting_for(key: Key, waits_for: Mapping[Key, Iterable[Key]]) -> set[Key]:
    """All that wait for this one, directly or through others."""
    waiters: dict[Key, list[Key]] = {}
    for waiter, before in waits_for.items():
        for each in before:
            waiters.setdefault(each, []).append(waiter)
    found: set[Key] = set()
    ahead = [key]
    while ahead:
        new = [each for each in waiters.get(ahead.pop(), ()) if each not in found]
        found.update(new)
        ahead.extend(new)
    return found


def check_no_cycle(waits_for: Mapping[Key, Iterable[Key]], names: Mapping[Key, str]) -> None:
    """Refuses a ring of tasks, naming them in order."""
    ring = find_cycle(waits_for)
    if ring:
        chain = " → ".join(names.get(key, str(key)) for key in ring)
        raise Refused(
            "cycle", say("These tasks would wait for each other for ever."), reasons=(say("%(chain)s", chain=chain),)
        )
