"""What counts as well, and what heartbeats leave."""

from dataclasses import replace
from datetime import timedelta

import pytest

from staff.runs.actions import beat_heart
from staff.runs.jobs import beat_heart as beat_heart_job
from staff.runs.queries import heartbeats
from staff.runs.rules import LONGEST_LAG, OLDEST_HEARTBEAT, Health, Part, is_well
from tests.factories import NOW

WELL = Health(database=True, broker=True, worker_age=1.0, beat_age=OLDEST_HEARTBEAT, sweep_lag=LONGEST_LAG, version="1")


@pytest.mark.parametrize(
    ("changes", "well"),
    [
        ({}, True),
        ({"sweep_lag": None}, True),
        ({"database": False}, False),
        ({"broker": False}, False),
        ({"worker_age": None}, False),
        ({"beat_age": None}, False),
        ({"worker_age": OLDEST_HEARTBEAT + 0.1}, False),
        ({"beat_age": OLDEST_HEARTBEAT + 0.1}, False),
        ({"sweep_lag": LONGEST_LAG + 0.1}, False),
    ],
)
def test_the_machine_is_well_when_every_part_answers_and_keeps_up(changes: dict[str, object], well: bool) -> None:
    assert is_well(replace(WELL, **changes)) is well


def test_a_heartbeat_is_one_row_a_part(db: None) -> None:
    beat_heart(part=Part.WORKER, now=NOW)
    beat_heart(part=Part.BEAT, now=NOW)
    beat_heart(part=Part.WORKER, now=NOW + timedelta(seconds=15))
    assert heartbeats() == {Part.WORKER: NOW + timedelta(seconds=15), Part.BEAT: NOW}


def test_the_job_speaks_for_the_worker(db: None) -> None:
    beat_heart_job()
    assert set(heartbeats()) == {Part.WORKER}
