"""What may be brought back where: plain answers from plain facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from campaigns.upkeep.rules.manifest import LEFT_OUT, Manifest
from planner.core.errors import Refused
from planner.core.words import Said, say

Node = tuple[str, str]


@dataclass(frozen=True)
class Ground:
    """The place that a backup is to be restored into."""

    version: str
    # The migrations that this program knows.
    known: frozenset[Node]
    # Those that the database has been through.
    applied: frozenset[Node]
    # Whether a team or a person is there.
    inhabited: bool
    # Others that are connected to the database just now.
    connected: int = 0


def _number(version: str) -> tuple[int, ...]:
    digits = ("".join(filter(str.isdigit, part)) for part in version.split("."))
    return tuple(int(part or 0) for part in digits)


def unknown(nodes: Iterable[Node], known: frozenset[Node]) -> list[str]:
    """The migrations that this program does not know, as words."""
    return sorted(f"{app}.{name}" for app, name in nodes if (app, name) not in known)


def check_known(applied: Iterable[Node], known: frozenset[Node], version: str) -> None:
    """A database that a newer program has changed is not for this one."""
    if strange := unknown(applied, known):
        raise Refused(
            "database_newer",
            say("The database was used by a newer version than this one (%(version)s).", version=version),
            reasons=tuple(say("Unknown here: %(migration)s", migration=each) for each in strange),
        )


def check_restore(manifest: Manifest, ground: Ground, *, replace: bool) -> None:
    """Refuses to restore something newer than this program, over people who are there, or under running processes."""
    strange = unknown(manifest.nodes, ground.known)
    if strange or _number(manifest.version) > _number(ground.version):
        raise Refused(
            "backup_newer",
            say(
                "The backup is of version %(theirs)s and this is %(ours)s: only the same or a newer version can "
                "restore it.",
                theirs=manifest.version,
                ours=ground.version,
            ),
            reasons=tuple(say("Unknown here: %(migration)s", migration=each) for each in strange),
        )
    check_known(ground.applied, ground.known, ground.version)
    if ground.connected:
        raise Refused(
            "database_in_use",
            say(
                "%(count)s others are connected to the database: stop web, worker and beat first.",
                count=ground.connected,
            ),
        )
    if ground.inhabited and not replace:
        raise Refused(
            "not_empty",
            say("There are people in this database already. --replace backs them up first and then replaces them."),
        )


def check_tables(manifest: Manifest, tables: dict[str, tuple[str, ...]]) -> None:
    """The backup has the tables and columns of the migrations that it names, no more and no less."""
    found = {table.model: table.columns for table in manifest.tables}
    odd = sorted(model for model in found.keys() | tables.keys() if found.get(model) != tables.get(model))
    if odd:
        raise Refused(
            "backup_odd",
            say("The backup's tables are not those of its migrations: %(tables)s", tables=", ".join(odd[:5])),
        )


def is_kept(model: str) -> bool:
    """Whether a table goes into a backup."""
    return model not in LEFT_OUT


@dataclass(frozen=True)
class Secret:
    """The installation's secret key and whether it is a file of ours, which may be replaced, or somebody's setting."""

    value: str
    is_file: bool


def check_secret(theirs: str, ours: Secret, *, other_secret: bool) -> None:
    """Where the secret key is a setting, it is the backup's, or somebody accepts what becomes void."""
    if ours.is_file or other_secret or theirs == ours.value:
        return
    raise Refused(
        "other_secret",
        say(
            "SECRET_KEY is another one than the backup's: set SECRET_KEY to the one that this installation had (its "
            "environment, or the file secret_key in its data folder). --other-secret goes on without: second steps of "
            "logging in, open invitations and reset links are void then."
        ),
    )


def taken_words(taken_at: datetime) -> str:
    """The moment of a backup as it stands in file names."""
    return f"{taken_at:%Y%m%d-%H%M%S}"


def too_little_room(wanted: int, free: int) -> Said:
    """Why nothing was begun on a disk that is too full."""
    megabytes = {"wanted": wanted // 2**20 + 1, "free": free // 2**20}
    return say("%(wanted)s MB are needed there and %(free)s MB are free.", **megabytes)
