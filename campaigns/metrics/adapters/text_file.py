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


def encoding_of(data: bytes) -> str:
    """`utf-8-sig`, `utf-8` or `gb18030`, the first that reads every byte; refuses what none of them reads."""
    if data.startswith(_WORKBOOKS):
        raise not_a_table(say("It is a spreadsheet workbook: save it as CSV, then import that."))
    if b"\0" in data:
        raise not_a_table(say("It is not text."))
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
