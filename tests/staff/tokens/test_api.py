"""Tokens over the API: made with the password, by a session or a full token, and only one's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from planner.web.models import KeptAnswer
from staff.people.models import User
from staff.tokens.models import ApiToken
from tests.callers import Caller
from tests.cast import Cast
from tests.staff.tokens.conftest import WORD, make


def given(**changes: Any) -> dict[str, Any]:
    return {"name": "BI", "password": WORD, "expires_at": (timezone.now() + timedelta(days=9)).isoformat(), **changes}


def session(known: Cast, who: str = "designer") -> Caller:
    return Caller(User.objects.get(pk=getattr(known, who).pk))


def test_a_token_made_by_a_session_works_and_its_secret_is_given_once(known: Cast) -> None:
    me = session(known)
    made = me.post("tokens", body=given())
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["may_write"]) == ("live", False)
    program = Caller(token=made.json()["secret"])
    assert program.get("me").json()["user_id"] == known.designer.pk
    shown = me.get("token", made.json()["id"]).json()
    assert shown | {"last_used_at": None} == {name: value for name, value in made.json().items() if name != "secret"}
    assert made.json()["secret"] not in me.get("tokens").content.decode()


def test_only_a_full_token_makes_and_revokes_tokens(known: Cast) -> None:
    """B6."""
    reader = Caller(token=make(known.designer, may_write=False, now=timezone.now()).secret)
    refused = reader.post("tokens", body=given())
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only_token")
    pk = reader.get("tokens").json()["items"][0]["id"]
    assert reader("delete", "token", pk).status_code == 403
    assert ApiToken.objects.get().revoked_at is None
    writer = Caller(token=make(known.designer, now=timezone.now()).secret)
    made = writer.post("tokens", body=given(may_write=True))
    assert made.status_code == 201
    assert writer("delete", "token", made.json()["id"]).status_code == 204
    assert Caller(token=made.json()["secret"]).get("me").status_code == 401


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"password": "wrong"}, 400, "password"),
        ({"password": None}, 400, "password"),
        ({"name": ""}, 400, "name"),
        ({"name": "x" * 61}, 400, "name"),
        ({"expires_at": "2027-01-01T00:00:00"}, 400, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 400, "expires_at"),
        ({"expires_at": "9999-01-01T00:00:00Z"}, 400, "expires_at"),
        ({"user_id": 1}, 400, "user_id"),
        ({"epoch": 9}, 400, "epoch"),
        ({"digest": "0" * 64}, 400, "digest"),
    ],
)
def test_a_faulty_call_makes_nothing(known: Cast, change: dict[str, Any], status: int, field: str) -> None:
    answer = session(known).post("tokens", body=given(**change))
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])
    assert not ApiToken.objects.exists()


def test_no_secret_is_kept_for_a_retry(known: Cast) -> None:
    for _ in range(2):
        assert session(known).post("tokens", body=given(), Idempotency_Key="one").status_code == 201
    assert not KeptAnswer.objects.exists()
    assert ApiToken.objects.count() == 2


@pytest.mark.parametrize("who", ["manager", "cs", "outsider"])
def test_nobody_finds_anothers_token(known: Cast, who: str) -> None:
    """C9."""
    made, other = make(known.designer, now=timezone.now()), session(known, who)
    assert other.get("tokens").json()["items"] == []
    assert other.get("token", made.token_id).status_code == 404
    assert other("delete", "token", made.token_id).status_code == 404
    assert Caller(token=made.secret).get("me").status_code == 200


def test_an_unknown_token_is_told_what_to_show(known: Cast) -> None:
    answer = Caller(token="plt_nothing").get("me")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "bad_token"


def test_many_tokens_ask_no_more_than_one(known: Cast) -> None:
    me = session(known)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert me.get("tokens").status_code == 200
        return len(asked)

    make(known.designer, now=timezone.now())
    few = queries()
    for _ in range(10):
        make(known.designer, now=timezone.now())
    assert queries() == few > 1
