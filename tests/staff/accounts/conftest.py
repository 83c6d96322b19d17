"""People who can log in, and the mails that the sweep has sent."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from staff.accounts.jobs import sweep_accounts
from tests.cast import Cast

WORD = "qinghe-2026"
NEW_WORD = "chunxin-8842"


@pytest.fixture
def known(cast: Cast) -> Cast:
    """The cast; 陈主管, 小美 and 外人 have passwords."""
    for user in (cast.manager, cast.designer, cast.outsider):
        user.set_password(WORD)
        user.save()
    return cast


def enter(client: Client, login: str, password: str, **headers: str) -> Any:
    """Tries to log in."""
    return client.post(reverse("staff:login"), {"username": login, "password": password}, headers=headers)


def is_in(client: Client) -> bool:
    """Whether somebody is signed in here, as the next page sees it."""
    return client.get(reverse("staff:account")).status_code == 200


def signed_in(user: Any) -> Client:
    """A fresh browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def code_of(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal asked for as JSON."""
    return answer.status_code, answer.json()["code"]


JSON = {"Accept": "application/json"}


def swept() -> list[Any]:
    """Runs the sweep; the mails it sent."""
    mail.outbox.clear()
    sweep_accounts()
    return list(mail.outbox)


def link_in(message: Any) -> str:
    """The path of the link in a mail."""
    found = re.search(r"http://127\.0\.0\.1:\d+(/\S+)", message.body)
    assert found, message.body
    return found[1]
