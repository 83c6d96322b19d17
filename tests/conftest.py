"""Fixtures that every test may ask for, and which tests this run can hold."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.architecture import writers
from tests.cast import Cast, make_cast
from tests.harness import broker, browser, lacking, page, postgres_url, served

__all__ = ["broker", "browser", "cast", "page", "postgres_url", "served"]

# What `python -m tests` says to its runs: "database" repeats only what touches rows; where to write the counts.
SCOPE = os.environ.get("TESTS_SCOPE", "")
TALLY = os.environ.get("TESTS_TALLY", "")
_left_out: Counter[str] = Counter()


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast of the suite."""
    return make_cast()


@pytest.fixture(autouse=True)
def rows_have_one_writer() -> Iterator[None]:
    """Every test proves by the way that no action writes another slice's rows."""
    with connection.execute_wrapper(writers.watch):
        yield


def _why_not(item: pytest.Item, absent: frozenset[str]) -> str:
    """The marker whose part is absent, or "scope"; empty for a test that runs."""
    for marker in absent:
        if item.get_closest_marker(marker):
            return marker
    if SCOPE == "database" and not item.get_closest_marker("postgres"):
        touches_rows = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(
            getattr(item, "fixturenames", ())
        )
        if not touches_rows or item.get_closest_marker("browser"):
            return "scope"
    return ""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what this machine or this run cannot hold, counted by reason."""
    absent = set(lacking())
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        absent.add("postgres")
    reasons = [(item, _why_not(item, frozenset(absent))) for item in items]
    _left_out.update(reason for _, reason in reasons if reason)
    config.hook.pytest_deselected(items=[item for item, reason in reasons if reason])
    items[:] = [item for item, reason in reasons if not reason]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Writes the counts of this run for `python -m tests` to add up."""
    if not TALLY:
        return
    stats = terminalreporter.stats
    counts = {
        "passed": len(stats.get("passed", [])) + len(stats.get("xpassed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        "skipped": len(stats.get("skipped", [])) + len(stats.get("xfailed", [])),
        "left_out": dict(_left_out),
    }
    Path(TALLY).write_text(json.dumps(counts))
