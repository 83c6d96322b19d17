"""What a search asks for, what is found by it, and in which order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

# What is read of a text; nobody types more to find something.
TEXT_LENGTH = 100
MOST_WORDS = 6
_NUMBER = re.compile(r"#?([0-9]{1,18})$", re.ASCII)
# 全角: what a Chinese keyboard makes of letters, digits and #.
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum() or wide == 0xFF03}


class Tier(IntEnum):
    """How a word matches, best first."""

    EXACT = 0
    PREFIX = 1
    INSIDE = 2
    PINYIN = 3
    INITIALS = 4
    WITHIN = 5
    # What stands beside the name: another language, whose it is, its number without the #.
    BESIDE = 6
    # Only where it belongs: alone it finds nothing.
    PLACE = 7


@dataclass(frozen=True)
class Asked:
    """A text as it is looked for: every word has to match."""

    text: str
    words: tuple[str, ...]
    # True when more was typed than is read.
    is_cut: bool

    def __bool__(self) -> bool:
        return bool(self.words)


def read(text: str) -> Asked:
    """The words of a text in small letters; full-width letters count as plain ones, ' only parts syllables."""
    shown = " ".join(text.replace("\x00", " ").split())
    words = shown[:TEXT_LENGTH].translate(_WIDE).lower().replace("'", "").split()
    kept = tuple(dict.fromkeys(words))[:MOST_WORDS]
    return Asked(shown[:TEXT_LENGTH], kept, is_cut=len(shown) > TEXT_LENGTH or len(set(words)) > MOST_WORDS)


def number_of(word: str) -> int | None:
    """The id that a word may mean: 123 or #123."""
    found = _NUMBER.match(word)
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Named:
    """What a thing is found by; `pinyin` as `planner.core.pinyin` writes it."""

    title: str
    pinyin: str = ""
    code: str = ""
    number: int | None = None
    beside: tuple[str, ...] = ()
    place: tuple[str, ...] = ()


def tier(word: str, named: Named) -> Tier | None:
    """How well one word matches; None when it does not."""
    title, code = named.title.lower(), named.code.lower()
    is_number = named.number is not None and number_of(word) == named.number
    matches = (
        (Tier.EXACT, word in {title, code} or (is_number and word.startswith("#"))),
        (Tier.PREFIX, title.startswith(word) or code.startswith(word)),
        (Tier.INSIDE, word in title),
        (Tier.PINYIN, named.pinyin.startswith(word)),
        (Tier.INITIALS, f" {word}" in named.pinyin),
        (Tier.WITHIN, word in named.pinyin),
        (Tier.BESIDE, is_number or any(word in text.lower() for text in named.beside)),
        (Tier.PLACE, any(word in text.lower() for text in named.place)),
    )
    return next((tier for tier, is_so in matches if is_so), None)


def rank(words: Sequence[str], named: Named) -> int | None:
    """How well all words match, 0 the best; None when one of them does not, or when all only name its place."""
    tiers = [tier(word, named) for word in words]
    found = [each for each in tiers if each is not None]
    if len(found) < len(tiers) or all(each is Tier.PLACE for each in found):
        return None
    return sum(found)


@dataclass(frozen=True)
class Piece:
    """A part of a shown text; `is_hit` where it is what was looked for."""

    text: str
    is_hit: bool


def pieces(title: str, pinyin: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The title cut where the words stand in it, by their letters or by the initials of its characters."""
    lower, initials, hit = title.lower(), _initials(title, pinyin), [False] * len(title)
    # Some letters become two when they are made small: then nothing is marked.
    for word in words if len(lower) == len(title) else ():
        for start in [*_places(lower, word)] or _places(initials, word):
            hit[start : start + len(word)] = [True] * len(word)
    return tuple(_cut(title, hit))


def _initials(title: str, pinyin: str) -> str:
    """The initials half of the pinyin, when it has one letter for each character of the title."""
    parts = pinyin.split(" ")
    half = " ".join(parts[len(parts) // 2 :])
    return half if len(half) == len(title) else ""


def _places(text: str, word: str) -> Iterator[int]:
    start = text.find(word) if word else -1
    while start >= 0:
        yield start
        start = text.find(word, start + len(word))


def _cut(title: str, hit: Sequence[bool]) -> Iterator[Piece]:
    start = 0
    for end in range(1, len(title) + 1):
        if end == len(title) or hit[end] != hit[start]:
            yield Piece(title[start:end], hit[start])
            start = end
