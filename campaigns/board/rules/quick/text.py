"""A line as a reader sees it: full-width and upper-case letters made plain, protected words left out."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# What stands in the plain text for a letter that is protected: nothing matches it.
HIDDEN = "\0"
_DASHES = dict.fromkeys(map(ord, "—–−﹣"), "-")
_PAIRS = {"“": "”", "「": "」", "『": "』", "《": "》", "【": "】"}
_WORD = re.compile(r"\S+")
SEPARATORS = ",;、"
Span = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """A line and its plain twin of the same length; `dropped` are the quotes and backslashes that only protect."""

    text: str
    plain: str
    dropped: frozenset[int]

    def without(self, taken: Sequence[Span]) -> str:
        """The text outside these spans, with one space where there were several."""
        gone = set(self.dropped)
        for start, end in taken:
            gone.update(range(start, self._past_separator(end)))
        kept: list[str] = []
        for index, letter in enumerate(self.text):
            if index not in gone:
                kept.append(letter if letter.isprintable() else " ")
            elif index - 1 not in gone and index not in self.dropped and _parts_words(self.text, index, gone):
                kept.append(" ")
        text = " ".join("".join(kept).split())
        # What parted the title from words that are read parts nothing any more.
        return text.strip(" ,;、，；") if taken else text

    def _past_separator(self, end: int) -> int:
        """Behind the comma that parted the span from the next words; a comma inside a sentence stays."""
        index = end
        while index < len(self.plain) and self.plain[index] == " ":
            index += 1
        return index + 1 if index < len(self.plain) and self.plain[index] in SEPARATORS else end

    def replaced(self, start: int, end: int, text: str) -> str:
        """The line with other text in one place, parted from its neighbours by a space."""
        before, after = self.text[:start].rstrip(), self.text[end:].lstrip()
        return " ".join(part for part in (before, text, after) if part)


def _parts_words(text: str, start: int, gone: set[int]) -> bool:
    """True where two Latin words would run into one when what stands between them is taken away."""
    end = start
    while end in gone:
        end += 1
    before, after = text[start - 1 : start], text[end : end + 1]
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def read_line(text: str) -> Line:
    """The line with its plain twin; quotes and a backslash hide what they protect."""
    plain = [_plain(letter) for letter in text]
    dropped: set[int] = set()
    index = 0
    while index < len(plain):
        # A name in quotes is read as a name.
        is_name = index > 0 and plain[index - 1] in "@#"
        if plain[index] == "\\":
            index = _hide_word(plain, dropped, index)
        elif plain[index] == '"' and not is_name:
            index = _hide_quoted(plain, dropped, index, '"')
        elif plain[index] in _PAIRS and not is_name:
            index = _hide_quoted(plain, None, index, _PAIRS[plain[index]])
        elif is_name and plain[index] in {'"', *_PAIRS}:
            close = _index(plain, _PAIRS.get(plain[index], '"'), index + 1)
            index = max(close, index) + 1
        else:
            index += 1
    return Line(text, "".join(plain), frozenset(dropped))


def _plain(letter: str) -> str:
    made = unicodedata.normalize("NFKC", letter).translate(_DASHES).lower()
    made = made if len(made) == 1 else letter
    return made if made.isprintable() else " "


def _hide_word(plain: list[str], dropped: set[int], index: int) -> int:
    dropped.add(index)
    word = _WORD.match("".join(plain), index + 1)
    end = word.end() if word else index + 1
    plain[index:end] = [HIDDEN] * (end - index)
    return end


def _hide_quoted(plain: list[str], dropped: set[int] | None, index: int, closing: str) -> int:
    close = _index(plain, closing, index + 1)
    if close < 0:
        return index + 1
    if dropped is not None:
        dropped |= {index, close}
    plain[index : close + 1] = [HIDDEN] * (close + 1 - index)
    return close + 1


def _index(plain: list[str], letter: str, start: int) -> int:
    try:
        return plain.index(letter, start)
    except ValueError:
        return -1
