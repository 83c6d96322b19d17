"""Figures as a table that says what was promised and what was missed."""

from collections.abc import Iterator
from typing import Any

from bench.host import machine

HEAD = "| operation | p50 ms | p95 ms | packed p50 | at 8 clients, /s | bytes | gzip | queries | target |"
RULE = "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
MEMORY_TARGET = 250


def verdict(row: dict[str, Any]) -> str:
    """The promise, and whether it was kept."""
    parts = []
    if row["target"]:
        parts.append(f"{row['target']:g} ms" + (" **missed**" if row["p50"] > row["target"] else ""))
    if row["allowed"]:
        parts.append(f"{row['allowed']} queries" + (" **missed**" if row["queries"] > row["allowed"] else ""))
    return ", ".join(parts)


def rate(row: dict[str, Any]) -> str:
    """Answers a second, where it was asked."""
    return f"{row['rate']:,.0f}" if "rate" in row else ""


def line(row: dict[str, Any]) -> str:
    """One row of the table."""
    if "fault" in row:
        return f"| {row['name']} | failed: {row['fault']} |||||||"
    cells = [
        row["name"],
        f"{row['p50']:.1f}",
        f"{row['p95']:.1f}",
        f"{row['packed_p50']:.1f}" if "packed_p50" in row else "",
        rate(row),
        f"{row.get('raw', 0):,}",
        f"{row.get('gzip', 0):,}",
        str(row.get("queries", "")),
        verdict(row) if "target" in row else "",
    ]
    return f"| {' | '.join(cells)} |"


def database(found: dict[str, Any]) -> Iterator[str]:
    """All tables of one database."""
    yield f"## {found['version']}, {found['shape']} shape (load {found['load']} at the start)"
    yield ""
    yield "Floor: Django without middleware on the same server, and the bare cursor with orjson in one process."
    yield ""
    yield "| floor | p50 ms | p95 ms | at 8 clients, /s |"
    yield "| --- | ---: | ---: | ---: |"
    for row in found["floor"]:
        yield f"| {row['name']} | {row['p50']:.2f} | {row['p95']:.2f} | {rate(row)} |"
    for size, rows in found["sizes"].items():
        yield from ("", f"### {int(size):,} tasks", "", HEAD, RULE)
        yield from map(line, rows)
    yield from ("", "### Today", "", HEAD, RULE)
    yield from map(line, found["today"])
    yield ""
    for moment, memory in found["memory"].items():
        if memory:
            kept = "" if memory["pss"] <= MEMORY_TARGET else f" (**missed**: {MEMORY_TARGET})"
            yield (
                f"- Memory of {memory['workers']:.0f} workers, {moment}: {memory['pss']:.0f} MiB PSS{kept}, "
                f"{memory['rss']:.0f} MiB RSS; master {memory['master_pss']:.0f} MiB PSS."
            )


def markdown(when: str, databases: list[dict[str, Any]], browser: list[str], how: str) -> str:
    """The whole report."""
    lines = [
        "# What it costs",
        "",
        f"Written by `{how}` on {when}. Nothing here is checked by a test: clocks lie on busy",
    ]
    lines += ["machines. Client, server and database share the cores.", "", *(f"- {each}" for each in machine())]
    for found in databases:
        lines += ["", *database(found)]
    if browser:
        lines += ["", "## In Chromium", "", *browser]
    return "\n".join(lines) + "\n"
