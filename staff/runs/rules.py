"""States of a run and what may follow what."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from planner.core.words import Said, say


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({RunState.QUEUED, RunState.RUNNING})
# Longer than Celery's hard limit on a job where its pool has one. A thread has none: should it outlive its lease,
# it finds its token gone and writes nothing.
LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 3
GIVEN_UP = say("Given up after %(attempts)s tries that ended without an answer.", attempts=MAX_ATTEMPTS)

# What each kind of run is called while it is shown; the kinds belong to the slices that queue them.
KIND_NAMES = {
    "import_orders": say("Importing orders"),
    "compile_review": say("Compiling the review"),
}


class LeaseLost(Exception):
    """Another worker holds this run now: whatever this one still writes must not count."""


@dataclass(frozen=True)
class Claim:
    """A worker's hold on a run; every later write names its token."""

    run_id: int
    token: str
    team_id: int
    subject_id: int
    attempts: int
    cancel_asked: bool


def kind_name(kind: str) -> Said:
    """The name of a kind of run; an unknown kind as it is."""
    return KIND_NAMES.get(kind, Said(kind))


class Part(StrEnum):
    """A part of the process tree that shows that it lives."""

    WORKER = "worker"
    BEAT = "beat"


HEART_SECONDS = 15.0
# Four missed beats.
OLDEST_HEARTBEAT = 60.0
# A reminder's sweep runs every 15 s; past this, people are told too late.
LONGEST_LAG = 120.0


@dataclass(frozen=True)
class Health:
    """Signs of life: ages and lag in seconds, None where nothing is known."""

    database: bool
    broker: bool
    worker_age: float | None
    beat_age: float | None
    sweep_lag: float | None
    version: str


def _fresh(age: float | None) -> bool:
    # A part that never showed itself is not well: a worker that cannot start must not look fine.
    return age is not None and age <= OLDEST_HEARTBEAT


def is_well(health: Health) -> bool:
    """Whether every part answers, shows itself, and keeps up."""
    return (
        health.database
        and health.broker
        and _fresh(health.worker_age)
        and _fresh(health.beat_age)
        and (health.sweep_lag or 0.0) <= LONGEST_LAG
    )
