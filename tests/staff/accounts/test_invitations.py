"""Invitations: one place, one address, once (C3, C4, H3, B2, A12)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from staff.accounts.actions.invitations import Handed, accept_as_new, invite_person
from staff.accounts.actions.own import change_own_password
from staff.accounts.models import Guard, Invitation, Link, VerifiedAddress
from staff.accounts.queries import find_accounts
from staff.people.actions import add_person, deactivate_person
from staff.people.models import Membership, TeamEvent, User
from staff.people.queries import actor_for
from staff.people.rules import SYSTEM, Level, Role
from tests.campaigns.board.test_concurrency import at_once
from tests.cast import Cast, make_cast
from tests.factories import NOW, TeamFactory, UserFactory, join
from tests.staff.accounts.conftest import JSON, WORD, code_of, enter, is_in, link_in, signed_in, swept

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
GIVEN = {"address": "new@example.test", "level": "member", "roles": ["cs"], "capacity_hours": "7.5"}
PERSON = {"login": "newbie", "name": "陈小北", "password": WORD}


def invited(cast: Cast, address: str = "new@example.test", level: Level = Level.MEMBER, **values: Any) -> Handed:
    """An invitation by the manager, with the true clock."""
    given = {"actor": cast.actor("manager"), "team_id": cast.team.pk, "now": datetime.now(UTC)} | values
    return invite_person(address=address, level=level, roles=[Role.CS], **given)


def follow(client: Client, secret: str) -> Any:
    """Opens the link and the page that it leads to."""
    return client.get(reverse("staff:invite_link", args=[secret]), follow=True)


def accept(client: Client, **change: str) -> Any:
    return client.post(reverse("staff:invite"), PERSON | change, headers=JSON)


def verified(user: User) -> User:
    VerifiedAddress.objects.create(user=user, address=user.email or user.phone, at=NOW)
    return user


def test_a_link_makes_an_account_with_exactly_the_invited_address(client: Client, cast: Cast) -> None:
    page = follow(client, invited(cast).secret).content.decode()
    assert ("青禾旗舰店" in page, "陈主管" in page, 'name="login"' in page) == (True, True, True)
    assert accept(client, email="evil@example.test", phone="1", level="manager", team_id="9").status_code == 302
    user = User.objects.get(login="newbie")
    place = Membership.objects.get(user=user)
    assert (user.email, user.phone, user.is_superuser) == ("new@example.test", "", False)
    assert (place.team, place.level, set(place.roles.values_list("role", flat=True))) == (cast.team, "member", {"cs"})
    assert get_user(client) == user
    assert [event.verb for event in TeamEvent.objects.order_by("pk")] == [
        "invite_person",
        "add_person",
        "accept_invitation",
    ]


def test_a_phone_number_is_an_address_too(client: Client, cast: Cast) -> None:
    made = invited(cast, "138 0013 8000")
    assert not made.by_mail
    follow(client, made.secret)
    accept(client)
    user = User.objects.get(login="newbie")
    assert (user.email, user.phone) == ("", "13800138000")
    assert VerifiedAddress.objects.filter(user=user, address="13800138000").exists()


def test_only_the_mailed_link_confirms_an_address(client: Client, cast: Cast) -> None:
    made = invited(cast)
    (message,) = swept()
    client.get(link_in(message))
    assert accept(client).status_code == 302
    assert VerifiedAddress.objects.filter(user__login="newbie", address=made.address).exists()


@pytest.mark.parametrize("mark", ["", "x", "A" * 43])
def test_who_was_handed_the_link_does_not_own_the_address(cast: Cast, mark: str) -> None:
    # A manager of another team makes an account with the address of somebody whom ours is about to invite.
    other = invited(cast, actor=cast.actor("outsider"), team_id=cast.other_team.pk)
    squatter = Client()
    follow(squatter, other.secret + mark)
    assert accept(squatter, login="squatter").status_code == 302
    assert not VerifiedAddress.objects.exists()
    mine = invited(cast)
    # Theirs is not the place, and the owner is not kept out of it.
    follow(squatter, mine.secret)
    assert code_of(squatter.post(reverse("staff:invite"), headers=JSON)) == (403, "other_address")
    owner = Client()
    owner.get(link_in(next(mail for mail in swept() if mine.secret in mail.body)))
    assert accept(owner).status_code == 302
    assert find_accounts(mine.address)[0][0] == User.objects.get(login="newbie").pk


def test_the_mailed_link_confirms_ones_own_address_too(cast: Cast) -> None:
    made = invited(cast, cast.outsider.email)
    client = signed_in(cast.outsider)
    client.get(link_in(swept()[0]))
    assert client.post(reverse("staff:invite")).status_code == 302
    assert VerifiedAddress.objects.get(user=cast.outsider).address == made.address


def test_a_phone_number_in_an_account_keeps_nobody_out(cast: Cast) -> None:
    follow(
        first := Client(), invited(cast, "13800138000", actor=cast.actor("outsider"), team_id=cast.other_team.pk).secret
    )
    assert accept(first, login="first").status_code == 302
    follow(second := Client(), invited(cast, "13800138000").secret)
    assert accept(second, login="second").status_code == 302


def test_a_link_works_once(client: Client, cast: Cast) -> None:
    """C3."""
    secret = invited(cast).secret
    follow(client, secret)
    accept(client)
    again = Client()
    assert follow(again, secret).status_code == 404
    assert code_of(accept(again, login="second")) == (404, "link_gone")
    assert User.objects.filter(login="second").count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_link_works_once_for_two_at_once() -> None:
    """C3."""
    cast = make_cast()
    secret = invited(cast).secret

    def one(login: str) -> Callable[[], object]:
        return lambda: accept_as_new(
            secret=secret, login=login, name=login, password=WORD, language="en", now=datetime.now(UTC)
        )

    assert sorted(at_once(*[one(f"person-{n}") for n in range(4)])) == ["link_gone"] * 3 + ["ok"]


def test_a_link_expires(client: Client, cast: Cast) -> None:
    """C3."""
    with time_machine.travel(START, tick=False) as clock:
        secret = invited(cast).secret
        clock.shift(timedelta(hours=71, minutes=59))
        assert follow(client, secret).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert follow(client, secret).status_code == 404
        assert code_of(accept(client)) == (404, "link_gone")


def test_only_a_digest_is_kept(cast: Cast) -> None:
    """C3."""
    secret = invited(cast).secret
    rows = str(
        [*Link.objects.values(), *Invitation.objects.values(), *Guard.objects.values(), *TeamEvent.objects.values()]
    )
    assert len(secret) == 43
    assert secret not in rows


def test_the_secret_leaves_the_address_and_no_referer_tells_it(client: Client, cast: Cast) -> None:
    secret = invited(cast).secret
    answer = client.get(reverse("staff:invite_link", args=[secret]))
    assert (answer.status_code, answer.url, answer["Referrer-Policy"]) == (302, reverse("staff:invite"), "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    cookie = answer.cookies["planner_invite"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/invite/", "Lax")
    page = client.get(answer.url).content.decode()
    assert secret not in page


def test_a_wrong_person_who_is_signed_in_cannot_accept(cast: Cast) -> None:
    """C3, C4."""
    secret = invited(cast, cast.outsider.email).secret
    # The same address, but never confirmed (C4): and nobody takes the account over.
    same = signed_in(cast.outsider)
    page = follow(same, secret).content.decode()
    assert 'class="button primary"' not in page.partition('<main id="content"')[2]
    assert code_of(same.post(reverse("staff:invite"), headers=JSON)) == (403, "other_address")
    other = signed_in(verified(UserFactory(login="other")))
    follow(other, secret)
    assert code_of(other.post(reverse("staff:invite"), headers=JSON)) == (403, "other_address")
    assert not Membership.objects.filter(team=cast.team, user=cast.outsider).exists()
    stranger = Client()
    follow(stranger, secret)
    assert accept(stranger).status_code == 302
    cast.outsider.refresh_from_db()
    assert not cast.outsider.check_password(WORD)
    assert Membership.objects.get(team=cast.team, user__login="newbie").user != cast.outsider


def test_who_confirmed_the_address_accepts_with_their_own_account(cast: Cast) -> None:
    verified(cast.outsider)
    secret = invited(cast, cast.outsider.email, Level.VIEWER).secret
    assert "next=/invite/" in follow(stranger := Client(), secret).content.decode()
    assert code_of(accept(stranger)) == (409, "has_account")
    client = signed_in(cast.outsider)
    follow(client, secret)
    assert client.post(reverse("staff:invite")).status_code == 302
    assert Membership.objects.get(team=cast.team, user=cast.outsider).level == "viewer"
    assert is_in(client)


def test_a_password_that_somebody_else_chose_opens_no_second_team(cast: Cast) -> None:
    """C4: the manager who made the account knows its first password, and would come along."""
    account = {"login": "second", "name": "新人", "password": WORD, "email": "second@example.test"}
    user_id = add_person(
        actor=cast.actor("outsider"), team_id=cast.other_team.pk, level=Level.MEMBER, now=NOW, **account
    )
    user = verified(User.objects.get(pk=user_id))
    client = signed_in(user)
    follow(client, invited(cast, user.email).secret)
    page = client.get(reverse("staff:invite")).content.decode()
    assert reverse("staff:password") in page
    assert '<button class="button primary">' not in page
    refused = client.post(reverse("staff:invite"), headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "first_password")
    change_own_password(actor=actor_for(user), old=WORD, new="quite-another-2026", now=NOW)
    client = signed_in(User.objects.get(pk=user_id))
    follow(client, invited(cast, user.email).secret)
    assert '<button class="button primary">' in client.get(reverse("staff:invite")).content.decode()
    assert client.post(reverse("staff:invite")).status_code == 302
    assert Membership.objects.filter(team=cast.team, user=user).exists()


def test_an_address_that_was_changed_since_is_not_confirmed(cast: Cast) -> None:
    """C4."""
    verified(cast.outsider)
    secret = invited(cast, cast.outsider.email).secret
    User.objects.filter(pk=cast.outsider.pk).update(email="moved@example.test")
    client = signed_in(cast.outsider)
    follow(client, secret)
    assert client.post(reverse("staff:invite")).status_code == 403


def test_somebody_who_left_comes_back_by_invitation(cast: Cast) -> None:
    second = TeamFactory()
    join(cast.cs, second)
    deactivate_person(actor=SYSTEM, team_id=cast.team.pk, user_id=cast.cs.pk, now=NOW)
    verified(cast.cs)
    client = signed_in(cast.cs)
    follow(client, invited(cast, cast.cs.email, Level.VIEWER).secret)
    assert client.post(reverse("staff:invite")).status_code == 302
    place = Membership.objects.get(team=cast.team, user=cast.cs)
    assert (place.level, place.left_at) == ("viewer", None)


def test_a_member_is_not_invited_again(cast: Cast) -> None:
    answer = signed_in(cast.manager).post(
        reverse("staff:invite_person", args=[cast.team.pk]), GIVEN | {"address": cast.cs.email.upper()}, headers=JSON
    )
    assert code_of(answer) == (409, "member_already")


def test_an_invitation_is_worth_what_its_sender_may_do_today(client: Client, cast: Cast) -> None:
    secret = invited(cast).secret
    Membership.objects.filter(user=cast.manager).update(level="member")
    assert follow(client, secret).status_code == 404
    assert code_of(accept(client)) == (404, "link_gone")


def test_revoking_ends_the_link_and_a_new_one_ends_the_old(client: Client, cast: Cast) -> None:
    made, manager = invited(cast), signed_in(cast.manager)
    again = manager.post(reverse("staff:reissue_invitation", args=[cast.team.pk, made.id]))
    fresh = link_in(type("Mail", (), {"body": again.content.decode().partition('id="handed"')[2].replace('"', " ")}))
    assert follow(client, made.secret).status_code == 404
    assert client.get(fresh, follow=True).status_code == 200
    assert manager.post(reverse("staff:revoke_invitation", args=[cast.team.pk, made.id])).status_code == 302
    assert client.get(fresh, follow=True).status_code == 404
    assert made.address not in manager.get(reverse("staff:access", args=[cast.team.pk])).content.decode()


def test_another_teams_invitation_is_not_there(cast: Cast) -> None:
    made, wai = invited(cast), signed_in(cast.outsider)
    for name in ("reissue_invitation", "revoke_invitation"):
        assert wai.post(reverse(f"staff:{name}", args=[cast.team.pk, made.id])).status_code == 404
        assert wai.post(reverse(f"staff:{name}", args=[cast.other_team.pk, made.id])).status_code == 404
    assert Link.objects.get().revoked_at is None


def test_the_page_shows_the_link_once_with_the_configured_host(cast: Cast) -> None:
    manager, path = signed_in(cast.manager), reverse("staff:invite_person", args=[cast.team.pk])
    page = manager.post(path, GIVEN, headers={"X-Forwarded-Host": "evil.example"}).content.decode()
    assert f'value="{settings.BASE_URL}/invite/' in page
    assert "evil.example" not in page
    later = manager.get(reverse("staff:access", args=[cast.team.pk])).content.decode()
    assert "new@example.test" in later
    assert "/invite/" not in later.partition('<main id="content"')[2].replace("/access/invite/", "")


def test_an_invitation_to_an_address_of_mail_is_mailed_by_the_sweep(cast: Cast) -> None:
    made = invited(cast)
    invited(cast, "13800138000")
    (message,) = swept()
    assert message.to == ["new@example.test"]
    assert made.secret in message.body
    assert "青禾旗舰店" in message.subject
    assert swept() == []


def test_limits_hold_for_sender_address_and_team(cast: Cast) -> None:
    """H3."""
    code: Callable[..., str] = lambda *a, **k: _code(cast, *a, **k)  # noqa: E731
    assert [code("same@example.test") for _ in range(4)] == ["ok"] * 3 + ["too_many"]
    assert [code(f"a{n}@example.test") for n in range(18)] == ["ok"] * 17 + ["too_many"]
    # A second manager of the team, and a third: the team's own limit.
    for n in range(2):
        join(second := UserFactory(login=f"second{n}"), cast.team, "manager")
        answers = [code(f"b{n}-{m}@example.test", user=second) for m in range(20)]
        assert answers == (["ok"] * 20 if n == 0 else ["ok"] * 10 + ["too_many"] * 10)
    # What was refused left nothing: no link, no mail.
    assert Link.objects.count() == Invitation.objects.count() == 50


def test_one_address_is_spared_by_all_teams_together(cast: Cast) -> None:
    """H3."""
    for n in range(4):
        team = TeamFactory()
        join(boss := UserFactory(login=f"boss{n}"), team, "manager")
        assert _code(cast, "victim@example.test", user=boss, team_id=team.pk) == ("ok" if n < 3 else "too_many")


def _code(cast: Cast, address: str, *, user: User | None = None, team_id: int | None = None) -> str:
    client = signed_in(user or cast.manager)
    path = reverse("staff:invite_person", args=[team_id or cast.team.pk])
    answer = client.post(path, GIVEN | {"address": address}, headers=JSON)
    return "ok" if answer.status_code == 200 else answer.json()["code"]


def test_the_new_account_can_log_in_and_a_taken_name_keeps_the_link(client: Client, cast: Cast) -> None:
    follow(client, invited(cast).secret)
    assert code_of(accept(client, login="AMIN")) == (409, "login_taken")
    assert code_of(accept(client, password="123")) == (409, "weak_password")
    assert accept(client).status_code == 302
    enter(fresh := Client(), "newbie", WORD)
    assert is_in(fresh)


def test_the_page_asks_the_same_for_many_as_for_few(cast: Cast, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    manager = signed_in(cast.manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(reverse("staff:access", args=[cast.team.pk])).status_code == 200
        return len(asked)

    invited(cast)
    few = queries()
    for n in range(6):
        join(UserFactory(), cast.team, "member", "ops")
        invited(cast, f"more{n}@example.test")
    assert queries() == few > 5
