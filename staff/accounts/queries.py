"""Links, invitations and accounts as their readers may see them."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from planner.core.errors import Missing
from planner.core.words import Said
from staff.accounts.models import Guard, Invitation, Link, RecoveryCode, SecondFactor, VerifiedAddress
from staff.accounts.rules import ENROL_FOR, MailState, Purpose, digest, gone, login_key, not_yours
from staff.people.models import IN_TEAM, Membership, Team, User
from staff.people.queries import actor_by_id, people_of
from staff.people.rules import Actor, Level, Role, check_manage, may_manage

BATCH = 100


# --- facts for rules --------------------------------------------------------------------------


def any_team() -> bool:
    """Whether somebody has set this installation up."""
    return Team.objects.exists()


@dataclass(frozen=True)
class SignInFacts:
    """What decides whether a link opens an account."""

    user_id: int
    login: str
    email: str
    phone: str


def sign_in_facts(user_id: int) -> SignInFacts | None:
    """The active account as it is now; None when there is none."""
    row = User.objects.filter(pk=user_id, is_active=True).values("pk", "login", "email", "phone").first()
    return SignInFacts(row["pk"], row["login"], row["email"], row["phone"]) if row else None


def find_accounts(asked: str) -> list[tuple[int, str]]:
    """(id, e-mail) of the active accounts with this log-in name or e-mail address, those with an address; at most 5."""
    rows = User.objects.filter(Q(login__iexact=asked) | Q(email__iexact=asked), is_active=True).exclude(email="")
    return list(rows.order_by("pk").values_list("pk", "email")[:5])


def team_ids_of(user_id: int) -> frozenset[int]:
    """The teams in which this person has a place, or had one that could be given back: their account opens it then."""
    return frozenset(Membership.objects.filter(user_id=user_id).values_list("team_id", flat=True))


def login_in_team(team_id: int, user_id: int) -> str | None:
    """The log-in name of a member of the team; None for everybody else."""
    row = (
        Membership.objects.filter(IN_TEAM, team_id=team_id, user_id=user_id)
        .values_list("user__login", flat=True)
        .first()
    )
    return str(row) if row is not None else None


def is_in_team(team_id: int, address: str) -> bool:
    """Whether an active member of the team has this address."""
    rows = Membership.objects.filter(IN_TEAM, team_id=team_id)
    return rows.filter(Q(user__email__iexact=address) | Q(user__phone=address)).exists()


def is_verified(user_id: int, address: str) -> bool:
    """Whether this address is the person's today and they have shown that they read what goes there."""
    row = User.objects.filter(pk=user_id, is_active=True).values("email", "phone").first()
    if row is None or address not in {row["email"].lower(), row["phone"]}:
        return False
    return VerifiedAddress.objects.filter(user_id=user_id, address=address).exists()


def has_verified_account(address: str) -> bool:
    """Whether an active person has this address, confirmed."""
    rows = VerifiedAddress.objects.filter(address=address, user__is_active=True)
    return rows.filter(Q(user__email__iexact=address) | Q(user__phone=address)).exists()


def has_factor(user_id: int) -> bool:
    """Whether log-in asks this person for a code."""
    return SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()


def active_user(user_id: int) -> User:
    """The account to sign in; `Missing` when it is gone."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Missing
    return user


def pending_user(user_id: int, session_hash: str) -> User | None:
    """The person who has given the password and owes the code; None when the account changed since."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user and user.get_session_auth_hash() == session_hash else None


# --- mail -------------------------------------------------------------------------------------


def due_links(now: datetime) -> list[int]:
    """Links whose mail is to go now, broken-off ones included."""
    rows = Link.objects.filter(mail_state__in=[MailState.PLANNED, MailState.CLAIMED], next_try_at__lte=now)
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:BATCH])


@dataclass(frozen=True)
class Letterhead:
    """What the mail of a link says and to whom."""

    purpose: Purpose
    key: str
    to: str
    language: str
    attempts: int
    login: str = ""
    team: str = ""
    sender: str = ""


def letterhead(link_id: int, now: datetime) -> Letterhead | None:
    """The mail of a link; None when it must not go any more: used, taken back, too old, its person gone."""
    row = Link.objects.select_related("user", "created_by").get(pk=link_id)
    if row.used_at or row.revoked_at or row.expires_at <= now or (row.user and not row.user.is_active):
        return None
    reader = row.user or row.created_by
    language = reader.language if reader else settings.LANGUAGE_CODE
    head = Letterhead(Purpose(row.purpose), str(row.key), row.address, language, row.attempts)
    if row.user:
        return replace(head, login=row.user.login)
    invitation = Invitation.objects.select_related("team", "invited_by").get(link=row)
    return replace(head, team=invitation.team.name, sender=invitation.invited_by.display_name)


# --- screens ----------------------------------------------------------------------------------


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
    # Somebody has confirmed this address: they log in first.
    must_log_in: bool


def invitation_screen(user: User | AnonymousUser, secret: str, now: datetime) -> InvitationScreen:
    """The invitation behind the secret; refused like every link that opens nothing."""
    check_link(Purpose.INVITE, secret, now)
    row = Invitation.objects.select_related("team", "invited_by").filter(link__digest=digest(secret)).first()
    sender = actor_by_id(row.invited_by_id) if row else None
    if row is None or sender is None or not may_manage(sender, row.team_id):
        raise gone()
    signed_in = isinstance(user, User)
    fits = isinstance(user, User) and is_verified(user.pk, row.address)
    return InvitationScreen(
        team=row.team.name,
        sender=row.invited_by.display_name,
        address=row.address,
        level=Level(row.level),
        roles=tuple(Role(role) for role in row.roles),
        is_signed_in=signed_in,
        refusal=not_yours(row.address) if signed_in and not fits else None,
        must_log_in=not signed_in and has_verified_account(row.address),
    )


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
