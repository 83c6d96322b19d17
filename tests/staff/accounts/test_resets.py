"""Forgotten passwords (C2, C3, C5, D4, H3) and help by a manager (A12)."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff.accounts.actions.resets import make_reset_link
from staff.accounts.actions.sending import send_link
from staff.accounts.models import Guard, Link, ResetRequest, VerifiedAddress
from staff.people.models import Membership, TeamEvent, User
from tests.cast import Cast
from tests.factories import UserFactory, join
from tests.staff.accounts.conftest import JSON, NEW_WORD, WORD, code_of, enter, is_in, link_in, signed_in, swept

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
NEW = {"new": NEW_WORD, "again": NEW_WORD}


def ask(client: Client, asked: str, **headers: str) -> Any:
    return client.post(reverse("staff:forgot"), {"asked": asked}, headers=headers)


def link_for(asked: str) -> str:
    """The path of the link that this person gets by mail."""
    ask(Client(), asked)
    return link_in(swept()[0])


def test_a_link_sets_a_new_password_and_ends_every_session_and_token(client: Client, known: Cast) -> None:
    """C2."""
    other = signed_in(known.designer)
    epoch = known.designer.epoch
    client.get(link_for("xiaomei"))
    assert client.get(reverse("staff:reset")).status_code == 200
    assert client.post(reverse("staff:reset"), NEW).url == f"{reverse('staff:login')}?reset=1"
    assert not is_in(other)
    known.designer.refresh_from_db()
    assert known.designer.epoch == epoch + 1
    assert enter(Client(), "xiaomei", WORD).status_code == 200
    assert enter(Client(), "xiaomei", NEW_WORD).status_code == 302
    assert TeamEvent.objects.get().verb == "reset_password"
    assert VerifiedAddress.objects.filter(user=known.designer, address=known.designer.email).exists()


def test_a_link_works_once_and_takes_the_others_with_it(client: Client, known: Cast) -> None:
    """C3."""
    first, second = link_for("xiaomei"), link_for(known.designer.email.upper())
    client.get(second)
    client.post(reverse("staff:reset"), NEW)
    for used in (first, second):
        again = Client()
        assert again.get(used, follow=True).status_code == 404
        assert code_of(again.post(reverse("staff:reset"), NEW, headers=JSON)) == (404, "link_gone")


def test_a_link_expires_after_an_hour(client: Client, known: Cast) -> None:
    """C3."""
    with time_machine.travel(START, tick=False) as clock:
        path = link_for("xiaomei")
        clock.shift(timedelta(minutes=59))
        assert client.get(path, follow=True).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.post(reverse("staff:reset"), NEW).status_code == 404


def test_a_link_is_bound_to_the_address_it_went_to(client: Client, known: Cast) -> None:
    """C3."""
    client.get(link_for("xiaomei"))
    User.objects.filter(pk=known.designer.pk).update(email="other@example.test")
    assert client.post(reverse("staff:reset"), NEW).status_code == 404


def test_a_weak_password_keeps_the_link(client: Client, known: Cast) -> None:
    client.get(link_for("xiaomei"))
    weak = client.post(reverse("staff:reset"), {"new": "12345678", "again": "12345678"}, headers=JSON)
    assert code_of(weak) == (409, "weak_password")
    assert client.post(reverse("staff:reset"), NEW).status_code == 302


def test_changing_the_password_makes_open_links_void(client: Client, known: Cast) -> None:
    path = link_for("xiaomei")
    own = {"old": WORD, **NEW}
    assert signed_in(known.designer).post(reverse("staff:password"), own).status_code == 302
    assert client.get(path, follow=True).status_code == 404


@pytest.mark.parametrize("asked", ["nobody", "gone", "mute", "nobody@example.test"])
def test_known_and_unknown_get_the_same_answer_for_the_same_work(known: Cast, asked: str) -> None:
    """C5."""
    UserFactory(login="gone", is_active=False)
    UserFactory(login="mute", email="")

    def answered(name: str) -> tuple[int, str, list[str]]:
        with CaptureQueriesContext(connection) as done:
            answer = ask(Client(), name)
        return answer.status_code, answer.url, [query["sql"].split()[0] for query in done]

    assert answered("xiaomei") == answered(asked)
    assert [message.to for message in swept()] == [[known.designer.email]]
    assert not ResetRequest.objects.exists()


def _statement(sql: str) -> str:
    """What it does to which table, without the numbers of savepoints."""
    return " ".join(word for word in sql.split()[:3] if "_x" not in word)


@pytest.mark.parametrize("tries", [1, 4])
def test_a_full_queue_keeps_those_of_accounts_alone_and_nobody_sees_the_difference(
    known: Cast, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    """H3, C5: the same answer and the same statements; what is asked for in good faith is not lost."""
    monkeypatch.setattr("staff.accounts.rules.MOST_REQUESTS", 5)
    for index in range(5):
        ResetRequest.objects.create(asked=f"flood{index}", created_at=datetime.now(UTC))

    def answered(name: str) -> list[tuple[int, str, list[str]]]:
        found = []
        for _ in range(tries):
            with CaptureQueriesContext(connection) as done:
                answer = ask(Client(), name)
            found.append((answer.status_code, answer.url, [_statement(query["sql"]) for query in done]))
        return found

    assert answered("nobody") == answered("xiaomei")
    asked = list(ResetRequest.objects.order_by("pk").values_list("asked", flat=True))
    assert asked == [*(f"flood{index}" for index in range(5)), *["xiaomei"] * min(tries, 3)]
    assert {to for message in swept() for to in message.to} == {known.designer.email}
    ask(Client(), "nobody")
    assert ResetRequest.objects.exists() == (tries == 1)


def test_names_that_were_counted_are_tidied_after_an_hour_and_beyond_a_number(
    known: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H3: guesses of log-ins stay, and who is counted anew gets no more mail for it."""
    monkeypatch.setattr("staff.accounts.actions.resets.MOST_ASKED_KEPT", 10)
    with time_machine.travel(START, tick=False) as clock:
        enter(Client(), "xiaomei", "wrong")
        guesses = Guard.objects.count()
        for _ in range(3):
            ask(Client(), "xiaomei")
        for index in range(20):
            ask(Client(), f"flood{index}")
        assert len(swept()) == 3
        # What the account itself was sent is counted beside.
        assert Guard.objects.count() == guesses + 1 + 10
        ask(Client(), "xiaomei")
        assert swept() == []
        clock.shift(timedelta(hours=1))
        swept()
        assert Guard.objects.count() == guesses + 1


def test_a_poisoned_host_does_not_choose_where_the_link_leads(known: Cast) -> None:
    """D4."""
    assert ask(Client(), "xiaomei", X_Forwarded_Host="evil.example").status_code == 302
    assert (
        Client().post(reverse("staff:forgot"), {"asked": "xiaomei"}, headers={"Host": "evil.example"}).status_code
        == 400
    )
    (message,) = swept()
    assert f"{settings.BASE_URL}/reset/" in message.body
    assert "evil" not in message.body


def test_what_is_typed_is_never_a_header_of_a_mail(known: Cast) -> None:
    """D9."""
    ask(Client(), "xiaomei\r\nBcc: evil@example.test")
    assert swept() == []


def test_one_account_gets_three_mails_an_hour_by_whatever_name(known: Cast) -> None:
    """H3."""
    with time_machine.travel(START, tick=False) as clock:
        for asked in ("xiaomei", known.designer.email, "XIAOMEI", known.designer.email.upper(), "ｘｉａｏｍｅｉ"):
            ask(Client(), asked)
        assert len(swept()) == 3
        clock.shift(timedelta(hours=1))
        ask(Client(), "xiaomei")
        assert len(swept()) == 1


def test_only_a_digest_is_kept(known: Cast) -> None:
    """C3."""
    secret = link_for("xiaomei").split("/")[2]
    assert secret not in str(list(Link.objects.values()))


# --- sending ------------------------------------------------------------------------------------


def test_a_mail_that_fails_goes_out_later_and_is_the_same_mail(known: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(START, tick=False) as clock:
        ask(Client(), "xiaomei")
        with monkeypatch.context() as broken:
            broken.setattr(settings, "EMAIL_BACKEND", "tests.staff.accounts.test_resets.Refusing")
            assert swept() == []
        assert swept() == []
        clock.shift(timedelta(seconds=31))
        (message,) = swept()
        assert Link.objects.get().mail_state == "sent"
        assert str(Link.objects.get().key) in message.extra_headers["Message-ID"]


def _forget(*_: Any, **__: Any) -> None:
    pass


class Refusing:
    """A mail server that takes nothing."""

    def __init__(self, **_: Any) -> None:
        pass

    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError


def test_a_killed_sender_sends_the_same_mail_again_and_nothing_else(
    known: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        ask(Client(), "xiaomei")
        # Dies after the server has taken the mail, before the row says so.
        monkeypatch.setattr("staff.accounts.actions.sending._mark", _forget)
        first = swept()
        monkeypatch.undo()
        assert swept() == []
        clock.shift(timedelta(seconds=91))
        second = swept()
        assert [message.body for message in first] == [message.body for message in second]
        assert [m.extra_headers for m in first] == [m.extra_headers for m in second]
        clock.shift(timedelta(minutes=5))
        assert swept() == []


def test_a_link_is_claimed_by_one_sender(known: Cast) -> None:
    ask(Client(), "xiaomei")
    from staff.accounts.actions.resets import answer_requests

    now = datetime.now(UTC)
    answer_requests(now=now)
    mail.outbox.clear()
    link = Link.objects.get()
    assert [send_link(link_id=link.pk, now=datetime.now(UTC)) for _ in range(2)] == [True, False]
    assert len(mail.outbox) == 1


def test_a_link_that_is_void_is_not_mailed(known: Cast) -> None:
    from staff.accounts.actions.resets import answer_requests

    ask(Client(), "xiaomei")
    answer_requests(now=datetime.now(UTC))
    User.objects.filter(pk=known.designer.pk).update(is_active=False)
    assert swept() == []
    assert Link.objects.get().mail_state == "dead"


# --- by a manager -------------------------------------------------------------------------------


@pytest.fixture
def mute(known: Cast) -> User:
    """A designer without e-mail."""
    User.objects.filter(pk=known.designer.pk).update(email="")
    known.designer.refresh_from_db()
    return known.designer


def by_manager(cast: Cast, user: User, who: User | None = None, *, password: str = WORD) -> Any:
    path = reverse("staff:make_reset_link", args=[cast.team.pk, user.pk])
    return signed_in(who or cast.manager).post(path, {"password": password}, headers=JSON)


def test_a_manager_hands_a_link_to_a_member_without_mail(client: Client, known: Cast, mute: User) -> None:
    page = by_manager(known, mute).content.decode()
    path = "/reset/" + page.partition(f"{settings.BASE_URL}/reset/")[2].partition('"')[0]
    client.get(path)
    assert client.post(reverse("staff:reset"), NEW).status_code == 302
    assert enter(Client(), "xiaomei", NEW_WORD).status_code == 302
    assert [event.verb for event in TeamEvent.objects.order_by("pk")] == ["make_reset_link", "reset_password"]
    assert swept() == []


def test_a_manager_of_one_team_does_not_get_into_an_account_of_another(known: Cast, mute: User) -> None:
    """A12."""
    join(mute, known.other_team)
    assert code_of(by_manager(known, mute)) == (403, "other_team")
    # Not even when that place has ended: it can be given back.
    Membership.objects.filter(team=known.other_team, user=mute).update(left_at=START)
    assert code_of(by_manager(known, mute)) == (403, "other_team")
    join(known.manager, known.other_team, "member")
    assert code_of(by_manager(known, mute)) == (403, "other_team")
    Membership.objects.filter(team=known.other_team, user=known.manager).update(level="manager")
    assert by_manager(known, mute).status_code == 200


def test_a_link_made_before_is_void_once_the_member_is_in_another_team(client: Client, known: Cast, mute: User) -> None:
    secret = make_reset_link(
        actor=known.actor("manager"), team_id=known.team.pk, user_id=mute.pk, password=WORD, now=datetime.now(UTC)
    )
    join(mute, known.other_team)
    client.get(reverse("staff:reset_link", args=[secret]))
    assert client.post(reverse("staff:reset"), NEW).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("designer", 403), ("viewer", 403), ("outsider", 404)])
def test_nobody_else_makes_such_links(known: Cast, who: str, status: int) -> None:
    User.objects.filter(pk=known.cs.pk).update(email="")
    user = getattr(known, who)
    user.set_password(WORD)
    user.save()
    assert by_manager(known, known.cs, user).status_code == status
    assert not Link.objects.exists()


def test_an_open_browser_of_a_manager_is_not_enough(known: Cast, mute: User) -> None:
    page = signed_in(known.manager).get(reverse("staff:access", args=[known.team.pk])).content.decode()
    assert page.count('autocomplete="current-password"') == page.count(f'id="reset-password-{mute.pk}"') == 1
    assert code_of(by_manager(known, mute, password="")) == (409, "invalid")
    tries = [by_manager(known, mute, password="wrong").json()["code"] for _ in range(6)]
    assert tries == ["wrong_password"] * 5 + ["too_many"]
    assert code_of(by_manager(known, mute)) == (409, "too_many")
    assert not Link.objects.exists()


def test_who_has_mail_gets_it_by_mail_and_oneself_not_at_all(known: Cast) -> None:
    assert code_of(by_manager(known, known.cs)) == (409, "has_email")
    User.objects.filter(pk=known.manager.pk).update(email="")
    assert by_manager(known, known.manager).status_code == 403
    assert by_manager(known, known.outsider).status_code == 404


def test_the_job_can_be_imported_where_celery_looks() -> None:
    code = (
        "from planner.celery import app; app.loader.import_default_modules(); "
        "print('staff.accounts.jobs.sweep_accounts' in app.tasks)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr
