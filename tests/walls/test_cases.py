"""Each attack that we have thought of has a test that bears its label in the first words of its docstring: `D3: …`."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CASES = [
    *(f"A{n}" for n in range(1, 13)),  # between teams
    *(f"B{n}" for n in range(1, 10)),  # roles and fields
    *(f"C{n}" for n in range(1, 10)),  # accounts and sessions
    *(f"D{n}" for n in range(1, 10)),  # forged requests, redirects, headers
    *("E6", "E7"),  # names of files, HTML in names
    *("F3", "F4", "F5"),  # tables that come in and go out
    *(f"H{n}" for n in range(1, 10)),  # limits and what is disclosed
]
# A case without a test, and why; whoever builds what is missing takes it out of here.
WITHOUT = {
    "H7": "there is no calendar feed yet",
}
LABELS = re.compile(r"([A-H]\d{1,2}(?:, [A-H]\d{1,2})*)[:.]")


def labelled() -> dict[str, list[str]]:
    """Case → the tests that bear its label."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            labels = LABELS.match(ast.get_docstring(node) or "")
            for label in labels[1].split(", ") if labels else ():
                found[label].append(f"{path.relative_to(TESTS)}::{node.name}")
    return found


FOUND = labelled()


@pytest.mark.parametrize("case", [case for case in CASES if case not in WITHOUT])
def test_each_case_has_a_test(case: str) -> None:
    assert FOUND.get(case), f"no test's docstring begins with {case}"


def test_what_has_no_test_is_a_case_and_has_none() -> None:
    assert [case for case in WITHOUT if case not in CASES or FOUND.get(case)] == []


def test_no_label_is_of_a_case_that_is_none() -> None:
    assert {label: FOUND[label] for label in FOUND if label not in CASES} == {}
