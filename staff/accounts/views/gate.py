"""The gate in front of every log-in: which key a try counts for, and the browsers an account knows."""

import secrets
from hashlib import sha256
from typing import Any

from axes.handlers.base import AxesHandler
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from staff.accounts.actions.guard import release_all, release_tries, reserve_try
from staff.accounts.rules import login_key

DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}planner_device"
DEVICE_AGE = 180 * 24 * 3600
# Accounts that one browser keeps knowing; the oldest gives way.
MOST_KNOWN = 8
_SALT = "staff.accounts.device"


def _mark(login: str) -> str:
    return sha256(login_key(login).encode()).hexdigest()[:20]


def _device(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        kept = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=_SALT, max_age=DEVICE_AGE)
        return str(kept["id"]), [str(mark) for mark in kept["who"]]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return "", []


def place_of(request: HttpRequest, kind: str, login: str) -> dict[str, str]:
    """The key that this try counts for: the account's, or that of a browser the account has signed in from before.

    Never the address of the request: a header that changes changes nothing.
    """
    device, known = _device(request)
    key = login_key(login)
    if device and _mark(login) in known:
        return {"kind": f"{kind}_device", "who": f"{device}:{key}", "about": key}
    return {"kind": kind, "who": key, "about": key}


def remember_device(request: HttpRequest, response: HttpResponse, login: str) -> HttpResponse:
    """Lets this browser's tries count for a key of its own from now on."""
    device, known = _device(request)
    others = [mark for mark in known if mark != _mark(login)]
    marks = [*others[1 - MOST_KNOWN :], _mark(login)]
    value = signing.dumps({"id": device or secrets.token_hex(8), "who": marks}, salt=_SALT)
    response.set_cookie(
        DEVICE_COOKIE,
        value,
        max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


class AccountHandler(AxesHandler):
    """What django-axes asks before a password is looked at: counted first, judged after.

    Its own handlers look first and count after, so that guesses at the same moment all pass.
    """

    def is_allowed(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        """Counts this try; False when the account has none left."""
        # No name, no try: an empty one would be one key for everybody.
        login = str((credentials or {})["username"] or "")
        place = place_of(request, "login", login)
        request.locked_until = reserve_try(**place, now=timezone.now())
        request.login_place = place
        return request.locked_until is None

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:  # noqa: ARG002 - its form is axes'
        """Forgets the tries of whoever got in."""
        release_place(request)

    def reset_attempts(self, *, username: str | None = None, **kwargs: Any) -> int:  # noqa: ARG002
        """Forgets the tries to get into this account; addresses were never counted."""
        if username:
            release_all(login=username)
        return int(bool(username))


def release_place(request: Any) -> None:
    """Forgets the tries of this request's key: its password was right."""
    place = getattr(request, "login_place", None)
    if place and request.locked_until is None:
        release_tries(kind=place["kind"], who=place["who"])
