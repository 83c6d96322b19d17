"""One's own tokens over the API."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from rest_framework import serializers
from rest_framework.request import Request

from planner.web.api import ApiView, Choice, Id, In, Moment, Out, Page, Text, cut, operation
from staff.people.queries import actor_for
from staff.tokens import actions
from staff.tokens.queries import TokenLine, token_of, tokens_of
from staff.tokens.rules import NAME_LENGTH, TokenState


class TokenOut(Out):
    """A token without its secret."""

    id = Id(help_text="The token's id.")
    name = serializers.CharField(help_text="What its owner calls it.")
    start = serializers.CharField(help_text="The first characters of the secret, to tell tokens apart.")
    may_write = serializers.BooleanField(help_text="False for a token that may only read.")
    state = Choice(TokenState, help_text="`live`, or why it lets nobody in any more; a new password makes it `ended`.")
    created_at = Moment(help_text="When it was made.")
    expires_at = Moment(help_text="When it ends by itself.")
    last_used_at = Moment(allow_null=True, help_text="Its last use, to the minute; null when there was none.")


class NewTokenOut(TokenOut):
    """A token just made."""

    secret = serializers.CharField(help_text="The secret itself: given this once and kept nowhere.")


class NewTokenIn(In):
    """What the token is for, what it may do, how long it holds, and the caller's password again."""

    name = Text(max_length=NAME_LENGTH, help_text="What it is for, 1 to 60 characters on one line.")
    may_write = serializers.BooleanField(
        required=False, default=False, help_text="True for all that the caller may; left out, it only reads."
    )
    expires_at = Moment(help_text="When it ends, within a year from now.")
    password = Text(max_length=4096, trim_whitespace=False, help_text="The caller's own password.")


class TokensView(ApiView):
    """The caller's tokens."""

    # A secret that is shown once is not kept for retries either.
    keeps_answers = False

    @operation("list_tokens", gives=TokenOut, pages=True)
    def get(self, request: Request, *, query: dict[str, Any]) -> Page:
        """The caller's own tokens: those in use, then some of the newest that are dead."""
        return cut(tokens_of(actor_for(request.user), timezone.now()), query)

    @sensitive_variables("values", "made")
    @operation("create_token", takes=NewTokenIn, gives=NewTokenOut, status=201)
    def post(self, request: Request, *, values: dict[str, Any]) -> dict[str, Any]:
        """A new token of the caller's own; at most 20 are in use at a time."""
        actor, now = actor_for(request.user), timezone.now()
        made = actions.create_token(actor=actor, now=now, **values)
        return asdict(token_of(actor, made.token_id, now)) | {"secret": made.secret}


class TokenView(ApiView):
    """One of the caller's tokens."""

    @operation("get_token", gives=TokenOut)
    def get(self, request: Request, *, token_id: int) -> TokenLine:
        """The token without its secret."""
        return token_of(actor_for(request.user), token_id, timezone.now())

    @operation("revoke_token")
    def delete(self, request: Request, *, token_id: int) -> None:
        """Ends the token at once; it stays in the list as revoked."""
        actions.revoke_token(actor=actor_for(request.user), token_id=token_id, now=timezone.now())
