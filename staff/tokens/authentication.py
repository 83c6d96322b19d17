"""How a program shows its token: `Authorization: Bearer plt_…`.

Stands apart from `api`, because DRF loads it while it loads its own views: it may know nothing that imports those.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from rest_framework import authentication, exceptions

from planner.core.words import say
from planner.web.words import translate
from staff.tokens.actions import note_use
from staff.tokens.queries import Bearer, bearer_of
from staff.tokens.rules import may_note_use


class TokenAuthentication(authentication.TokenAuthentication):
    """Lets the person of a live token in; `request.auth.may_write` says whether it may change anything.

    Every other token gets one and the same 401, whether it is unknown, revoked, expired or its person gone.
    """

    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> tuple[AbstractBaseUser, Bearer]:
        """The person and the token; the base class has read the header."""
        now = timezone.now()
        found = bearer_of(key, now)
        if found is None:
            raise exceptions.AuthenticationFailed(
                translate(say("This token is not known, or no longer valid.")), code="bad_token"
            )
        if may_note_use(found[1].last_used_at, now):
            note_use(token_id=found[1].token_id, now=now)
        return found

    def authenticate_header(self, request: Any) -> str:  # noqa: ARG002 - DRF passes it
        """What a 401 asks for."""
        return self.keyword
