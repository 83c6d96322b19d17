"""Templates stand in their slice's folder, compile, and hold nothing that the content policy refuses."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.architecture.house import ROOT, slices

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
_INLINE = re.compile(r"<style\b|<script\b(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", re.IGNORECASE)
_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)


def test_every_template_stands_at_the_top_or_in_a_slices_folder() -> None:
    # Mails are no pages: several slices may send one form of letter. Of parts every page is made.
    places = {("mail",), ("parts",), *(tuple(module.split(".")) for module in slices())}
    parts = [path.relative_to(ROOT / "templates").parts for path in TEMPLATES]
    assert [where for where in parts if len(where) != 1 and not {where[:1], where[:2]} & places] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_compiles_and_holds_no_inline_script_or_style(path: Path) -> None:
    engines["django"].get_template(str(path.relative_to(ROOT / "templates")))
    assert not _INLINE.findall(_COMMENT.sub("", path.read_text()))
