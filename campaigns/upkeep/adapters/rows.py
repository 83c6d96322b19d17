"""Rows out of a table as lines and lines into a table as rows, a few at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson
from django.db import connection
from django.db.models import CharField, F
from django.db.models.functions import Collate

from campaigns.upkeep.adapters.schema import Table
from campaigns.upkeep.adapters.values import is_null_json, readers, writers

AT_A_TIME = 1000
# Keys of objects in one order: PostgreSQL keeps none, and a digest must not depend on the engine.
_FORM = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def count_rows(table: Table) -> int:
    """How many there are."""
    return table.model._base_manager.count()


def lines_of(table: Table) -> Iterator[tuple[bytes, tuple[Any, ...]]]:
    """Every row in the order of its key: as a line of JSON, and as it was read."""
    changes = writers(table.fields)
    key = table.model._meta.pk
    assert key is not None  # noqa: S101  # nosec B101 # for the type checker
    order: Any = F(key.attname)
    if isinstance(key, CharField) and connection.vendor == "postgresql":
        order = Collate(order, "C")
    rows = table.model._base_manager.order_by(order).values_list(*(field.attname for field in table.fields))
    for row in rows.iterator(chunk_size=AT_A_TIME):
        values = list(row)
        for place, change in changes:
            if values[place] is not None:
                values[place] = change(values[place])
        yield orjson.dumps(values, option=_FORM), row


def insert(table: Table, lines: Iterable[bytes]) -> Iterator[int]:
    """Writes the rows of these lines; tells after each batch how many have been written."""
    changes = readers(table.fields, connection)
    nulls = [place for place, field in enumerate(table.fields) if is_null_json(field)]
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, table.columns))
    places = ", ".join(["%s"] * len(table.fields))
    into = quote(table.model._meta.db_table)
    statement = f"INSERT INTO {into} ({names}) VALUES ({places})"  # noqa: S608  # nosec B608 # our own tables' names
    rows, done = (_row(line, len(table.fields)) for line in lines), 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, AT_A_TIME)):
            for row in batch:
                for place, change in changes:
                    if row[place] is not None or place in nulls:
                        row[place] = change(row[place])
            cursor.executemany(statement, batch)  # nosemgrep: raw-sql
            done += len(batch)
            yield done


def _row(line: bytes, width: int) -> list[Any]:
    row = orjson.loads(line)
    if not isinstance(row, list) or len(row) != width:
        raise ValueError("a row of another width")
    return row


def last_id(table: Table) -> int | None:
    """The last number that the table gave to a row, of which the row may be gone; None where it numbers nothing."""
    if not _is_numbered(table):
        return None
    name = table.model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        else:
            cursor.execute(
                "SELECT last_value FROM pg_sequences WHERE "
                "(quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass"
                " = pg_get_serial_sequence(%s, %s)::regclass",
                [connection.ops.quote_name(name), _key(table)],
            )
        found = cursor.fetchone()
    return found[0] if found and found[0] is not None else None


def number_on(table: Table, last: int | None) -> None:
    """Lets the next row of the table have a number that none ever had."""
    if not _is_numbered(table):
        return
    key = _key(table)
    newest = table.model._base_manager.order_by(f"-{key}").values_list(key, flat=True).first() or 0
    last = max(last or 0, newest)
    if not last:
        return
    name = table.model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])
        else:
            quoted = connection.ops.quote_name(name)
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted, key, last])


def _key(table: Table) -> str:
    assert table.model._meta.pk is not None  # noqa: S101  # nosec B101 # for the type checker
    return table.model._meta.pk.attname


def _is_numbered(table: Table) -> bool:
    return any("AutoField" in field.get_internal_type() for field in table.fields)
