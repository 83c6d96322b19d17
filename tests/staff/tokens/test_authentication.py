"""The door for programs, through real requests: who comes in, who does not, and how soon a loss of rights is felt."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from planner.core.errors import Missing
from planner.web.api import ApiView
from staff.people.actions import change_password, change_place
from staff.people.models import User
from staff.people.queries import actor_for
from staff.people.rules import Level
from staff.tokens.actions import revoke_token
from staff.tokens.models import ApiToken
from tests.cast import Cast
from tests.factories import NOW
from tests.staff.tokens.conftest import WORD, make


class Echo(ApiView):
    """Says who is in, at which level in which team, and with what."""

    def get(self, request: Request) -> Response:
        seats = [[seat.team_id, seat.level] for seat in actor_for(request.user).seats]
        return Response(
            {"who": request.user.login, "seats": seats, "may_write": getattr(request.auth, "may_write", None)}
        )

    post = get


urlpatterns = [path("echo/", Echo.as_view()), path("", include("planner.urls"))]


@pytest.fixture(autouse=True)
def on_its_own() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__), time_machine.travel(NOW, tick=False):
        yield


def ask(header: str | None, *, method: str = "get", **more: str) -> Any:
    headers = {} if header is None else {"Authorization": header}
    return getattr(Client(enforce_csrf_checks=True), method)("/echo/", headers=headers | more)


@pytest.mark.parametrize("word", ["Bearer", "bearer", "BEARER"])
def test_a_live_token_comes_in(known: Cast, word: str) -> None:
    made = make(known.designer, may_write=False)
    answer = ask(f"{word} {made.secret}")
    assert (answer.status_code, answer.json()["who"], answer.json()["may_write"]) == (200, "xiaomei", False)


def test_a_full_token_says_so_and_needs_no_csrf_token(known: Cast) -> None:
    answer = ask(f"Bearer {make(known.designer).secret}", method="post")
    assert (answer.status_code, answer.json()["may_write"]) == (200, True)


def test_a_session_still_comes_in_and_still_needs_its_csrf_token(known: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(known.cs)
    assert client.get("/echo/").json()["may_write"] is None
    assert client.post("/echo/").status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer",
        "Bearer ",
        "Bearer nothing-known",
        "Bearer plt_" + "A" * 43,
        "Bearer a b",
        "Bearer plt_\x00",
        "Bearer " + "é" * 40,
        "Bearer " + "x" * 6000,
        "Token {secret}",
        "Basic {secret}",
        "{secret}",
        "Bearer {digest}",
        "Bearer {secret}x",
        "Bearer {short}",
        "Bearer {start}",
    ],
)
def test_no_other_word_opens_the_door(known: Cast, header: str | None) -> None:
    secret = make(known.designer).secret
    row = ApiToken.objects.get()
    if header:
        header = header.format(secret=secret, digest=row.digest, short=secret[:-1], start=row.start)
    answer = ask(header)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert secret not in answer.content.decode()


def test_a_token_in_the_address_or_the_body_is_no_token(known: Cast) -> None:
    secret = make(known.designer).secret
    client = Client()
    assert client.get("/echo/", {"token": secret, "access_token": secret}).status_code == 401
    assert client.post("/echo/", {"token": secret}).status_code == 401


def test_dead_tokens_get_the_answer_of_unknown_ones_after_the_same_questions(known: Cast) -> None:
    def asked(secret: str) -> tuple[int, bytes, int]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(f"Bearer {secret}")
        return answer.status_code, answer.content, len(queries)

    unknown = asked("plt_" + "A" * 43)
    revoked, outdated, gone = make(known.designer), make(known.cs, days=1), make(known.viewer)
    revoke_token(actor=known.actor("designer"), token_id=revoked.token_id, now=NOW)
    User.objects.filter(pk=known.viewer.pk).update(is_active=False)
    assert unknown[0] == 401
    assert asked(revoked.secret) == asked(gone.secret) == unknown
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert asked(outdated.secret) == unknown


def test_a_lost_right_is_felt_by_the_next_request(known: Cast) -> None:
    """C2."""
    header = f"Bearer {make(known.designer).secret}"
    place = [known.team.pk, "member"]
    assert ask(header).json()["seats"] == [place]
    manager = known.actor("manager")
    change_place(
        actor=manager,
        team_id=known.team.pk,
        user_id=known.designer.pk,
        level=Level.VIEWER,
        version=1,
        now=NOW,
    )
    assert ask(header).json()["seats"] == [[known.team.pk, "viewer"]]


def test_a_new_password_ends_every_token_of_the_person_and_no_others(known: Cast) -> None:
    """C2."""
    mine, others = f"Bearer {make(known.designer).secret}", f"Bearer {make(known.cs).secret}"
    change_password(actor=known.actor("designer"), old=WORD, new="chunxin-8842", now=NOW)
    assert [ask(mine).status_code, ask(others).status_code] == [401, 200]


def test_a_session_key_or_cookie_is_no_token(known: Cast) -> None:
    """C1."""
    client = Client()
    client.force_login(known.designer)
    assert ask(f"Bearer {client.session.session_key}").status_code == 401


def test_reading_with_a_token_writes_at_most_once_a_minute(known: Cast) -> None:
    header = f"Bearer {make(known.designer).secret}"

    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask(header).status_code == 200
        return sum(query["sql"].startswith(("UPDATE", "INSERT", "DELETE")) for query in queries)

    assert [writes(), writes(), writes()] == [1, 0, 0]
    assert ApiToken.objects.get().last_used_at == NOW
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert [writes(), writes()] == [1, 0]


def test_the_person_behind_a_dead_account_is_no_actor(known: Cast) -> None:
    known.designer.is_active = False
    with pytest.raises(Missing):
        actor_for(known.designer)
