"""How often, how long, to whom: the numbers and decisions of getting in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from unicodedata import normalize

from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import Said, say
from staff.people.rules import Actor, check_manage, may_manage


def digest(text: str) -> str:
    """What is kept of a secret: SHA-256 as hexadecimal."""
    return sha256(text.encode()).hexdigest()


class Purpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"
    ADDRESS = "address"


class MailState(StrEnum):
    """Where the mail of a link stands; `none`: a person hands it over, `held`: the data was restored before it went."""

    NONE = "none"
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"
    HELD = "held"


LIFETIMES = {
    Purpose.INVITE: timedelta(hours=72),
    Purpose.RESET: timedelta(hours=1),
    Purpose.ADDRESS: timedelta(hours=24),
}


# --- limits -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in `window`; then none for `pause`, or until the window ends where there is no pause."""

    most: int
    window: timedelta
    pause: timedelta | None = None


_QUARTER, _HOUR, _DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
LIMITS = {
    # Guesses: counted for the account alone, and apart for a browser that the account has signed in from before.
    "login": Limit(5, _QUARTER, _QUARTER),
    "login_device": Limit(5, _QUARTER, _QUARTER),
    "code": Limit(5, _QUARTER, _QUARTER),
    "code_device": Limit(5, _QUARTER, _QUARTER),
    "password": Limit(5, _QUARTER, _QUARTER),
    # Mail and links that somebody else gets.
    "invite_sender": Limit(20, _DAY),
    "invite_address": Limit(3, _DAY),
    "invite_team": Limit(50, _DAY),
    "address_account": Limit(5, _DAY),
    "address_address": Limit(3, _DAY),
    # An hour, as long as a link holds: whoever floods the owner's mailbox also keeps a good link in it.
    "reset_asked": Limit(3, _HOUR),
    "reset_account": Limit(3, _HOUR),
}

# Forgotten passwords that wait for the sweep, and the counted names beside them: more than this nobody needs at once.
MOST_REQUESTS = 500
MOST_ASKED_KEPT = 5000


def has_room(waiting: int, *, is_known: bool) -> bool:
    """Whether one more request may wait: in a full queue only that of a name that somebody has."""
    return is_known or waiting < MOST_REQUESTS


@dataclass(frozen=True)
class Tries:
    """What was counted for one key; `until` is the moment from which it may try again."""

    count: int
    since: datetime
    until: datetime | None = None


def one_more(tries: Tries | None, limit: Limit, now: datetime) -> Tries | None:
    """The count with this try in it; None when there is none left. What is refused is not counted: no lock grows."""
    if tries and tries.until and now < tries.until:
        return None
    if tries is None or tries.until or now >= tries.since + limit.window:
        tries = Tries(0, now)
    count = tries.count + 1
    pause = now + limit.pause if limit.pause else tries.since + limit.window
    return Tries(count, tries.since, pause if count >= limit.most else None)


def minutes_left(until: datetime, now: datetime) -> int:
    """Whole minutes until then, at least one."""
    return max(1, -(-int((until - now).total_seconds()) // 60))


def too_many(until: datetime, now: datetime) -> Refused:
    """The refusal of one try too many; it says when to come back."""
    left = minutes_left(until, now)
    return Refused("too_many", say("Too many tries. Try again in %(minutes)s minutes.", minutes=left))


# --- names and addresses ----------------------------------------------------------------------


def login_key(name: str) -> str:
    """One key for every way to write a log-in name.

    Upper case first: databases compare upper case, and a dotless ı has an I there that folding alone does not see.
    """
    return normalize("NFKC", normalize("NFKC", name).strip().upper().casefold())


_EMAIL = re.compile(r"^[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\.]{2,}$")
_PHONE = re.compile(r"^\+?[0-9]{5,19}$")


@dataclass(frozen=True)
class Address:
    """An e-mail address or a phone number, in the one way in which we write it."""

    text: str

    @property
    def is_email(self) -> bool:
        """Whether mail can go there."""
        return "@" in self.text

    @property
    def email(self) -> str:
        """The address when it is one of mail, else nothing."""
        return self.text if self.is_email else ""

    @property
    def phone(self) -> str:
        """The number when it is one of a phone, else nothing."""
        return "" if self.is_email else self.text


def read_address(typed: str) -> Address:
    """The address as typed, tidied: e-mail in lower case, a number without blanks and dashes; else `Refused`."""
    text = normalize("NFKC", typed).strip()
    if "@" in text:
        text = text.lower()
        good = len(text) <= 254 and text.isprintable() and _EMAIL.match(text)
    else:
        text = re.sub(r"[\s().-]", "", text)
        good = _PHONE.match(text)
    if not good:
        fault = say("Type an e-mail address, or a phone number of 5 to 19 digits.")
        raise Refused("invalid", fault, fields={"address": fault})
    return Address(text)


# --- who may --------------------------------------------------------------------------------


def check_rescue(actor: Actor, team_id: int, member_team_ids: Iterable[int]) -> None:
    """Lets a manager into a member's account only when they manage every team of that member."""
    check_manage(actor, team_id)
    teams = frozenset(member_team_ids)
    if team_id not in teams:
        raise Missing
    if not all(may_manage(actor, other) for other in teams):
        raise NotAllowed("other_team", say("This person belongs to a team that you do not manage."))


def gone() -> Missing:
    """The answer to a link that is unknown, used, taken back or too old: one for all."""
    why = say("This link no longer works: it was used, taken back, or it is too old. Ask for a new one.")
    return Missing("link_gone", why)


def not_yours(address: str) -> Said:
    """Why a signed-in person cannot accept."""
    return say(
        "This invitation is for %(address)s, and that is not a confirmed address of your account.", address=address
    )


def first_password() -> Said:
    """Why somebody whose password another person chose cannot accept yet."""
    return say("Somebody else chose your password: change it on your account page, then accept.")


# --- mail -------------------------------------------------------------------------------------

# Longer than the mail server's time-outs and a worker's time limit: nobody sends what somebody may still be sending.
LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=30)


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the n-th failed try: doubling up to half an hour."""
    doubled: timedelta = FIRST_DELAY * 2 ** (max(attempts, 1) - 1)
    return min(doubled, timedelta(minutes=30))


@dataclass(frozen=True)
class Letter:
    """A mail ready to go; `key` is the same on every try."""

    key: str
    to: str
    subject: str
    lines: tuple[str, ...]


# --- second factor ------------------------------------------------------------------------------

# A person has this long to scan the code and to type the first number; and, at log-in, from password to number.
ENROL_FOR = timedelta(minutes=30)
PENDING_FOR = timedelta(minutes=10)
RECOVERY_CODES = 10


def tidy_code(typed: str) -> str:
    """A code as typed, without blanks and dashes, in lower case."""
    return re.sub(r"[\s-]", "", normalize("NFKC", typed)).lower()
