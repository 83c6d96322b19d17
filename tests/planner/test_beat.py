"""The clock: every sweep is due at the start, each has a job behind it, and the clock outlives the database."""

import importlib
import os
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from planner import beat
from planner.celery import app
from staff.runs import actions
from staff.runs.queries import signs
from staff.runs.rules import Part


class Silent(beat.SweepScheduler):
    """A clock that notes what it would send."""

    producer = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sent: list[str] = []
        super().__init__(*args, **kwargs)

    def apply_async(self, entry: Any, **_: Any) -> None:
        self.sent.append(entry.task)


def _rounds(clock: Silent) -> None:
    for _ in range(len(app.conf.beat_schedule) + 1):
        clock.tick()


def test_every_sweep_is_due_at_the_start_and_then_waits(transactional_db: None) -> None:
    clock = Silent(app=app)
    _rounds(clock)
    _rounds(clock)
    assert sorted(clock.sent) == sorted(entry["task"] for entry in app.conf.beat_schedule.values())


def test_every_entry_has_its_job() -> None:
    for entry in app.conf.beat_schedule.values():
        module, name = entry["task"].rsplit(".", 1)
        assert getattr(importlib.import_module(module), name).name == entry["task"]


def test_a_round_shows_that_the_clock_lives_until_it_is_closed(transactional_db: None) -> None:
    before = timezone.now()
    clock = Silent(app=app)
    clock.tick()
    [sign] = signs(timezone.now())
    assert (sign.life.part, sign.life.pid) == (Part.BEAT, os.getpid())
    assert before <= sign.beat_at <= timezone.now()
    clock.close()
    assert signs(timezone.now()) == ()


def test_a_database_that_is_gone_leaves_the_clock_going(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(actions, "beat_heart", gone)
    clock = Silent(app=app)
    _rounds(clock)
    assert len(clock.sent) == len(app.conf.beat_schedule)
