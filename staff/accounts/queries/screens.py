"""Links, invitations and accounts as their readers may see them."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from planner.core.errors import Missing
from planner.core.words import Said
from staff.accounts.models import Guard, Invitation, Link, RecoveryCode, SecondFactor, VerifiedAddress
from staff.accounts.queries.facts import fits_invitation, has_factor, has_first_password, has_verified_account
from staff.accounts.rules import ENROL_FOR, MailState, Purpose, digest, first_password, gone, login_key, not_yours
from staff.people.models import Membership, Team, User
from staff.people.queries import actor_by_id, people_of
from staff.people.rules import Actor, Level, Role, check_manage, may_manage


def check_link(purpose: Purpose, secret: str, now: datetime) -> None:
    """Refuses a link that opens nothing."""
    rows = Link.objects.filter(purpose=purpose, digest=digest(secret), used_at=None, revoked_at=None)
    if not rows.filter(expires_at__gt=now).exists():
        raise gone()


@dataclass(frozen=True)
class InvitationScreen:
    """What an invited person sees before they accept."""

    team: str
    sender: str
    address: str
    level: Level
    roles: tuple[Role, ...]
    # A signed-in person accepts with a tap, or reads why not.
    is_signed_in: bool
    refusal: Said | None
    # Their account is the right one, but somebody else chose its password.
    must_change: bool
    # Somebody has confirmed this address: they log in first.
    must_log_in: bool


def invitation_screen(
    user: User | AnonymousUser, secret: str, now: datetime, *, by_mail: bool = False
) -> InvitationScreen:
    """The invitation behind the secret; refused like every link that opens nothing."""
    check_link(Purpose.INVITE, secret, now)
    row = Invitation.objects.select_related("team", "invited_by").filter(link__digest=digest(secret)).first()
    sender = actor_by_id(row.invited_by_id) if row else None
    if row is None or sender is None or not may_manage(sender, row.team_id):
        raise gone()
    signed_in = isinstance(user, User)
    fits = isinstance(user, User) and fits_invitation(user.pk, row.address, by_mail=by_mail)
    return InvitationScreen(
        team=row.team.name,
        sender=row.invited_by.display_name,
        address=row.address,
        level=Level(row.level),
        roles=tuple(Role(role) for role in row.roles),
        is_signed_in=signed_in,
        refusal=_refusal(user, row.address, fits=fits),
        must_change=isinstance(user, User) and fits and has_first_password(user.pk),
        must_log_in=not signed_in and has_verified_account(row.address),
    )


def _refusal(user: User | AnonymousUser, address: str, *, fits: bool) -> Said | None:
    if not isinstance(user, User):
        return None
    if not fits:
        return not_yours(address)
    return first_password() if has_first_password(user.pk) else None


@dataclass(frozen=True)
class Pending:
    """An invitation that nobody has accepted yet."""

    id: int
    address: str
    level: Level
    roles: tuple[Role, ...]
    sender: str
    expires_at: datetime
    is_open: bool
    mail_state: MailState


@dataclass(frozen=True)
class Entry:
    """How one member gets in, as a manager may see it."""

    user_id: int
    name: str
    login: str
    has_email: bool
    has_factor: bool
    is_locked: bool
    # Whether the manager may open this account: they manage every team of its owner, and it is not their own.
    may_rescue: bool


@dataclass(frozen=True)
class AccessScreen:
    """A team's invitations and how its people get in."""

    team_id: int
    team: str
    pending: tuple[Pending, ...]
    people: tuple[Entry, ...]


def access_screen(actor: Actor, team_id: int, now: datetime) -> AccessScreen:
    """For managers of the team."""
    check_manage(actor, team_id)
    team = Team.objects.filter(pk=team_id).values_list("name", flat=True).first()
    if team is None:
        raise Missing
    return AccessScreen(
        team_id, team, tuple(pending_invitations(actor, team_id, now)), tuple(_entries(actor, team_id, now))
    )


def pending_invitations(actor: Actor, team_id: int, now: datetime) -> list[Pending]:
    """Invitations that were neither accepted nor taken back, newest first; for managers of the team."""
    check_manage(actor, team_id)
    rows = Invitation.objects.filter(team_id=team_id, accepted_at=None, link__revoked_at=None)
    return [
        Pending(
            id=row.pk,
            address=row.address,
            level=Level(row.level),
            roles=tuple(Role(role) for role in row.roles),
            sender=row.invited_by.display_name,
            expires_at=row.link.expires_at,
            is_open=row.link.expires_at > now,
            mail_state=MailState(row.link.mail_state),
        )
        for row in rows.select_related("link", "invited_by").order_by("-id")[:200]
    ]


def _entries(actor: Actor, team_id: int, now: datetime) -> list[Entry]:
    people = people_of(actor, team_id)
    ids = [person.user_id for person in people]
    teams: dict[int, set[int]] = {}
    for user_id, other in Membership.objects.filter(user_id__in=ids).values_list("user_id", "team_id"):
        teams.setdefault(user_id, set()).add(other)
    with_factor = set(
        SecondFactor.objects.filter(user_id__in=ids).exclude(confirmed_at=None).values_list("user_id", flat=True)
    )
    keys = {digest(login_key(person.login)): person.user_id for person in people}
    locked = {
        keys[about]
        for about in Guard.objects.filter(about__in=keys, locked_until__gt=now).values_list("about", flat=True)
    }
    return [
        Entry(
            user_id=person.user_id,
            name=person.name,
            login=person.login,
            has_email=bool(person.email),
            has_factor=person.user_id in with_factor,
            is_locked=person.user_id in locked,
            may_rescue=person.user_id != actor.user_id
            and all(may_manage(actor, other) for other in teams[person.user_id]),
        )
        for person in people
    ]


@dataclass(frozen=True)
class AccountScreen:
    """One's own account."""

    login: str
    name: str
    language: str
    email: str
    email_verified: bool
    phone: str
    phone_verified: bool
    # An address that waits for its mailed link to be used.
    waiting_for: str
    has_factor: bool
    recovery_left: int
    # Teams one manages: (id, name).
    manages: tuple[tuple[int, str], ...]


def account_screen(actor: Actor, now: datetime) -> AccountScreen:
    """The actor's own account, as the account page shows it."""
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise Missing
    good = set(VerifiedAddress.objects.filter(user=user).values_list("address", flat=True))
    waiting = Link.objects.filter(user=user, purpose=Purpose.ADDRESS, used_at=None, revoked_at=None, expires_at__gt=now)
    codes = RecoveryCode.objects.filter(factor__user=user, used_at=None).exclude(factor__confirmed_at=None)
    managed = [seat.team_id for seat in actor.seats if seat.level is Level.MANAGER]
    return AccountScreen(
        login=user.login,
        name=user.display_name,
        language=user.language,
        email=user.email,
        email_verified=user.email.lower() in good,
        phone=user.phone,
        phone_verified=user.phone in good,
        waiting_for=waiting.order_by("-pk").values_list("address", flat=True).first() or "",
        has_factor=has_factor(user.pk),
        recovery_left=codes.count(),
        manages=tuple(Team.objects.filter(pk__in=managed).order_by("pk").values_list("pk", "name")),
    )


def factor_nonce(actor: Actor, now: datetime) -> str:
    """The nonce of a second step that waits to be confirmed; empty when there is none."""
    rows = SecondFactor.objects.filter(user_id=actor.user_id or 0, confirmed_at=None, created_at__gt=now - ENROL_FOR)
    return rows.values_list("nonce", flat=True).first() or ""
