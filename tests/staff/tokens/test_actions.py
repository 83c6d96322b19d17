"""Making and revoking tokens: only one's own, with the password, logged without a secret."""

import json
from datetime import timedelta

import pytest

from planner.core.errors import Missing, NotAllowed, Refused
from staff.accounts.rules import LIMITS
from staff.people.actions import change_password
from staff.people.models import TeamEvent, User
from staff.people.queries import actor_for
from staff.people.rules import SYSTEM
from staff.tokens.actions import create_token, note_use, revoke_token
from staff.tokens.models import ApiToken
from staff.tokens.queries import bearer_of, live_tokens_of_member, token_of, tokens_of
from staff.tokens.rules import MOST_LIVE, TokenState, digest_of
from tests.cast import Cast
from tests.factories import NOW, join
from tests.staff.tokens.conftest import WORD, make

LATER = NOW + timedelta(minutes=5)


def test_a_token_is_kept_as_a_digest_and_lets_its_person_in(known: Cast) -> None:
    made = make(known.designer, may_write=False)
    row = ApiToken.objects.get()
    assert made.secret.startswith("plt_")
    assert len(made.secret) == 47
    assert row.digest == digest_of(made.secret)
    assert made.secret not in json.dumps(ApiToken.objects.values().get(), default=str)
    found = bearer_of(made.secret, NOW)
    assert found is not None
    assert (found[0], found[1].may_write) == (known.designer, False)


def test_two_tokens_are_never_the_same(known: Cast) -> None:
    assert len({make(known.cs).secret for _ in range(5)}) == 5


def test_making_and_revoking_are_logged_in_each_team_without_the_secret(known: Cast) -> None:
    join(known.designer, known.other_team, "viewer")
    made = make(known.designer)
    revoke_token(actor=actor_for(known.designer), token_id=made.token_id, now=LATER)
    revoke_token(actor=actor_for(known.designer), token_id=made.token_id, now=LATER)
    events = TeamEvent.objects.order_by("id")
    assert [(row.verb, row.team) for row in events] == [
        ("create_token", known.team),
        ("create_token", known.other_team),
        ("revoke_token", known.team),
        ("revoke_token", known.other_team),
    ]
    told = json.dumps([[row.before, row.after] for row in events])
    assert "BI" in told
    for secret in (made.secret, made.secret[:10], digest_of(made.secret), WORD):
        assert secret not in told


@pytest.mark.parametrize("password", ["", "wrong", WORD.upper()])
def test_the_password_is_asked_again(known: Cast, password: str) -> None:
    with pytest.raises(Refused, match="wrong_password"):
        create_token(
            actor=known.actor("designer"), name="BI", may_write=True, expires_at=LATER, password=password, now=NOW
        )
    assert not ApiToken.objects.exists()


def test_the_system_and_people_who_left_make_none(known: Cast) -> None:
    gone = known.actor("cs")
    User.objects.filter(pk=known.cs.pk).update(is_active=False)
    for actor in (SYSTEM, gone):
        with pytest.raises(Missing):
            create_token(actor=actor, name="BI", may_write=True, expires_at=LATER, password=WORD, now=NOW)


def test_nobody_has_more_than_twenty_live_tokens(known: Cast) -> None:
    """H2."""
    first = make(known.cs, days=1)
    for _ in range(MOST_LIVE - 1):
        make(known.cs)
    with pytest.raises(Refused, match="too_many_tokens"):
        make(known.cs)
    make(known.designer)
    revoke_token(actor=known.actor("cs"), token_id=first.token_id, now=NOW)
    make(known.cs)
    assert ApiToken.objects.filter(user=known.cs, revoked_at=None).count() == MOST_LIVE


def test_nobody_sees_or_revokes_anothers_token(known: Cast) -> None:
    """C9."""
    made = make(known.designer)
    for name in ("manager", "cs", "outsider"):
        assert tokens_of(known.actor(name), NOW) == []
        with pytest.raises(Missing):
            token_of(known.actor(name), made.token_id, NOW)
        with pytest.raises(Missing):
            revoke_token(actor=known.actor(name), token_id=made.token_id, now=NOW)
    with pytest.raises(Missing):
        revoke_token(actor=SYSTEM, token_id=made.token_id, now=NOW)
    assert bearer_of(made.secret, NOW)


def test_what_ends_a_token_shows_in_its_state(known: Cast) -> None:
    make(known.designer, days=1)
    revoked = make(known.designer)
    revoke_token(actor=known.actor("designer"), token_id=revoked.token_id, now=NOW)
    make(known.designer, name="alive")
    soon = NOW + timedelta(days=2)
    assert [line.state for line in tokens_of(known.actor("designer"), soon)] == [
        TokenState.LIVE,
        TokenState.REVOKED,
        TokenState.EXPIRED,
    ]
    change_password(actor=known.actor("designer"), old=WORD, new="chunxin-8842", now=NOW)
    assert {line.state for line in tokens_of(known.actor("designer"), NOW)} == {TokenState.REVOKED, TokenState.ENDED}


def test_use_is_noted_at_most_once_a_minute(known: Cast) -> None:
    made = make(known.cs)
    for seconds, noted in [(0, 0), (30, 0), (59, 0), (60, 60), (61, 60), (500, 500)]:
        note_use(token_id=made.token_id, now=NOW + timedelta(seconds=seconds))
        assert ApiToken.objects.get().last_used_at == NOW + timedelta(seconds=noted)


def test_managers_know_of_their_peoples_live_tokens_and_nobody_elses(known: Cast) -> None:
    make(known.designer, name="导出")
    make(known.outsider, name="外")
    revoke_token(actor=known.actor("cs"), token_id=make(known.cs).token_id, now=NOW)

    def seen(by: str, whose: str) -> list[str]:
        lines = live_tokens_of_member(known.actor(by), known.team.pk, getattr(known, whose).pk, NOW)
        return [line.name for line in lines]

    assert (seen("manager", "designer"), seen("manager", "cs"), seen("manager", "outsider")) == (["导出"], [], [])
    with pytest.raises(Missing):
        seen("outsider", "designer")
    with pytest.raises(NotAllowed):
        seen("cs", "cs")


def test_the_password_cannot_be_guessed_here(known: Cast) -> None:
    codes = []
    for _ in range(LIMITS["password"].most + 3):
        with pytest.raises(Refused) as refused:
            create_token(
                actor=known.actor("cs"), name="BI", may_write=True, expires_at=LATER, password="guess", now=NOW
            )
        codes.append(refused.value.code)
    assert codes.count("wrong_password") == LIMITS["password"].most
    with pytest.raises(Refused) as refused:
        make(known.cs)
    assert refused.value.code == codes[-1] != "wrong_password"
    assert make(known.designer).token_id


def test_a_faulty_name_is_no_try(known: Cast) -> None:
    for _ in range(LIMITS["password"].most + 3):
        with pytest.raises(Refused, match="invalid"):
            make(known.cs, name="")
    assert make(known.cs).token_id
