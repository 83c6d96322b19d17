"""Said sentences in the reader's language."""

from django.utils.translation import gettext

from planner.core.words import Said


def translate(said: Said) -> str:
    """The sentence in the active language with its parameters filled in, nested sentences included."""
    params = {name: translate(value) if isinstance(value, Said) else value for name, value in said.params.items()}
    text = gettext(said.text)
    return text % params if params else text
