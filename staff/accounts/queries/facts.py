"""What is known of an account before somebody gets in: facts for rules."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from planner.core.errors import Missing
from staff.accounts.models import SecondFactor, VerifiedAddress
from staff.people.models import IN_TEAM, Membership, Team, TeamEvent, User


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
    """(id, e-mail) of the active accounts with this log-in name or e-mail address, those with an address; at most 5.

    Those who confirmed it first: accounts made with somebody's address do not crowd out its owner.
    """
    confirmed = VerifiedAddress.objects.filter(user=OuterRef("pk"), address=Lower(OuterRef("email")))
    rows = User.objects.filter(Q(login__iexact=asked) | Q(email__iexact=asked), is_active=True).exclude(email="")
    return list(rows.order_by(Exists(confirmed).desc(), "pk").values_list("pk", "email")[:5])


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


def fits_invitation(user_id: int, address: str, *, by_mail: bool) -> bool:
    """Whether an invitation to this address is this person's: it is theirs, confirmed, or read in this very mail."""
    if is_verified(user_id, address):
        return True
    return by_mail and User.objects.filter(pk=user_id, is_active=True, email__iexact=address).exists()


def has_first_password(user_id: int) -> bool:
    """Whether somebody else, who added this person, still knows the password: nobody has set another one since."""
    verbs = ("add_person", "change_password", "reset_password")
    rows = TeamEvent.objects.filter(subject_kind="user", subject_id=user_id, verb__in=verbs)
    newest = rows.order_by("-id").values_list("verb", "actor_id").first()
    # An account that its owner made, by invitation or set-up, was added by the system.
    return newest is not None and newest[0] == "add_person" and newest[1] is not None


def has_verified_account(email: str) -> bool:
    """Whether an active person has this e-mail address, confirmed; nothing shows whose a phone number is."""
    rows = VerifiedAddress.objects.filter(address=email, user__is_active=True, user__email__iexact=email)
    return email != "" and rows.exists()


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
