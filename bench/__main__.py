"""Measures the product as it is served, beside the floor of the same machine.

    python -m bench [--quick] [--rounds 60] [--sizes 1000 10000] [--only postgresql|sqlite] [--write]

PostgreSQL, broker and web server are its own and gone afterwards. Run with the development requirements.
"""

import argparse
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import report
from bench.host import ROOT, installation


def measured(vendor: str, asked: argparse.Namespace) -> dict[str, Any]:
    """The figures of one kind of database, from a process of its own."""
    with installation(vendor) as env:
        out = Path(env["DATA_DIR"]) / "figures.json"
        command = [sys.executable, "-m", "bench.one", "--out", str(out), "--rounds", str(asked.rounds)]
        command += ["--seconds", str(asked.seconds), "--today", str(asked.today), "--sizes", *map(str, asked.sizes)]
        subprocess.run(command, cwd=ROOT, env=env, check=True)
        return json.loads(out.read_text())


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the product as it is served.")
    parser.add_argument("--rounds", type=int, default=60, help="requests a figure")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long 8 clients ask at once; 0: not at all")
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 10_000], help="tasks of each campaign")
    parser.add_argument("--today", type=int, default=200, help="tasks on Today")
    parser.add_argument("--only", choices=["postgresql", "sqlite"], help="one database alone")
    parser.add_argument("--quick", action="store_true", help="under a minute: 1,000 tasks, PostgreSQL, few rounds")
    parser.add_argument("--write", action="store_true", help="into bench/RESULTS.md, too")
    asked = parser.parse_args(given)
    if asked.quick:
        asked.rounds, asked.seconds, asked.sizes = min(asked.rounds, 15), min(asked.seconds, 0.3), asked.sizes[:1]
        asked.only = asked.only or "postgresql"
    return asked


def main(given: list[str] | None = None) -> None:
    """Measures, prints and, where asked, writes."""
    from tests.harness import chromium, postgres_bin

    asked = arguments(given)
    vendors = [asked.only] if asked.only else ["postgresql", "sqlite"]
    if "postgresql" in vendors and not postgres_bin():
        print("No PostgreSQL on this machine: SQLite alone is measured.", file=sys.stderr)
        vendors = ["sqlite"]
    databases = [measured(vendor, asked) for vendor in vendors]
    how = " ".join(["python -m bench", *(given if given is not None else sys.argv[1:])])
    browser: list[str] = []
    if chromium() and not asked.quick:
        from bench import browser as screens

        browser = screens.figures()
    text = report.markdown(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}", databases, browser, how)
    print(text)
    if asked.write:
        (ROOT / "bench" / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
