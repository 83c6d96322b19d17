"""Every sentence of the product is found, translated, and keeps its places."""

from pathlib import Path

import pytest

from planner import messages

TEMPLATE = """{% trans "Hi" %}{% translate 'It "is"' as x %}{% trans "Open" context "menu" %}{% trans "5%" %}
{% blocktrans with n=a.b|length %}Has {{ n }} of 100%{% endblocktrans %}
{% blocktrans trimmed count n=x %}
  One {{ n }}
  thing
{% plural %}
  {{ n }} things
{% endblocktrans %}{{ _("shown") }}{% if x == _("asked") %}{% endif %}{{ task|label }}{# {% trans "no" %} #}"""
PYTHON = b"""
a = _("A"); b = say("B %(x)s" " and C", x=say("inner")); c = ngettext("one", "many", n)
d = pgettext("menu", "Open"); e = "not this"; f = say(name)
"""


def test_sentences_of_templates_are_found() -> None:
    assert list(messages.said_in_template(TEMPLATE)) == [
        ("Hi", None, None),
        ('It "is"', None, None),
        ("Open", None, "menu"),
        ("5%%", None, None),
        ("Has %(n)s of 100%%", None, None),
        ("One %(n)s thing", "%(n)s things", None),
        ("shown", None, None),
        ("asked", None, None),
    ]


def test_sentences_of_python_are_found() -> None:
    assert list(messages.said_in_python(PYTHON)) == [
        ("A", None, None),
        ("B %(x)s and C", None, None),
        ("inner", None, None),
        ("one", "many", None),
        ("Open", None, "menu"),
    ]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small product with one package and one template."""
    (tmp_path / "planner").mkdir()
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(messages, "TEMPLATES", tmp_path / "templates")
    return tmp_path


def _say(house: Path, *sentences: str) -> None:
    (house / "planner" / "words.py").write_text("\n".join(f"say({sentence!r})" for sentence in sentences))


def _translate(**translations: str) -> None:
    text = messages.po_file().read_text()
    for number, translation in translations.items():
        text = text.replace(f'{number}"\nmsgstr ""', f'{number}"\nmsgstr "{translation}"')
    messages.po_file().write_text(text)


def test_the_catalogue_follows_the_sources_and_keeps_translations(house: Path) -> None:
    _say(house, "b one", "a two")
    messages.extract_messages()
    _translate(one="壹")
    _say(house, "b one", "c three")
    messages.extract_messages()
    first = messages.po_file().read_text()
    assert [line for line in first.splitlines() if line.startswith("msg")][2:] == [
        'msgid "b one"',
        'msgstr "壹"',
        'msgid "c three"',
        'msgstr ""',
    ]
    messages.extract_messages()
    assert messages.po_file().read_text() == first
    assert not [word for word in ("http", "@", "Date", "#:") if word in first]


def test_each_fault_of_the_catalogue_is_named(house: Path) -> None:
    _say(house, "plain", "%(n)s of many", "kept empty", "gone")
    messages.extract_messages()
    _translate(plain="好", many="%(m)s 个", gone="走")
    _say(house, "plain", "%(n)s of many", "kept empty", "new")
    assert messages.faults() == [
        "planner/words.py: other places than in the sentence: '%(n)s of many'",
        "planner/words.py: not translated: 'kept empty'",
        "planner/words.py: not in the catalogue: 'new'",
        "nobody says it any more: 'gone'",
    ]


def test_the_catalogue_is_compiled_when_its_text_is_newer(house: Path) -> None:
    _say(house, "plain")
    messages.extract_messages()
    _translate(plain="好")
    messages.compile_stale()
    compiled = messages.po_file().with_suffix(".mo")
    written = compiled.stat().st_mtime_ns
    assert "好" in compiled.read_bytes().decode("utf-8", "ignore")
    messages.compile_stale()
    assert compiled.stat().st_mtime_ns == written
    assert [path.name for path in compiled.parent.iterdir() if path.suffix not in {".po", ".mo"}] == []


def test_every_sentence_of_the_product_is_translated() -> None:
    assert messages.faults() == []
