"""Signing in and out, one's own account, and the people page, as each kind of person."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from staff.people.models import Membership, TeamEvent, User
from tests.cast import Cast
from tests.factories import UserFactory

WORD = "qinghe-2026"
HTMX = {"HX-Request": "true"}
PLACE = {"version": "1", "level": "member", "roles": ["cs", "live"], "capacity_hours": "7.5"}
PERSON = PLACE | {"login": "newbie", "name": "陈小北", "password": WORD, "language": "zh-hans", "email": ""}


@pytest.fixture
def known(cast: Cast) -> Cast:
    cast.designer.set_password(WORD)
    cast.designer.save()
    return cast


def enter(client: Client, login: str, password: str, **values: str) -> Any:
    return client.post(reverse("staff:login"), {"username": login, "password": password, **values})


def is_in(client: Client) -> bool:
    return client.session.get("_auth_user_id") is not None


@pytest.mark.parametrize("login", ["xiaomei", "XiaoMei"])
def test_a_person_logs_in_whatever_the_case_of_the_name(client: Client, known: Cast, login: str) -> None:
    assert enter(client, login, WORD).url == "/"
    assert is_in(client)


@pytest.mark.parametrize(("login", "password"), [("xiaomei", "wrong"), ("nobody", WORD), ("gone", WORD)])
def test_unknown_wrong_and_deactivated_get_the_same_answer(
    client: Client, known: Cast, login: str, password: str
) -> None:
    gone = UserFactory(login="gone", is_active=False)
    gone.set_password(WORD)
    gone.save()
    page = enter(client, login, password).content.decode()
    same = enter(client, "xiaomei", "also wrong").content.decode()
    assert not is_in(client)
    assert same.count("login-fault") == page.count("login-fault") > 0
    assert page.partition('role="alert">')[2][:200] == same.partition('role="alert">')[2][:200] != ""


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/people/?a=1", "/people/?a=1"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("javascript:x", "/")],
)
def test_the_way_on_stays_in_the_house(client: Client, known: Cast, wanted: str, reached: str) -> None:
    assert enter(client, "xiaomei", WORD, next=wanted).url == reached


def test_pages_ask_strangers_to_log_in_and_come_back(client: Client, cast: Cast) -> None:
    answer = client.get(reverse("campaigns:people"))
    assert answer.url == f"{reverse('staff:login')}?next=/people/"
    assert client.get(answer.url).status_code == 200


def test_logging_out_takes_a_post(client: Client, cast: Cast) -> None:
    client.force_login(cast.cs)
    assert client.get(reverse("staff:logout")).status_code == 405
    assert is_in(client)
    assert client.post(reverse("staff:logout")).url == reverse("staff:login")
    assert not is_in(client)


def test_a_new_password_holds_and_the_session_stays(client: Client, known: Cast) -> None:
    client.force_login(known.designer)
    other = Client()
    other.force_login(known.designer)
    given = {"old": WORD, "new": "chunxin-8842", "again": "chunxin-8842"}
    assert client.post(reverse("staff:password"), given, follow=True).status_code == 200
    assert get_user(client).is_authenticated
    assert not get_user(other).is_authenticated
    fresh = Client()
    enter(fresh, "xiaomei", "chunxin-8842")
    assert is_in(fresh)
    event = TeamEvent.objects.get()
    assert (event.verb, event.actor, event.before, event.after) == ("change_password", known.designer, {}, {})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"old": "wrong", "new": "chunxin-8842", "again": "chunxin-8842"}, "wrong_password"),
        ({"old": WORD, "new": "12345678", "again": "12345678"}, "weak_password"),
        ({"old": WORD, "new": "chunxin-8842", "again": "chunxin-8843"}, "invalid"),
        ({"old": WORD}, "invalid"),
    ],
)
def test_a_refused_password_changes_nothing(client: Client, known: Cast, given: dict[str, str], code: str) -> None:
    client.force_login(known.designer)
    answer = client.post(reverse("staff:password"), given, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["fields"]
    assert User.objects.get(pk=known.designer.pk).check_password(WORD)


@pytest.mark.parametrize("word", ["old", "new"])
def test_what_was_typed_as_password_is_never_sent_back(client: Client, known: Cast, word: str) -> None:
    client.force_login(known.designer)
    given = {"old": "wrong-words-1", "new": "wrong-words-2", "again": "wrong-words-2"}
    for headers in ({}, HTMX):
        assert given[word] not in client.post(reverse("staff:password"), given, headers=headers).content.decode()


def test_a_person_chooses_a_language_and_keeps_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.designer)
    answer = client.post(reverse("staff:language"), {"language": "en", "next": "/people/"})
    assert answer.url == "/people/"
    assert client.get("/people/").headers["Content-Language"] == "en"
    cast.designer.refresh_from_db()
    assert cast.designer.language == "en"


def test_a_stranger_chooses_a_language_for_the_log_in_page(client: Client, cast: Cast) -> None:
    assert client.post(reverse("staff:language"), {"language": "en", "next": "//evil.example"}).url == "/"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert 'lang="en"' in client.get(reverse("staff:login")).content.decode()


@pytest.mark.parametrize("name", ["today", "-1", "0001-01-01T00:00"])
def test_a_bare_word_is_not_the_name_of_a_view(client: Client, db: None, name: str) -> None:
    assert client.post(reverse("staff:language"), {"language": "en", "next": name}).url == "/"


def test_an_unknown_language_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.designer)
    assert client.post(reverse("staff:language"), {"language": "fr"}).status_code == 409


@pytest.mark.parametrize(
    ("who", "sees_team", "manages"),
    [("manager", True, True), ("designer", True, False), ("viewer", True, False), ("outsider", False, True)],
)
def test_everybody_sees_their_own_team_and_managers_change_it(
    client: Client, cast: Cast, who: str, sees_team: bool, manages: bool
) -> None:
    client.force_login(getattr(cast, who))
    page = client.get(reverse("campaigns:people")).content.decode()
    assert ("青禾旗舰店" in page, "阿敏" in page) == (sees_team, sees_team)
    assert ("别家店" in page) is not sees_team
    assert (reverse("staff:add_person", args=[cast.team.pk]) in page) is (sees_team and manages)


def test_a_person_without_a_team_is_told_so(client: Client, cast: Cast) -> None:
    client.force_login(UserFactory(login="lost", language="en"))
    assert "You are in no team yet." in client.get(reverse("campaigns:people")).content.decode()


def test_a_log_in_name_typed_in_full_width_is_the_same_name(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    path = reverse("staff:add_person", args=[cast.team.pk])
    assert client.post(path, PERSON | {"login": "ｎｅｗｂｉｅ"}).status_code == 302
    assert Membership.objects.filter(user__login="newbie").exists()
    assert client.post(path, PERSON | {"login": "ＮＥＷＢＩＥ"}).status_code == 409
    assert enter(Client(), "ｎｅｗｂｉｅ", WORD).status_code == 302


def test_a_manager_adds_a_person_who_can_log_in(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    assert client.post(reverse("staff:add_person", args=[cast.team.pk]), PERSON).url == f"/people/?team={cast.team.pk}"
    place = Membership.objects.get(user__login="newbie")
    assert (place.team, place.level, str(place.capacity_hours)) == (cast.team, "member", "7.5")
    assert set(place.roles.values_list("role", flat=True)) == {"cs", "live"}
    assert "陈小北" in client.get(reverse("campaigns:people")).content.decode()
    fresh = Client()
    enter(fresh, "newbie", WORD)
    assert is_in(fresh)


def test_htmx_gets_the_person_and_the_team_back_in_place(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    address = reverse("staff:change_place", args=[cast.team.pk, cast.cs.pk])
    answer = client.post(address, PLACE | {"level": "viewer"}, headers=HTMX, follow=True)
    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="person"')
    assert 'id="notice"' in page
    assert Membership.objects.get(user=cast.cs).level == "viewer"
    added = client.post(reverse("staff:add_person", args=[cast.team.pk]), PERSON, headers=HTMX, follow=True)
    assert added.content.decode().lstrip().startswith(f'<section id="team-{cast.team.pk}"')
    assert "陈小北" in added.content.decode()


def test_the_old_name_of_the_page_leads_to_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.cs)
    assert client.get(reverse("staff:people")).url == reverse("campaigns:people")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"login": "AMIN"}, "login"),
        ({"login": ""}, "login"),
        ({"name": " "}, "name"),
        ({"password": "12345678"}, "password"),
        ({"capacity_hours": "0"}, "capacity_hours"),
        ({"capacity_hours": "25"}, "capacity_hours"),
        ({"level": "owner"}, "level"),
        ({"roles": ["boss"]}, "roles"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_a_faulty_person_is_refused_with_the_field(
    client: Client, cast: Cast, change: dict[str, Any], field: str
) -> None:
    client.force_login(cast.manager)
    address, before = reverse("staff:add_person", args=[cast.team.pk]), User.objects.count()
    answer = client.post(address, PERSON | change, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json()["fields"])) == (409, [field])
    assert User.objects.count() == before


@pytest.mark.parametrize(("who", "status"), [("designer", 403), ("cs", 403), ("viewer", 403), ("outsider", 404)])
def test_nobody_else_changes_the_team(client: Client, cast: Cast, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    add = client.post(reverse("staff:add_person", args=[cast.team.pk]), PERSON)
    change = client.post(reverse("staff:change_place", args=[cast.team.pk, cast.cs.pk]), PLACE | {"level": "manager"})
    assert (add.status_code, change.status_code) == (status, status)
    assert not User.objects.filter(login="newbie").exists()
    assert Membership.objects.get(user=cast.cs).level == "member"


def test_a_person_of_another_team_has_no_place_to_change(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    address = reverse("staff:change_place", args=[cast.team.pk, cast.outsider.pk])
    assert client.post(address, PLACE).status_code == 404


def test_the_last_manager_stays_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    address = reverse("staff:change_place", args=[cast.team.pk, cast.manager.pk])
    assert client.post(address, PLACE).status_code == 409
    assert Membership.objects.get(user=cast.manager).level == "manager"
