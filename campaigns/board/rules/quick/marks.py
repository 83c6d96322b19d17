"""What is said in a word: how important it is, and how long it takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from campaigns.board.rules.quick.numbers import NUMBER, number

_QUADRANTS = {"1": (True, True), "2": (True, False), "3": (False, True), "4": (False, False)}
_WORDS: dict[str, tuple[bool, bool]] = {
    **dict.fromkeys(("重要紧急", "紧急重要", "重要且紧急", "高", "高优", "high", "p0", "!"), (True, True)),
    **dict.fromkeys(("重要", "important"), (True, False)),
    **dict.fromkeys(("紧急", "急", "加急", "urgent"), (False, True)),
    **dict.fromkeys(("普通", "一般", "低", "low", "normal"), (False, False)),
}
_MUST = {"必做", "必须", "must"}
_END = r"(?=\s|$|[,;、。@#!~])"
_ALL = sorted((word for word in [*_WORDS, *_MUST] if word != "!"), key=len, reverse=True)
_PRIORITY = re.compile(
    rf"!(?:({'|'.join(word for word in _ALL if not word.isascii())})|({'|'.join(w for w in _ALL if w.isascii())}){_END}"
    rf"|([1-4]){_END}|((?<![^\s@#~]!)!){_END})"
)
_UNKNOWN = re.compile(r"(?<!\S)!([^\s@#!~,;、。\0]{1,20})")
_HOURS = r"(?:个?半?小时|个?半?钟头|hours?|hrs?|h)"
_AMOUNT = rf"(\d{{1,4}}(?:\.\d{{1,2}})?|{NUMBER}|半)"
_ESTIMATE = re.compile(
    rf"~\s?{_AMOUNT}\s?({_HOURS}|分钟|minutes?|mins?|m)?{_END}|(?<![\w.]){_AMOUNT}\s?({_HOURS}|分钟|minutes?|mins?){_END}"
    rf"|(?<=[\u4e00-\u9fff])(\d{{1,4}}(?:\.\d{{1,2}})?)\s?({_HOURS}){_END}"
)


@dataclass(frozen=True)
class PriorityMark:
    """How important and urgent, or that the phase does not end without it."""

    start: int
    end: int
    important: bool = False
    urgent: bool = False
    must_have: bool = False
    is_known: bool = True


@dataclass(frozen=True)
class EstimateMark:
    """Hours of work, to a tenth."""

    start: int
    end: int
    hours: Decimal


def priorities(plain: str) -> Iterator[PriorityMark]:
    """Every priority, from left to right, and words behind ! that are none."""
    known: list[tuple[int, int]] = []
    for match in _PRIORITY.finditer(plain):
        if match[4] and match.start() and not (plain[match.start() - 1].isspace() or plain[match.start() - 1] in "@#~"):
            continue
        word = match[1] or match[2] or match[3] or "!"
        known.append(match.span())
        if word in _MUST:
            yield PriorityMark(*match.span(), must_have=True)
        else:
            important, urgent = _QUADRANTS.get(word) or _WORDS[word]
            yield PriorityMark(*match.span(), important, urgent)
    for match in _UNKNOWN.finditer(plain):
        if not any(start <= match.start() < end for start, end in known):
            yield PriorityMark(*match.span(), is_known=False)


def estimates(plain: str) -> Iterator[EstimateMark]:
    """Every amount of work, from left to right."""
    for match in _ESTIMATE.finditer(plain):
        amount = match[1] or match[3] or match[5]
        unit = match[2] or match[4] or match[6] or "h"
        hours = _hours(amount, unit)
        if hours is not None:
            yield EstimateMark(match.start(), match.end(), hours)


def _hours(amount: str, unit: str) -> Decimal | None:
    value = Decimal("0.5") if amount == "半" else _decimal(amount)
    if value is None:
        return None
    if "半" in unit:
        value += Decimal("0.5")
    hours = value / 60 if unit.startswith(("分", "m")) else value
    return hours.quantize(Decimal("0.1"))


def _decimal(text: str) -> Decimal | None:
    if text.isascii():
        return Decimal(text)
    value = number(text)
    return None if value is None else Decimal(value)
