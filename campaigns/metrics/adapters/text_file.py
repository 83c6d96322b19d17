"""Uploaded bytes as rows of cells, in whatever encoding shops' back offices write."""

import codecs
import csv
import io
from collections.abc import Iterator

from planner.core.errors import Refused
from planner.core.words import Said, say

MAX_LINE = 1_000_000
_CHUNK = 1 << 20
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# gzip, bzip2, xz, 7-Zip, RAR; a ZIP that is no workbook is told by what its first entry is called.
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"Rar!")
_ZIP = b"PK\x03\x04"
_WORKBOOK_ENTRIES = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetype", b"META-INF/")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def not_a_table(why: Said) -> Refused:
    """The refusal of a file that is no table."""
    return Refused("not_a_table", say("This file is not a table of orders. Nothing was imported."), reasons=(why,))


def truncated(why: Said) -> Refused:
    """The refusal of a file that was cut off."""
    return Refused("truncated", say("This file was cut off. Export it again; nothing was imported."), reasons=(why,))


def _fault(data: bytes, encoding: str) -> UnicodeDecodeError | None:
    # Piece by piece: a large file is never held as one decoded string.
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
    except UnicodeDecodeError as error:
        return error
    return None


def _check_kind(data: bytes) -> None:
    """Refuses what is no text by its first bytes alone: nothing is ever unpacked here."""
    if data.startswith(_PACKED) or (data.startswith(_ZIP) and not data[30:].startswith(_WORKBOOK_ENTRIES)):
        raise not_a_table(say("It is a packed file: unpack it, then import the CSV file inside."))
    if data.startswith(_WORKBOOKS):
        raise not_a_table(say("It is a spreadsheet workbook: save it as CSV, then import that."))
    if data.startswith(_WIDE):
        raise not_a_table(say("It is written in UTF-16: save it as CSV in UTF-8, then import that."))
    if b"\0" in data:
        raise not_a_table(say("It is not text."))


def encoding_of(data: bytes) -> str:
    """`utf-8-sig`, `utf-8` or `gb18030`, the first that reads every byte; refuses what none of them reads."""
    _check_kind(data)
    cut = truncated(say("It ends in the middle of a character."))
    has_mark = data.startswith(codecs.BOM_UTF8)
    fault = _fault(data, "utf-8-sig" if has_mark else "utf-8")
    if fault is None:
        return "utf-8-sig" if has_mark else "utf-8"
    if fault.reason == "unexpected end of data":
        raise cut
    fault = None if has_mark else _fault(data, "gb18030")
    if has_mark or fault is not None:
        if fault is not None and fault.reason == "incomplete multibyte sequence":
            raise cut
        raise not_a_table(say("Its characters are neither UTF-8 nor GB18030."))
    return "gb18030"


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    for line in lines:
        if len(line) > MAX_LINE:
            raise not_a_table(say("It has a line of more than %(limit)s characters.", limit=MAX_LINE))
        yield line


def records(data: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of the file, blank ones too, so that row numbers are a spreadsheet's."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    try:
        yield from csv.reader(_bounded(text), delimiter=delimiter, strict=True)
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise truncated(say("It ends inside a quoted cell.")) from error
        raise not_a_table(say("Its quotation marks or cells cannot be read: %(fault)s.", fault=str(error))) from error
