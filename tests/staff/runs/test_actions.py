"""A run is held by one worker at a time, is taken over when that worker is gone, and ends once."""

from datetime import datetime, timedelta

import pytest

from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say
from staff.people.models import TeamEvent
from staff.people.rules import SYSTEM
from staff.runs.actions import (
    ask_cancel,
    claim_run,
    fail_run,
    finish_run,
    queue_run,
    record_restore,
    release_run,
    report_progress,
    stop_run,
)
from staff.runs.models import Run
from staff.runs.queries import Restored, claimable_runs, last_ended, last_restore, latest_run, run_screen
from staff.runs.rules import LEASE, MAX_ATTEMPTS, Claim, LeaseLost
from tests.cast import Cast
from tests.factories import NOW

KIND = "import_orders"
LATER = NOW + LEASE + timedelta(seconds=1)


def queue(cast: Cast, subject: int = 7) -> int:
    return queue_run(
        actor=cast.actor("designer"), team_id=cast.team.pk, kind=KIND, subject_id=subject, total=100, now=NOW
    )


def claim(run_id: int, now: datetime = NOW) -> Claim:
    held = claim_run(run_id=run_id, kind=KIND, now=now)
    assert held is not None
    return held


def test_asking_twice_leaves_one_open_run(cast: Cast) -> None:
    first = queue(cast)
    assert queue(cast) == first
    finish_run(claim=claim(first), result={}, now=NOW)
    assert queue(cast) != first
    assert Run.objects.count() == 2


@pytest.mark.parametrize(("who", "refusal"), [("viewer", NotAllowed), ("outsider", Missing)])
def test_viewers_and_outsiders_start_nothing(cast: Cast, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        queue_run(actor=cast.actor(who), team_id=cast.team.pk, kind=KIND, subject_id=1, now=NOW)
    assert not Run.objects.exists()


def test_one_worker_holds_a_run(cast: Cast) -> None:
    run_id = queue(cast)
    held = claim(run_id)
    assert (held.team_id, held.subject_id, held.attempts) == (cast.team.pk, 7, 1)
    assert claim_run(run_id=run_id, kind=KIND, now=NOW) is None
    assert claimable_runs(KIND, NOW) == []


def test_a_run_of_another_kind_is_not_claimed(cast: Cast) -> None:
    assert claim_run(run_id=queue(cast), kind="compile_review", now=NOW) is None


def test_a_run_whose_worker_is_gone_is_taken_over_and_the_old_worker_is_fenced_off(cast: Cast) -> None:
    run_id = queue(cast)
    old = claim(run_id)
    assert claimable_runs(KIND, LATER) == [run_id]
    new = claim(run_id, LATER)
    assert new.attempts == 2
    for late_write in (
        lambda: report_progress(claim=old, done=5, now=LATER),
        lambda: finish_run(claim=old, result={}, now=LATER),
        lambda: fail_run(claim=old, error=say("late"), now=LATER),
        lambda: stop_run(claim=old, now=LATER),
    ):
        with pytest.raises(LeaseLost):
            late_write()
    release_run(claim=old)
    assert not report_progress(claim=new, done=50, now=LATER)
    assert run_screen(SYSTEM, run_id).progress == 50


def test_progress_renews_the_lease(cast: Cast) -> None:
    run_id = queue(cast)
    held = claim(run_id)
    report_progress(claim=held, done=10, now=NOW + LEASE)
    assert claim_run(run_id=run_id, kind=KIND, now=LATER) is None


def test_a_run_that_kills_its_workers_is_given_up(cast: Cast) -> None:
    run_id, now = queue(cast), NOW
    for _attempt in range(MAX_ATTEMPTS):
        claim(run_id, now)
        now += LEASE + timedelta(seconds=1)
    assert claim_run(run_id=run_id, kind=KIND, now=now) is None
    screen = run_screen(SYSTEM, run_id)
    assert (screen.state, screen.is_open) == ("failed", False)
    assert str(screen.error) == "Given up after 3 tries that ended without an answer."
    assert claimable_runs(KIND, now) == []


def test_a_released_run_is_tried_again_but_not_for_ever(cast: Cast) -> None:
    run_id = queue(cast)
    for _attempt in range(MAX_ATTEMPTS):
        release_run(claim=claim(run_id))
    assert claim_run(run_id=run_id, kind=KIND, now=NOW) is None
    assert run_screen(SYSTEM, run_id).state == "failed"


def test_a_finished_run_is_full_and_keeps_its_result(cast: Cast) -> None:
    run_id = queue(cast)
    finish_run(claim=claim(run_id), result={"orders": 3}, now=NOW)
    run = Run.objects.get()
    assert (run.state, run.progress, run.result, run.ended_at) == ("done", 100, {"orders": 3}, NOW)


def test_asking_to_stop_reaches_the_worker_and_is_logged_once(cast: Cast) -> None:
    run_id = queue(cast)
    held = claim(run_id)
    ask_cancel(actor=cast.actor("cs"), run_id=run_id, now=NOW)
    ask_cancel(actor=cast.actor("cs"), run_id=run_id, now=NOW)
    assert TeamEvent.objects.filter(verb="ask_cancel", actor=cast.cs).count() == 1
    assert report_progress(claim=held, done=20, now=NOW)
    stop_run(claim=held, now=NOW)
    assert run_screen(SYSTEM, run_id).state == "cancelled"
    assert last_ended(KIND) == {7: NOW}
    with pytest.raises(Refused, match="run_ended"):
        ask_cancel(actor=cast.actor("cs"), run_id=run_id, now=NOW)


@pytest.mark.parametrize(("who", "refusal"), [("viewer", NotAllowed), ("outsider", Missing)])
def test_viewers_and_outsiders_stop_nothing(cast: Cast, who: str, refusal: type[Exception]) -> None:
    run_id = queue(cast)
    with pytest.raises(refusal):
        ask_cancel(actor=cast.actor(who), run_id=run_id, now=NOW)
    assert not Run.objects.get().cancel_asked


def test_the_latest_run_about_a_subject_is_shown(cast: Cast) -> None:
    fail_run(claim=claim(queue(cast)), error=say("It has %(n)s faults.", n=3), now=NOW)
    again = queue(cast)
    shown = latest_run(cast.actor("viewer"), KIND, 7)
    assert shown is not None
    assert (shown.id, shown.may_cancel) == (again, False)
    first = Run.objects.earliest("id")
    assert str(run_screen(SYSTEM, first.pk).error) == "It has 3 faults."


def test_the_last_restore_is_the_one_that_was_made_last(db: None) -> None:
    assert last_restore() is None
    record_restore(taken_at=NOW - LEASE, restored_at=LATER, version="2")
    record_restore(taken_at=NOW, restored_at=NOW, version="1")
    assert last_restore() == Restored(NOW - LEASE, LATER, "2")
