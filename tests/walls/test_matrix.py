"""Every route × every method × seven actors: the statuses that the tables name, and nothing written by who may not."""

import re
from collections import Counter

import orjson
import pytest

from planner.web.api.schema import document
from tests.walls.cells import SAFE, Stage, address_of, fault, judge, sent_by
from tests.walls.matrix import MORE, ROWS
from tests.walls.matrix.shapes import ACTORS, Row
from tests.walls.routes import METHODS, found_routes

BY_NAME = {row.name: row for row in ROWS}
CELLS = [(row, method) for row in (*ROWS, *MORE) for method in METHODS if row.shape_of(method)]
API_CELLS = [(row, method) for row, method in CELLS if row.is_api]
each_cell = pytest.mark.parametrize(("row", "method"), CELLS, ids=[f"{method}-{row.name}" for row, method in CELLS])
each_api_cell = pytest.mark.parametrize(
    ("row", "method"), API_CELLS, ids=[f"{method}-{row.name}" for row, method in API_CELLS]
)
# Nobody's token opens anything for these.
OUT = frozenset({"gone", "stranger"})
pytestmark = pytest.mark.django_db


# --- the tables are whole -----------------------------------------------------------------------


def test_every_route_has_its_row() -> None:
    """A route that is in no table fails here: who may ask for it has to be said."""
    judge(
        [
            f"No row for /{found.pattern}: add to tests/walls/matrix/{found.place}.py "
            f'route("{found.name}", {dict.fromkeys(found.args, "…")}, GET=…, POST=…)'
            for found in found_routes()
            if found.name not in BY_NAME
        ]
    )


def test_every_row_has_its_route() -> None:
    names = {found.name for found in found_routes()}
    judge([f"No route for the row {row.name}: remove it" for row in (*ROWS, *MORE) if row.name not in names])
    counted = Counter(row.name for row in ROWS)
    judge([f"Two rows for {name}: the second goes into MORE" for name, times in counted.items() if times > 1])


def test_every_route_has_a_name_of_its_own() -> None:
    found = found_routes()
    counted = Counter(each.name for each in found)
    judge([f"/{each.pattern} needs a name" for each in found if not each.name or each.name.endswith(":")])
    judge([f"Several routes are named {name}" for name, times in counted.items() if times > 1])


def test_the_schema_and_the_tables_name_the_same_operations() -> None:
    patterns = {found.name: "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", found.pattern) for found in found_routes()}
    # The schema does not describe itself.
    rows = [row for row in ROWS if row.is_api and row.name != "api:schema"]
    ours = {(patterns[row.name], method) for row in rows for method in row.methods}
    paths = orjson.loads(document())["paths"]
    told = {(path, method.upper()) for path, methods in paths.items() for method in methods if method != "parameters"}
    judge([f"In the schema, in no table: {method} {path}" for path, method in sorted(told - ours)])
    judge([f"In the tables, not in the schema: {method} {path}" for path, method in sorted(ours - told)])


# --- and they are true --------------------------------------------------------------------------


@each_cell
def test_each_actor_gets_what_the_table_says(stage: Stage, row: Row, method: str) -> None:
    """B1."""
    judge([fault(stage, row, method, actor) for actor in ACTORS])


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_methods_that_no_table_names_are_not_allowed(stage: Stage, row: Row) -> None:
    others = [method for method in METHODS if not row.shape_of(method)]
    judge([fault(stage, row, method, actor) for method in others for actor in ACTORS])


@each_api_cell
def test_a_full_token_opens_what_its_person_may(stage: Stage, row: Row, method: str) -> None:
    """Where a session is needed it opens nothing, whoever holds it."""
    tokens = stage.world.writers
    due = 403 if row.only_sessions and method not in SAFE else None
    judge(
        [
            fault(stage, row, method, actor, token=tokens.get(actor, "plt_unknown"), due=401 if actor in OUT else due)
            for actor in ACTORS
        ]
    )


@each_api_cell
def test_a_token_that_may_only_read_changes_nothing(stage: Stage, row: Row, method: str) -> None:
    """B6."""
    tokens = stage.world.readers
    held = [actor for actor in ACTORS if actor not in OUT]
    due = None if method in SAFE or row.only_reads else 403
    judge([fault(stage, row, method, actor, token=tokens[actor], due=due) for actor in held])
    judge([fault(stage, row, method, "gone", token=tokens["gone"], due=401)])


@each_api_cell
def test_a_versioned_change_without_a_version_is_not_made(stage: Stage, row: Row, method: str) -> None:
    found = {each.name: "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each.pattern) for each in found_routes()}
    told = orjson.loads(document())["paths"].get(found[row.name], {}).get(method.lower(), {})
    if not any(each["name"] == "If-Match" for each in told.get("parameters", ())):
        return
    sent = sent_by(row, method, row.shape_of(method), stage.world) | {"headers": {}}
    answer = stage.ask("manager", method, address_of(row, stage.world), **sent)
    assert (answer.status, answer.changed) == (428, frozenset())


def test_a_hole_would_be_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the check of managers gone the matrix complains about the status, and about the write behind it."""
    row = BY_NAME["campaigns:close_routine"]
    assert not fault(stage, row, "POST", "other")
    monkeypatch.setattr("campaigns.phases.actions.check_may_change", lambda *_: None)
    assert fault(stage, row, "POST", "other").startswith("POST campaigns:close_routine as other: 302, not 403")
    told = fault(stage, row, "POST", "other", due=302)
    assert told.startswith("POST campaigns:close_routine as other: answered 302, but wrote ")
