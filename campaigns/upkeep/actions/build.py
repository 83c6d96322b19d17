"""A backup becomes a database again, and proves that it is the same."""

from hashlib import sha256

from django.db import Error, connection, transaction

from campaigns.upkeep.adapters.backup_file import BackupReader
from campaigns.upkeep.adapters.rows import insert, lines_of, number_on
from campaigns.upkeep.adapters.schema import Table, make_tables, models_at, settle_constraints, tables_at
from campaigns.upkeep.rules.manifest import TableEntry, damaged
from campaigns.upkeep.rules.progress import Progress, Tell
from campaigns.upkeep.rules.restoring import check_tables
from planner.core.words import say


def build(reader: BackupReader, tell: Tell) -> None:
    """Fills an empty database with the backup's tables and rows as they were; refuses when a row became another."""
    manifest = reader.manifest
    nodes = frozenset(manifest.nodes)
    tables = tables_at(models_at(nodes))
    check_tables(manifest, {table.label: table.columns for table in tables})
    make_tables(nodes)
    entries = {entry.model: entry for entry in manifest.tables}
    done = 0
    with transaction.atomic():
        for table in tables:
            _load(reader, table, entries[table.label], done, tell)
            done += entries[table.label].rows
        try:
            connection.check_constraints()
            settle_constraints()
        except Error as error:
            raise damaged("rows", say("%(error)s", error=str(error).strip().splitlines()[0])) from None
    done = 0
    for table in tables:
        _compare(table, entries[table.label], done, manifest.rows, tell)
        done += entries[table.label].rows


def _load(reader: BackupReader, table: Table, entry: TableEntry, before: int, tell: Tell) -> None:
    lines = reader.lines(entry.part, entry.piece, entry.rows)
    done = 0
    try:
        for done in insert(table, lines):
            tell(Progress("loading", table.label, before + done, reader.manifest.rows))
        number_on(table, entry.last_id)
    except (Error, ValueError, TypeError, KeyError, ArithmeticError) as error:
        said = str(error).strip().splitlines()
        # Not what the row holds: people read this on a screen.
        why = said[0][:120] if said and isinstance(error, Error) else type(error).__name__
        raise damaged(entry.part, say("after row %(row)s: %(error)s", row=done, error=why)) from None


def _compare(table: Table, entry: TableEntry, before: int, total: int, tell: Tell) -> None:
    digest, rows = sha256(), 0
    for line, _ in lines_of(table):
        digest.update(line)
        rows += 1
        if rows % 1000 == 0:
            tell(Progress("comparing", table.label, before + rows, total))
    if rows != entry.rows or digest.hexdigest() != entry.piece.sha256:
        raise damaged(entry.part, say("its rows are others once they are restored"))


def check_uploads(reader: BackupReader, tell: Tell) -> None:
    """Reads every upload to its end; refuses when one is not as it was written."""
    uploads = reader.manifest.uploads
    for index, upload in enumerate(uploads):
        for _ in reader.chunks(upload.part, upload.piece):
            pass
        tell(Progress("comparing", upload.name, index + 1, len(uploads)))
