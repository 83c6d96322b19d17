"""Every sentence that code says can be found by the catalogue."""

import ast

import pytest

from tests.architecture.house import ROOT

# `planner.serve` speaks to a console, in one language.
MODULES = sorted(
    path
    for package in ("planner", "staff", "campaigns")
    for path in (ROOT / package).rglob("*.py")
    if "serve" not in path.parts
)


def hidden(source: str) -> list[int]:
    """The lines on which `say` gets something else than a literal sentence."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    said = (node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "say")
    return [
        node.lineno
        for node in said
        if not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
    ]


def test_what_is_said_is_written_where_it_is_said() -> None:
    assert {path.relative_to(ROOT): lines for path in MODULES if (lines := hidden(path.read_text()))} == {}


@pytest.mark.parametrize("source", ["say(text)", "say(REASONS[kind], code=1)", 'say(f"{name} is late")', "say()"])
def test_a_sentence_out_of_sight_is_found(source: str) -> None:
    assert hidden(source) == [1]
