"""Said sentences in the reader's language."""

from django.utils.translation import get_language, gettext

from planner.core.words import Said


def translate(said: Said) -> str:
    """The sentence in the active language with its parameters filled in, nested sentences included."""
    params = {name: translate(value) if isinstance(value, Said) else value for name, value in said.params.items()}
    text = gettext(said.text)
    return text % params if params else text


def in_language(chinese: str, english: str) -> str:
    """A text that is kept in both languages, in the reader's; Chinese where English is missing."""
    return english if english and (get_language() or "").startswith("en") else chinese
