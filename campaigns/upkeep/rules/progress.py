"""How far long work is, for whoever watches."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """`done` of `total` in a step, and the part that is at work."""

    step: str
    part: str
    done: int
    total: int


Tell = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    """For work that nobody watches."""
