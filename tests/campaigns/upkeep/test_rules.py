"""What counts as well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.upkeep.rules.health import LONGEST_LAG, Health, is_well, oldest_ages
from staff.runs.rules import OLDEST_HEARTBEAT, Life, Part, Sign
from tests.factories import NOW

WELL = Health(database=True, broker=True, ages={Part.WORKER: 1.0, Part.BEAT: OLDEST_HEARTBEAT}, sweep_lag=LONGEST_LAG)
SILENT = OLDEST_HEARTBEAT + 0.1


@pytest.mark.parametrize(
    ("changes", "well"),
    [
        ({}, True),
        ({"sweep_lag": None}, True),
        ({"database": False}, False),
        ({"broker": False}, False),
        ({"ages": {Part.BEAT: 1.0}}, False),
        ({"ages": {Part.WORKER: 1.0}}, False),
        ({"ages": {Part.WORKER: SILENT, Part.BEAT: 1.0}}, False),
        ({"ages": {Part.WORKER: 1.0, Part.BEAT: SILENT}}, False),
        ({"ages": {Part.WORKER: 1.0, Part.BEAT: 1.0, Part.WEB: SILENT}}, False),
        ({"sweep_lag": LONGEST_LAG + 0.1}, False),
    ],
)
def test_the_machine_is_well_when_every_part_answers_and_keeps_up(changes: dict[str, object], well: bool) -> None:
    assert is_well(replace(WELL, **changes)) is well  # type: ignore[arg-type]


def test_of_several_processes_the_most_silent_counts() -> None:
    signs = [Sign(Life(Part.WORKER, "one", pid, NOW), "1", NOW - timedelta(seconds=pid)) for pid in (3, 90, 5)]
    assert oldest_ages(signs, NOW) == {Part.WORKER: 90.0}
