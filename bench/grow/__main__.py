"""What a page and a sweep cost when fifty teams work here, beside the same with one team.

    python -m bench.grow [--teams 50] [--campaigns 40] [--tasks 500] [--sqlite] [--rounds 9] [--write | --check]

A database of its own, gone afterwards; a million tasks take about three minutes to make. `--write` keeps the figures in
bench/grow/RESULTS.md and the ways to the rows in PLANS.md; `--check` ends with 1 when a hot read finds its rows in
another way than was kept, or when anything costs more among many teams than it may.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bench.board import database
from bench.grow import crowd, plans, visits
from bench.grow.visits import Cost

RESULTS = Path(__file__).parent / "RESULTS.md"
# Among fifty teams everything may cost half as much again as alone, and this many milliseconds that clocks lie.
GROWTH, LEEWAY = 1.5, 5.0
# A sweep runs every 15 s; what takes longer than this holds the next one up.
SWEEP_MS = 3000.0


def keeps(name: str, alone: Cost, many: Cost) -> str:
    """What is wrong with the cost among many teams; empty when nothing is."""
    if many.statements != alone.statements and not name.startswith("sweep"):
        return f"{alone.statements} statements alone, {many.statements} among many"
    limit = SWEEP_MS if name.startswith("sweep") else alone.ms * GROWTH + LEEWAY
    return f"more than {limit:.0f} ms" if many.ms > limit else ""


def costs(sample: crowd.Sample, rounds: int) -> dict[str, Cost]:
    """Everything once."""
    found = {}
    for visit in (*visits.visits(sample), visits.ticks(sample)):
        found[visit.name] = visits.cost(visit, rounds)
        print(f"  {visit.name:60} {found[visit.name].ms:8.1f} ms {found[visit.name].statements:4}", flush=True)
    return found


def ways(sample: crowd.Sample) -> dict[str, list[str]]:
    """How the hot reads find their rows."""
    large = {table for table, number in crowd.counts() if number >= plans.LARGE}
    hot = [visit for visit in (*visits.visits(sample), visits.ticks(sample)) if visit.hot]
    return {visit.name: plans.plans(visit, large) for visit in hot}


def report(asked: argparse.Namespace, alone: dict[str, Cost], many: dict[str, Cost], engine: str, took: str) -> str:
    """The figures as a table, dearest first."""
    from bench.host import machine

    lines = [
        f"# {asked.teams} teams × {asked.campaigns} campaigns × {asked.tasks} tasks",
        "",
        f"{engine}, in one process, every middleware on, no other work on the machine wanted. {took}",
        "",
        *(f"- {each}" for each in machine()),
        *(f"- {table}: {number:,} rows" for table, number in crowd.counts()),
        "",
        "| page, call or sweep | one team, ms | many, ms | statements | |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name, cost in sorted(many.items(), key=lambda each: -each[1].ms):
        wrong = keeps(name, alone[name], cost)
        said = f"**{wrong}**" if wrong else ""
        lines.append(f"| {name} | {alone[name].ms:.1f} | {cost.ms:.1f} | {cost.statements} | {said} |")
    return "\n".join(lines) + "\n"


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.grow", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--teams", type=int, default=50)
    parser.add_argument("--campaigns", type=int, default=40, help="of each team")
    parser.add_argument("--tasks", type=int, default=500, help="of each campaign")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--sqlite", action="store_true", help="instead of a PostgreSQL server of its own")
    parser.add_argument("--write", action="store_true", help="keep figures and ways")
    parser.add_argument("--check", action="store_true", help="fail on what costs too much or went another way")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """0, or with --check 1 when something is not as it was kept."""
    asked = arguments(given)
    with database(on_postgres=not asked.sqlite):
        from django.db import connection

        begun = time.perf_counter()
        sample = crowd.make_team(asked.campaigns, asked.tasks)
        connection.cursor().execute("ANALYZE")
        print(f"One team ({os.getloadavg()[0]:.1f} load):")
        alone = costs(sample, asked.rounds)
        filling = time.perf_counter()
        crowd.copy_team(asked.teams - 1)
        filled = time.perf_counter()
        print(f"{asked.teams} teams, made in {filled - filling:.0f} s:")
        many = costs(sample, asked.rounds)
        found = ways(sample)
        took = f"The rows took {filled - filling:.0f} s, everything {time.perf_counter() - begun:.0f} s."
        text = report(asked, alone, many, connection.vendor, took)
    return judge(asked, text, found, [f"{n}: {w}" for n in many if (w := keeps(n, alone[n], many[n]))])


def judge(asked: argparse.Namespace, text: str, found: dict[str, list[str]], dear: Iterable[str]) -> int:
    """Prints and keeps what was found; with --check 1 where it is not as it was."""
    print(text)
    wrong = [*dear, *plans.faults(found)]
    if asked.write:
        RESULTS.write_text(text)
        plans.KEPT.write_text(plans.written(found, "How the hot reads find their rows"))
    elif plans.KEPT.exists():
        wrong += plans.differences(found, plans.KEPT.read_text())
    print("\n".join(wrong) or "Nothing costs more among many, and every hot read goes by an index as kept.")
    return 1 if asked.check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
