"""Cells of exports: what stands in them once decoration is taken off."""

import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from planner.core.words import Said, say

EMPTY_CELLS = frozenset({"", "-", "--", "—", "——", "nan", "NaN", "null", "NULL", "None"})
SHOWN_CHARACTERS = 20
MAX_ID = 40
# What the amount columns of orders hold.
MAX_CENTS = 10**12 - 1
_TIME = re.compile(
    r"(20\d\d|21\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?", re.ASCII
)
_NUMBER = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(万|亿)?", re.ASCII)
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE]\+?\d+", re.ASCII)
_ID = re.compile(r"[\w.:/-]+", re.ASCII)
# What nearly every cell is: read without detours, because a file has millions of them.
_PLAIN_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)
_PLAIN_MOMENT = re.compile(r"2[01]\d\d-\d\d-\d\d(?: \d\d:\d\d:\d\d)?", re.ASCII)
_UNITS = {None: 1, "万": 10_000, "亿": 100_000_000}
_BRACKETS = str.maketrans("（）【】［］", "()[][]")
_DECORATION = str.maketrans("", "", ",，￥¥元 \t\xa0")


class BadCell(ValueError):
    """A cell that cannot be read; `said` says why."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


def bare(cell: str) -> str:
    """The cell without blanks, ="…" and a leading '; empty for the dashes and words that mean empty."""
    if cell.isdigit():
        return cell
    text = cell.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    if text.startswith("'"):
        text = text[1:].strip()
    return "" if text in EMPTY_CELLS else text


def column_name(cell: str) -> str:
    """A column's name as it is looked up: no blanks, half-width brackets."""
    return "".join(bare(cell).split()).translate(_BRACKETS).strip("\ufeff")


def _shown(text: str) -> str:
    """The beginning of a cell; what cannot be printed, direction marks among it, is left out."""
    seen = "".join(char for char in text[: 2 * SHOWN_CHARACTERS] if char.isprintable())
    return seen if len(text) <= SHOWN_CHARACTERS else f"{seen[:SHOWN_CHARACTERS]}…"


# Prices repeat: a file of orders has a few thousand different amounts.
@lru_cache(maxsize=1 << 14)
def cents(cell: str) -> int | None:
    """An amount in cents, None for an empty cell; `BadCell` when it is not one."""
    if plain := _PLAIN_AMOUNT.fullmatch(cell):
        return int(plain[1]) * 100 + int((plain[2] or "0").ljust(2, "0"))
    text = bare(cell).translate(_DECORATION)
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        if _NUMBER.fullmatch(text.removeprefix("-")):
            raise BadCell(say("%(value)s is negative", value=_shown(text)))
        raise BadCell(say("%(value)s is not an amount", value=_shown(text)))
    amount = Decimal(match[1]) * _UNITS[match[2]] * 100
    if amount > MAX_CENTS:
        raise BadCell(say("%(value)s is too large an amount", value=_shown(text)))
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def moment(cell: str) -> str:
    """A moment as 2026-11-11T20:00:00, empty for an empty cell; a day alone is its midnight."""
    if _PLAIN_MOMENT.fullmatch(cell):
        try:
            return datetime.fromisoformat(cell).isoformat()
        except ValueError as error:
            raise BadCell(say("%(value)s is not a date and time", value=_shown(cell))) from error
    text = bare(cell)
    if not text:
        return ""
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadCell(say("%(value)s is not a date and time", value=_shown(text)))
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second).isoformat()  # noqa: DTZ001 - the shop's own clock
    except ValueError as error:
        raise BadCell(say("%(value)s is not a date and time", value=_shown(text))) from error


def identifier(cell: str) -> str:
    """A number that names something, as text: all its digits, never a float."""
    if len(cell) <= MAX_ID and cell.isascii() and cell.isdigit():
        return cell
    text = "".join(bare(cell).split())
    if _SCIENTIFIC.fullmatch(text):
        raise BadCell(say("%(value)s was rounded by a spreadsheet program: export the file again", value=_shown(text)))
    if len(text) > MAX_ID or (text and not _ID.fullmatch(text)):
        raise BadCell(say("%(value)s is not an order number", value=_shown(text)))
    return text
