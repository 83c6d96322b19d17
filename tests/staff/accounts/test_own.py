"""One's own account: what takes the password again (C8), and what it ends."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from staff.accounts.models import VerifiedAddress
from staff.people.models import TeamEvent, User
from tests.callers import Caller
from tests.cast import Cast
from tests.staff.accounts.conftest import JSON, NEW_WORD, WORD, code_of, is_in, link_in, signed_in, swept


def change(client: Client, **given: str) -> Any:
    values = {"email": "xiaomei@example.test", "phone": "", "password": WORD} | given
    return client.post(reverse("staff:own_address"), values, headers=JSON)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("own_address", {"email": "evil@example.test", "phone": "12345678"}),
        ("factor", {}),
        ("remove_factor", {"code": "123456"}),
    ],
)
@pytest.mark.parametrize("password", [None, "wrong"])
def test_what_lets_people_in_is_changed_with_the_password_only(
    known: Cast, name: str, given: dict[str, str], password: str | None
) -> None:
    """C8."""
    client, before = signed_in(known.designer), User.objects.filter(pk=known.designer.pk).values().get()
    sent = given | ({"password": password} if password else {})
    answer = client.post(reverse(f"staff:{name}"), sent, headers=JSON)
    assert code_of(answer) == (409, "wrong_password" if password else "invalid")
    assert User.objects.filter(pk=known.designer.pk).values().get() == before
    assert swept() == []


def test_a_stolen_session_cannot_guess_the_password(known: Cast) -> None:
    """C8."""
    client = signed_in(known.designer)
    codes = [change(client, password="wrong").json()["code"] for _ in range(6)]
    assert codes == ["wrong_password"] * 5 + ["too_many"]
    given = {"old": WORD, "new": NEW_WORD, "again": NEW_WORD}
    assert code_of(client.post(reverse("staff:password"), given, headers=JSON)) == (409, "too_many")


def test_a_new_address_holds_when_its_link_is_used_by_its_owner(known: Cast) -> None:
    client = signed_in(known.designer)
    assert change(client, email="New@Example.Test").url.endswith("saved=waiting")
    known.designer.refresh_from_db()
    assert known.designer.email == "xiaomei@example.test"
    (message,) = swept()
    assert message.to == ["new@example.test"]
    path = link_in(message)
    # Whoever else gets the link can do nothing with it.
    wrong = signed_in(known.manager)
    wrong.get(path)
    assert wrong.post(reverse("staff:confirm_address")).status_code == 404
    assert Client().get(path, follow=True).redirect_chain[-1][0].startswith(reverse("staff:login"))
    client.get(path)
    assert client.post(reverse("staff:confirm_address")).status_code == 302
    known.designer.refresh_from_db()
    assert known.designer.email == "new@example.test"
    assert VerifiedAddress.objects.get().address == "new@example.test"
    client.get(path)
    assert client.post(reverse("staff:confirm_address")).status_code == 404


def test_a_phone_number_is_kept_unconfirmed_and_an_address_can_be_taken_away(known: Cast) -> None:
    client = signed_in(known.designer)
    assert change(client, phone="138-0013-8000").url.endswith("saved=address")
    known.designer.refresh_from_db()
    assert (known.designer.email, known.designer.phone) == ("xiaomei@example.test", "13800138000")
    assert change(client, email="", phone="").status_code == 302
    known.designer.refresh_from_db()
    assert (known.designer.email, known.designer.phone) == ("", "")
    assert not VerifiedAddress.objects.exists()
    assert {event.verb for event in TeamEvent.objects.all()} == {"change_address"}
    assert "138" not in str(list(TeamEvent.objects.values("before", "after")))


def test_an_address_that_was_never_confirmed_is_by_saving_it_again(known: Cast) -> None:
    client = signed_in(known.designer)
    assert change(client).status_code == 302
    client.get(link_in(swept()[0]))
    assert client.post(reverse("staff:confirm_address")).status_code == 302
    assert VerifiedAddress.objects.get().address == "xiaomei@example.test"
    change(client)
    assert swept() == []


def test_mails_to_new_addresses_are_limited(known: Cast) -> None:
    """H3."""
    client = signed_in(known.designer)
    answers = [change(client, email=f"a{n}@example.test") for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [409]
    known.designer.refresh_from_db()
    assert known.designer.email == "xiaomei@example.test"
    # Only the newest link is good: the others were taken back before they were sent.
    assert [message.to for message in swept()] == [["a4@example.test"]]


def test_a_name_is_ones_own_to_choose(known: Cast) -> None:
    client = signed_in(known.designer)
    assert client.post(reverse("staff:own_name"), {"name": "小美美", "level": "manager"}).status_code == 302
    known.designer.refresh_from_db()
    assert (known.designer.display_name, known.designer.pinyin) == ("小美美", "xiaomeimei xmm")
    assert client.post(reverse("staff:own_name"), {"name": "a\nb"}).status_code == 409


def test_the_account_page_leads_everywhere(known: Cast) -> None:
    page = signed_in(known.manager).get(reverse("staff:account")).content.decode()
    for name in ("own_name", "own_address", "language", "password", "factor", "log_out_everywhere", "tokens"):
        assert reverse(f"staff:{name}") in page, name
    assert reverse("staff:access", args=[known.team.pk]) in page
    assert (
        reverse("staff:access", args=[known.team.pk])
        not in signed_in(known.cs).get(reverse("staff:account")).content.decode()
    )


def test_logging_out_everywhere_raises_the_epoch_that_tokens_carry(known: Cast) -> None:
    client, epoch = signed_in(known.designer), known.designer.epoch
    client.post(reverse("staff:log_out_everywhere"))
    known.designer.refresh_from_db()
    assert known.designer.epoch == epoch + 1
    assert not is_in(client)


def test_making_tokens_is_no_way_to_guess_the_password(known: Cast) -> None:
    client = signed_in(known.designer)
    given = {"name": "报表", "expires_at": "30", "password": "wrong"}
    codes = [client.post(reverse("staff:tokens"), given, headers=JSON).json()["code"] for _ in range(6)]
    assert codes == ["wrong_password"] * 5 + ["too_many"]
    api = Caller(known.designer).post("tokens", body={**given, "expires_at": "2027-01-01T00:00:00Z"})
    assert code_of(api) == (409, "too_many")
