"""What processes and sweeps leave behind that says that they work."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from staff.runs import actions
from staff.runs.jobs import beat_heart as beat_heart_job
from staff.runs.queries import signs, sweeps_done
from staff.runs.rules import FORGOTTEN_AFTER, Life, Part
from tests.factories import NOW


def life(part: Part = Part.WORKER, pid: int = 7, host: str = "one") -> Life:
    return Life(part, host, pid, NOW)


def shown() -> set[tuple[str, str, int]]:
    return {(sign.life.part.value, sign.life.host, sign.life.pid) for sign in signs(NOW)}


def test_every_process_has_one_row(db: None) -> None:
    for one in (life(), life(pid=8), life(Part.BEAT), life(host="two")):
        actions.beat_heart(life=one, now=NOW)
    actions.beat_heart(life=life(), now=NOW + timedelta(seconds=10))
    found = {(sign.life, sign.age(NOW + timedelta(seconds=15))) for sign in signs(NOW)}
    assert found == {(life(), 5.0), (life(pid=8), 15.0), (life(Part.BEAT), 15.0), (life(host="two"), 15.0)}


def test_a_new_process_forgets_the_dead_of_its_host_and_nobody_else(db: None) -> None:
    for one in (life(), life(pid=8), life(Part.WEB, 9), life(host="two")):
        actions.beat_heart(life=one, now=NOW)
    actions.begin_life(life=life(pid=10), lives={8}.__contains__, now=NOW)
    assert shown() == {("worker", "one", 8), ("worker", "one", 10), ("worker", "two", 7)}


def test_the_same_number_again_is_a_new_life_of_the_same_row(db: None) -> None:
    actions.beat_heart(life=life(), now=NOW - timedelta(minutes=5))
    later = Life(Part.WORKER, "one", 7, NOW)
    actions.begin_life(life=later, lives={7}.__contains__, now=NOW)
    assert [(sign.life, sign.beat_at) for sign in signs(NOW)] == [(later, NOW)]


def test_who_says_farewell_is_not_missed_and_who_does_not_is_forgotten_late(db: None) -> None:
    actions.beat_heart(life=life(), now=NOW)
    actions.beat_heart(life=life(pid=8), now=NOW)
    actions.end_life(life=life())
    assert shown() == {("worker", "one", 8)}
    assert len(signs(NOW + FORGOTTEN_AFTER)) == 1
    assert signs(NOW + FORGOTTEN_AFTER + timedelta(seconds=1)) == ()


def test_the_job_speaks_for_the_worker_that_sent_it(db: None, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("ALIVE_FILE", str(tmp_path / "alive"))
    beat_heart_job(host="one", pid=7, since=NOW.isoformat())
    assert [sign.life for sign in signs(timezone.now())] == [life()]
    assert (tmp_path / "alive").exists()


def test_a_ring_of_an_older_version_says_nothing(db: None) -> None:
    beat_heart_job()
    assert signs(timezone.now()) == ()


def test_a_sweep_leaves_when_it_last_came_through(db: None) -> None:
    actions.note_sweep(name="reminders", now=NOW)
    actions.note_sweep(name="bin", now=NOW)
    actions.note_sweep(name="reminders", now=NOW + timedelta(seconds=15))
    assert sweeps_done() == {"reminders": NOW + timedelta(seconds=15), "bin": NOW}


@pytest.mark.parametrize(("age", "code"), [(0.0, 0), (39.0, 0), (60.0, 1), (None, 1)])
def test_a_container_is_alive_while_its_file_is_young(
    tmp_path: Path, monkeypatch: Any, age: float | None, code: int
) -> None:
    from planner import alive

    path = tmp_path / "alive"
    if age is not None:
        path.touch()
        os.utime(path, (path.stat().st_atime - age,) * 2)
    monkeypatch.setenv("ALIVE_FILE", str(path))
    assert alive.main() == code
