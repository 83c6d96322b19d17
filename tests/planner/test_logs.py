"""Logs of the parts are short, and what is loud in them is repeated."""

from pathlib import Path

import pytest

from planner.serve import logs

LOUD = (
    "2027-05-20 20:00:00,100 ERROR campaigns.metrics: broken",
    "2027-05-20 20:00:00,100 WARNING django.db: slow",
    "[2027-05-20 20:00:00 +0800] [12] [CRITICAL] WORKER TIMEOUT (pid:13)",
)
QUIET = (
    "2027-05-20 20:00:00,100 INFO planner: WARNING is only a word here",
    "12:M 20 May 2027 20:00:00.000 # WARNING Memory overcommit must be enabled!",
    "worker: Warm shutdown (MainProcess)",
)


def test_only_fresh_loud_lines_are_repeated_and_each_once(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "worker.log"
    path.parent.mkdir()
    path.write_text("2027-05-19 20:00:00,100 ERROR old: of the last start\n")
    log = logs.Log(path)
    with path.open("a") as file:
        file.write("\n".join([*QUIET, *LOUD]) + "\nhalf a li")
    assert tuple(log.loud_lines()) == LOUD
    assert list(log.loud_lines()) == []


def test_a_long_log_starts_anew_and_keeps_its_past_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LONGEST", 100)
    log = logs.Log(tmp_path / "web.log")
    with log.path.open("a") as writer:
        writer.write("x" * 101)
        writer.flush()
        log.keep_short()
        writer.write(LOUD[0] + "\n")
        writer.flush()
        assert list(log.loud_lines()) == [LOUD[0]]
    assert (tmp_path / "web.log.1").read_text() == "x" * 101
    assert log.path.read_text() == LOUD[0] + "\n"
