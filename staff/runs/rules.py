"""States of a run and what may follow what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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
    """A part of the process tree whose processes show that they work."""

    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"


HEART_SECONDS = 10.0
# Four missed beats: whoever watches has to know within a minute.
OLDEST_HEARTBEAT = 40.0
# A process that fell silent without a farewell stays in sight for so long.
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Life:
    """One process from its start to its end; the same number on the same host later is another life."""

    part: Part
    host: str
    pid: int
    since: datetime


@dataclass(frozen=True)
class Sign:
    """When a process last showed that it works, and which version it runs."""

    life: Life
    version: str
    beat_at: datetime

    def age(self, now: datetime) -> float:
        """Seconds since then; a clock that is ahead counts as now."""
        return round(max((now - self.beat_at).total_seconds(), 0.0), 1)
