"""People and campaigns by their names: whole, in part, in pinyin, by initials or by log-in name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from campaigns.board.rules.quick.facts import Named
from campaigns.board.rules.quick.text import HIDDEN, Line

NamedT = TypeVar("NamedT", bound=Named)
_TOKEN = re.compile(rf"[^\s@#!~,;、。{HIDDEN}\"“”「」『』《》【】()]{{1,60}}")
_CLOSING = {'"': '"', "“": "”", "「": "」", "『": "』", "《": "》", "【": "】"}
_ME = {"我", "自己", "me", "myself"}
_NOBODY = {"无", "无人", "没人", "待定", "nobody", "none"}
_PLAIN_NAME = re.compile(r"[^\s@#!~,;、。\\\"“”「」『』《》【】()（），；！＠＃～]+")


@dataclass(frozen=True)
class Mark(Generic[NamedT]):
    """A name behind @ or #: where it stands, what it says, and who or what that may be."""

    start: int
    end: int
    word: str
    found: tuple[NamedT, ...]
    is_me: bool = False
    is_nobody: bool = False


def marks(line: Line, sign: str, entries: Sequence[NamedT]) -> Iterator[Mark[NamedT]]:
    """Every name behind this sign, from left to right."""
    at = line.plain.find(sign)
    while at >= 0:
        mark = None if _is_inside_word(line.plain, at) else _mark_at(line, at, entries, is_person=sign == "@")
        if mark:
            yield mark
        at = line.plain.find(sign, mark.end if mark else at + 1)


def written(entry: Named, sign: str, entries: Sequence[Named]) -> str:
    """The exact name behind its sign, such as is read back as this one entry."""
    twins = [other for other in entries if other.name.lower() == entry.name.lower()]
    name = entry.login if len(twins) > 1 and entry.login else entry.name
    return f"{sign}{name}" if _PLAIN_NAME.fullmatch(name) else f'{sign}"{name}"'


def find(word: str, entries: Sequence[NamedT]) -> tuple[NamedT, ...]:
    """The entries that this word names, by the closest likeness that any of them has."""
    word = word.lower()
    letters = word.replace(" ", "")
    for fits in _LIKENESSES:
        found = tuple(entry for entry in entries if fits(entry, word, letters))
        if found:
            return found
    return ()


def _pinyin(entry: Named) -> tuple[str, str]:
    full, _, initials = entry.pinyin.partition(" ")
    return full, initials


def _is_whole(entry: Named, word: str, letters: str) -> bool:  # noqa: ARG001 - one shape for all
    return word in {entry.name.lower(), entry.login.lower()}


def _is_pinyin(entry: Named, word: str, letters: str) -> bool:  # noqa: ARG001
    return letters in _pinyin(entry)


def _is_part(entry: Named, word: str, letters: str) -> bool:
    name = entry.name.lower()
    return word in name or (len(letters) > 1 and letters in name.replace(" ", ""))


def _begins(entry: Named, word: str, letters: str) -> bool:
    full, initials = _pinyin(entry)
    return letters.isascii() and (
        full.startswith(letters) or initials.startswith(letters) or entry.login.lower().startswith(word)
    )


def _is_inside(entry: Named, word: str, letters: str) -> bool:  # noqa: ARG001
    return letters.isascii() and len(letters) > 1 and any(letters in each for each in _pinyin(entry))


_LIKENESSES: tuple[Callable[[Named, str, str], bool], ...] = (_is_whole, _is_pinyin, _is_part, _begins, _is_inside)


def _is_inside_word(plain: str, at: int) -> bool:
    """True in an address and in C#: Latin letters stand right before the sign."""
    before = plain[at - 1 : at] if at else ""
    return before.isascii() and (before.isalnum() or before in {"_", "&", "/"})


def _mark_at(line: Line, at: int, entries: Sequence[NamedT], *, is_person: bool) -> Mark[NamedT] | None:
    plain, begin = line.plain, at + 1
    closing = _CLOSING.get(plain[begin : begin + 1], "")
    close = plain.find(closing, begin + 1) if closing else -1
    if close > begin + 1:
        word = plain[begin + 1 : close]
        return Mark(at, close + 1, line.text[begin + 1 : close], find(word, entries))
    whole = max(
        (entry for entry in entries if _stands_at(plain, begin, entry.name)),
        key=lambda entry: len(entry.name),
        default=None,
    )
    if whole:
        end = begin + len(whole.name)
        return Mark(at, end, line.text[begin:end], find(plain[begin:end], entries))
    token = _TOKEN.match(plain, begin)
    if not token:
        return None
    word = token[0]
    for length in _lengths(word):
        part, end = word[:length], begin + length
        if is_person and part in _ME:
            return Mark(at, end, part, (), is_me=True)
        if is_person and part in _NOBODY:
            return Mark(at, end, part, (), is_nobody=True)
        if found := find(part, entries):
            return Mark(at, end, line.text[begin:end], found)
    return Mark(at, token.end(), line.text[begin : token.end()], ())


def _stands_at(plain: str, begin: int, name: str) -> bool:
    if not name or not plain.startswith(name.lower(), begin):
        return False
    after = plain[begin + len(name) : begin + len(name) + 1]
    # @Ann is not meant by @Anna, nor #双1 by #双11; Chinese names stand without a space before the next word.
    return not (_is_latin(name[-1:]) and _is_latin(after))


def _lengths(word: str) -> Iterator[int]:
    """The whole word, then what is left when words that stand without a space behind it are cut off."""
    yield len(word)
    for length in range(len(word) - 1, 0, -1):
        is_alias = word[:length] in _ME | _NOBODY
        if (length > 1 or is_alias) and not (_is_latin(word[length - 1]) and _is_latin(word[length])):
            yield length


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
