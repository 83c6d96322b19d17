"""The first team: by whoever reads the console, once."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from staff.accounts.actions.setup import issue_setup_token
from staff.accounts.models import SetupToken
from staff.people.models import Membership, Team, User
from tests.campaigns.board.test_concurrency import at_once
from tests.cast import Cast
from tests.factories import NOW
from tests.staff.accounts.conftest import JSON, code_of, enter, is_in

GIVEN = {"team": "新店", "login": "boss", "name": "陈小美", "password": "qinghe-2026", "email": "boss@example.test"}


def found(client: Client, token: str, **change: str) -> Any:
    return client.post(reverse("staff:setup"), GIVEN | {"token": token} | change, headers=JSON)


def test_the_token_makes_the_first_team_and_its_manager(client: Client, db: None) -> None:
    token = issue_setup_token(now=NOW)
    assert reverse("staff:setup") in client.get(reverse("staff:login")).content.decode()
    assert client.get(reverse("staff:setup")).status_code == 200
    assert found(client, f" {token} ").status_code == 302
    place = Membership.objects.get()
    assert (place.team.name, place.level, place.user.email) == ("新店", "manager", "boss@example.test")
    enter(client, "boss", "qinghe-2026")
    assert is_in(client)


def test_once_there_is_a_team_the_page_is_gone_and_nobody_speaks_of_it(client: Client, cast: Cast) -> None:
    assert client.get(reverse("staff:setup")).status_code == 404
    assert found(client, "whatever").status_code == 404
    assert reverse("staff:setup") not in client.get(reverse("staff:login")).content.decode()
    assert issue_setup_token(now=NOW) == ""


@pytest.mark.parametrize(
    ("change", "code"),
    [({"token": "wrong"}, "wrong_token"), ({"password": "123"}, "weak_password"), ({"team": " "}, "invalid")],
)
def test_a_refused_set_up_leaves_nothing_and_can_be_tried_again(
    client: Client, db: None, change: dict[str, str], code: str
) -> None:
    token = issue_setup_token(now=NOW)
    assert code_of(found(client, **{"token": token} | change)) == (409, code)
    assert not Team.objects.exists()
    assert not User.objects.exists()
    assert found(client, token).status_code == 302


def test_only_the_digest_of_the_newest_token_is_kept(client: Client, db: None) -> None:
    old, new = issue_setup_token(now=NOW), issue_setup_token(now=NOW)
    assert new not in str(SetupToken.objects.values().get())
    assert code_of(found(client, old)) == (409, "wrong_token")
    assert found(client, new).status_code == 302
    assert not SetupToken.objects.exists()


def test_without_a_token_nobody_sets_up(client: Client, db: None) -> None:
    assert code_of(found(client, "x")) == (409, "wrong_token")


@pytest.mark.django_db
def test_the_command_prints_a_token_until_there_is_a_team(client: Client) -> None:
    out = StringIO()
    call_command("setup_token", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["address"].endswith("/setup/")
    assert found(client, said["token"]).status_code == 302
    with pytest.raises(SystemExit):
        call_command("setup_token", stderr=StringIO())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_team() -> None:
    from staff.accounts.actions.setup import set_up

    token = issue_setup_token(now=NOW)

    def one(name: str) -> Any:
        return lambda: set_up(
            token=token, name=name, login=name, display_name=name, password="qinghe-2026", email="", now=NOW
        )

    answers = at_once(*[one(f"team{n}") for n in range(4)])
    assert sorted(answers) == ["missing", "missing", "missing", "ok"]
    assert Team.objects.count() == User.objects.count() == 1
