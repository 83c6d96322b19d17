"""Where an installation's rows, uploads and secret stand: this one, a data folder elsewhere, a scratch folder."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from campaigns.upkeep.rules.restoring import Secret
from planner.core.errors import Refused
from planner.core.lock import Held, take_lock
from planner.core.swap import DATABASE
from planner.core.words import say

SECRET_FILE, UPLOADS = "secret_key", "uploads"


@dataclass(frozen=True)
class Installation:
    """Where everything of one installation is; `database` is Django's settings of a connection."""

    database: dict[str, Any]
    data_dir: Path
    uploads: Path
    secret: Secret

    @property
    def engine(self) -> str:
        """The kind of its database: sqlite or postgresql."""
        return "postgresql" if "postgresql" in self.database["ENGINE"] else "sqlite"

    @property
    def backups(self) -> Path:
        """The folder of the backups that are taken unasked."""
        return self.data_dir / "backups"


def this_installation() -> Installation:
    """What the settings say."""
    folder = Path(settings.DATA_DIR)
    file = folder / SECRET_FILE
    is_file = file.exists() and file.read_text().strip() == settings.SECRET_KEY
    return Installation(
        database=connections[DEFAULT_DB_ALIAS].settings_dict,
        data_dir=folder,
        uploads=Path(settings.MEDIA_ROOT),
        secret=Secret(settings.SECRET_KEY, is_file),
    )


def embedded_in(folder: Path) -> Installation:
    """The installation that `make run` keeps in a data folder."""
    try:
        secret = (folder / SECRET_FILE).read_text().strip()
    except OSError as error:
        raise Refused("no_installation", say("%(folder)s holds no installation.", folder=str(folder))) from error
    if not (folder / DATABASE).exists():
        raise Refused("no_installation", say("%(folder)s holds no installation.", folder=str(folder)))
    return Installation(sqlite_at(folder / DATABASE), folder, folder / UPLOADS, Secret(secret, is_file=True))


def sqlite_at(path: Path, *, scratch: bool = False) -> dict[str, Any]:
    """The connection to a SQLite file; to a scratch file, one that does not wait for the disk at every step."""
    pragmas = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF; PRAGMA cache_size=-20000;" if scratch else ""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20} | ({"init_command": pragmas} if pragmas else {})
    made = {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options}
    return connections.configure_settings({DEFAULT_DB_ALIAS: made})[DEFAULT_DB_ALIAS]


@contextmanager
def standing_in(database: dict[str, Any]) -> Iterator[None]:
    """Everything that this thread reads and writes meanwhile is in that database.

    Migrations and verbs speak of the default connection; so it is the default connection that changes.
    """
    ours = connections[DEFAULT_DB_ALIAS]
    if database == ours.settings_dict:
        yield
        return
    other = load_backend(database["ENGINE"]).DatabaseWrapper(database, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = ours


def let_go(database: dict[str, Any]) -> None:
    """Closes this thread's own connection to a database whose file is about to change."""
    if connections[DEFAULT_DB_ALIAS].settings_dict == database:
        connections[DEFAULT_DB_ALIAS].close()


def copy_sqlite(name: Any, target: Path) -> None:
    """A copy of a database in use as it is at one moment.

    In one step: writers wait for as long as the disk needs. In several, every write would make it begin again.
    """
    with _sqlite(name) as source, _sqlite(target) as copy:
        source.backup(copy)


@contextmanager
def _sqlite(name: Any) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(str(name), timeout=20, uri=str(name).startswith("file:"))
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def nobody_else(path: Path) -> Iterator[None]:
    """Keeps every other process out of a SQLite file that is about to be replaced."""
    if not path.exists():
        yield
        return
    with _sqlite(path) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def not_running(data_dir: Path) -> Iterator[None]:
    """Holds the lock of a data folder; refuses while its processes run."""
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        lock = take_lock(data_dir)
    except Held as held:
        raise Refused(
            "running",
            say("It is running (%(where)s): stop it first.", where=str(held) or str(data_dir)),
        ) from None
    with lock:
        yield


def connected() -> int:
    """How many others are connected to this PostgreSQL database."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])
