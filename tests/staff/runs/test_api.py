"""Runs over the API by each of the cast: how far they are, how they ended, and the wish to stop."""

import pytest

from planner.core.words import say
from staff.people.rules import SYSTEM
from staff.runs.actions import claim_run, fail_run, finish_run, queue_run, report_progress
from staff.runs.models import Run
from staff.runs.rules import Claim
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW


@pytest.fixture
def run_id(cast: Cast) -> int:
    return queue_run(actor=SYSTEM, team_id=cast.team.pk, kind="import_orders", subject_id=7, total=200, now=NOW)


def claimed(run_id: int) -> Claim:
    claim = claim_run(run_id=run_id, kind="import_orders", now=NOW)
    assert claim
    return claim


@pytest.mark.parametrize(
    ("who", "see", "stop"),
    [
        ("manager", 200, 200),
        ("designer", 200, 200),
        ("cs", 200, 200),
        ("viewer", 200, 403),
        ("outsider", 404, 404),
        (None, 401, 401),
    ],
)
def test_who_may_see_and_who_may_stop(cast: Cast, run_id: int, who: str | None, see: int, stop: int) -> None:
    caller = Caller(getattr(cast, who) if who else None)
    assert caller.get("run", run_id).status_code == see
    assert caller.post("cancel_run", run_id).status_code == stop
    assert Run.objects.get().cancel_asked is (stop == 200)


def test_a_run_says_how_far_it_is(cast: Cast, run_id: int) -> None:
    report_progress(claim=claimed(run_id), done=50, now=NOW)
    said = Caller(cast.viewer).get("run", run_id).json()
    assert said == {
        "id": run_id,
        "team_id": cast.team.pk,
        "kind": "import_orders",
        "subject_id": 7,
        "state": "running",
        "progress": 50,
        "total": 200,
        "cancel_asked": False,
        "error": None,
        "result": {},
        "created_at": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ended_at": None,
    }


def test_an_ended_run_says_what_came_of_it_and_cannot_be_stopped(cast: Cast, run_id: int) -> None:
    finish_run(claim=claimed(run_id), result={"orders": 3}, now=NOW)
    said = Caller(cast.viewer).get("run", run_id).json()
    assert (said["state"], said["progress"], said["result"]) == ("done", 200, {"orders": 3})
    assert said["ended_at"] is not None
    late = Caller(cast.designer).post("cancel_run", run_id)
    assert (late.status_code, late.json()["code"]) == (409, "run_ended")


def test_a_failed_run_says_why_in_the_callers_language(cast: Cast, run_id: int) -> None:
    fail_run(claim=claimed(run_id), error=say("Given up after %(attempts)s tries.", attempts=3), now=NOW)
    said = Caller(cast.viewer).get("run", run_id).json()
    assert (said["state"], said["error"], said["result"]) == ("failed", "Given up after 3 tries.", {})


def test_stopping_answers_with_the_run_and_can_be_repeated(cast: Cast, run_id: int) -> None:
    caller = Caller(cast.designer)
    first = caller.post("cancel_run", run_id)
    assert (first.json()["state"], first.json()["cancel_asked"]) == ("queued", True)
    assert caller.post("cancel_run", run_id).json() == first.json()


@pytest.mark.parametrize("number", [0, 999_999, 2**63])
def test_a_run_that_is_not_there_is_missing(cast: Cast, number: int) -> None:
    assert Caller(cast.manager).get("run", number).status_code == 404
    assert Caller(cast.manager).post("cancel_run", number).status_code == 404
