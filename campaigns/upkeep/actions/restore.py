"""Restoring: the backup stands in the place of what was there, or nothing has changed."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import Error, transaction

from campaigns.reminders.actions import quarantine_due
from campaigns.upkeep.actions.backup import take_backup
from campaigns.upkeep.actions.build import build
from campaigns.upkeep.adapters.backup_file import BackupReader
from campaigns.upkeep.adapters.places import (
    SECRET_FILE,
    Installation,
    connected,
    let_go,
    nobody_else,
    not_running,
    sqlite_at,
    standing_in,
)
from campaigns.upkeep.adapters.schema import (
    applied_migrations,
    drop_tables,
    is_inhabited,
    known_migrations,
    migrate_on,
)
from campaigns.upkeep.adapters.uploads import put_upload, stands
from campaigns.upkeep.rules.manifest import Manifest
from campaigns.upkeep.rules.progress import Progress, Tell, nobody
from campaigns.upkeep.rules.restoring import (
    Ground,
    check_known,
    check_restore,
    check_secret,
    taken_words,
    too_little_room,
)
from planner.core.crash import crash_point
from planner.core.errors import Refused
from planner.core.swap import DATABASE, make_ready, put_in_place
from planner.core.words import say
from staff.runs.actions import record_restore


@dataclass(frozen=True)
class Restored:
    """What stands there now, where what stood there before is kept, whether the secret key was replaced.

    `held` messages had come due since the backup and wait for somebody to decide.
    """

    manifest: Manifest
    replaced: Path | None
    new_secret: bool
    held: int


def restore_backup(
    *,
    target: Installation,
    path: Path,
    version: str,
    now: datetime,
    replace: bool = False,
    other_secret: bool = False,
    asleep: bool = True,
    tell: Tell = nobody,
) -> Restored:
    """Brings a backup back and on to this version's tables; a kill at any moment leaves the old or the new.

    `asleep`: time has passed since it was taken, so what came due meanwhile waits for somebody to decide.
    """
    with BackupReader(path) as reader, not_running(target.data_dir):
        put_in_place(target.data_dir)
        secret = reader.secret()
        inhabited = _look(reader.manifest, target, version, replace=replace)
        check_secret(secret, target.secret, other_secret=other_secret)
        _check_room(reader.manifest, target)
        replaced = _keep_what_stands(target, version, now, tell) if inhabited else None
        _put_uploads(reader, target, tell)
        crash_point("restore.uploads")
        new_secret = target.secret.is_file and secret != target.secret.value
        put = _into_transaction if target.engine == "postgresql" else _into_file
        try:
            held = put(reader, target, secret if new_secret else "", _Note(version, now, asleep), tell)
        except (Error, OSError) as error:
            why = str(error).strip().splitlines()
            raise Refused(
                "not_restored", say("Nothing was restored: %(why)s", why=why[0] if why else type(error).__name__)
            ) from error
        return Restored(reader.manifest, replaced, new_secret, held)


@dataclass(frozen=True)
class _Note:
    """What the restored rows are told about their restoring."""

    version: str
    now: datetime
    asleep: bool

    def leave(self, manifest: Manifest) -> int:
        """Writes it into the database that is being restored; how many messages wait for somebody to decide."""
        if not self.asleep:
            return 0
        record_restore(taken_at=manifest.taken_at, restored_at=self.now, version=self.version)
        return quarantine_due(now=self.now)


def _look(manifest: Manifest, target: Installation, version: str, *, replace: bool) -> bool:
    """Whether people are there; refuses what may not be restored there."""
    known = known_migrations()
    with standing_in(target.database):
        applied = applied_migrations()
        check_known(applied, known, version)
        ground = Ground(version, known, applied, is_inhabited(applied), connected())
        check_restore(manifest, ground, replace=replace)
        return ground.inhabited


def _check_room(manifest: Manifest, target: Installation) -> None:
    """Twice what it unpacks to: rows get indexes."""
    free = shutil.disk_usage(target.data_dir).free
    wanted = 2 * manifest.bytes
    if wanted > free:
        raise Refused("no_room", too_little_room(wanted, free))


def _keep_what_stands(target: Installation, version: str, now: datetime, tell: Tell) -> Path:
    target.backups.mkdir(mode=0o700, exist_ok=True)
    path = target.backups / f"before-restore-{taken_words(now)}.zip"
    return take_backup(source=target, path=path, version=version, now=now, tell=tell).path


def _put_uploads(reader: BackupReader, target: Installation, tell: Tell) -> None:
    uploads = reader.manifest.uploads
    lacking = [upload for upload in uploads if not stands(target.uploads, upload.name, upload.piece)]
    for index, upload in enumerate(lacking):
        put_upload(target.uploads, upload.name, reader.chunks(upload.part, upload.piece))
        tell(Progress("uploads", upload.name, index + 1, len(lacking)))


def _into_file(reader: BackupReader, target: Installation, secret: str, note: _Note, tell: Tell) -> int:
    """A new SQLite file takes the old one's place, with the secret key, in one step."""
    staged = target.data_dir / "restoring"
    # What a killed restore has left.
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    try:
        with standing_in(sqlite_at(staged / DATABASE, scratch=True)):
            build(reader, tell)
            migrate_on()
            with transaction.atomic():
                held = note.leave(reader.manifest)
        (staged / DATABASE).chmod(0o600)
        _stage_secret(staged, target, secret, note.now)
        crash_point("restore.built")
        let_go(target.database)
        with nobody_else(target.data_dir / DATABASE):
            make_ready(staged)
            crash_point("restore.ready")
            put_in_place(target.data_dir)
        return held
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _into_transaction(reader: BackupReader, target: Installation, secret: str, note: _Note, tell: Tell) -> int:
    """Old tables go and new ones come in one transaction; a secret key that is a file follows at once."""
    staged = target.data_dir / "restoring"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    try:
        _stage_secret(staged, target, secret, note.now)
        with standing_in(target.database), transaction.atomic():
            drop_tables(applied_migrations())
            build(reader, tell)
            migrate_on()
            held = note.leave(reader.manifest)
            crash_point("restore.built")
        if secret:
            make_ready(staged)
            put_in_place(target.data_dir)
        return held
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _stage_secret(staged: Path, target: Installation, secret: str, now: datetime) -> None:
    if not secret:
        return
    for name, text in (
        (SECRET_FILE, secret),
        (f"{SECRET_FILE}.before-{taken_words(now)}", target.secret.value),
    ):
        with os.fdopen(os.open(staged / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
