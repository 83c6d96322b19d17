"""The catalogue of messages, in pure Python: `python -m planner.messages extract | compile | check`.

English sentences stand in the sources; locale/zh_Hans holds their translations, one entry per sentence, sorted, without
dates or line numbers, so that two people's changes meet only where they mean the same sentence.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
LANGUAGE = "zh_Hans"
PYTHON = ("planner", "staff", "campaigns")
TEMPLATES = ROOT / "templates"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "say": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
_PLACE = re.compile(r"%\((\w+)\)[sd]|%%")

# (singular, plural or None, context or None): what makes two messages the same.
Key = tuple[str, str | None, str | None]


def po_file() -> Path:
    """The catalogue's text."""
    return LOCALE / LANGUAGE / "LC_MESSAGES" / "django.po"


def said_in_python(source: bytes) -> Iterator[Key]:
    """Messages of one Python file."""
    for _line, text, _comments, context in extract(
        "python", BytesIO(source), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        singular, plural = text if isinstance(text, tuple) else (text, None)
        yield singular, plural, context


def said_in_template(source: str) -> Iterator[Key]:
    """Messages of one Django template: trans, translate, blocktrans, blocktranslate and _("…")."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.BLOCK and (inline := inline_re.match(token.contents)):
            yield _unquoted(inline[1]), None, _context(inline)
        elif token.token_type == TokenType.BLOCK and (block := block_re.match(token.contents)):
            yield _block(tokens, trimmed="trimmed" in token.split_contents(), context=_context(block))
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            yield from ((_unquoted(text), None, None) for text in constant_re.findall(token.contents))


def _block(tokens: Iterator[Token], *, trimmed: bool, context: str | None) -> Key:
    forms: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            if endblock_re.match(token.contents):
                break
            if plural_re.match(token.contents):
                forms.append([])
                continue
            raise SystemExit(f"a blocktrans holds a tag: {{% {token.contents} %}}")
        if token.token_type == TokenType.VAR:
            forms[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.TEXT:
            forms[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(form) for form in forms]
    texts = [trim_whitespace(text) for text in texts] if trimmed else texts
    return texts[0], texts[1] if len(texts) > 1 else None, context


def _context(found: re.Match[str]) -> str | None:
    quoted = re.search(r"""context\s+(["'])(.*?)\1""", found[0])
    return quoted[2] if quoted else None


def _unquoted(text: str) -> str:
    # Templates double their per cent signs before they look a sentence up.
    return text[1:-1].replace("%", "%%")


def said_in_sources() -> dict[Key, str]:
    """Every message of the product, with one file that says it."""
    found: dict[Key, str] = {}
    for package in PYTHON:
        for path in sorted((ROOT / package).rglob("*.py")):
            _note(found, path, said_in_python(path.read_bytes()))
    for path in sorted(TEMPLATES.rglob("*.html")) + sorted(TEMPLATES.rglob("*.txt")):
        _note(found, path, said_in_template(path.read_text()))
    return found


def _note(found: dict[Key, str], path: Path, messages: Iterable[Key]) -> None:
    for key in messages:
        if key[0].strip():
            found.setdefault(key, str(path.relative_to(ROOT)))


def catalogue() -> Catalog:
    """The translations as they stand; empty before the first extraction."""
    if not po_file().exists():
        return Catalog(locale=LANGUAGE)
    with po_file().open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def extract_messages() -> None:
    """Brings the catalogue to the sources: new sentences come in empty, gone ones leave, translations stay."""
    old, new = catalogue(), Catalog(locale=LANGUAGE)
    for singular, plural, context in said_in_sources():
        texts = _translations(old.get(singular, context))
        new.add((singular, plural) if plural else singular, texts[:1] if plural else texts[0], context=context)
    written = BytesIO()
    write_po(written, new, no_location=True, omit_header=True, sort_output=True, width=110)
    po_file().parent.mkdir(parents=True, exist_ok=True)
    # The format flags are guesses about the sentence; the check below compares the places themselves.
    body = re.sub(r"^#,.*\n", "", written.getvalue().decode(), flags=re.MULTILINE)
    po_file().write_text(HEADER + body.strip() + "\n")


def _translations(message: Message | None) -> tuple[str, ...]:
    string = message.string if message else ""
    return tuple(text or "" for text in string) if isinstance(string, list | tuple) else (string or "",)


def compile_stale() -> None:
    """Writes the compiled catalogue where it is older than its text; a reader never sees half of it."""
    for text in LOCALE.glob("*/LC_MESSAGES/django.po"):
        compiled = text.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= text.stat().st_mtime:
            continue
        with text.open("rb") as file:
            catalog = read_po(file, locale=text.parent.parent.name)
        fresh = compiled.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.replace(compiled)


def faults() -> list[str]:
    """What keeps the catalogue from being complete: missing, empty or doubtful translations, and leftovers."""
    catalog, said = catalogue(), said_in_sources()
    wanted = {(singular, context) for singular, _plural, context in said}
    found = [
        f"{where}: {fault}: {key[0]!r}"
        for key, where in said.items()
        if (fault := _fault(catalog.get(key[0], key[2]), key))
    ]
    for message in catalog:
        singular = message.id[0] if isinstance(message.id, tuple) else message.id
        if singular and (singular, message.context) not in wanted:
            found.append(f"nobody says it any more: {singular!r}")
    return found


def _fault(message: Message | None, key: Key) -> str:
    if message is None:
        return "not in the catalogue"
    texts = _translations(message)
    if not all(text.strip() for text in texts):
        return "not translated"
    if message.fuzzy:
        return "doubtful"
    # A plural sentence may leave its number out in one form, so the fuller form counts.
    wanted = _places(key[1] or key[0])
    if any(_places(text) != wanted for text in texts):
        return "other places than in the sentence"
    return ""


def _places(text: str) -> set[str]:
    return {found[1] for found in _PLACE.finditer(text) if found[1]}


def main(arguments: list[str]) -> int:
    """Runs one of the three commands; `check` is non-zero while anything is missing."""
    if arguments == ["extract"]:
        extract_messages()
    elif arguments == ["compile"]:
        compile_stale()
    elif arguments == ["check"]:
        found = faults()
        print("\n".join([*found, f"{len(found)} faults in the catalogue"]))  # noqa: T201
        return bool(found)
    else:
        print("usage: python -m planner.messages extract | compile | check")  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
