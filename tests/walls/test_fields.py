"""P15: every field that a form or an In serializer takes is named and classified; a new one fails until it is."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.forms import Form
from django.urls import get_resolver

from planner.web.api.fields import In, Out
from planner.web.api.paging import PageQuery
from tests.walls.cells import judge
from tests.walls.fields import KINDS, NEVER_SHOWN, NEVER_TAKEN, ROW, SHOWN_TO_FEW, TAKEN, TAKEN_BY_FEW
from tests.walls.matrix import MORE, ROWS
from tests.walls.matrix.shapes import At


def below(shape: type[Any]) -> Iterator[type[Any]]:
    """Every shape of ours that stands on this one."""
    for each in shape.__subclasses__():
        yield from below(each)
        if each.__module__.split(".")[0] in {"planner", "staff", "campaigns"}:
            yield each


def fields_of(shape: type[Any]) -> list[str]:
    return list(shape.base_fields if issubclass(shape, Form) else shape._declared_fields)


def name_of(shape: type[Any]) -> str:
    return f"{shape.__module__}.{shape.__name__}"


@pytest.fixture(scope="module", autouse=True)
def everything_loaded() -> None:
    """The URLconf stands on every form and every serializer."""
    assert get_resolver().url_patterns


def taken() -> dict[str, list[str]]:
    return {name_of(shape): fields_of(shape) for base in (Form, In) for shape in below(base) if fields_of(shape)}


def test_every_field_that_is_taken_is_in_the_table() -> None:
    wrong = [
        f'In tests/walls/fields.py: "{name}": "{" ".join(fields)}",'
        for name, fields in sorted(taken().items())
        if TAKEN.get(name, "").split() != fields
    ]
    judge(wrong)


def test_the_table_has_no_shapes_that_are_no_more() -> None:
    judge(f"In tests/walls/fields.py, but gone: {name}" for name in sorted(TAKEN) if name not in taken())


def test_every_field_has_a_kind() -> None:
    names = {field for fields in taken().values() for field in fields}
    judge(f"Say in KINDS of tests/walls/fields.py what {name} is" for name in sorted(names - set(KINDS)))
    judge(f"In KINDS, but taken nowhere: {name}" for name in sorted(set(KINDS) - names))


def test_nothing_takes_what_only_verbs_write() -> None:
    """A query may name what it looks for: it writes nothing."""
    judge(
        f"{name_of(shape)} takes {field}"
        for base in (Form, In)
        for shape in below(base)
        for field in fields_of(shape)
        if (field in NEVER_TAKEN or field.startswith("_"))
        and not issubclass(shape, PageQuery)
        and field not in TAKEN_BY_FEW.get(name_of(shape), "").split()
    )


def ids_sent(value: Any, name: str = "") -> Iterator[str]:
    """The names under which the tables send ids of rows."""
    if isinstance(value, At):
        yield name
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ids_sent(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from ids_sent(each, name)


def test_every_id_that_is_taken_is_sent_by_the_tables() -> None:
    """So that each is tried with the other team's as well: a body's in A3, a filter's by what the schema says."""
    shapes = [shape for row in (*ROWS, *MORE) for shape in row.methods.values()]
    sent = {name for shape in shapes for part in (shape.body, shape.query) for name in ids_sent(dict(part))}
    rows = {name for name, kind in KINDS.items() if kind == ROW}
    judge(f"Send {name} in a row of tests/walls/matrix, with at(…)" for name in sorted(rows - sent))


def test_nothing_shows_what_is_nobodys_to_see() -> None:
    wrong = []
    for shape in below(Out):
        shown = set(fields_of(shape))
        allowed = set(SHOWN_TO_FEW.get(name_of(shape), "").split())
        wrong += [f"{name_of(shape)} shows {field}" for field in shown & NEVER_SHOWN - allowed]
    judge(wrong)
