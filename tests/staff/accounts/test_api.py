"""One's own account and a team's invitations over the API: the same refusals, the password in the body."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client

from planner.web.api.schema import document
from staff.accounts.adapters.secrets import factor_key
from staff.accounts.models import Invitation, Link, SecondFactor
from staff.people.models import User
from staff.tokens.actions import create_token
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import join
from tests.staff.accounts.conftest import NEW_WORD, WORD, enter, swept


@pytest.fixture
def mine(known: Cast) -> Caller:
    return Caller(known.designer)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_account_is_shown_and_named(mine: Caller) -> None:
    assert mine.get("account").json() == {
        "login": "xiaomei", "name": "小美", "language": "zh-hans", "email": "xiaomei@example.test",
        "email_verified": False, "phone": "", "waiting_for": "", "has_factor": False, "recovery_left": 0,
    }  # fmt: skip
    assert mine.post("own_name", body={"name": "小美美"}).json()["name"] == "小美美"
    assert mine.post("own_name", body={"name": "x", "level": "manager"}).status_code == 400


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("own_address", {"email": "evil@example.test", "phone": ""}),
        ("factor", {}),
        ("remove_factor", {"code": "123456"}),
    ],
)
def test_the_password_is_asked_for_again_and_wrong_ones_are_counted(
    mine: Caller, route: str, body: dict[str, str]
) -> None:
    assert mine.post(route, body=body).status_code == 400
    answers = [code_of(mine.post(route, body=body | {"password": "wrong"}))[1] for _ in range(6)]
    assert answers == ["wrong_password"] * 5 + ["too_many"]
    assert not Link.objects.exists()


def test_a_key_for_retries_does_not_make_guesses_uncounted(mine: Caller) -> None:
    sent = {"email": "", "phone": "", "password": "wrong"}
    answers = [mine.post("own_address", body=sent, Idempotency_Key="same").json()["code"] for _ in range(6)]
    assert answers == ["wrong_password"] * 5 + ["too_many"]


def test_a_new_address_waits_for_its_link(mine: Caller) -> None:
    shown = mine.post("own_address", body={"email": "new@example.test", "phone": "12345678", "password": WORD}).json()
    assert (shown["email"], shown["waiting_for"], shown["phone"]) == (
        "xiaomei@example.test",
        "new@example.test",
        "12345678",
    )


def test_a_new_password_ends_the_session_that_set_it(mine: Caller) -> None:
    assert mine.post("password", body={"old": WORD, "new": NEW_WORD}).status_code == 204
    assert mine.get("account").status_code == 401
    assert enter(Client(), "xiaomei", NEW_WORD).status_code == 302


def test_logging_out_everywhere_ends_the_session_too(mine: Caller) -> None:
    assert mine.post("log_out_everywhere").status_code == 204
    assert mine.get("account").status_code == 401


def test_a_second_step_is_set_up_and_removed(known: Cast) -> None:
    from django_otp.oath import totp

    key = Caller(known.designer).post("factor", body={"password": WORD}).json()["key"]
    assert len(key.replace(" ", "")) == 32
    secret = factor_key(SecondFactor.objects.get().nonce)
    codes = Caller(known.designer).post("confirm_factor", body={"code": f"{totp(secret):06}"}).json()["codes"]
    assert len(codes) == 10
    known.designer.refresh_from_db()
    again = Caller(known.designer)
    assert again.get("account").json()["recovery_left"] == 10
    assert again.post("remove_factor", body={"password": WORD, "code": codes[0]}).status_code == 204
    assert not SecondFactor.objects.exists()


def test_a_manager_invites_lists_renews_and_takes_back(known: Cast) -> None:
    manager, team = Caller(known.manager), known.team.pk
    sent = {"address": "new@example.test", "level": "member", "roles": ["cs"], "capacity_hours": "7.5"}
    made = manager.post("invitations", team, body=sent)
    assert made.status_code == 201
    handed = made.json()
    assert handed["link"].startswith(f"{settings.BASE_URL}/invite/")
    assert "secret" not in handed
    (message,) = swept()
    assert handed["link"].rstrip("/") in message.body
    (listed,) = manager.get("invitations", team).json()["items"]
    assert (listed["address"], listed["roles"], listed["is_open"], listed["mail_state"]) == (
        "new@example.test",
        ["cs"],
        True,
        "sent",
    )
    fresh = manager.post("reissue_invitation", team, handed["id"]).json()
    assert fresh["link"] != handed["link"]
    assert manager.post("revoke_invitation", team, handed["id"]).status_code == 204
    assert manager.get("invitations", team).json()["items"] == []


def test_an_answer_with_a_link_is_not_kept(known: Cast) -> None:
    manager, sent = Caller(known.manager), {"address": "12345678", "level": "member"}
    links = [
        manager.post("invitations", known.team.pk, body=sent, Idempotency_Key="same").json()["link"] for _ in range(2)
    ]
    assert len(set(links)) == Invitation.objects.count() == 2


def test_no_way_in_outlives_the_token_that_made_it(known: Cast) -> None:
    now, team = datetime.now(UTC), known.team.pk
    made = create_token(
        actor=known.actor("manager"),
        name="x",
        may_write=True,
        expires_at=now + timedelta(days=1),
        password=WORD,
        now=now,
    )
    sent = {"address": "new@example.test", "level": "manager"}
    held = Caller(known.manager).post("invitations", team, body=sent).json()["id"]
    stolen, people = Caller(token=made.secret), User.objects.count()
    person = {"login": "mallory", "name": "M", "password": "correct-horse-9", "level": "manager"}
    for answer in (
        stolen.post("invitations", team, body=sent),
        stolen.post("reissue_invitation", team, held),
        stolen.post("people", team, body=person),
        stolen.post("people", team, body=person, Idempotency_Key="k"),
    ):
        assert code_of(answer) == (403, "needs_session")
    assert (Invitation.objects.count(), User.objects.count()) == (1, people)
    # It reads them, and takes places back.
    assert stolen.get("invitations", team).json()["items"][0]["id"] == held
    assert stolen.post("revoke_invitation", team, held).status_code == 204
    assert stolen.get("people", team).status_code == 200


def test_the_schema_says_where_a_session_is_needed() -> None:
    paths = orjson.loads(document())["paths"]
    told = {each["operationId"]: each for methods in paths.values() for each in methods.values()}
    alone = {name for name, each in told.items() if each["security"] == [{"cookieAuth": []}]}
    assert alone == {"invite_person", "reissue_invitation", "add_person"}
    assert {name for name, each in told.items() if "needs_session" in each["description"]} == alone


def test_rescue_over_the_api_stands_behind_the_same_wall(known: Cast) -> None:
    User.objects.filter(pk=known.designer.pk).update(email="")
    manager, ids = Caller(known.manager), (known.team.pk, known.designer.pk)
    assert manager.post("make_reset_link", *ids).status_code == 400
    assert code_of(manager.post("make_reset_link", *ids, body={"password": "wrong"})) == (400, "wrong_password")
    place = join(known.designer, known.other_team)
    assert code_of(manager.post("make_reset_link", *ids, body={"password": WORD})) == (403, "other_team")
    assert code_of(manager.post("take_factor_away", *ids, body={"password": WORD})) == (403, "other_team")
    place.delete()
    link = manager.post("make_reset_link", *ids, body={"password": WORD})
    assert link.status_code == 201
    assert link.json()["link"].startswith(f"{settings.BASE_URL}/reset/")


def test_a_member_is_unlocked(known: Cast) -> None:
    for _ in range(6):
        enter(Client(), "xiaomei", "wrong")
    assert Caller(known.manager).post("unlock_person", known.team.pk, known.designer.pk).status_code == 204
    assert enter(Client(), "xiaomei", WORD).status_code == 302
