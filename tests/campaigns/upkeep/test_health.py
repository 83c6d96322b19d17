"""`/healthz` says which part is gone, to anybody, without a session."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from planner.web import broker as broker_module
from staff.runs.actions import beat_heart
from staff.runs.rules import Part


@pytest.fixture
def all_parts(db: None, broker: str, settings: Any) -> None:
    """A broker that answers, and heartbeats of both parts."""
    settings.CELERY_BROKER_URL = broker
    broker_module._client.cache_clear()
    for part in Part:
        beat_heart(part=part, now=timezone.now())


@pytest.fixture(autouse=True)
def forget_the_broker() -> Any:
    yield
    broker_module._client.cache_clear()


@pytest.mark.processes
def test_all_is_well(all_parts: None, client: Client) -> None:
    answer = client.get("/healthz")
    body = answer.json()
    assert answer.status_code == 200
    assert body | {"worker_age_seconds": 0, "beat_age_seconds": 0} == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "worker_age_seconds": 0,
        "beat_age_seconds": 0,
        "sweep_lag_seconds": 0.0,
    }
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert not answer.cookies


@pytest.mark.processes
def test_a_silent_worker_is_red(all_parts: None, client: Client) -> None:
    beat_heart(part=Part.WORKER, now=timezone.now() - timedelta(seconds=61))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "red")
    assert answer.json()["worker_age_seconds"] >= 61


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
