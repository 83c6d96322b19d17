"""What may be shown as evidence: a link by https, or a file that is what its name says."""

import io
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from planner.core.errors import Refused
from planner.core.words import Said, say

MOST_BYTES = 10 << 20
MOST_EVIDENCE = 100
NOTE_LENGTH = 200
NAME_LENGTH = 150
URL_LENGTH = 500
_OFFICE = "application/vnd.openxmlformats-officedocument"
# Endings that are taken → what they are handed out as. SVG and HTML run script, and no macro comes in.
TYPES: Mapping[str, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "pdf": "application/pdf",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
    "txt": "text/plain",
    "zip": "application/zip",
}
IMAGES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
# What a file of each kind begins with.
_STARTS: Mapping[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "webp": (b"RIFF",),
    "gif": (b"GIF87a", b"GIF89a"),
    "pdf": (b"%PDF-",),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "xlsx": (b"PK\x03\x04",),
    "docx": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
}
_FOLDERS = {"xlsx": "xl/", "docx": "word/"}
# A picture that is a page as well.
_MARKUP = (b"<script", b"<!doctype html", b"<html")


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it."""

    name: str
    data: bytes


def clean_name(name: str) -> str:
    """The file's own name: no folders, no control or direction marks, its ending kept when it is cut."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if not unicodedata.category(letter).startswith("C")).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}{dot}{ending}" if dot else name[:NAME_LENGTH]


def check_upload(upload: Upload) -> tuple[str, str]:
    """(its name, what it is handed out as); refuses what is empty, too large, or not what it says."""
    name = clean_name(upload.name)
    stem, _, ending = name.lower().rpartition(".")
    if not upload.data:
        raise _refusal("file", say("This file is empty."))
    if len(upload.data) > MOST_BYTES:
        raise _refusal("file", say("This file is too large: at most 10 MB are taken."))
    if not stem or ending not in TYPES:
        raise _refusal(
            "file", say("This kind of file is not taken. Taken are: %(kinds)s.", kinds=", ".join(sorted(TYPES)))
        )
    if not _is(ending, upload.data):
        raise _refusal("file", say("This is no %(kind)s file inside, whatever its name says.", kind=ending))
    return name, TYPES[ending]


def check_link(url: str) -> str:
    """The link without blanks around it; refuses what is not a plain https address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, named = parts.hostname, parts.username is not None or parts.password is not None
        is_plain = parts.scheme == "https" and bool(host) and not named and parts.port != 0
    except ValueError:
        is_plain = False
    if not is_plain or len(url) > URL_LENGTH or not url.isprintable() or " " in url or "\\" in url:
        raise _refusal("url", say("Give a link that begins with https://."))
    return url


def check_evidence(url: str, upload: Upload | None, note: str) -> tuple[str, str]:
    """The link (blank for a file) and the note; refuses none and both."""
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise _refusal("note", say("The note is longer than %(most)s characters.", most=NOTE_LENGTH))
    if bool(url.strip()) == (upload is not None):
        raise _refusal("url", say("Give a link or a file: one of them."))
    return (check_link(url) if upload is None else ""), note


def check_evidence_room(count: int) -> None:
    """Refuses one more piece where there are as many as a task holds."""
    if count >= MOST_EVIDENCE:
        raise Refused(
            "full", say("A task holds at most %(most)s pieces of evidence, removed ones too.", most=MOST_EVIDENCE)
        )


def _refusal(field: str, fault: Said) -> Refused:
    return Refused("invalid", fault, fields={field: fault})


def _is(ending: str, data: bytes) -> bool:
    if ending in {"txt", "csv"}:
        return _is_text(data)
    if not data.startswith(_STARTS[ending]) or (ending == "webp" and data[8:12] != b"WEBP"):
        return False
    if TYPES[ending] in IMAGES:
        lower = data.lower()
        return not any(mark in lower for mark in _MARKUP)
    return _is_office(ending, data) if ending in _FOLDERS else True


def _is_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A page or a drawing under another name.
        return not text.lstrip().startswith("<")
    return False


def _is_office(ending: str, data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeDecodeError, IndexError):
        return False
    inside = _FOLDERS[ending]
    has_macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    return "[Content_Types].xml" in names and any(name.startswith(inside) for name in names) and not has_macro
