"""Runs as their readers may see them, and as sweeps find them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from planner.core.errors import Missing
from planner.core.words import Said
from staff.people.rules import Actor, may_see, may_work
from staff.runs.models import Heartbeat, Process, Restore, Run
from staff.runs.rules import FORGOTTEN_AFTER, OPEN_STATES, Life, Part, RunState, Sign, kind_name


@dataclass(frozen=True)
class RunScreen:
    """One run, ready to show."""

    id: int
    team_id: int
    kind: str
    # The row that it is about, by the kind: an import, a campaign.
    subject_id: int
    state: RunState
    progress: int
    total: int
    cancel_asked: bool
    may_cancel: bool
    error: Said | None
    # What a run that ended well says of its work; empty for every other.
    result: dict[str, Any]
    created_at: datetime
    ended_at: datetime | None

    @property
    def name(self) -> Said:
        """What it does, to show."""
        return kind_name(self.kind)

    @property
    def is_open(self) -> bool:
        """True while it waits or works."""
        return self.state in OPEN_STATES

    @property
    def tone(self) -> str:
        """The colour of its state."""
        tones = {RunState.DONE: "done", RunState.FAILED: "late", RunState.CANCELLED: "plain"}
        return tones.get(self.state, "info")


def _screen(actor: Actor, run: Run) -> RunScreen:
    return RunScreen(
        id=run.pk,
        team_id=run.team_id,
        kind=run.kind,
        subject_id=run.subject_id,
        state=RunState(run.state),
        progress=run.progress,
        total=run.total,
        cancel_asked=run.cancel_asked,
        may_cancel=may_work(actor, run.team_id) and not run.cancel_asked,
        error=Said(run.error, run.result.get("params", {})) if run.error else None,
        result=run.result if run.state == RunState.DONE else {},
        created_at=run.created_at,
        ended_at=run.ended_at,
    )


def run_screen(actor: Actor, run_id: int) -> RunScreen:
    """The run, or `Missing` when it does not exist or is another team's."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None or not may_see(actor, run.team_id):
        raise Missing
    return _screen(actor, run)


def run_screens(actor: Actor, run_ids: Iterable[int]) -> dict[int, RunScreen]:
    """These runs by id; those of other teams are left out."""
    rows = Run.objects.filter(pk__in=list(run_ids))
    return {run.pk: _screen(actor, run) for run in rows if may_see(actor, run.team_id)}


def latest_run(actor: Actor, kind: str, subject_id: int) -> RunScreen | None:
    """The newest run of this kind about this subject; the caller has checked that the actor may see the subject."""
    run = Run.objects.filter(kind=kind, subject_id=subject_id).order_by("-id").first()
    return _screen(actor, run) if run else None


def _free(now: datetime) -> Q:
    return Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, lease_until__lt=now)


def waiting_runs(now: datetime) -> tuple[int, datetime | None]:
    """How many runs a worker may take now, and since when the first of them."""
    found = Run.objects.filter(_free(now)).aggregate(n=Count("pk"), oldest=Min(Coalesce("lease_until", "created_at")))
    return found["n"], found["oldest"]


def claimable_runs(kind: str, now: datetime) -> list[int]:
    """The ids of the runs of this kind that a worker may take now, oldest first."""
    return list(Run.objects.filter(_free(now), kind=kind).order_by("id").values_list("id", flat=True))


def last_ended(kind: str) -> dict[int, datetime]:
    """When the newest run of this kind that has ended, well or not, was queued: by subject."""
    rows = Run.objects.filter(kind=kind).exclude(state__in=OPEN_STATES).order_by("id")
    return dict(rows.values_list("subject_id", "created_at"))


def signs(now: datetime) -> tuple[Sign, ...]:
    """The last sign of every process that has not said farewell, by part; whoever is silent for long is forgotten."""
    rows = Process.objects.filter(beat_at__gte=now - FORGOTTEN_AFTER).order_by("part", "host", "since", "pid")
    return tuple(
        Sign(Life(Part(part), host, pid, since), version, beat_at)
        for part, host, pid, since, version, beat_at in rows.values_list(
            "part", "host", "pid", "since", "version", "beat_at"
        )
    )


def sweeps_done() -> dict[str, datetime]:
    """When each sweep last came through, by its name in the beat table; one that never did is absent."""
    return dict(Heartbeat.objects.values_list("part", "beat_at"))


@dataclass(frozen=True)
class Restored:
    """The data is of `taken_at` and was brought back at `restored_at`, by this version."""

    taken_at: datetime
    restored_at: datetime
    version: str


def last_restore() -> Restored | None:
    """The last time this data was brought back from a backup; None when it never was."""
    row = Restore.objects.order_by("-restored_at", "-pk").first()
    return Restored(row.taken_at, row.restored_at, row.version) if row else None
