"""What a look at an installation comes to: where, how bad, in words, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from planner.core.words import Said


class Grade(StrEnum):
    """How bad it is; the order is that of the exit codes of `doctor`."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class Area(StrEnum):
    """What was looked at, in the order in which it is shown."""

    SETTINGS = "settings"
    DATABASE = "database"
    BROKER = "broker"
    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    SWEEPS = "sweeps"
    WAITING = "waiting"
    MAIL = "mail"
    CLOCK = "clock"
    DISK = "disk"
    BACKUP = "backup"
    CALENDAR = "calendar"
    SECRET = "secret"  # noqa: S105  # nosec B105 # a name
    FILES = "files"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `code` is stable, for monitors."""

    area: Area
    grade: Grade
    code: str
    what: Said
    todo: Said | None = None


def fine(area: Area, what: Said) -> Finding:
    """All is as it should be."""
    return Finding(area, Grade.OK, f"{area}.ok", what)


def warning(area: Area, code: str, what: Said, todo: Said) -> Finding:
    """It works, and should be seen to."""
    return Finding(area, Grade.WARNING, f"{area}.{code}", what, todo)


def fault(area: Area, code: str, what: Said, todo: Said) -> Finding:
    """It does not work, or soon will not."""
    return Finding(area, Grade.FAULT, f"{area}.{code}", what, todo)
