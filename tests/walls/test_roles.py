"""Inside a team: nobody makes more of themselves, and a body sets nothing but what its form offers (B1 to B9).

B1 and B6 are the matrix itself.
"""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from staff.people.models import Membership
from tests.walls.cells import SAFE, Stage, address_of, judge, sent_by
from tests.walls.matrix import MORE, ROWS
from tests.walls.matrix.shapes import OK, Row, Shape
from tests.walls.world import undone

CALLS = [(row, method, shape) for row in (*ROWS, *MORE) for method, shape in row.methods.items() if method not in SAFE]
every_change = pytest.mark.parametrize(
    ("row", "method", "shape"), CALLS, ids=[f"{method}-{row.name}" for row, method, _ in CALLS]
)
pytestmark = pytest.mark.django_db

# What no body may set, with values that would be found again. The people and teams named are the other team's.
PROTECTED: dict[str, Any] = {
    "id": 987_654_321,
    "pk": 987_654_321,
    "team_id": "team",
    "team": "team",
    "campaign_id": "campaign",
    "campaign": "campaign",
    "created_by_id": "manager",
    "created_by": "manager",
    "owner": "manager",
    "done_by_id": "manager",
    "confirmed_by_id": "manager",
    "recipient_id": "manager",
    "author_id": "manager",
    "actor_id": "manager",
    "user": "manager",
    "is_staff": True,
    "is_superuser": True,
    "epoch": 4242,
    "board_version": 4242,
    "position": 4242,
    "due_changes": 4242,
    "sent_at": "2001-02-03T04:05:06Z",
    "created_at": "2001-02-03T04:05:06Z",
    "done_at": "2001-02-03T04:05:06Z",
    "confirmed_at": "2001-02-03T04:05:06Z",
    "read_at": "2001-02-03T04:05:06Z",
    "last_used_at": "2001-02-03T04:05:06Z",
    "status_reason": "eingeschmuggelt",
    "password_hash": "eingeschmuggelt",
    "digest": "eingeschmuggelt",
    "__class__": "eingeschmuggelt",
}
COLUMNS_OF_PEOPLE = ("created_by_id", "done_by_id", "confirmed_by_id", "recipient_id", "author_id", "actor_id")


def rows_of(table: str) -> set[tuple[tuple[str, str], ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
        names = [column[0] for column in cursor.description]
        return {tuple(zip(names, map(repr, row), strict=True)) for row in cursor.fetchall()}


def smuggled(row: dict[str, str], foreign: dict[str, int]) -> list[str]:
    """The columns of a new or changed row that hold what was smuggled in."""
    marks = ("987654321", "2001-02-03", "2001, 2, 3", "eingeschmuggelt")
    # The number as a whole: it may also stand in a moment's microseconds.
    found = [name for name, value in row.items() if any(mark in value for mark in marks) or value in {"4242", "4242.0"}]
    found += [name for name in ("is_staff", "is_superuser") if row.get(name) in {"1", "True"}]
    found += [name for name in COLUMNS_OF_PEOPLE if row.get(name) == repr(foreign["manager"])]
    found += [name for name in ("team_id", "campaign_id") if row.get(name) == repr(foreign[name.removesuffix("_id")])]
    return found


@every_change
def test_protected_fields_in_a_body_set_nothing(stage: Stage, row: Row, method: str, shape: Shape) -> None:
    """B4, B5: over the API refused by name, in a form ignored; in no row is one of the values found again."""
    world = stage.world
    actor = next((name for name, status in shape.statuses.items() if status == OK), "manager")
    extra = {name: world.foreign.get(value, value) for name, value in PROTECTED.items() if name not in shape.body}
    sent = sent_by(row, method, replace(shape, body={**shape.body, **extra}), world)
    seen: list[str] = []
    with undone():
        before = {table: rows_of(table) for table in connection.introspection.table_names()}
        # Asked once to learn which tables are written, once more to look at them.
        answer = stage.ask(actor, method, address_of(row, world), **sent)
        if row.is_api:
            assert answer.response.status_code == 400 or not shape.body, answer.response.content[:300]
        getattr(stage.client, method.lower())(address_of(row, world), **sent)
        for table in answer.changed:
            for new in rows_of(table) - before[table]:
                seen += [f"{table}.{name}" for name in smuggled(dict(new), world.foreign)]
    judge([f"{method} {row.name} wrote what was smuggled in: {name}" for name in sorted(set(seen))])


PLACE = {"level": "manager", "roles": ["lead"], "capacity_hours": "6", "version": "1"}


@pytest.mark.parametrize("actor", ["viewer", "owner", "other", "outsider"])
@pytest.mark.parametrize("whom", ["viewer", "owner", "other", "manager"])
def test_nobody_but_a_manager_changes_a_place(stage: Stage, actor: str, whom: str) -> None:
    """B2: not one's own either."""
    world = stage.world
    address = reverse("staff:change_place", args=[world["team"], world[whom]])
    answer = stage.ask(actor, "POST", address, data=PLACE)
    assert answer.response.status_code == (404 if actor == "outsider" else 403)
    assert not answer.changed


def test_the_last_manager_cannot_step_down(stage: Stage) -> None:
    """B3."""
    world = stage.world
    address = reverse("staff:change_place", args=[world["team"], world["manager"]])
    for level in ("member", "viewer"):
        answer = stage.ask("manager", "POST", address, data=PLACE | {"level": level})
        assert (answer.response.status_code, answer.changed) == (409, frozenset())


def test_a_manager_elsewhere_is_nobody_here(stage: Stage) -> None:
    """A12: a manager of another team who only looks on in ours stays one who looks on."""
    world = stage.world
    with undone():
        Membership.objects.create(team=world.cast.team, user=world.users["outsider"], level="viewer")
        for name, data in (("cancel_task", {"reason": "x"}), ("assign_task", {"owner_id": world["other"]})):
            address = reverse(f"campaigns:{name}", args=[world["task"]])
            assert stage.ask("outsider", "POST", address, data=data).response.status_code == 403


@pytest.mark.parametrize(
    ("name", "which", "data"),
    [
        ("complete_task", "listed", {}),
        ("complete_task", "blocked", {}),
        ("complete_task", "waiting", {}),
        ("move_task", "listed", {"status": "done"}),
        ("move_task", "blocked", {"status": "in_review"}),
        ("move_task", "task", {"status": "__class__"}),
        ("confirm_gate", "task", {}),
        ("reopen_task", "task", {}),
    ],
)
def test_no_state_is_skipped(stage: Stage, name: str, which: str, data: dict[str, str]) -> None:
    """B7, B8: open checks, open predecessors, a state that does not lead there, a state that is none."""
    address = reverse(f"campaigns:{name}", args=[stage.world[which]])
    answer = stage.ask("manager", "POST", address, data=data)
    assert (answer.response.status_code, answer.changed) == (409, frozenset())


@pytest.mark.parametrize("to", ["wrap_up", "review", "closed", "prep", "__class__"])
def test_no_phase_is_skipped(stage: Stage, to: str) -> None:
    """B8, over both doors, with a reason or without."""
    page = reverse("campaigns:advance_phase", args=[stage.world["campaign"]])
    api = reverse("api:advance_phase", args=[stage.world["campaign"]])
    for reason in ("", "先走"):
        body = {"to": to, "override_reason": reason}
        for address, kind in ((page, {}), (api, {"content_type": "application/json"})):
            answer = stage.ask("manager", "POST", address, data=body, **kind)
            assert 400 <= answer.response.status_code < 500
            assert not answer.changed


def test_days_that_were_not_on_the_page_are_no_way_to_other_rows(stage: Stage) -> None:
    """B9: the one form with many rows takes days, never ids."""
    address = reverse("campaigns:set_visitors", args=[stage.world["campaign"]])
    for name in ("day-1", "day-2026-13-01", "day-0001-01-01", "day-2026-11-11-id", "form-0-id", "form-TOTAL_FORMS"):
        answer = stage.ask("owner", "POST", address, data={name: "1", "form-0-DELETE": "on"})
        assert answer.response.status_code < 500
        assert not answer.changed
