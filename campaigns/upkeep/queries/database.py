"""The database as it is found: reachable, of which version, how it keeps what it is given."""

import os
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg_pool import PoolTimeout

from campaigns.reminders.queries import database_now
from campaigns.upkeep.rules.facts import Database

_GONE = (Error, ImproperlyConfigured, PoolTimeout, OSError)
_ABOUT = """
SELECT current_setting('server_version'), current_setting('max_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       pg_database_size(current_database())
"""


def database_facts(now: datetime, *, thorough: bool) -> Database:
    """What the database says of itself; `thorough` also looks which migrations it lacks."""
    engine = connection.vendor
    try:
        found = _sqlite() if engine == "sqlite" else _postgresql()
        pending = _pending() if thorough else ()
        ahead = (database_now() - now).total_seconds()
    except _GONE as error:
        return Database(engine, answers=False, why=str(error).strip().split("\n")[0])
    return Database(engine, pending=pending, clock_ahead=ahead, **found)


def _sqlite() -> dict[str, Any]:
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        size = cursor.execute("PRAGMA page_size").fetchone()[0]
    return {
        "version": version,
        "size": pages * size,
        "journal": str(mode),
        "journal_due": settings.SQLITE_JOURNAL,
        "synchronous": str(synchronous),
    }


def _postgresql() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT)
        version, most, now, size = cursor.fetchone()
    return {
        "version": version.split(" ")[0],
        "size": size,
        "most_connections": most,
        "connections": now,
        "pools": _pools() if settings.PRODUCTION else None,
    }


def _pools() -> int:
    # As settings and gunicorn.conf.py count them, on one machine of the web tier.
    threads, workers = int(os.environ.get("WEB_THREADS", "4")), int(os.environ.get("WEB_WORKERS", "2"))
    return (threads + 1) * workers


def _pending() -> tuple[str, ...]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)
