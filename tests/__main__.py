"""`python -m tests`: the whole suite on SQLite, what touches rows again on PostgreSQL, and one sum at the end.

What this machine lacks is left out and counted; with CI set that is a failure. Arguments go on to pytest.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness import ROOT, clean_env, lacking, postgres


@dataclass
class Sum:
    """The counts of all runs."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    left_out: dict[str, int] = field(default_factory=dict)


def say(line: str) -> None:
    """One line, before what a run prints next."""
    print(line, flush=True)  # noqa: T201


def run(title: str, total: Sum, arguments: list[str], **extra: str) -> dict[str, int]:
    """One run of pytest in a data folder of its own, added to the sum; what it left out, by marker."""
    say(f"\n=== {title} ===")
    with tempfile.TemporaryDirectory(prefix="planner-tests-") as folder:
        tally = Path(folder) / "tally.json"
        env = clean_env(DATA_DIR=str(Path(folder) / "data"), TESTS_TALLY=str(tally), **extra)
        code = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=env, check=False).returncode
        counts = json.loads(tally.read_text()) if tally.exists() else {}
    total.passed += counts.get("passed", 0)
    total.skipped += counts.get("skipped", 0)
    # A run that could not even start is a failure too.
    total.failed += counts.get("failed", 0) or (code != 0)
    return counts.get("left_out", {})


def main(arguments: list[str]) -> int:
    """0 when everything that ran passed, and in CI when everything ran."""
    absent = lacking()
    if absent and os.environ.get("CI"):
        say(f"This machine lacks {', '.join(absent.values())}; with CI set every test must run.")
        say("0 passed, 1 failed, 0 skipped")
        return 1
    total = Sum()
    total.left_out = run("SQLite", total, arguments)
    if "postgres" not in absent:
        with postgres() as url:
            run("PostgreSQL", total, arguments, DATABASE_URL=url, TESTS_SCOPE="database")
    left_out = {marker: total.left_out.get(marker, 0) for marker in absent}
    say("")
    if left_out:
        say("Left out: " + "; ".join(f"{count} need {absent[marker]}" for marker, count in left_out.items()))
    say(f"{total.passed} passed, {total.failed} failed, {total.skipped + sum(left_out.values())} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
