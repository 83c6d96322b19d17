"""No door opens for a forged form, none writes when it is only looked at, and every answer at every door is strict."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.walls.doors import Door, doors
from tests.walls.test_headers import FILE_POLICY, POLICY, check_private, check_private_file, check_strict
from tests.walls.world import World, make_world, undone

DOORS = doors()
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Signing in and out keeps sessions; that is no row of anybody's.
BESIDE = ("django_session",)
CALLS = [{}, {"HX-Request": "true"}, {"Accept": "application/json"}]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that would change a row of ours."""
    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE", "REPLACE"} and not any(
            table in sql for table in BESIDE
        ):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def ids(world: World) -> dict[str, Any]:
    """The names in addresses → ids of the world."""
    named = {f"{name}_id": value for name, value in world.ids.items()}
    return named | {
        "user_id": world.ids["other"],
        "delivery_id": world.ids["dead"],
        "edit_id": world.ids["bulk_edit"],
        "event_id": world.ids["change"],
        "secret": "no-such-secret",
    }


def known(door: Door, world: World) -> str:
    return door.address(ids(world))


def test_the_world_has_something_behind_every_door(world: World) -> None:
    unknown = {name for door in DOORS for name in door.names} - set(ids(world))
    # A token belongs to a person, not to a team: see the tests of tokens.
    assert unknown <= {"token_id"}


def test_no_unsafe_request_passes_without_a_token(world: World) -> None:
    """D1."""
    careful = Client(enforce_csrf_checks=True)
    stranger = Client(enforce_csrf_checks=True)
    careful.force_login(world.cast.manager)
    passed = []
    with undone(), written() as changes:
        for door in DOORS:
            for method in UNSAFE:
                for headers in CALLS[: 2 if method == "POST" else 1]:
                    answer = careful.generic(method, known(door, world), b"", headers=headers)
                    if answer.status_code != 403:
                        passed.append((door.name, method, answer.status_code))
                    check_strict(answer)
                    check_private(answer)
            asked = stranger.post(known(door, world), {}).status_code
            if asked not in ({401, 403} if door.pattern.startswith("api/") else {403}):
                passed.append((door.name, "stranger", asked))
    # What the API asks a schema of is only ever read.
    assert passed == []
    assert changes == []


def test_a_token_of_another_site_or_session_does_not_help(world: World) -> None:
    """D1, D7."""
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(world.cast.manager)
    path = f"/campaigns/{world['campaign']}/review/notes/"
    careful.get(f"/campaigns/{world['campaign']}/review/")
    token = careful.cookies["csrftoken"].value
    form = {"notes": "x", "version": "1"}
    forged = "a" * 64
    assert careful.post(path, {**form, "csrfmiddlewaretoken": forged}).status_code == 403
    away = {"Origin": "https://evil.example", "X-CSRFToken": token}
    assert careful.post(path, form, headers=away).status_code == 403
    assert careful.post(path, form, headers={"Origin": "null", "X-CSRFToken": token}).status_code == 403
    assert careful.post(path, form, headers={"X-CSRFToken": token}).status_code in {302, 409}


@pytest.mark.parametrize(
    ("who", "method"), [("manager", "GET"), ("manager", "HEAD"), ("viewer", "GET"), ("nobody", "GET")]
)
def test_looking_writes_nothing_and_is_answered_strictly(world: World, who: str, method: str) -> None:
    """D2, D6, D8."""
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(world.users[who])
    broken, wrote = [], []
    for door in DOORS:
        for headers in CALLS if (who, method) == ("manager", "GET") else CALLS[:1]:
            with written() as changes:
                answer = client.generic(method, known(door, world), headers=headers)
            if answer.status_code >= 500 and door.name != "campaigns:healthz":
                broken.append((door.name, answer.status_code))
            if changes:
                wrote.append((door.name, changes[0][:100]))
            is_file = door.name == "campaigns:evidence" and answer.status_code == 200
            if door.names != ("secret",):  # these say no Referer at all
                check_strict(answer, FILE_POLICY if is_file else POLICY)
            (check_private_file if is_file else check_private)(answer)
    assert broken == []
    assert wrote == []


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**100])
def test_no_number_in_an_address_breaks_a_door(world: World, number: int) -> None:
    """H1."""
    client = Client(raise_request_exception=False)
    client.force_login(world.cast.manager)
    odd = []
    for door in DOORS:
        if not [name for name in door.names if name.endswith("_id")]:
            continue
        for method, allowed in (("GET", {404, 405}), ("POST", {400, 404, 405, 409, 415, 428})):
            answer = client.generic(method, door.address({"secret": "x"}, number), b"{}", "application/json")
            if answer.status_code not in allowed:
                odd.append((door.name, method, answer.status_code))
    assert odd == []


TEXTS = ["a\ud800b", "\u0000", "x" * 100_000, "NaN", "9" * 400, "' OR 1=1 --"]


@pytest.mark.parametrize("text", TEXTS)
def test_no_query_breaks_a_page(world: World, text: str) -> None:
    """H1, H4."""
    client = Client(raise_request_exception=False)
    client.force_login(world.cast.manager)
    names = (
        "text role person phase show sort order page page_size limit cursor before after q team who verb since until"
    )
    asked = {name: text.encode("utf-8", "surrogatepass") for name in [*names.split(), "version", "id", "next", "tab"]}
    broken = []
    for door in DOORS:
        answer = client.get(known(door, world), asked)
        if answer.status_code >= 500 and door.name != "campaigns:healthz":
            broken.append((door.name, answer.status_code))
    assert broken == []
