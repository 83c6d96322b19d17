"""Backing up: every row and upload as they were at one moment, in one file that has proved itself."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from campaigns.upkeep.actions.build import build, check_uploads
from campaigns.upkeep.adapters.backup_file import BackupReader, BackupWriter
from campaigns.upkeep.adapters.places import Installation, copy_sqlite, sqlite_at, standing_in
from campaigns.upkeep.adapters.rows import count_rows, last_id, lines_of
from campaigns.upkeep.adapters.schema import Table, applied_migrations, known_migrations, models_at, tables_at
from campaigns.upkeep.adapters.uploads import read_upload
from campaigns.upkeep.rules.manifest import Manifest, TableEntry, UploadEntry, damaged
from campaigns.upkeep.rules.progress import Progress, Tell, nobody
from campaigns.upkeep.rules.restoring import check_known
from planner.core.errors import Refused
from planner.core.words import say


@dataclass(frozen=True)
class Kept:
    """A backup that stands at `path`."""

    path: Path
    manifest: Manifest
    bytes: int
    verified: bool


def take_backup(
    *, source: Installation, path: Path, version: str, now: datetime, verify: bool = True, tell: Tell = nobody
) -> Kept:
    """Writes a backup to `path`; nothing is there unless all of it is, and unless `verify` restored it elsewhere.

    Uploads that rows name and nobody finds do not stop it: they are in the manifest as missing.
    """
    if path.exists():
        raise Refused("file_exists", say("%(file)s is there already.", file=str(path)))
    try:
        writer = BackupWriter(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        manifest = _write(writer, source, version, now, tell)
        if verify:
            verify_backup(path=writer.temporary, secret=source.secret.value, tell=tell)
        writer.place()
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        writer.drop()
    return Kept(path, manifest, path.stat().st_size, verify)


def _cannot_write(path: Path, error: OSError) -> Refused:
    return Refused(
        "cannot_write", say("%(file)s cannot be written: %(why)s", file=str(path), why=error.strerror or str(error))
    )


def verify_backup(*, path: Path, secret: str = "", tell: Tell = nobody) -> Manifest:
    """Restores a backup into a scratch folder beside it and compares every row and file; refuses what differs."""
    with BackupReader(path) as reader, tempfile.TemporaryDirectory(dir=path.parent, prefix=".verify-") as folder:
        if secret and reader.secret() != secret:
            raise damaged("secret.json", say("it holds another secret key"))
        with standing_in(sqlite_at(Path(folder) / "scratch.sqlite3", scratch=True)):
            build(reader, tell)
        check_uploads(reader, tell)
        return reader.manifest


def _write(writer: BackupWriter, source: Installation, version: str, now: datetime, tell: Tell) -> Manifest:
    with _one_moment(source, writer.path.parent):
        applied = applied_migrations()
        check_known(applied, known_migrations(), version)
        tables = tables_at(models_at(applied))
        counts = {table.label: count_rows(table) for table in tables}
        manifest = Manifest(version, now, source.engine, _by_app(applied), ())
        names: set[str] = set()
        entries = [_write_table(writer, table, counts, names, tell) for table in tables]
    uploads, lost = _write_uploads(writer, source.uploads, sorted(names), tell)
    with standing_in(source.database):
        named = _still_named(tables, lost)
    manifest = replace(
        manifest,
        tables=tuple(entries),
        uploads=tuple(uploads),
        missing=tuple(name for name in lost if name in named),
        gone=tuple(name for name in lost if name not in named),
    )
    writer.close(manifest, source.secret.value)
    return manifest


@contextmanager
def _one_moment(source: Installation, scratch: Path) -> Iterator[None]:
    """The rows as they are now, however long they are looked at and whatever is written meanwhile."""
    if source.engine == "postgresql":
        with standing_in(source.database), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # A long look at the file itself would keep its writers waiting.
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".copy-") as folder:
        copy = Path(folder) / "copy.sqlite3"
        copy_sqlite(source.database["NAME"], copy)
        with standing_in(sqlite_at(copy, scratch=True)):
            yield


def _by_app(nodes: frozenset[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    apps = sorted({app for app, _ in nodes})
    return {app: tuple(sorted(name for other, name in nodes if other == app)) for app in apps}


def _write_table(writer: BackupWriter, table: Table, counts: dict[str, int], names: set[str], tell: Tell) -> TableEntry:
    entry = f"rows/{table.label}.jsonl"
    files = [place for place, field in enumerate(table.fields) if field.get_internal_type() == "FileField"]
    before = sum(count for label, count in counts.items() if label < table.label)
    rows = 0
    with writer.part(entry) as part:
        for line, row in lines_of(table):
            part.write(line)
            rows += 1
            names.update(row[place] for place in files if row[place])
            if rows % 1000 == 0:
                tell(Progress("rows", table.label, before + rows, sum(counts.values())))
    tell(Progress("rows", table.label, before + rows, sum(counts.values())))
    return TableEntry(table.label, table.columns, rows, last_id(table), part.piece())


def _write_uploads(
    writer: BackupWriter, folder: Path, names: list[str], tell: Tell
) -> tuple[list[UploadEntry], list[str]]:
    """The uploads that were written, and the names of those that are not there."""
    found, lost = [], []
    for index, name in enumerate(names):
        chunks = read_upload(folder, name)
        try:
            first = next(chunks, b"")
        except FileNotFoundError:
            lost.append(name)
            continue
        with writer.part(f"uploads/{name}") as part:
            part.write(first)
            for chunk in chunks:
                part.write(chunk)
        found.append(UploadEntry(name, part.piece()))
        tell(Progress("uploads", name, index + 1, len(names)))
    return found, lost


def _still_named(tables: list[Table], lost: list[str]) -> set[str]:
    """Those of the names that rows have now."""
    named: set[str] = set()
    for table in tables if lost else []:
        for field in table.fields:
            if field.get_internal_type() == "FileField":
                rows = table.model._base_manager.filter(**{f"{field.name}__in": lost})
                named.update(rows.values_list(field.name, flat=True))
    return named
