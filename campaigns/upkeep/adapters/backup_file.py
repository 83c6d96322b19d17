"""The one file of a backup: a zip that every system can open, put in its place when it is whole."""

import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Self

from campaigns.upkeep.rules.manifest import (
    MANIFEST,
    MANIFEST_LIMIT,
    SECRET,
    SECRET_LIMIT,
    Manifest,
    Packed,
    Piece,
    check_parts,
    damaged,
    not_a_backup,
    read_manifest,
)
from planner.core.errors import Refused
from planner.core.swap import sync
from planner.core.words import say

CHUNK = 2**20
# A row with all of its texts is a few KB; what is longer is no row.
LINE_LIMIT = 64 * 2**20
_LEVEL = 4


class Part:
    """A part that is being written: it counts and digests what it takes."""

    def __init__(self, into: IO[bytes]) -> None:
        self._into, self._bytes, self._digest = into, 0, sha256()

    def write(self, data: bytes) -> None:
        """Takes some more."""
        self._into.write(data)
        self._digest.update(data)
        self._bytes += len(data)

    def piece(self) -> Piece:
        """What it has taken."""
        return Piece(self._bytes, self._digest.hexdigest())


class BackupWriter:
    """Writes a backup under another name; `place` gives it its own when everything is in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        self._file = os.fdopen(os.open(self.temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    @contextmanager
    def part(self, name: str) -> Iterator[Part]:
        """One part, written bit by bit."""
        with self._zip.open(name, "w", force_zip64=True) as into:
            yield Part(into)

    def close(self, manifest: Manifest, secret: str) -> None:
        """Writes what is known last, and waits for the disk."""
        self._zip.writestr(SECRET, json.dumps({"SECRET_KEY": secret}))
        self._zip.writestr(MANIFEST, json.dumps(manifest.as_json(), ensure_ascii=False, indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def place(self) -> None:
        """Gives the file its name."""
        self.temporary.replace(self.path)
        sync(self.path.parent)

    def drop(self) -> None:
        """Leaves nothing behind of what did not become a backup."""
        with suppress(ValueError, OSError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        self.temporary.unlink(missing_ok=True)


@contextmanager
def _whole(part: str) -> Iterator[None]:
    """What a broken zip raises, in words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged(part, say("%(error)s", error=str(error)[:120] or type(error).__name__)) from None


class BackupReader:
    """A backup whose list and manifest have been checked; its parts prove themselves while they are read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise Refused("no_file", say("%(file)s cannot be read.", file=str(path))) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            why = say("it is no zip file or was cut off (%(error)s)", error=str(error)[:80])
            raise not_a_backup(why) from None
        try:
            self.manifest = read_manifest(self._small(MANIFEST, MANIFEST_LIMIT))
            listed = [Packed(each.filename, each.file_size, each.compress_size) for each in self._zip.infolist()]
            check_parts(self.manifest, listed, path.stat().st_size)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def secret(self) -> str:
        """The secret key that links, second steps and sessions were made with."""
        found = self._small(SECRET, SECRET_LIMIT)
        value = found.get("SECRET_KEY") if isinstance(found, dict) else None
        if not isinstance(value, str) or not value or not value.isprintable():
            raise damaged(SECRET, say("it holds no secret key"))
        return value

    def _small(self, name: str, limit: int) -> Any:
        if name not in self._zip.NameToInfo:
            raise not_a_backup(say("it has no part %(part)s", part=name))
        if self._zip.getinfo(name).file_size > limit:
            raise not_a_backup(say("its part %(part)s is too long", part=name))
        with _whole(name):
            return json.loads(self._zip.read(name))

    def chunks(self, part: str, piece: Piece) -> Iterator[bytes]:
        """The bytes of a part; refuses at the end what is not what the manifest says."""
        digest, found = sha256(), 0
        with _whole(part), self._zip.open(part) as source:
            while chunk := source.read(CHUNK):
                found += len(chunk)
                digest.update(chunk)
                yield chunk
        if (found, digest.hexdigest()) != (piece.bytes, piece.sha256):
            raise damaged(part, say("its digest is another one"))

    def lines(self, part: str, piece: Piece, rows: int) -> Iterator[bytes]:
        """The lines of a part; refuses at the end when they are not as many as the manifest says."""
        rest, found = b"", 0
        for chunk in self.chunks(part, piece):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LINE_LIMIT:
                raise damaged(part, say("a row is too long"))
            found += len(lines)
            yield from lines
        if rest or found != rows:
            raise damaged(part, say("it has %(found)s rows instead of %(wanted)s", found=found, wanted=rows))
