"""Visitors by day, as people type or paste them from a table."""

import re
from collections.abc import Mapping
from datetime import date

from planner.core.errors import Refused
from planner.core.words import Said, say

MAX_VISITORS = 2_000_000_000
MAX_LINES = 1000
# No day and number is longer; a pattern takes its time over endless blanks and digits.
MAX_LINE = 100
# The years that order files may speak of.
YEARS = range(2000, 2200)
MAX_FAULTS = 20
_LINE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[\s,;:，；：]+(\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.0+)?"
)


def _day(year: str, month: str, day: str) -> date | None:
    if int(year) not in YEARS:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _read(number: int, line: str, rows: dict[date, int]) -> Said | None:
    """Adds the line to `rows`, or says what is wrong with it."""
    match = _LINE.fullmatch(line) if len(line) <= MAX_LINE else None
    if match is None:
        return say("Line %(line)s: a day and a number are wanted, as in 2026-11-11 12345.", line=number)
    on = _day(*match.group(1, 2, 3))
    if on is None:
        return say("Line %(line)s: there is no such day.", line=number)
    visitors = int(re.sub("[,，]", "", match[4]))
    if visitors > MAX_VISITORS:
        return say("Line %(line)s: this number cannot be meant.", line=number)
    if rows.setdefault(on, visitors) != visitors:
        return say("Line %(line)s: %(day)s is given twice with different numbers.", line=number, day=on.isoformat())
    return None


def parse_visitors(text: str) -> dict[date, int]:
    """Day → visitors from two-column text, a heading line allowed; refuses with every faulty line by number."""
    rows: dict[date, int] = {}
    faults: list[Said] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if lines and not any(char.isdigit() for char in lines[0][1]):
        lines = lines[1:]
    if len(lines) > MAX_LINES:
        raise Refused("invalid", say("Paste at most %(limit)s days at once.", limit=MAX_LINES))
    for number, line in lines:
        fault = _read(number, line, rows)
        if fault:
            faults.append(fault)
    if faults:
        detail = say("%(count)s lines cannot be read. Nothing was saved.", count=len(faults))
        raise Refused("bad_lines", detail, reasons=tuple(faults[:MAX_FAULTS]), fields={"pasted": faults[0]})
    if not rows:
        fault = say("Paste at least one day with its visitors.")
        raise Refused("invalid", fault, fields={"pasted": fault})
    return rows


def check_visitors(visitors: Mapping[date, int | None]) -> None:
    """Refuses numbers that cannot be meant, naming the days."""
    wrong = [on for on, value in sorted(visitors.items()) if value is not None and not 0 <= value <= MAX_VISITORS]
    if wrong:
        faults = {
            f"day-{on.isoformat()}": say("%(day)s: this number cannot be meant.", day=on.isoformat()) for on in wrong
        }
        raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(faults.values()), fields=faults)
