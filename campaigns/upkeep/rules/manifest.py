"""What a backup says about itself, read with suspicion: the file may be damaged, another program's, or made to harm."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from planner.core.errors import Refused
from planner.core.words import Said, say

PRODUCT, FORMAT = "planner", 1
MANIFEST, SECRET = "manifest.json", "secret.json"
# A manifest of 100,000 uploads has 17 MB.
MANIFEST_LIMIT = 64 * 2**20
SECRET_LIMIT = 64 * 2**10
# Rows that look alike shrink to a thirtieth, a file of nothing to a thousandth.
MOST_SHRUNK = 400
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}")
_COLUMN = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_MOST = 2**53

# Tables that are not kept, and why.
LEFT_OUT: Mapping[str, str] = {
    "sessions.session": "who signed out after the backup must not be signed in again by restoring it",
    "staff.heartbeat": "when sweeps came through, on the machine that was",
    "staff.process": "signs of life of processes that will be gone",
    "axes.accessattempt": "the log-in gate counts in a table of its own",
    "axes.accessattemptexpiration": "the log-in gate counts in a table of its own",
    "axes.accessfailurelog": "the log-in gate counts in a table of its own",
    "axes.accesslog": "the log-in gate counts in a table of its own",
}


@dataclass(frozen=True)
class Piece:
    """A stretch of bytes: how many, and their SHA-256."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class TableEntry:
    """One table: its columns in the order of its rows, how many, and the last number that it gave to a row."""

    model: str
    columns: tuple[str, ...]
    rows: int
    last_id: int | None
    piece: Piece

    @property
    def part(self) -> str:
        """Its name in the file."""
        return f"rows/{self.model}.jsonl"


@dataclass(frozen=True)
class UploadEntry:
    """One uploaded file under the name that its row knows it by."""

    name: str
    piece: Piece

    @property
    def part(self) -> str:
        """Its name in the file."""
        return f"uploads/{self.name}"


@dataclass(frozen=True)
class Manifest:
    """What is in a backup. It holds no secret and nothing of what people wrote."""

    version: str
    taken_at: datetime
    engine: str
    migrations: Mapping[str, tuple[str, ...]]
    tables: tuple[TableEntry, ...]
    uploads: tuple[UploadEntry, ...] = ()
    # Named by a row, but not there when the backup was taken.
    missing: tuple[str, ...] = ()
    # Emptied from the bin while the backup was taken: nobody names them any more.
    gone: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=lambda: dict(LEFT_OUT))

    @property
    def nodes(self) -> tuple[tuple[str, str], ...]:
        """The migrations as (app, name)."""
        return tuple((app, name) for app, names in self.migrations.items() for name in names)

    @property
    def entries(self) -> list[TableEntry | UploadEntry]:
        """Everything that has a part of its own."""
        return [*self.tables, *self.uploads]

    @property
    def rows(self) -> int:
        """Over all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def bytes(self) -> int:
        """Unpacked."""
        return sum(entry.piece.bytes for entry in self.entries)

    def as_json(self) -> dict[str, Any]:
        """As it is written; `read_manifest` reads it back."""
        return {
            "product": PRODUCT,
            "format": FORMAT,
            "version": self.version,
            "taken_at": self.taken_at.isoformat(),
            "engine": self.engine,
            "migrations": {app: list(names) for app, names in self.migrations.items()},
            "tables": [_flat(entry) for entry in self.tables],
            "uploads": [_flat(entry) for entry in self.uploads],
            "missing": list(self.missing),
            "gone": list(self.gone),
            "left_out": dict(self.left_out),
            "totals": {"rows": self.rows, "uploads": len(self.uploads), "bytes": self.bytes},
        }


def _flat(entry: TableEntry | UploadEntry) -> dict[str, Any]:
    values = asdict(entry)
    return {**values, **values.pop("piece")}


def not_a_backup(why: Said) -> Refused:
    """The refusal of a file that is not what it should be."""
    return Refused("not_a_backup", say("This is not a backup that can be used: %(why)s", why=why))


def damaged(part: str, why: Said) -> Refused:
    """The refusal of a backup of which a part is not as it was written."""
    return Refused("backup_damaged", say("The backup is damaged at %(part)s: %(why)s", part=part, why=why))


def read_manifest(data: Any) -> Manifest:
    """The manifest in decoded JSON; refuses what is another program's, of a newer format, or makes no sense."""
    if not isinstance(data, dict) or data.get("product") != PRODUCT:
        raise not_a_backup(say("its manifest is another program's"))
    if data.get("format") != FORMAT:
        raise not_a_backup(say("it is of another format, %(format)s", format=str(data.get("format"))[:20]))
    try:
        found = Manifest(
            version=_text(data["version"]),
            taken_at=_moment(data["taken_at"]),
            engine=_text(data["engine"]),
            migrations={_name(app): tuple(map(_name, names)) for app, names in data["migrations"].items()},
            tables=tuple(map(_table, data["tables"])),
            uploads=tuple(UploadEntry(_path(each["name"]), _piece(each)) for each in data["uploads"]),
            missing=tuple(map(_path, data["missing"])),
            gone=tuple(map(_path, data["gone"])),
            left_out={_name(model): _text(why) for model, why in data["left_out"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = str(error)[:80] if isinstance(error, ValueError) else type(error).__name__
        raise not_a_backup(say("its manifest makes no sense (%(why)s)", why=why)) from None
    for names in ([table.model for table in found.tables], [upload.name for upload in found.uploads]):
        if len(set(names)) != len(names):
            raise not_a_backup(say("its manifest names a part twice"))
    if data.get("totals") != found.as_json()["totals"]:
        raise not_a_backup(say("the sums in its manifest are wrong"))
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 300:
        raise ValueError("a text is too long or none")
    return value


def _name(value: Any) -> str:
    if not _NAME.fullmatch(_text(value)):
        raise ValueError(f"a name: {value[:40]!r}")
    return str(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise ValueError(f"a count: {str(value)[:40]}")
    return value


def _piece(data: Mapping[str, Any]) -> Piece:
    if not _DIGEST.fullmatch(_text(data["sha256"])):
        raise ValueError("a digest")
    return Piece(_count(data["bytes"]), data["sha256"])


def _table(data: Mapping[str, Any]) -> TableEntry:
    columns = tuple(map(_text, data["columns"]))
    if not columns or not all(map(_COLUMN.fullmatch, columns)) or len(set(columns)) != len(columns):
        raise ValueError("the columns of a table")
    last = data["last_id"]
    entry = TableEntry(
        _name(data["model"]), columns, _count(data["rows"]), None if last is None else _count(last), _piece(data)
    )
    # The shortest row is [] and a line's end.
    if entry.rows * 3 > entry.piece.bytes:
        raise ValueError(f"more rows than bytes in {entry.model}")
    return entry


def _path(value: Any) -> str:
    """A path that stays under the folder it is put into, on every system."""
    text = _text(value)
    parts = text.split("/")
    plain = all(part and part not in {".", ".."} and len(part.encode()) <= 255 for part in parts)
    if not plain or any(sign in text for sign in '\\:*?"<>|') or any(ord(sign) < 32 for sign in text):
        raise ValueError(f"the path of an upload: {text[:40]!r}")
    return text


@dataclass(frozen=True)
class Packed:
    """What the file's own list says about a part."""

    name: str
    bytes: int
    packed: int


def check_parts(manifest: Manifest, parts: Iterable[Packed], file_bytes: int) -> None:
    """Refuses a file that lacks a part, has others, or would unpack to something else than it says."""
    listed = list(parts)
    found = {part.name: part for part in listed}
    if len(found) != len(listed):
        raise not_a_backup(say("it holds a part twice"))
    wanted = {entry.part: entry.piece.bytes for entry in manifest.entries}
    for name in (*wanted, SECRET):
        if name not in found:
            raise damaged(name, say("the part is missing"))
    for name in found:
        if name not in wanted and name not in {MANIFEST, SECRET}:
            raise not_a_backup(say("it holds a part that its manifest does not know: %(part)s", part=name[:80]))
    for name, size in wanted.items():
        if found[name].bytes != size:
            why = say("it has %(found)s bytes instead of %(wanted)s", found=found[name].bytes, wanted=size)
            raise damaged(name, why)
    _check_bomb(listed, file_bytes)


def _check_bomb(listed: list[Packed], file_bytes: int) -> None:
    if sum(part.packed for part in listed) > file_bytes:
        raise not_a_backup(say("its parts lie over each other"))
    for part in listed:
        if part.bytes > 2**20 and part.bytes > part.packed * MOST_SHRUNK:
            raise not_a_backup(say("it would swell to more than it can hold: %(part)s", part=part.name[:80]))
