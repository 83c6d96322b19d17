"""Between teams: what is another team's is not there, by whatever door one asks (A1 to A12).

The cases that any route could get wrong are asked of every row of the tables, so a new route is asked as well.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.urls import reverse

from planner.web.api.schema import document
from staff.people.models import Membership
from tests.walls.cells import SAFE, Stage, address_of, filled, judge, sent_by
from tests.walls.matrix import MORE, ROWS
from tests.walls.matrix.shapes import OK, At, Row, Shape
from tests.walls.world import FOREIGN_WORDS, OUR_WORDS, undone

NOBODYS = 987_654_321
HTMX = {"HX-Request": "true"}
CALLS = [(row, method, shape) for row in (*ROWS, *MORE) for method, shape in row.methods.items()]
IDS = [f"{method}-{row.name}" for row, method, _ in CALLS]
every_call = pytest.mark.parametrize(("row", "method", "shape"), CALLS, ids=IDS)
INSIDE = ("manager", "owner", "other", "viewer")
pytestmark = pytest.mark.django_db


def ids_of(row: Row) -> dict[str, At]:
    """The ids in the row's address; a secret is none."""
    return {key: at for key, at in row.args.items() if isinstance(at, At)}


def elsewhere(row: Row, side: str, *names: str) -> Row:
    """The row with these ids of its address taken from another side."""
    moved = {key: replace(at, side=side) for key, at in ids_of(row).items() if key in names}
    return replace(row, args={**row.args, **moved})


def best(shape: Shape) -> str:
    """Somebody of our team who may."""
    return next((actor for actor in INSIDE if shape.statuses[actor] == OK), "manager")


def ask(stage: Stage, row: Row, method: str, shape: Shape, actor: str) -> tuple[int, frozenset[str], HttpResponse]:
    answer = stage.ask(actor, method, address_of(row, stage.world), **sent_by(row, method, shape, stage.world))
    return answer.response.status_code, answer.changed, answer.response


# --- addresses ----------------------------------------------------------------------------------


@every_call
def test_a_foreign_address_is_not_there(stage: Stage, row: Row, method: str, shape: Shape) -> None:
    """A1, A12: who may do it at home, a manager above all, finds nothing at the other team's ids."""
    if not ids_of(row):
        return
    status, changed, _ = ask(stage, elsewhere(row, "foreign", *ids_of(row)), method, shape, best(shape))
    assert (status, changed) == (404, frozenset())


def differs(stage: Stage, at: At, side: str) -> bool:
    """True when the other side has such a row, and it is another one."""
    there = getattr(stage.world, side)
    return at.name in there and there[at.name] != at.id_in(stage.world)


@every_call
def test_a_child_is_found_only_through_its_own_parent(stage: Stage, row: Row, method: str, shape: Shape) -> None:
    """A2: each id of the address alone from the other team, then from our own other campaign."""
    if len(ids_of(row)) < 2:
        return
    wrong = []
    for name, at in ids_of(row).items():
        for side in ("foreign", "sibling"):
            others = [each for key, each in ids_of(row).items() if key != name]
            if not differs(stage, at, side) or not any(differs(stage, each, side) for each in others):
                continue
            status, changed, _ = ask(stage, elsewhere(row, side, name), method, shape, best(shape))
            if status != 404 or changed:
                wrong.append(f"{method} {row.name} with a {side} {name}: {status}, wrote {sorted(changed)}")
    judge(wrong)


def plain(response: HttpResponse) -> tuple[int, str, str]:
    """What a prober can compare: status, type, and the body without the tokens that differ at every load."""
    text = response.content.decode(errors="replace")
    text = re.sub(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"\w+"', "", text)
    text = re.sub(r"X-CSRFToken&quot;: ?&quot;\w+", "", text)
    return response.status_code, response.headers.get("Content-Type", ""), re.sub(r"\d+", "#", text)


@every_call
def test_not_yours_looks_like_not_there(stage: Stage, row: Row, method: str, shape: Shape) -> None:
    """A11: by every id of the address."""
    if not ids_of(row):
        return
    sent = sent_by(row, method, shape, stage.world)
    ours = {key: at(stage.world) for key, at in ids_of(row).items()}
    for key, at in ids_of(row).items():
        theirs = ours | {key: replace(at, side="foreign")(stage.world)}
        nobodys = ours | {key: NOBODYS}
        answers = [
            plain(stage.ask(best(shape), method, reverse(row.name, kwargs=ids), **sent).response)
            for ids in (theirs, nobodys)
        ]
        assert answers[0] == answers[1]


# --- bodies -------------------------------------------------------------------------------------


def swapped(value: Any, world: Any) -> Iterator[tuple[str, Any]]:
    """The body again and again, each time with one id in it of the other team."""
    if isinstance(value, At):
        yield value.name, replace(value, side="foreign")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ((f"{key} {name}", {**value, key: other}) for name, other in swapped(each, world))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            for name, other in swapped(each, world):
                yield name, [*value[:place], other, *value[place + 1 :]]
                yield f"{name} among ours", [*value, other]


@every_call
def test_a_foreign_id_in_a_body_is_refused_whole(stage: Stage, row: Row, method: str, shape: Shape) -> None:
    """A3, A4, A5: an owner, neighbour, predecessor, store, template, one of many … of the other team."""
    wrong = []
    for name, body in swapped(dict(shape.body), stage.world):
        status, changed, _ = ask(stage, row, method, replace(shape, body=body), best(shape))
        if not 400 <= status < 500 or changed:
            wrong.append(f"{method} {row.name} with a foreign {name}: {status}, wrote {sorted(changed)}")
    judge(wrong)


# --- what one gets to see -----------------------------------------------------------------------

PAGES = [(row, shape) for row, method, shape in CALLS if method == "GET"]
every_page = pytest.mark.parametrize(("row", "shape"), PAGES, ids=[row.name for row, _ in PAGES])


def words_in(response: HttpResponse, words: tuple[str, ...]) -> list[str]:
    text = response.content.decode(errors="replace")
    return [word for word in words if word in text]


@every_page
def test_nothing_shows_a_word_of_another_team(stage: Stage, row: Row, shape: Shape) -> None:
    """A6, A7, A8: pages, lists, files and the review."""
    wrong = []
    for actor in (*INSIDE, "outsider"):
        _, _, response = ask(stage, row, "GET", shape, actor)
        if found := words_in(response, OUR_WORDS if actor == "outsider" else FOREIGN_WORDS):
            wrong.append(f"{row.name} shows {actor}: {', '.join(found)}")
    judge(wrong)


PROBES = {
    "team__name__startswith": "别",
    "owner__password__startswith": "a",
    "campaign__team_id": "2",
    "ordering": "owner__password",
    "order_by": "-team__created_at",
    "sort": "password",
    "fields": "password,epoch",
    "expand": "owner.tokens",
    "include": "team",
    "search": "别家",
    "q": "别家",
    "text": "别家",
    "id__in": "1,2,3",
    "pk": "1",
}


@every_page
def test_look_ups_that_nobody_offered_find_nothing(stage: Stage, row: Row, shape: Shape) -> None:
    """A6: `__` look-ups, orderings by secrets, searches for the other team's names."""
    wrong = []
    for name, value in PROBES.items():
        query = {**filled(dict(shape.query), stage.world), name: value}
        answer = stage.ask(best(shape), "GET", address_of(row, stage.world), query_params=query)
        status = answer.response.status_code
        # The search word itself may stand in its own field; rows may not.
        shown = [word for word in words_in(answer.response, FOREIGN_WORDS) if word not in {value, "别家"}]
        if status not in {200, 302, 400, 404, 409, 503} or shown:
            wrong.append(f"{row.name}?{name}={value}: {status} {shown}")
    judge(wrong)


@every_page
def test_a_foreign_id_in_a_query_finds_what_no_id_finds(stage: Stage, row: Row, shape: Shape) -> None:
    """A6, A11: of every id that the tables send in a query."""
    for name, query in swapped(dict(shape.query), stage.world):
        theirs = ask(stage, row, "GET", replace(shape, query=query), best(shape))[2]
        nobodys = {
            key: NOBODYS if isinstance(each, At) and each.side == "foreign" else each for key, each in query.items()
        }
        assert plain(theirs) == plain(ask(stage, row, "GET", replace(shape, query=nobodys), best(shape))[2]), name
        assert not words_in(theirs, FOREIGN_WORDS)


def filters() -> Iterator[tuple[str, str]]:
    """(route, parameter) of every filter by id that the schema names."""
    for path, methods in orjson.loads(document())["paths"].items():
        for each in methods.get("get", {}).get("parameters", ()):
            schema = each.get("schema", {})
            if each["in"] == "query" and schema.get("type") == "integer" and each["name"] not in {"limit", "version"}:
                yield path, each["name"]


@pytest.mark.parametrize(("path", "name"), sorted(filters()))
def test_a_filter_by_a_foreign_id_finds_what_one_by_no_id_finds(stage: Stage, path: str, name: str) -> None:
    """A6, A11: not a row, not a count, not another status."""
    address = path.format_map({key: stage.world.ids.get(key.removesuffix("_id"), 1) for key in _names(path)})
    kept = {"team_id": stage.world["team"]} if _needs_team(path, name) else {}
    answers = set()
    for value in {*stage.world.foreign.values(), NOBODYS}:
        answer = stage.ask("manager", "GET", address, query_params={**kept, name: value}).response
        answers.add(plain(answer))
        assert not words_in(answer, FOREIGN_WORDS)
    # Small ids of theirs may be ids of another kind of ours: what they find is ours, and no more than that is asked.
    assert {status for status, _, _ in answers} <= {200, 400, 404}


def _names(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


def _needs_team(path: str, name: str) -> bool:
    parameters = orjson.loads(document())["paths"][path]["get"]["parameters"]
    return name != "team_id" and any(each["name"] == "team_id" and each.get("required") for each in parameters)


LINK = re.compile(r'href="(/[^"#?]*)')


@every_page
def test_every_link_of_a_page_opens_for_its_reader(stage: Stage, row: Row, shape: Shape) -> None:
    """A8: nothing leads where the reader may not go."""
    if row.name.startswith("api:"):
        return
    wrong = []
    for actor in INSIDE:
        _, _, response = ask(stage, row, "GET", shape, actor)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        links = {link for link in LINK.findall(response.content.decode()) if not link.startswith("/static/")}
        for link in sorted(links - stage.opened[actor]):
            status = stage.ask(actor, "GET", link).response.status_code
            stage.opened[actor].add(link)
            if status not in {200, 302}:
                wrong.append(f"{row.name} shows {actor} a link to {link}, which answers {status}")
    judge(wrong)


# --- rights that end ----------------------------------------------------------------------------


def test_who_leaves_a_team_is_outside_with_the_next_request(stage: Stage) -> None:
    """A9: a board that was open asks again, and a token as well."""
    world = stage.world
    board = reverse("campaigns:board", args=[world["campaign"]])
    api = reverse("api:campaign", args=[world["campaign"]])
    with undone():
        assert stage.ask("owner", "GET", f"{board}?version=999", headers=HTMX).response.status_code == 200
        Membership.objects.filter(user=world.users["owner"]).delete()
        poll = stage.ask("owner", "GET", f"{board}?version=999", headers=HTMX).response
        assert (poll.status_code, words_in(poll, OUR_WORDS)) == (404, [])
        for token in (world.readers["owner"], world.writers["owner"]):
            assert stage.ask("owner", "GET", api, token).response.status_code == 404
        notices = stage.ask("owner", "GET", reverse("campaigns:notices")).response
        assert words_in(notices, ("618 2027", "双11 2027")) == []


def test_a_level_cut_counts_with_the_next_request(stage: Stage) -> None:
    """C2."""
    world = stage.world
    with undone():
        Membership.objects.filter(user=world.users["owner"]).update(level="viewer")
        start = reverse("campaigns:start_task", args=[world["task"]])
        assert stage.ask("owner", "POST", start).response.status_code == 403


def test_what_was_removed_is_not_there_by_its_old_id(stage: Stage) -> None:
    """A10."""
    world = stage.world
    lesson = {"campaign_id": world["campaign"], "lesson_id": world["lesson"]}
    with undone():
        stage.client.force_login(world.users["manager"])
        remove = reverse("campaigns:remove_lesson", kwargs=lesson)
        assert stage.client.post(remove).status_code == 302
        assert stage.client.post(remove).status_code == 404
        assert stage.client.post(reverse("campaigns:edit_lesson", kwargs=lesson), {"text": "又"}).status_code in {
            404,
            409,
        }


def test_a_move_to_a_neighbour_on_another_board_is_refused(stage: Stage) -> None:
    """A4: neighbours of another team and of our own other campaign."""
    world = stage.world
    move = reverse("campaigns:move_task", args=[world["task"]])
    for side in (world.foreign, world.sibling):
        for place in ("before_id", "after_id"):
            answer = stage.ask("manager", "POST", move, data={place: side["task"]})
            assert 400 <= answer.response.status_code < 500
            assert not answer.changed


def test_the_tables_ask_by_foreign_ids_at_all() -> None:
    """The generated cases above are not empty."""
    asked = [name for row, _, shape in CALLS for name, _ in swapped(dict(shape.body), None)]
    assert len(asked) > 10
    assert sum(len(ids_of(row)) > 1 for row, _, _ in CALLS) > 4
    assert not any(method in SAFE and shape.body for _, method, shape in CALLS)
