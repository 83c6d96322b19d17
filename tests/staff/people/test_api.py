"""Teams, people, places and the log over the API, as each of the cast."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staff.people.actions import record_team_event
from staff.people.models import Membership, TeamEvent, User
from staff.tokens.models import ApiToken
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, UserFactory, join
from tests.staff.tokens.conftest import WORD, make

NEW = {"login": "newbie", "name": "陈小北", "password": "correct-horse-9"}


def caller(cast: Cast, who: str = "manager") -> Caller:
    User.objects.update(language="en")
    return Caller(User.objects.get(pk=getattr(cast, who).pk))


def walk(asker: Caller, route: str, *ids: int, **query: Any) -> list[dict[str, Any]]:
    """Every item, page by page."""
    items, cursor = [], {}
    while True:
        answer = asker.get(route, *ids, query=query | cursor)
        assert answer.status_code == 200, answer.content
        items += answer.json()["items"]
        if not answer.json()["next"]:
            return items
        cursor = {"cursor": answer.json()["next"]}


def test_the_caller_and_their_language(cast: Cast) -> None:
    me = Caller(cast.designer)
    assert me.get("me").json() == {
        "user_id": cast.designer.pk,
        "name": "小美",
        "language": "zh-hans",
        "zone": "Asia/Shanghai",
        "shows_guide": True,
        "seats": [{"team_id": cast.team.pk, "level": "member", "roles": ["design"]}],
    }
    answer = me("put", "language", body={"language": "en"})
    assert (answer.status_code, answer.json()["language"]) == (200, "en")
    assert me.get("campaign", 999_999).json()["detail"].startswith("There is nothing here")
    assert me("put", "language", body={"language": "fr"}).status_code == 400
    assert Caller()("put", "language", body={"language": "en"}).status_code == 401
    assert User.objects.filter(language="en").count() == 1


def test_my_teams_are_mine(cast: Cast) -> None:
    join(cast.designer, cast.other_team, "viewer")
    found = [(team["name"], team["level"], team["zone"]) for team in walk(caller(cast, "designer"), "teams")]
    assert found == [("青禾旗舰店", "member", "Asia/Shanghai"), ("别家店", "viewer", "Asia/Shanghai")]


def test_people_are_listed_and_read_one_by_one(cast: Cast) -> None:
    people = walk(caller(cast, "viewer"), "people", cast.team.pk, limit=2)
    assert [person["login"] for person in people] == ["chen", "xiaomei", "amin", "zhou"]
    one = caller(cast, "viewer").get("person", cast.team.pk, cast.designer.pk)
    assert one.json() == people[1] == {
        "user_id": cast.designer.pk, "login": "xiaomei", "name": "小美", "email": "xiaomei@example.test",
        "level": "member", "roles": ["design"], "capacity_hours": "6.0", "version": 1, "left_at": None,
    }  # fmt: skip
    assert one.headers["ETag"].startswith('"1.')


def test_a_place_is_changed_from_the_version_that_was_read(cast: Cast) -> None:
    manager, ids = caller(cast), (cast.team.pk, cast.designer.pk)
    tag = manager.get("person", *ids).headers["ETag"]
    assert manager("patch", "person", *ids, body={"level": "viewer"}).status_code == 428
    changed = manager("patch", "person", *ids, body={"level": "viewer"}, If_Match=tag)
    assert (changed.status_code, changed.json()["level"], changed.json()["version"]) == (200, "viewer", 2)
    assert changed.json()["roles"] == ["design"]
    merged = manager("patch", "person", *ids, body={"capacity_hours": "7.5"}, If_Match=tag)
    assert (merged.status_code, merged.json()["capacity_hours"], merged.json()["level"]) == (200, "7.5", "viewer")
    stale = manager("patch", "person", *ids, body={"level": "manager"}, If_Match=tag)
    assert (stale.status_code, stale.json()["current"], stale.json()["yours"]) == (
        412, {"level": "viewer"}, {"level": "manager"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "protected", ["user_id", "team_id", "version", "left_at", "is_active", "epoch", "login", "password", "created_by"]
)
def test_fields_that_are_not_the_callers_to_set_are_refused(cast: Cast, protected: str) -> None:
    """B4."""
    body = {"level": "viewer", protected: "1"}
    answer = caller(cast)("patch", "person", cast.team.pk, cast.cs.pk, body=body, If_Match="*")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [protected])
    assert Membership.objects.get(user=cast.cs).level == "member"


@pytest.mark.parametrize("who", ["designer", "cs", "viewer"])
def test_nobody_lifts_themselves_or_others(cast: Cast, who: str) -> None:
    """B2."""
    asker = caller(cast, who)
    for target in (getattr(cast, who), cast.cs, cast.manager):
        answer = asker("patch", "person", cast.team.pk, target.pk, body={"level": "manager"}, If_Match="*")
        assert answer.status_code == 403
        assert asker.post("deactivate_person", cast.team.pk, target.pk).status_code == 403
    assert asker.post("people", cast.team.pk, body=NEW).status_code == 403
    assert not TeamEvent.objects.exists()


def test_the_last_manager_is_neither_lowered_nor_ended(cast: Cast) -> None:
    """B3."""
    manager, ids = caller(cast), (cast.team.pk, cast.manager.pk)
    lowered = manager("patch", "person", *ids, body={"level": "viewer"}, If_Match="*")
    ended = manager.post("deactivate_person", *ids)
    assert [(answer.status_code, answer.json()["code"]) for answer in (lowered, ended)] == [(409, "last_manager")] * 2


def test_another_teams_people_are_not_there(cast: Cast) -> None:
    manager = caller(cast)
    for ids in ((cast.team.pk, cast.outsider.pk), (cast.other_team.pk, cast.outsider.pk), (cast.other_team.pk, 10**9)):
        unknown = manager.get("person", *ids)
        assert unknown.status_code == 404
        assert unknown.json() == manager.get("person", cast.team.pk, 10**9).json()
        assert manager("patch", "person", *ids, body={"level": "viewer"}, If_Match="*").status_code == 404
        assert manager.post("deactivate_person", *ids).status_code == 404
    assert manager.get("people", cast.other_team.pk).status_code == 404
    assert manager.get("team_events", cast.other_team.pk).status_code == 404


def test_a_person_is_added_ended_listed_as_left_and_given_back(cast: Cast) -> None:
    manager, team = caller(cast), cast.team.pk
    added = manager.post("people", team, body=NEW | {"roles": ["cs"], "level": "member"})
    assert (added.status_code, added.json()["login"], added.json()["roles"]) == (201, "newbie", ["cs"])
    assert "password" not in added.json()
    pk = added.json()["user_id"]
    assert manager.post("deactivate_person", team, pk).json()["left_at"]
    assert [person["user_id"] for person in walk(manager, "people", team, left="true")] == [pk]
    assert pk not in {person["user_id"] for person in walk(manager, "people", team)}
    member = caller(cast, "cs")
    assert member.get("people", team, query={"left": "true"}).status_code == 403
    assert member.get("person", team, pk).status_code == 404
    assert manager.post("reactivate_person", team, pk).json()["left_at"] is None


def test_a_cut_is_felt_by_the_next_request_of_a_token(cast: Cast) -> None:
    """C2: a role cut and the end of a place, over a token."""
    cast.manager.set_password(WORD)
    cast.manager.save(update_fields=["password"])
    token = make(cast.manager, now=timezone.now()).secret
    join(second := UserFactory(), cast.team, "manager")
    program = Caller(token=token)
    assert program.get("team_events", cast.team.pk).status_code == 200
    other = Caller(second)
    ids = (cast.team.pk, cast.manager.pk)
    assert other("patch", "person", *ids, body={"level": "viewer"}, If_Match="*").status_code == 200
    assert program.get("team_events", cast.team.pk).status_code == 403
    assert other.post("deactivate_person", *ids).status_code == 200
    assert program.get("me").status_code == 401
    assert other.post("reactivate_person", *ids).status_code == 200
    assert program.get("me").status_code == 401
    assert ApiToken.objects.get().revoked_at is None


def test_the_log_is_filtered_and_paged(cast: Cast) -> None:
    for number in range(7):
        record_team_event(
            team_id=cast.team.pk,
            actor=cast.actor("manager"),
            verb="change_place" if number % 2 else "add_person",
            subject_kind="user",
            subject_id=cast.cs.pk if number < 4 else cast.viewer.pk,
            after={"level": "viewer"},
            now=NOW + timedelta(days=number),
        )
    manager = caller(cast)
    everything = walk(manager, "team_events", cast.team.pk, limit=3)
    assert [event["id"] for event in everything] == sorted((event["id"] for event in everything), reverse=True)
    assert len(everything) == 7
    first = everything[-1]
    assert first["sentence"] == "陈主管 added 阿敏."
    assert (first["before"], first["after"], first["actor_id"]) == ({}, {"level": "viewer"}, cast.manager.pk)
    some = walk(manager, "team_events", cast.team.pk, person=cast.cs.pk, verb="change_place", since="2026-11-25")
    assert [event["at"] for event in some] == ["2026-11-26T01:00:00Z"]
    assert walk(manager, "team_events", cast.team.pk, person=cast.outsider.pk) == []
    for faulty in ({"person": "x"}, {"since": "soon"}, {"actor__login": "chen"}, {"ordering": "id"}, {"limit": 201}):
        assert manager.get("team_events", cast.team.pk, query=faulty).status_code == 400


@pytest.mark.parametrize("route", ["people", "team_events", "teams"])
def test_many_rows_ask_no_more_than_few(cast: Cast, route: str) -> None:
    manager = caller(cast)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(route, *([] if route == "teams" else [cast.team.pk])).status_code == 200
        return len(asked)

    def more() -> None:
        join(user := UserFactory(), cast.team, "member", "ops", "ads")
        record_team_event(
            team_id=cast.team.pk,
            actor=cast.actor("manager"),
            verb="add_person",
            subject_kind="user",
            subject_id=user.pk,
            now=NOW,
        )

    more()
    few = queries()
    for _ in range(10):
        more()
    assert queries() == few > 2
