"""Logging in: what is counted, who is kept out, and who is not (C1, C2, C5, C6, C7, C9)."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from staff.accounts.actions.guard import reserve_try
from staff.accounts.models import Guard
from staff.accounts.views.gate import DEVICE_COOKIE
from staff.people.models import TeamEvent, User
from tests.campaigns.board.test_concurrency import at_once
from tests.cast import Cast
from tests.factories import NOW, UserFactory
from tests.harness import ROOT, clean_env
from tests.staff.accounts.conftest import NEW_WORD, WORD, enter, is_in, link_in, signed_in, swept

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def lock(login: str) -> None:
    for _ in range(5):
        assert enter(Client(), login, "wrong").status_code == 200
    assert enter(Client(), login, WORD).status_code == 429


def test_the_session_has_another_key_after_log_in_and_a_planted_one_dies(client: Client, known: Cast) -> None:
    """C1."""
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"
    enter(client, "xiaomei", WORD)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != "planted0planted0planted0planted0"
    assert is_in(client)
    # A session from before the log-in: its key must not open the account.
    other = signed_in(known.manager)
    before = other.session.session_key
    other.post(reverse("staff:logout"))
    enter(other, "xiaomei", WORD)
    assert other.session.session_key not in {before, None}
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize("login", ["xiaomei", "nobody", "gone"])
def test_a_changing_address_does_not_evade_the_lock(known: Cast, login: str) -> None:
    """C6."""
    gone = UserFactory(login="gone", is_active=False)
    gone.set_password(WORD)
    gone.save()
    answers = [enter(Client(), login, "wrong", X_Forwarded_For=f"10.0.0.{n}").status_code for n in range(50)]
    assert answers == [200] * 5 + [429] * 45
    assert enter(Client(), login, WORD, X_Forwarded_For="10.1.1.1").status_code == 429


def test_known_and_unknown_names_get_the_same_pages(known: Cast) -> None:
    """C5."""

    def pages(login: str) -> list[str]:
        bodies = [enter(Client(), login, "wrong").content.decode() for _ in range(7)]
        return [re.sub(r"\w{64}", "TOKEN", body).replace(login, "NAME") for body in bodies]

    assert pages("xiaomei") == pages("nobody0")


def test_known_and_unknown_names_cost_the_same_hashes(known: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """C5."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        count,
    )
    costs = []
    for login in ("xiaomei", "nobody"):
        hashed.clear()
        for _ in range(7):
            enter(Client(), login, "wrong")
        costs.append(len(hashed))
    assert costs[0] == costs[1] == 5


@pytest.mark.parametrize("spelled", ["XIAOMEI", " xiaomei ", "ｘｉａｏｍｅｉ", "xıaomei"])
def test_another_spelling_is_the_same_account(known: Cast, spelled: str) -> None:
    for _ in range(5):
        enter(Client(), spelled, "wrong")
    assert enter(Client(), "xiaomei", WORD).status_code == 429


def test_the_lock_ends_by_itself_and_guessing_on_does_not_prolong_it(known: Cast) -> None:
    """C6."""
    with time_machine.travel(START, tick=False) as clock:
        lock("xiaomei")
        for _ in range(14):
            clock.shift(timedelta(minutes=1))
            assert enter(Client(), "xiaomei", "wrong").status_code == 429
        clock.shift(timedelta(minutes=1))
        assert enter(Client(), "xiaomei", WORD).status_code == 302


def test_the_locked_page_says_when_to_come_back(known: Cast) -> None:
    with time_machine.travel(START, tick=False):
        lock("xiaomei")
        answer = enter(Client(), "xiaomei", WORD)
    assert "15" in answer.content.decode().partition("login-fault")[2][:300]
    assert answer["Retry-After"] == "900"


def test_a_browser_that_the_owner_used_before_counts_for_itself(client: Client, known: Cast) -> None:
    """C6."""
    enter(client, "xiaomei", WORD)
    client.post(reverse("staff:logout"))
    cookie = client.cookies[DEVICE_COOKIE]
    assert cookie["httponly"]
    lock("xiaomei")
    assert enter(client, "xiaomei", WORD).status_code == 302
    assert is_in(client)


def test_a_known_browser_has_a_limit_too_and_a_forged_cookie_is_nothing(client: Client, known: Cast) -> None:
    enter(client, "xiaomei", WORD)
    client.post(reverse("staff:logout"))
    answers = [enter(client, "xiaomei", "wrong").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    # Its guesses are not the account's: elsewhere the owner still gets in.
    assert enter(Client(), "xiaomei", WORD).status_code == 302
    forged = Client()
    forged.cookies[DEVICE_COOKIE] = client.cookies[DEVICE_COOKIE].value[:-2] + "xx"
    lock("xiaomei")
    assert enter(forged, "xiaomei", WORD).status_code == 429


def test_a_known_browser_of_one_account_is_strange_to_another(client: Client, known: Cast) -> None:
    enter(client, "wai", WORD)
    client.post(reverse("staff:logout"))
    lock("xiaomei")
    assert enter(client, "xiaomei", WORD).status_code == 429


def test_getting_in_forgets_the_tries(known: Cast) -> None:
    for _ in range(3):
        for _ in range(4):
            enter(Client(), "xiaomei", "wrong")
        assert enter(Client(), "xiaomei", WORD).status_code == 302


def test_a_manager_unlocks_a_member_and_nobody_else_does(known: Cast) -> None:
    lock("xiaomei")
    path = reverse("staff:unlock_person", args=[known.team.pk, known.designer.pk])
    answers = [signed_in(user).post(path).status_code for user in (known.cs, known.viewer, known.outsider)]
    assert answers == [403, 403, 404]
    assert enter(Client(), "xiaomei", WORD).status_code == 429
    assert signed_in(known.manager).post(path).status_code == 302
    assert enter(Client(), "xiaomei", WORD).status_code == 302
    assert TeamEvent.objects.get(verb="unlock_person").subject_id == known.designer.pk


def test_a_stranger_to_the_team_cannot_be_unlocked(known: Cast) -> None:
    path = reverse("staff:unlock_person", args=[known.team.pk, known.outsider.pk])
    assert signed_in(known.manager).post(path).status_code == 404


def test_the_command_unlocks(known: Cast) -> None:
    lock("xiaomei")
    call_command("unlock", "XiaoMei", stdout=StringIO())
    assert enter(Client(), "xiaomei", WORD).status_code == 302


def test_a_reset_unlocks_and_makes_the_browser_known(client: Client, known: Cast) -> None:
    lock("xiaomei")
    client.post(reverse("staff:forgot"), {"asked": "xiaomei"})
    client.get(link_in(swept()[0]))
    client.post(reverse("staff:reset"), {"new": NEW_WORD, "again": NEW_WORD})
    lock_again = [enter(Client(), "xiaomei", "wrong").status_code for _ in range(6)]
    assert lock_again == [200] * 5 + [429]
    assert enter(client, "xiaomei", NEW_WORD).status_code == 302


def test_what_was_typed_stands_in_no_row(known: Cast) -> None:
    enter(Client(), "my-password-typed-as-a-name", "wrong")
    assert "my-password" not in str(list(Guard.objects.values()))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_do_not_beat_the_limit_on_postgresql() -> None:
    """C7."""
    assert at_once(*[_guess] * 20).count("ok") == 5


def _guess() -> None:
    from planner.core.errors import Refused
    from planner.core.words import say

    if reserve_try(kind="login", who="xiaomei", now=NOW):
        raise Refused("locked", say("Locked."))


SCRIPT = """
import django, threading; django.setup()
from django.utils import timezone
from django.test import Client
from django.db import connection
from staff.people.models import User
user = User(login="xiaomei", display_name="x", joined_at=timezone.now()); user.set_password("qinghe-2026"); user.save()
barrier, answers = threading.Barrier(20), []
def guess():
    client = Client(headers={"Host": "127.0.0.1"})
    barrier.wait(30)
    answers.append(client.post("/login/", {"username": "xiaomei", "password": "wrong"}).status_code)
    connection.close()
threads = [threading.Thread(target=guess) for _ in range(20)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
print(answers.count(200), answers.count(429))
"""


@pytest.mark.processes
def test_twenty_guesses_at_once_do_not_beat_the_limit_on_sqlite(tmp_path: Path) -> None:
    """C7."""
    env = clean_env(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="planner.settings")
    env.pop("DATABASE_URL", None)
    run = [sys.executable, "manage.py", "migrate", "-v0"], [sys.executable, "-c", SCRIPT]
    done = [subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False) for command in run]
    assert done[1].stdout.split() == ["5", "15"], done[0].stderr + done[1].stderr


def test_a_person_ends_only_their_own_sessions(known: Cast) -> None:
    """C9."""
    mine, mine_too, other = signed_in(known.designer), signed_in(known.designer), signed_in(known.manager)
    assert mine.post(reverse("staff:log_out_everywhere")).url == reverse("staff:login")
    assert [is_in(mine), is_in(mine_too), is_in(other)] == [False, False, True]
    assert mine.get(reverse("staff:log_out_everywhere")).status_code in {302, 405}


def test_a_deactivated_person_is_out_with_the_next_request_and_stays_out(known: Cast) -> None:
    """C2."""
    client = signed_in(known.designer)
    User.objects.filter(pk=known.designer.pk).update(is_active=False)
    assert not is_in(client)
    body = enter(Client(), "xiaomei", WORD).content.decode()
    other = enter(Client(), "nobody", WORD).content.decode()
    strip: Any = lambda text: text.partition('role="alert">')[2][:200]  # noqa: E731
    assert strip(body) == strip(other) != ""


def test_log_in_needs_a_form_token(known: Cast) -> None:
    """D1."""
    strict = Client(enforce_csrf_checks=True)
    for name in ("login", "login_code", "setup", "forgot", "reset", "invite", "language"):
        assert strict.post(reverse(f"staff:{name}"), {}).status_code == 403, name


def test_a_name_longer_than_any_is_a_wrong_name(client: Client, known: Cast) -> None:
    answer = enter(client, "x" * 60_000, WORD)
    assert answer.status_code == 200
    assert "login-fault" in answer.content.decode()
    assert not is_in(client)
