"""Progress is a fragment that asks again while the run is open, and says so when it has ended."""

import pytest
from django.test import Client
from django.urls import reverse

from staff.people.rules import SYSTEM
from staff.runs.actions import claim_run, finish_run, queue_run, report_progress
from staff.runs.models import Run
from tests.cast import Cast
from tests.factories import NOW

HTMX = {"HX-Request": "true"}


@pytest.fixture
def run_id(cast: Cast) -> int:
    return queue_run(actor=SYSTEM, team_id=cast.team.pk, kind="import_orders", subject_id=1, total=200, now=NOW)


def test_an_open_run_polls_and_can_be_stopped(cast: Cast, client: Client, run_id: int) -> None:
    claim = claim_run(run_id=run_id, kind="import_orders", now=NOW)
    assert claim
    report_progress(claim=claim, done=50, now=NOW)
    client.force_login(cast.designer)
    answer = client.get(reverse("staff:run", args=[run_id]), headers=HTMX)
    html = " ".join(answer.content.decode().split())
    assert 'hx-trigger="every 1s"' in html
    assert '<progress value="50" max="200"' in html
    assert reverse("staff:cancel_run", args=[run_id]) in html
    assert "HX-Trigger-After-Swap" not in answer.headers
    assert "<html" not in html
    assert "<html" in client.get(reverse("staff:run", args=[run_id])).content.decode()


def test_an_ended_run_stops_polling_and_tells_the_page(cast: Cast, client: Client, run_id: int) -> None:
    claim = claim_run(run_id=run_id, kind="import_orders", now=NOW)
    assert claim
    finish_run(claim=claim, result={}, now=NOW)
    client.force_login(cast.viewer)
    answer = client.get(reverse("staff:run", args=[run_id]), headers=HTMX)
    assert "hx-trigger" not in answer.content.decode()
    assert answer.headers["HX-Trigger-After-Swap"] == "run-ended"


@pytest.mark.parametrize(
    ("who", "see", "stop"),
    [("manager", 200, 302), ("designer", 200, 302), ("cs", 200, 302), ("viewer", 200, 403), ("outsider", 404, 404)],
)
def test_who_may_see_and_who_may_stop(cast: Cast, client: Client, run_id: int, who: str, see: int, stop: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(reverse("staff:run", args=[run_id])).status_code == see
    assert client.post(reverse("staff:cancel_run", args=[run_id])).status_code == stop
    assert Run.objects.get().cancel_asked is (stop == 302)


def test_a_stranger_is_sent_to_the_log_in(cast: Cast, client: Client, run_id: int) -> None:
    assert client.get(reverse("staff:run", args=[run_id])).status_code == 302
    assert client.post(reverse("staff:cancel_run", args=[run_id])).status_code == 302
    assert not Run.objects.get().cancel_asked


def test_stopping_by_htmx_answers_with_the_fragment(cast: Cast, client: Client, run_id: int) -> None:
    client.force_login(cast.designer)
    answer = client.post(reverse("staff:cancel_run", args=[run_id]), headers=HTMX)
    assert answer.status_code == 200
    assert reverse("staff:cancel_run", args=[run_id]) not in answer.content.decode()


def test_a_run_that_is_not_there_is_missing(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager)
    assert client.get(reverse("staff:run", args=[999])).status_code == 404
