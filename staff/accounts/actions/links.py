"""One-time links: made, taken back, used."""

from datetime import datetime

from django.db.models import QuerySet

from staff.accounts.adapters.secrets import link_secret
from staff.accounts.models import Link
from staff.accounts.rules import LIFETIMES, MailState, Purpose, digest, gone


def make_link(
    *,
    purpose: Purpose,
    user_id: int | None = None,
    address: str = "",
    created_by_id: int | None = None,
    by_mail: bool,
    now: datetime,
) -> tuple[Link, str]:
    """A link and its secret, which is in no row; `by_mail` leaves its mail to the sweep. Inside a transaction."""
    link = Link(
        purpose=purpose,
        user_id=user_id,
        address=address,
        created_by_id=created_by_id,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
        mail_state=MailState.PLANNED if by_mail else MailState.NONE,
        next_try_at=now if by_mail else None,
    )
    secret = link_secret(purpose, str(link.key))
    link.digest = digest(secret)
    link.save(force_insert=True)
    return link, secret


def _live(now: datetime) -> QuerySet[Link]:
    return Link.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now)


def take_link(*, purpose: Purpose, secret: str, now: datetime) -> Link:
    """The link behind the secret, locked for this transaction; refused when it is used, taken back or too old."""
    link = _live(now).select_for_update().filter(purpose=purpose, digest=digest(secret)).first()
    if link is None:
        raise gone()
    return link


def use_link(link: Link, now: datetime) -> None:
    """Marks it used: the next one who comes finds it gone."""
    link.used_at = now
    link.save(update_fields=["used_at"])


def revoke_links(*, user_id: int, purpose: Purpose, now: datetime) -> None:
    """Takes back whatever links of this kind this person has."""
    _live(now).filter(user_id=user_id, purpose=purpose).update(revoked_at=now)
