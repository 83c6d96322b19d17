"""When the machine is well: every process shows itself, and nothing waits too long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from staff.runs.rules import OLDEST_HEARTBEAT, Part, Sign

# A reminder's sweep runs every 15 s; past this, people are told too late.
LONGEST_LAG = 120.0
# The web is what answers; without these two nobody is told anything.
NEEDED = (Part.WORKER, Part.BEAT)


@dataclass(frozen=True)
class Health:
    """Signs of life: ages and lag in seconds, None where nothing is known. `ages` holds the oldest of each part."""

    database: bool
    broker: bool
    ages: dict[Part, float]
    sweep_lag: float | None


def oldest_ages(signs: Iterable[Sign], now: datetime) -> dict[Part, float]:
    """By part, how long its most silent process has been silent: one dead worker among several is seen."""
    ages: dict[Part, float] = {}
    for sign in signs:
        ages[sign.life.part] = max(ages.get(sign.life.part, 0.0), sign.age(now))
    return ages


def is_silent(age: float) -> bool:
    """True when a process should have shown itself by now."""
    return age > OLDEST_HEARTBEAT


def is_well(health: Health) -> bool:
    """Whether every part answers, shows itself, and keeps up."""
    # A part that never showed itself is not well: a worker that cannot start must not look fine.
    shown = all(part in health.ages for part in NEEDED)
    silent = any(is_silent(age) for age in health.ages.values())
    return health.database and health.broker and shown and not silent and (health.sweep_lag or 0.0) <= LONGEST_LAG
