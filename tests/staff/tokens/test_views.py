"""The page of one's own tokens: shown once, asked for the password, nobody else's."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from staff.people.models import User
from staff.tokens.models import ApiToken
from staff.tokens.queries import bearer_of
from tests.cast import Cast
from tests.staff.tokens.conftest import WORD, make

HTMX = {"HX-Request": "true"}
GIVEN = {"name": "报表", "expires_at": "30", "password": WORD}


@pytest.fixture
def browser(client: Client, known: Cast) -> Client:
    User.objects.update(language="en")
    client.force_login(User.objects.get(pk=known.designer.pk))
    return client


def secrets_in(answer: Any) -> list[str]:
    return re.findall(r"plt_[\w-]{43}", answer.content.decode())


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_new_token_is_shown_once(browser: Client, known: Cast, headers: dict[str, str]) -> None:
    answer = browser.post(reverse("staff:tokens"), GIVEN | {"may_write": "1"}, headers=headers)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    (secret,) = set(secrets_in(answer))
    found = bearer_of(secret, timezone.now())
    assert found is not None
    assert (found[0], found[1].may_write) == (known.designer, True)
    page = browser.get(reverse("staff:tokens"))
    assert "报表" in page.content.decode()
    assert secrets_in(page) == []
    assert WORD not in answer.content.decode()


def test_a_token_reads_only_unless_asked_for(browser: Client, known: Cast) -> None:
    browser.post(reverse("staff:tokens"), GIVEN)
    assert not ApiToken.objects.get().may_write
    assert "Reads only" in browser.get(reverse("staff:tokens")).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "wrong"}, "password"),
        ({"password": ""}, "password"),
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"expires_at": "366"}, "expires_at"),
        ({"expires_at": ""}, "expires_at"),
        ({"expires_at": "-1"}, "expires_at"),
    ],
)
def test_a_faulty_form_makes_nothing(browser: Client, change: dict[str, str], field: str) -> None:
    answer = browser.post(reverse("staff:tokens"), GIVEN | change, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json()["fields"])) == (409, [field])
    assert not ApiToken.objects.exists()


def test_what_the_form_does_not_ask_cannot_be_set(browser: Client, known: Cast) -> None:
    given = GIVEN | {"user": str(known.manager.pk), "user_id": str(known.manager.pk), "epoch": "9", "digest": "0" * 64}
    browser.post(reverse("staff:tokens"), given)
    row = ApiToken.objects.get()
    assert (row.user, row.epoch) == (known.designer, 1)
    assert row.digest != "0" * 64


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_token_is_revoked_by_its_owner(browser: Client, known: Cast, headers: dict[str, str]) -> None:
    made = make(known.designer, now=timezone.now())
    answer = browser.post(reverse("staff:revoke_token", args=[made.token_id]), headers=headers)
    assert answer.status_code == (200 if headers else 302)
    assert bearer_of(made.secret, timezone.now()) is None
    assert "Revoked" in browser.get(reverse("staff:tokens")).content.decode()


@pytest.mark.parametrize("who", ["manager", "cs", "viewer", "outsider"])
def test_nobody_sees_or_revokes_anothers(client: Client, known: Cast, who: str) -> None:
    made = make(known.designer, now=timezone.now(), name="小美的报表")
    client.force_login(User.objects.get(pk=getattr(known, who).pk))
    assert "小美的报表" not in client.get(reverse("staff:tokens")).content.decode()
    assert client.post(reverse("staff:revoke_token", args=[made.token_id])).status_code == 404
    assert client.post(reverse("staff:revoke_token", args=[made.token_id + 1])).status_code == 404
    assert bearer_of(made.secret, timezone.now())


def test_strangers_are_sent_to_the_log_in(client: Client, known: Cast) -> None:
    assert client.get(reverse("staff:tokens")).status_code == 302
    assert client.post(reverse("staff:tokens"), GIVEN).status_code == 302
    assert not ApiToken.objects.exists()


def test_looking_changes_nothing_and_revoking_takes_a_post(browser: Client, known: Cast) -> None:
    made = make(known.designer, now=timezone.now())
    assert browser.get(reverse("staff:revoke_token", args=[made.token_id])).status_code == 405
    assert bearer_of(made.secret, timezone.now())


def test_many_tokens_ask_no_more_than_one(browser: Client, known: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("staff:tokens")).status_code == 200
        return len(asked)

    make(known.designer, now=timezone.now())
    few = queries()
    for _ in range(12):
        make(known.designer, now=timezone.now())
    assert queries() == few > 2
