"""Statements that every request makes, put into SQL once: Django builds a query longer than PostgreSQL answers it."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

# Stand for the one or two values that change; no row has these ids.
ANY_ID, ANOTHER_ID = -1, -2


class Statement:
    """A query set of `values_list` over one id (`ANY_ID`) or two, compiled once for each kind of database."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        # By vendor: while a backup is brought back, another database may stand in for ours.
        self._known: dict[str, tuple[str, tuple[Any, ...], Any, Any]] = {}

    def rows(self, pk: int, another: int | None = None) -> list[tuple[Any, ...]]:
        """The rows for this id, and `another` where two are asked for, with the values that Django would give."""
        sql, params, compiler, converters = self._known.get(connection.vendor) or self._compiled()
        if compiler.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a row is locked inside a transaction")
        with connection.cursor() as cursor:
            given = [pk if each == ANY_ID else another if each == ANOTHER_ID else each for each in params]
            cursor.execute(sql, given)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if converters:
            return [tuple(row) for row in compiler.apply_converters(found, converters)]
        return found

    def _compiled(self) -> tuple[str, tuple[Any, ...], Any, Any]:
        query = self._build().query
        compiler = query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        if list(params).count(ANY_ID) == 0:
            raise ValueError("the statement asks for no id")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        known = self._known[connection.vendor] = (sql, tuple(params), compiler, converters)
        return known
