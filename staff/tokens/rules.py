"""What an API token is worth, and what a new one may be."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from planner.core.errors import Refused
from planner.core.words import say

# Lets a person, and a scanner of leaked secrets, see what kind of word this is.
PREFIX = "plt_"
# Enough of a secret to tell one's tokens apart; 6 of its 43 characters say nothing about the rest.
START_LENGTH = len(PREFIX) + 6
NAME_LENGTH = 60
MOST_LIVE = 20
LONGEST = timedelta(days=366)
# Last use is noted at most this often: a token in a tight loop must not write a row with every call.
NOTE_EVERY = timedelta(minutes=1)


class TokenState(StrEnum):
    """Whether a token lets anybody in, and if not, why."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"
    # The password was changed, or the account was shut, after it was made.
    ENDED = "ended"


@dataclass(frozen=True)
class TokenFacts:
    """What decides over a token: its own moments, and the person behind it."""

    expires_at: datetime
    revoked_at: datetime | None
    epoch: int
    user_epoch: int
    user_is_active: bool


def token_state(token: TokenFacts, now: datetime) -> TokenState:
    """The state of the token at `now`."""
    if token.revoked_at is not None:
        return TokenState.REVOKED
    if token.epoch != token.user_epoch or not token.user_is_active:
        return TokenState.ENDED
    return TokenState.LIVE if now < token.expires_at else TokenState.EXPIRED


def digest_of(secret: str) -> str:
    """What is kept of a secret: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def may_note_use(last_used_at: datetime | None, now: datetime) -> bool:
    """True when the last note of use is old enough to write a new one."""
    return last_used_at is None or now - last_used_at >= NOTE_EVERY


def check_new_token(*, name: str, expires_at: datetime, live: int, now: datetime) -> None:
    """Refuses a token without a name, one that lasts longer than a year or not at all, and one too many."""
    if not (0 < len(name) <= NAME_LENGTH and name.isprintable()):
        fault = say("A name has 1 to %(most)s characters on one line.", most=NAME_LENGTH)
        raise Refused("invalid", fault, fields={"name": fault})
    if not now < expires_at <= now + LONGEST:
        fault = say("A token ends within a year.")
        raise Refused("invalid", fault, fields={"expires_at": fault})
    if live >= MOST_LIVE:
        raise Refused(
            "too_many_tokens",
            say("You have %(most)s tokens in use: revoke one that you no longer need.", most=MOST_LIVE),
        )
