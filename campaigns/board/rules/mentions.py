"""Who is named with @ in a comment."""

import re
from collections.abc import Iterable

# The second one is what a Chinese keyboard types.
_AT = re.compile("[@\uff20]")


def mentioned(body: str, people: Iterable[tuple[int, str]]) -> frozenset[int]:
    """The user ids named with @; the longest name wins, and two people of one name are both meant."""
    names = sorted({(name.lower(), user_id) for user_id, name in people if name}, key=lambda each: -len(each[0]))
    text = body.lower()
    found: set[int] = set()
    for match in _AT.finditer(text):
        longest = next((name for name, _ in names if _stands_at(text, match.end(), name)), None)
        found |= {user_id for name, user_id in names if name == longest}
    return frozenset(found)


def _stands_at(text: str, start: int, name: str) -> bool:
    if not text.startswith(name, start):
        return False
    after = text[start + len(name) : start + len(name) + 1]
    # @Ann is not meant by @Anna; Chinese names stand without a space before the next word.
    return not (_is_latin(name[-1]) and _is_latin(after))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
