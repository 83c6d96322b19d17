"""The bench runs: not how fast anything is, but that each operation is asked for and answered."""

from pathlib import Path

import pytest

from bench import report
from bench.__main__ import arguments, measured


@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="weighs processes by /proc")
def test_each_operation_is_answered_and_reported() -> None:
    asked = arguments(
        ["--quick", "--sizes", "12", "--only", "sqlite", "--rounds", "1", "--seconds", "0", "--today", "4"]
    )
    found = measured("sqlite", asked)
    rows = [*found["sizes"]["12"], *found["today"]]
    assert [row for row in rows if "fault" in row] == []
    assert len(rows) > 15
    assert all(row["queries"] > 0 for row in rows)
    assert found["memory"]["at the end"]["workers"] == 2
    text = report.markdown("now", [found], [], "python -m bench")
    assert "whole board, API" in text
    assert "MiB PSS" in text


def test_missed_targets_are_called_missed() -> None:
    row = {"name": "x", "target": 2, "allowed": 3, "p50": 2.1, "p95": 3, "queries": 4}
    assert report.line(row).count("**missed**") == 2
    assert "missed" not in report.line(row | {"p50": 1.9, "queries": 3})
    assert "failed: 404" in report.line({"name": "x", "fault": "404 nothing"})
