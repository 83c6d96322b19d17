"""Tokens as their owners may see them, and as the door reads them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from planner.core.errors import Missing
from staff.people.models import User
from staff.people.queries import people_by_id
from staff.people.rules import Actor, check_manage
from staff.tokens.models import ApiToken
from staff.tokens.rules import TokenFacts, TokenState, digest_of, token_state

# Dead tokens that the page still shows, newest first.
SHOWN_DEAD = 10


@dataclass(frozen=True)
class TokenLine:
    """One token without its secret, ready to show."""

    id: int
    name: str
    start: str
    may_write: bool
    state: TokenState
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None

    @property
    def is_live(self) -> bool:
        """True while it lets its program in."""
        return self.state is TokenState.LIVE


@dataclass(frozen=True)
class Bearer:
    """Who holds a live token, and what it is good for; DRF keeps it as `request.auth`."""

    token_id: int
    name: str
    may_write: bool
    expires_at: datetime
    last_used_at: datetime | None


def _state(row: ApiToken, now: datetime) -> TokenState:
    facts = TokenFacts(
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        epoch=row.epoch,
        user_epoch=row.user.epoch,
        user_is_active=row.user.is_active,
    )
    return token_state(facts, now)


def _line(row: ApiToken, now: datetime) -> TokenLine:
    return TokenLine(
        id=row.pk,
        name=row.name,
        start=row.start,
        may_write=row.may_write,
        state=_state(row, now),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )


def bearer_of(secret: str, now: datetime) -> tuple[User, Bearer] | None:
    """The person and the live token behind this secret; None for every other word, after the same work."""
    row = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if row is None or _state(row, now) is not TokenState.LIVE:
        return None
    bearer = Bearer(
        token_id=row.pk,
        name=row.name,
        may_write=row.may_write,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
    return row.user, bearer


def tokens_of(actor: Actor, now: datetime) -> list[TokenLine]:
    """The actor's own tokens: those in use first, then the newest of the dead."""
    rows = ApiToken.objects.select_related("user").filter(user_id=actor.user_id or 0).order_by("-id")
    # Those in use are few by rule, dead ones grow for ever: asked for apart.
    live = Q(revoked_at=None, expires_at__gt=now, epoch=F("user__epoch"))
    return [_line(row, now) for row in (*rows.filter(live), *rows.exclude(live)[:SHOWN_DEAD])]


def token_of(actor: Actor, token_id: int, now: datetime) -> TokenLine:
    """One of the actor's own tokens; `Missing` for everybody else's."""
    row = ApiToken.objects.select_related("user").filter(user_id=actor.user_id or 0, pk=token_id).first()
    if row is None:
        raise Missing
    return _line(row, now)


def live_tokens_of_member(actor: Actor, team_id: int, user_id: int, now: datetime) -> list[TokenLine]:
    """The live tokens of a member of the team, newest first, for its managers; none of those who left it."""
    check_manage(actor, team_id)
    here = user_id in people_by_id(team_id)
    rows = ApiToken.objects.select_related("user").filter(user_id=user_id, revoked_at=None, expires_at__gt=now)
    return [line for row in rows.order_by("-id") if (line := _line(row, now)).is_live] if here else []
