"""Sentences that plain rules can say and the edge can translate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category


@dataclass(frozen=True)
class Said:
    """An English sentence with its parameters; the edge translates the sentence, then fills it in."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


def say(text: str, **params: Any) -> Said:
    """A translatable sentence; `text` is a message id with %(name)s places."""
    return Said(text, params)


# They hold scripts and emoji together.
_JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """The text as one line, without blanks around it and without signs that show nothing or turn others around."""
    flat = " ".join(text.replace("\t", " ").splitlines())
    shown = "".join(sign for sign in flat if sign in _JOINERS or category(sign) not in {"Cc", "Cf"})
    return shown.strip(f" \u3000{_JOINERS}")
