"""Verbs on API tokens: make, revoke, note a use."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from planner.core.errors import Missing
from staff.accounts.actions.guard import check_try, release_tries
from staff.people.actions import confirm_password, record_team_event
from staff.people.rules import Actor
from staff.tokens.models import ApiToken
from staff.tokens.rules import NOTE_EVERY, PREFIX, START_LENGTH, check_new_token, digest_of


@dataclass(frozen=True)
class NewToken:
    """A token just made, with the one sight of its secret there will ever be."""

    token_id: int
    secret: str


def create_token(
    *, actor: Actor, name: str, may_write: bool, expires_at: datetime, password: str, now: datetime
) -> NewToken:
    """A token of the actor's own; the password is asked for again. Its secret is returned once and kept nowhere."""
    name = name.strip()
    check_new_token(name=name, expires_at=expires_at, live=0, now=now)
    # Counted before it is judged: whoever found an open browser cannot guess the password here.
    check_try(kind="password", who=str(actor.user_id), now=now)
    with transaction.atomic():
        # Locks the person's row: two at once cannot both be the twentieth.
        user_id, epoch = confirm_password(actor=actor, password=password)
        live = ApiToken.objects.filter(user_id=user_id, revoked_at=None, expires_at__gt=now, epoch=epoch).count()
        check_new_token(name=name, expires_at=expires_at, live=live, now=now)
        secret = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            user_id=user_id,
            name=name,
            digest=digest_of(secret),
            start=secret[:START_LENGTH],
            may_write=may_write,
            epoch=epoch,
            created_at=now,
            expires_at=expires_at,
        )
        after = {"name": name, "may_write": may_write, "expires_at": expires_at}
        _log(actor, "create_token", token.pk, now, after=after)
    release_tries(kind="password", who=str(actor.user_id))
    return NewToken(token_id=token.pk, secret=secret)


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int, now: datetime) -> None:
    """Ends one of the actor's own tokens at once; to revoke it again changes nothing."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id, user_id=actor.user_id or 0).first()
    if token is None:
        raise Missing
    if token.revoked_at is not None:
        return
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    _log(actor, "revoke_token", token_id, now, before={"name": token.name})


def note_use(*, token_id: int, now: datetime) -> None:
    """Notes that the token was used at `now`, unless that was noted within the last minute."""
    old = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTE_EVERY)
    ApiToken.objects.filter(old, pk=token_id).update(last_used_at=now)


def _log(
    actor: Actor,
    verb: str,
    token_id: int,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """One event in each of the person's teams: the token opens all of them."""
    for team_id in sorted(actor.team_ids):
        record_team_event(
            team_id=team_id,
            actor=actor,
            verb=verb,
            subject_kind="token",
            subject_id=token_id,
            before=before,
            after=after,
            now=now,
        )
