"""Secrets that need no place to be kept, and digests of those that are typed."""

import base64
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

# Characters of a link's secret.
SECRET_LENGTH = 43
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def same(one: str, other: str) -> bool:
    """Whether both are the same, in a time that does not say where they differ."""
    return constant_time_compare(one, other)


def new_token() -> str:
    """A fresh secret of 256 bits."""
    return secrets.token_urlsafe(32)


def link_secret(purpose: str, key: str) -> str:
    """The secret of a link: 256 bits that only this installation can make from the row's key."""
    made = salted_hmac("staff.accounts.link", f"{purpose}:{key}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def mailed(secret: str) -> str:
    """The secret as its mail alone carries it: the mark behind it shows that whoever comes with it read that mail."""
    return secret + link_secret("mailed", secret)


def read_mailed(word: str) -> tuple[str, bool]:
    """The secret in a link, and whether it comes from the mail and not from the hand of whoever made the link."""
    secret, mark = word[:SECRET_LENGTH], word[SECRET_LENGTH:]
    return secret, same(mark, link_secret("mailed", secret))


def factor_key(nonce: str) -> bytes:
    """The 20 bytes of a second factor, made from its nonce and the installation's secret key."""
    return salted_hmac("staff.accounts.factor", nonce, algorithm="sha256").digest()[:20]


def recovery_digest(code: str) -> str:
    """What is kept of a recovery code: without the installation's secret key nobody can try codes against it."""
    return salted_hmac("staff.accounts.recovery", code, algorithm="sha256").hexdigest()


def new_recovery_code() -> str:
    """Twelve letters and digits that cannot be mistaken for each other: 59 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))
