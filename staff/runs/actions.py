"""Verbs on runs: queue, claim, report, end, ask to stop; and notes of what the ground went through.

A worker's verbs are conditional updates that name its token, so they need no row lock and cannot undo another's work.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from planner.core.errors import Missing, Refused
from planner.core.words import Said, say
from staff.people.actions import record_team_event
from staff.people.rules import Actor, check_work
from staff.runs.models import Heartbeat, Process, Restore, Run
from staff.runs.rules import (
    FORGOTTEN_AFTER,
    GIVEN_UP,
    LEASE,
    MAX_ATTEMPTS,
    OPEN_STATES,
    Claim,
    LeaseLost,
    Life,
    RunState,
)


@transaction.atomic
def queue_run(*, actor: Actor, team_id: int, kind: str, subject_id: int, total: int = 0, now: datetime) -> int:
    """The id of the open run of this kind about this subject; a new one when none is open."""
    check_work(actor, team_id)
    run = Run(
        team_id=team_id, kind=kind, subject_id=subject_id, total=total, created_by_id=actor.user_id, created_at=now
    )
    # Two clicks at once meet in the unique index: one row, and both are given it.
    Run.objects.bulk_create([run], ignore_conflicts=True)
    return Run.objects.values_list("id", flat=True).get(kind=kind, subject_id=subject_id, state__in=OPEN_STATES)


def _named(said: Said) -> dict[str, Any]:
    return {"error": said.text, "result": {"params": dict(said.params)}}


def claim_run(*, run_id: int, kind: str, now: datetime) -> Claim | None:
    """A hold on the run for one lease, or None when it has ended or another worker holds it.

    A run whose lease ran out is taken over; after `MAX_ATTEMPTS` such losses it is failed instead.
    """
    token = secrets.token_hex(16)
    free = Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, lease_until__lt=now)
    rows = Run.objects.filter(free, pk=run_id, kind=kind)
    taken = rows.filter(attempts__lt=MAX_ATTEMPTS).update(
        state=RunState.RUNNING, lease_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not taken:
        rows.update(state=RunState.FAILED, lease_token="", lease_until=None, ended_at=now, **_named(GIVEN_UP))  # nosec B106 # blank: nobody holds it
        return None
    run = Run.objects.get(pk=run_id)
    return Claim(
        run_id=run.pk,
        token=token,
        team_id=run.team_id,
        subject_id=run.subject_id,
        attempts=run.attempts,
        cancel_asked=run.cancel_asked,
    )


def _mine(claim: Claim, **changes: Any) -> None:
    held = Run.objects.filter(pk=claim.run_id, state=RunState.RUNNING, lease_token=claim.token)
    if not held.update(**changes):
        raise LeaseLost


def report_progress(*, claim: Claim, done: int, total: int | None = None, now: datetime) -> bool:
    """Notes how far the work is and renews the lease; True when somebody asked to stop. Raises `LeaseLost`."""
    totals = {} if total is None else {"total": total}
    _mine(claim, progress=done, lease_until=now + LEASE, **totals)
    return Run.objects.values_list("cancel_asked", flat=True).get(pk=claim.run_id)


def _end(claim: Claim, state: RunState, now: datetime, **changes: Any) -> None:
    _mine(claim, state=state, lease_token="", lease_until=None, ended_at=now, **changes)  # nosec B106 # blank: nobody holds it


def finish_run(*, claim: Claim, result: Mapping[str, Any], now: datetime) -> None:
    """Ends the run well; inside the work's own transaction, so that both count or neither. Raises `LeaseLost`."""
    _end(claim, RunState.DONE, now, progress=F("total"), result=dict(result))


def fail_run(*, claim: Claim, error: Said, now: datetime) -> None:
    """Ends the run with the reason to show. Raises `LeaseLost`."""
    _end(claim, RunState.FAILED, now, **_named(error))


def release_run(*, claim: Claim) -> None:
    """Gives the run back after an accident, so that the next sweep tries it again; its tries are counted."""
    Run.objects.filter(pk=claim.run_id, state=RunState.RUNNING, lease_token=claim.token).update(
        state=RunState.QUEUED,
        lease_token="",
        lease_until=None,  # nosec B106 # blank: nobody holds it
    )


def stop_run(*, claim: Claim, now: datetime) -> None:
    """Ends the run because somebody asked to. Raises `LeaseLost`."""
    _end(claim, RunState.CANCELLED, now)


@transaction.atomic
def ask_cancel(*, actor: Actor, run_id: int, now: datetime) -> None:
    """Asks the worker to stop at its next look; what has ended stays as it is."""
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise Missing
    check_work(actor, run.team_id)
    if run.state not in OPEN_STATES:
        raise Refused("run_ended", say("This has ended already."))
    if run.cancel_asked:
        return
    Run.objects.filter(pk=run_id).update(cancel_asked=True)
    record_team_event(
        team_id=run.team_id,
        actor=actor,
        verb="ask_cancel",
        subject_kind="run",
        subject_id=run_id,
        before={"cancel_asked": False},
        after={"cancel_asked": True, "kind": run.kind},
        now=now,
    )


def begin_life(*, life: Life, lives: Callable[[int], bool], now: datetime) -> None:
    """Notes that this process has begun; of its host, those that ended without a farewell are forgotten.

    `lives` says whether a process of this number runs here.
    """
    here = Process.objects.filter(host=life.host).exclude(pid=life.pid)
    dead = [pk for pk, pid in here.values_list("pk", "pid") if not lives(pid)]
    Process.objects.filter(Q(pk__in=dead) | Q(beat_at__lt=now - FORGOTTEN_AFTER)).delete()
    beat_heart(life=life, now=now)


def beat_heart(*, life: Life, now: datetime) -> None:
    """Notes that this process works at `now`."""
    row = Process(part=life.part, host=life.host, pid=life.pid, since=life.since, beat_at=now, version=settings.VERSION)
    Process.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["part", "host", "pid"],
        update_fields=["since", "beat_at", "version"],
    )


def end_life(*, life: Life) -> None:
    """Forgets a process that ends as it was asked to."""
    Process.objects.filter(part=life.part, host=life.host, pid=life.pid).delete()


def note_sweep(*, name: str, now: datetime) -> None:
    """Notes that this sweep of the beat table came through at `now`."""
    row = Heartbeat(part=name, beat_at=now, version=settings.VERSION)
    Heartbeat.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["part"], update_fields=["beat_at", "version"]
    )


def record_restore(*, taken_at: datetime, restored_at: datetime, version: str) -> None:
    """Notes that this data is of `taken_at` and was brought back at `restored_at`; inside the restore's transaction."""
    Restore.objects.create(taken_at=taken_at, restored_at=restored_at, version=version)
