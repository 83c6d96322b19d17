"""Uploaded files on their way into a backup and out of it; a file that stands is never written over."""

import os
import secrets
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from campaigns.upkeep.adapters.backup_file import CHUNK
from campaigns.upkeep.rules.manifest import Piece
from planner.core.errors import Refused
from planner.core.swap import sync
from planner.core.words import say


def read_upload(folder: Path, name: str) -> Iterator[bytes]:
    """The bytes of an upload; `FileNotFoundError` when it is not there."""
    with (folder / name).open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def stands(folder: Path, name: str, piece: Piece) -> bool:
    """Whether this very file is there already; refuses where another one is in its place."""
    path = folder / name
    if not path.exists():
        return False
    digest = sha256()
    for chunk in read_upload(folder, name):
        digest.update(chunk)
    if digest.hexdigest() != piece.sha256:
        raise Refused(
            "other_upload",
            say("%(file)s is there and is another file than the backup's: move it away first.", file=str(path)),
        )
    return True


def put_upload(folder: Path, name: str, chunks: Iterator[bytes]) -> None:
    """Writes an upload; it has its name only when it is whole."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync(path.parent)
