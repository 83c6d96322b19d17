"""Disk, backups and mail as they are found."""

import os
import shutil
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection

from campaigns.upkeep.rules.facts import Backup, Disk, Mail

MAIL_SECONDS = 8
# What restoring put aside is no backup of what stands there now.
ASIDE = "before-restore-"


def disk_facts() -> Disk:
    """Room and rights of the data folder and of the uploads; a folder that is still to be made counts by its parent."""
    folder, uploads = Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)
    try:
        about, free = folder.stat(), shutil.disk_usage(folder).free
    except OSError:
        return Disk(str(folder), is_writable=False, uploads=str(uploads), uploads_writable=_is_writable(uploads))
    return Disk(
        folder=str(folder),
        free=free,
        is_writable=_is_writable(folder),
        is_open=bool(about.st_mode & stat.S_IRWXO),
        uploads=str(uploads),
        uploads_writable=_is_writable(uploads),
    )


def _is_writable(folder: Path) -> bool:
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    return os.access(there, os.W_OK | os.X_OK)


def newest_backup() -> Backup | None:
    """The newest backup of the backup folder; None when there is none."""
    found: list[Backup] = []
    for path in (Path(settings.DATA_DIR) / "backups").glob("*.zip"):
        if path.name.startswith((ASIDE, ".")):
            continue
        with suppress(OSError):
            about = path.stat()
            found.append(Backup(path.name, datetime.fromtimestamp(about.st_mtime, UTC), about.st_size))
    return max(found, key=lambda backup: backup.at, default=None)


def mail_facts(*, ask: bool) -> Mail:
    """How mail leaves; `ask` connects, encrypts and logs in as a mail would, and sends nothing."""
    if not settings.EMAIL_HOST:
        return Mail(folder=str(settings.EMAIL_FILE_PATH))
    answers, why = _answer() if ask else (None, "")
    return Mail(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        is_encrypted=settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL,
        has_login=bool(settings.EMAIL_HOST_USER),
        answers=answers,
        why=why,
    )


def _answer() -> tuple[bool, str]:
    try:
        connection = get_connection(timeout=MAIL_SECONDS)
        connection.open()
    except OSError as error:  # an answer of the mail server is one too
        # What the server says may repeat the name; its code says enough.
        code = getattr(error, "smtp_code", None)
        said = f"{code} {type(error).__name__}" if code else str(error).strip().split("\n")[0]
        return False, said or type(error).__name__
    with suppress(OSError):
        connection.close()
    return True, ""
