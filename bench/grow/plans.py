"""How the database finds the rows of the hottest reads: kept beside the bench, compared with what it does now."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.grow.visits import Visit

KEPT = Path(__file__).parent / "PLANS.md"
# Reading a smaller table from end to end is the quickest way.
LARGE = 10_000
_DETAIL = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+)| USING INTEGER PRIMARY KEY)?")
_WRITES = re.compile(r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET )", re.IGNORECASE)


def plans(visit: Visit, large: set[str]) -> list[str]:
    """One line for each way to the rows of a large table: by which index, or by reading it whole."""
    found: dict[str, None] = {}
    for sql, params in _statements(visit):
        for line in _explained(sql, params, large):
            found.setdefault(line)
    return sorted(found)


def _statements(visit: Visit) -> list[tuple[str, Any]]:
    from django.db import connection

    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and not _WRITES.match(sql):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    visit.do()
    with connection.execute_wrapper(note):
        visit.do()
    return seen


def _explained(sql: str, params: Any, large: set[str]) -> Iterator[str]:
    from django.db import DatabaseError, connection, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                yield from _nodes(cursor.fetchone()[0][0]["Plan"], large)
            else:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                yield from _details((row[3] for row in cursor.fetchall()), large)
    except DatabaseError as error:
        # What cannot be explained has to be seen too: DECLARE CURSOR and the like.
        yield f"not explained: {str(error).splitlines()[0]}"


def _nodes(node: dict[str, Any], large: set[str]) -> Iterator[str]:
    table = node.get("Relation Name", "")
    if table in large:
        kind = node["Node Type"].removesuffix(" Scan")
        yield f"{table}: READ WHOLE" if kind == "Seq" else f"{table}: {node.get('Index Name') or _index(node)}"
    for inner in node.get("Plans", []):
        yield from _nodes(inner, large)


def _index(node: dict[str, Any]) -> str:
    names = sorted(_index_names(node))
    return " and ".join(names) or node["Node Type"]


def _index_names(node: dict[str, Any]) -> Iterator[str]:
    for inner in node.get("Plans", []):
        if "Index Name" in inner:
            yield inner["Index Name"]
        yield from _index_names(inner)


def _details(details: Iterator[str], large: set[str]) -> Iterator[str]:
    for detail in details:
        if found := _DETAIL.match(detail):
            how, table, index = found.groups()
            if table in large or table.startswith(("U", "V")):
                yield f"{table}: {index or ('primary key' if how == 'SEARCH' else 'READ WHOLE')}"


def faults(found: dict[str, list[str]]) -> list[str]:
    """Hot reads that go through a large table from end to end."""
    return [f"{name}: {line}" for name, lines in found.items() for line in lines if "READ WHOLE" in line]


def written(found: dict[str, list[str]], title: str) -> str:
    """The ways as text that two runs can be compared by."""
    lines = [f"# {title}", ""]
    for name, ways in found.items():
        lines += [f"## {name}", "", *(f"- {way}" for way in ways or ["no large table"]), ""]
    return "\n".join(lines)


def differences(found: dict[str, list[str]], kept: str) -> list[str]:
    """What is not as it was kept, in words."""
    before = read(kept)
    said = []
    for name, ways in found.items():
        if name not in before:
            said.append(f"{name}: new")
            continue
        old, new = set(before[name]) - {"no large table"}, set(ways)
        said += [f"{name}: no longer {way}" for way in sorted(old - new)]
        said += [f"{name}: now {way}" for way in sorted(new - old)]
    return [*said, *(f"{name}: not asked any more" for name in before.keys() - found.keys())]


def read(text: str) -> dict[str, list[str]]:
    """The kept ways by name."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("## "):
            name = line[3:]
            found[name] = []
        elif line.startswith("- "):
            found[name].append(line[2:])
    return found
