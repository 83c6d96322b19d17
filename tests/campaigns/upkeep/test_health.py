"""`/healthz` says which part is gone, to anybody, without a session."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from planner.web import broker as broker_module
from staff.runs.actions import beat_heart
from staff.runs.rules import Life, Part


def show(part: Part, seconds_ago: float = 0, pid: int = 7) -> None:
    now = timezone.now()
    beat_heart(life=Life(part, "one", pid, now), now=now - timedelta(seconds=seconds_ago))


@pytest.fixture
def all_parts(db: None, broker: str, settings: Any) -> None:
    """A broker that answers, and a heartbeat of every part."""
    settings.CELERY_BROKER_URL = broker
    broker_module._client.cache_clear()
    for part in Part:
        show(part)


@pytest.fixture(autouse=True)
def forget_the_broker() -> Any:
    yield
    broker_module._client.cache_clear()


@pytest.mark.processes
def test_all_is_well(all_parts: None, client: Client) -> None:
    answer = client.get("/healthz")
    body = answer.json()
    assert answer.status_code == 200
    assert max(body.pop(f"{part}_age_seconds") for part in Part) < 10
    assert body == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "sweep_lag_seconds": 0.0,
    }
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert not answer.cookies


@pytest.mark.processes
def test_one_silent_worker_of_two_is_red(all_parts: None, client: Client) -> None:
    show(Part.WORKER, 41, pid=8)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "red")
    assert answer.json()["worker_age_seconds"] >= 41


def test_a_broker_that_is_gone_is_red(db: None, client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/queue.sock"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"], answer.json()["worker_age_seconds"]) == (503, "gone", None)


def test_a_database_that_is_gone_is_red(db: None, client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/queue.sock"

    def gone(*_: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"], answer.json()["sweep_lag_seconds"]) == (503, "gone", None)


def test_it_is_read_only(db: None, client: Client) -> None:
    assert client.post("/healthz").status_code == 405
