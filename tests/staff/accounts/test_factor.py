"""The second step of logging in: set up, asked for, guessed at, taken away."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from staff.accounts.actions.factor import check_code
from staff.accounts.adapters.secrets import factor_key
from staff.accounts.models import RecoveryCode, SecondFactor
from staff.people.models import TeamEvent, User
from tests.campaigns.board.test_concurrency import at_once
from tests.cast import Cast, make_cast
from tests.factories import join
from tests.staff.accounts.conftest import JSON, NEW_WORD, WORD, code_of, enter, is_in, signed_in

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def code_now(user: User, steps: int = 0) -> str:
    """What the phone shows now, or some steps from now."""
    key = factor_key(SecondFactor.objects.get(user=user).nonce)
    return f"{totp(key, drift=steps):06}"


def enrol(client: Client, user: User) -> list[str]:
    """Sets the second step up by the pages; the recovery codes."""
    client.post(reverse("staff:factor"), {"password": WORD})
    page = client.post(reverse("staff:confirm_factor"), {"code": code_now(user)}).content.decode()
    return re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", page)


@dataclass
class Scene:
    """小美 with a second step set up, her recovery codes, and a clock that stands still."""

    cast: Cast
    user: User
    browser: Client
    codes: list[str]
    clock: Any


@pytest.fixture
def scene(known: Cast) -> Iterator[Scene]:
    with time_machine.travel(START, tick=False) as clock:
        browser = signed_in(known.designer)
        codes = enrol(browser, known.designer)
        clock.shift(timedelta(minutes=2))
        yield Scene(known, known.designer, browser, codes, clock)


def second(client: Client, code: str) -> Any:
    return client.post(reverse("staff:login_code"), {"code": code}, headers=JSON)


def test_it_takes_the_password_and_a_code_to_set_it_up(known: Cast) -> None:
    client, other = signed_in(known.designer), signed_in(known.designer)
    assert code_of(client.post(reverse("staff:factor"), {"password": "wrong"}, headers=JSON)) == (409, "wrong_password")
    assert not SecondFactor.objects.exists()
    client.post(reverse("staff:factor"), {"password": WORD})
    page = client.get(reverse("staff:factor")).content.decode()
    assert "data:image/svg+xml" in page
    # Not confirmed yet: log-in asks for the password alone.
    assert enter(Client(), "xiaomei", WORD).url == "/"
    assert code_of(client.post(reverse("staff:confirm_factor"), {"code": "000000"}, headers=JSON))[0] == 409
    shown = client.post(reverse("staff:confirm_factor"), {"code": code_now(known.designer)})
    assert "no-store" in shown["Cache-Control"]
    assert is_in(client)
    assert not is_in(other)
    assert "data:image" not in client.get(reverse("staff:factor")).content.decode()
    assert TeamEvent.objects.get().verb == "add_second_factor"


def test_log_in_has_two_steps_and_the_first_signs_nobody_in(scene: Scene, client: Client) -> None:
    answer = enter(client, "xiaomei", WORD)
    assert answer.url == reverse("staff:login_code")
    assert not get_user(client).is_authenticated
    assert client.get(reverse("staff:account")).status_code == 302
    key = client.session.session_key
    assert second(client, code_now(scene.user)).status_code == 302
    assert get_user(client) == scene.user
    assert client.session.session_key != key


def test_the_way_on_survives_the_second_step_and_stays_in_the_house(scene: Scene, client: Client) -> None:
    client.post(reverse("staff:login"), {"username": "xiaomei", "password": WORD, "next": "/people/"})
    assert second(client, code_now(scene.user)).url == "/people/"
    other = Client()
    other.post(reverse("staff:login"), {"username": "xiaomei", "password": WORD, "next": "//evil.example"})
    assert second(other, code_now(scene.user, 1)).url == "/"


def test_a_code_is_taken_once(scene: Scene) -> None:
    code = code_now(scene.user)
    first, again = Client(), Client()
    enter(first, "xiaomei", WORD)
    enter(again, "xiaomei", WORD)
    assert second(first, code).status_code == 302
    assert code_of(second(again, code)) == (409, "wrong_code")
    # Nor an older one after it.
    assert code_of(second(again, code_now(scene.user, -1))) == (409, "wrong_code")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_that_is_half_a_minute_off_is_no_hindrance(scene: Scene, steps: int) -> None:
    check_code(user_id=scene.user.pk, code=code_now(scene.user, steps), now=datetime.now(UTC))


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_clock_that_is_more_off_is_one(scene: Scene, client: Client, steps: int) -> None:
    enter(client, "xiaomei", WORD)
    assert code_of(second(client, code_now(scene.user, steps))) == (409, "wrong_code")


def test_each_recovery_code_opens_once(scene: Scene) -> None:
    assert len(scene.codes) == len(set(scene.codes)) == 10
    for typed, good in [(scene.codes[0].upper(), True), (scene.codes[0], False), (scene.codes[1], True)]:
        enter(client := Client(), "xiaomei", WORD)
        assert (second(client, typed).status_code == 302) is good
    assert RecoveryCode.objects.exclude(used_at=None).count() == 2
    assert "8" in scene.browser.get(reverse("staff:account")).content.decode()


def test_neither_key_nor_codes_stand_in_a_row(scene: Scene) -> None:
    rows = str([*SecondFactor.objects.values(), *RecoveryCode.objects.values()])
    key = factor_key(SecondFactor.objects.get().nonce)
    assert key.hex() not in rows
    assert not any(code.replace("-", "") in rows for code in scene.codes)


def test_guessing_codes_is_locked_and_the_lock_ends(scene: Scene, client: Client) -> None:
    enter(client, "xiaomei", WORD)
    answers = [code_of(second(client, "000000")) for _ in range(7)]
    assert [code for _, code in answers] == ["wrong_code"] * 5 + ["too_many"] * 2
    # Another session is another door to the same lock.
    enter(other := Client(), "xiaomei", WORD)
    assert code_of(second(other, code_now(scene.user))) == (409, "too_many")
    scene.clock.shift(timedelta(minutes=15))
    enter(other, "xiaomei", WORD)
    assert second(other, code_now(scene.user)).status_code == 302


def test_the_second_step_waits_ten_minutes_and_not_past_a_new_password(scene: Scene, client: Client) -> None:
    enter(client, "xiaomei", WORD)
    scene.clock.shift(timedelta(minutes=10))
    assert second(client, code_now(scene.user)).url == "/"
    assert not get_user(client).is_authenticated
    enter(client, "xiaomei", WORD)
    scene.browser.post(reverse("staff:password"), {"old": WORD, "new": NEW_WORD, "again": NEW_WORD})
    assert second(client, code_now(scene.user)).url == "/"
    assert not get_user(client).is_authenticated


def test_removing_takes_password_and_code(scene: Scene) -> None:
    other = signed_in(scene.user)

    def remove(password: str, code: str) -> Any:
        given = {"password": password, "code": code}
        return scene.browser.post(reverse("staff:remove_factor"), given, headers=JSON)

    assert code_of(remove("wrong", code_now(scene.user))) == (409, "wrong_password")
    assert code_of(remove(WORD, "000000")) == (409, "wrong_code")
    scene.clock.shift(timedelta(seconds=30))
    assert remove(WORD, code_now(scene.user)).status_code == 302
    assert not SecondFactor.objects.exists()
    assert is_in(scene.browser)
    assert not is_in(other)
    assert enter(Client(), "xiaomei", WORD).url == "/"


def test_a_manager_takes_it_away_behind_the_wall(scene: Scene) -> None:
    cast, path = scene.cast, reverse("staff:take_factor_away", args=[scene.cast.team.pk, scene.user.pk])

    def by(who: User, **sent: str) -> Any:
        return signed_in(who).post(path, {"password": WORD} | sent, headers=JSON)

    for user in (cast.cs, cast.viewer):
        user.set_password(WORD)
        user.save()
    assert [by(user).status_code for user in (cast.cs, cast.viewer, cast.outsider)] == [403, 403, 404]
    place = join(scene.user, cast.other_team)
    assert code_of(by(cast.manager)) == (403, "other_team")
    place.delete()
    # An open browser of a manager is not enough: the password is asked for again, and wrong ones count.
    assert code_of(by(cast.manager, password="")) == (409, "invalid")
    tries = [by(cast.manager, password="wrong").json()["code"] for _ in range(6)]
    assert tries == ["wrong_password"] * 5 + ["too_many"]
    assert is_in(scene.browser)
    scene.clock.shift(timedelta(minutes=16))
    assert by(cast.manager).status_code == 302
    assert not is_in(scene.browser)
    assert enter(Client(), "xiaomei", WORD).url == "/"
    assert TeamEvent.objects.latest("pk").verb == "take_factor_away"
    assert code_of(by(cast.manager)) == (409, "no_factor")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_code_at_once_lets_one_in() -> None:
    user = make_cast().designer
    user.set_password(WORD)
    user.save()
    enrol(signed_in(user), user)
    code = code_now(user, 1)
    # A key of its own each: not the limit but the lock on the row decides.
    verbs = [
        lambda n=n: check_code(user_id=user.pk, code=code, who=f"{user.pk}-{n}", now=datetime.now(UTC))
        for n in range(6)
    ]
    assert sorted(at_once(*verbs)) == ["ok"] + ["wrong_code"] * 5
