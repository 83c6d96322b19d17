"""What can be known about an installation. What could not be learned is None or empty; nothing here is a judgement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from staff.runs.rules import Sign


class YearState(StrEnum):
    """What is known of a year's holidays."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"
    MISSING = "missing"


@dataclass(frozen=True)
class Database:
    """Where the rows are; `why` says in its own words what keeps it from answering."""

    engine: str
    answers: bool = True
    why: str = ""
    version: str = ""
    size: int | None = None
    # Migrations that it lacks.
    pending: tuple[str, ...] = ()
    # SQLite: how it journals, how it should, and whether it waits for the disk.
    journal: str = ""
    journal_due: str = ""
    synchronous: str = ""
    # PostgreSQL: what it takes at most, what is open now, and what the web tier may open together.
    most_connections: int | None = None
    connections: int | None = None
    pools: int | None = None
    # Its clock against ours, in seconds.
    clock_ahead: float | None = None


@dataclass(frozen=True)
class Broker:
    """Redis or Valkey; `is_embedded` when it came along and is started by us."""

    is_embedded: bool
    answers: bool = True
    why: str = ""
    version: str = ""
    keeps_queue: bool | None = None
    policy: str = ""
    waiting: int | None = None
    clock_ahead: float | None = None


@dataclass(frozen=True)
class Mail:
    """How mail leaves; without `host` it is written into `folder`. `answers` is None where nobody asked."""

    host: str = ""
    port: int = 0
    folder: str = ""
    is_encrypted: bool = True
    has_login: bool = False
    answers: bool | None = None
    why: str = ""


@dataclass(frozen=True)
class Disk:
    """The data folder and the folder of uploads."""

    folder: str
    free: int | None = None
    is_writable: bool = True
    # Whether others on this machine may look into it.
    is_open: bool = False
    uploads: str = ""
    uploads_writable: bool = True


@dataclass(frozen=True)
class Sweep:
    """One entry of the beat table."""

    name: str
    every: float
    done_at: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """One kind of rows that wait for a worker; `oldest_at` is since when the first of them could have been taken."""

    name: str
    count: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True)
class Backup:
    """The newest file of the backup folder."""

    name: str
    at: datetime
    bytes: int


@dataclass(frozen=True)
class Secret:
    """The secret key: in a file of ours, or in the environment."""

    is_file: bool
    is_open: bool = False
    made_at: datetime | None = None


@dataclass(frozen=True)
class Build:
    """What runs."""

    version: str
    python: str = ""
    django: str = ""
    celery: str = ""
    is_production: bool = False
    # Names of Django's own checks that warn about the settings.
    warnings: tuple[str, ...] = ()
    zone: str = ""
    # Static files: None where they are served from the sources.
    has_static: bool | None = None
    has_messages: bool = True


@dataclass(frozen=True)
class Facts:
    """Everything, as of `now`. `signs`, `sweeps` and `waiting` are empty while the database is gone."""

    now: datetime
    build: Build
    database: Database
    broker: Broker
    mail: Mail
    disk: Disk
    secret: Secret
    signs: tuple[Sign, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    # This year's and the next one's; empty while the database is gone.
    years: Mapping[int, YearState] | None = None
    backup: Backup | None = None
