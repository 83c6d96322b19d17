"""What a token is worth: tables, no database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from planner.core.errors import Refused
from staff.tokens.rules import (
    LONGEST,
    MOST_LIVE,
    TokenFacts,
    TokenState,
    check_new_token,
    digest_of,
    may_note_use,
    token_state,
)
from tests.factories import NOW

DAY = timedelta(days=1)
FACTS = TokenFacts(expires_at=NOW + DAY, revoked_at=None, epoch=1, user_epoch=1, user_is_active=True)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (FACTS, TokenState.LIVE),
        (replace(FACTS, expires_at=NOW), TokenState.EXPIRED),
        (replace(FACTS, expires_at=NOW - DAY), TokenState.EXPIRED),
        (replace(FACTS, revoked_at=NOW - DAY), TokenState.REVOKED),
        (replace(FACTS, user_epoch=2), TokenState.ENDED),
        (replace(FACTS, epoch=2), TokenState.ENDED),
        (replace(FACTS, user_is_active=False), TokenState.ENDED),
        (replace(FACTS, revoked_at=NOW, user_epoch=2, expires_at=NOW), TokenState.REVOKED),
    ],
)
def test_a_token_lets_in_only_when_nothing_speaks_against_it(facts: TokenFacts, state: TokenState) -> None:
    assert token_state(facts, NOW) is state


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": ""}, "invalid", "name"),
        ({"name": "x" * 61}, "invalid", "name"),
        ({"name": "two\nlines"}, "invalid", "name"),
        ({"expires_at": NOW}, "invalid", "expires_at"),
        ({"expires_at": NOW + LONGEST + timedelta(seconds=1)}, "invalid", "expires_at"),
        ({"live": MOST_LIVE}, "too_many_tokens", None),
    ],
)
def test_a_new_token_has_a_name_an_end_and_a_place(change: dict[str, object], code: str, field: str | None) -> None:
    good = {"name": "BI", "expires_at": NOW + LONGEST, "live": MOST_LIVE - 1, "now": NOW}
    check_new_token(**good)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        check_new_token(**good | change)  # type: ignore[arg-type]
    assert (refused.value.code, list(refused.value.fields)) == (code, [field] if field else [])


def test_use_is_noted_once_a_minute() -> None:
    assert may_note_use(None, NOW)
    assert may_note_use(NOW - timedelta(seconds=60), NOW)
    assert not may_note_use(NOW - timedelta(seconds=59), NOW)


def test_the_digest_is_sha_256() -> None:
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
