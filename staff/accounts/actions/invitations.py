"""A manager holds a place for an address; who comes with the link, takes it once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say
from staff.accounts.actions.guard import check_try
from staff.accounts.actions.links import make_link, take_link, use_link
from staff.accounts.models import Invitation, Link, VerifiedAddress
from staff.accounts.queries import fits_invitation, has_first_password, has_verified_account, is_in_team
from staff.accounts.rules import Address, Purpose, first_password, gone, not_yours, read_address
from staff.people.actions import add_person, give_place, record_team_event
from staff.people.queries import actor_by_id
from staff.people.rules import SYSTEM, Actor, Level, Role, check_capacity, check_manage, may_manage


@dataclass(frozen=True)
class Handed:
    """A link to hand over: the secret is shown once."""

    id: int
    address: str
    secret: str
    by_mail: bool
    expires_at: datetime


@transaction.atomic
def invite_person(
    *,
    actor: Actor,
    team_id: int,
    address: str,
    level: Level,
    roles: Iterable[Role] = (),
    capacity_hours: Decimal = Decimal(6),
    now: datetime,
) -> Handed:
    """Holds a place for 72 hours; the link is returned once, and mailed when the address is one of mail."""
    check_manage(actor, team_id)
    if actor.user_id is None:
        raise NotAllowed
    to = read_address(address)
    check_capacity(capacity_hours)
    if is_in_team(team_id, to.text):
        fault = say("Somebody with this address is in the team already.")
        raise Refused("member_already", fault, fields={"address": fault})
    _check_limits(actor, team_id, to, now)
    link, secret = _link(actor, to, now)
    invitation = Invitation.objects.create(
        team_id=team_id,
        link=link,
        invited_by_id=actor.user_id,
        address=to.text,
        level=level,
        roles=sorted(frozenset(roles)),
        capacity_hours=capacity_hours,
        created_at=now,
    )
    _log(actor, invitation, "invite_person", now)
    return Handed(invitation.pk, to.text, secret, to.is_email, link.expires_at)


@transaction.atomic
def reissue_invitation(*, actor: Actor, team_id: int, invitation_id: int, now: datetime) -> Handed:
    """A fresh link for the same place; the old one is worth nothing from now on."""
    invitation = _open(actor, team_id, invitation_id)
    if actor.user_id is None:
        raise NotAllowed
    to = Address(invitation.address)
    _check_limits(actor, team_id, to, now)
    Link.objects.filter(pk=invitation.link_id).update(revoked_at=now)
    invitation.link, secret = _link(actor, to, now)
    # Whoever hands it out stands for it.
    invitation.invited_by_id = actor.user_id
    invitation.save(update_fields=["link", "invited_by"])
    _log(actor, invitation, "reissue_invitation", now)
    return Handed(invitation.pk, to.text, secret, to.is_email, invitation.link.expires_at)


@transaction.atomic
def revoke_invitation(*, actor: Actor, team_id: int, invitation_id: int, now: datetime) -> None:
    """Takes the place back; the link is worth nothing from now on."""
    invitation = _open(actor, team_id, invitation_id)
    Link.objects.filter(pk=invitation.link_id, revoked_at=None).update(revoked_at=now)
    _log(actor, invitation, "revoke_invitation", now)


@transaction.atomic
def accept_as_new(
    *, secret: str, login: str, name: str, password: str, language: str, by_mail: bool = False, now: datetime
) -> int:
    """A new account with exactly the invited address, and its place; returns the user's id.

    An e-mail address counts as confirmed when the link is the one that was mailed to it.
    """
    invitation, to = _taken(secret, now)
    if has_verified_account(to.email):
        raise Refused("has_account", say("There is an account with this address: log in with it, then accept."))
    user_id = add_person(
        actor=SYSTEM,
        team_id=invitation.team_id,
        login=login,
        name=name,
        password=password,
        level=Level(invitation.level),
        roles=[Role(role) for role in invitation.roles],
        email=to.email,
        phone=to.phone,
        language=language,
        capacity_hours=invitation.capacity_hours,
        now=now,
    )
    # A manager has every link of theirs in hand: with one for a stranger's address they would own that address here.
    if by_mail or to.phone:
        VerifiedAddress.objects.create(user_id=user_id, address=to.text, at=now)
    _close(invitation, user_id, now)
    return user_id


@transaction.atomic
def accept_as_member(*, actor: Actor, secret: str, by_mail: bool = False, now: datetime) -> int:
    """The signed-in person takes the place, when the invited address is a confirmed one of theirs; the team's id.

    With the link as it was mailed to it, one's own address is confirmed.
    """
    invitation, to = _taken(secret, now)
    if actor.user_id is None or not fits_invitation(actor.user_id, to.text, by_mail=by_mail):
        raise NotAllowed("other_address", not_yours(to.text))
    if has_first_password(actor.user_id):
        # Whoever added this person could walk into the new team with it.
        raise Refused("first_password", first_password())
    VerifiedAddress.objects.get_or_create(user_id=actor.user_id, address=to.text, defaults={"at": now})
    give_place(
        actor=SYSTEM,
        team_id=invitation.team_id,
        user_id=actor.user_id,
        level=Level(invitation.level),
        roles=[Role(role) for role in invitation.roles],
        capacity_hours=invitation.capacity_hours,
        now=now,
    )
    _close(invitation, actor.user_id, now)
    return invitation.team_id


def _check_limits(actor: Actor, team_id: int, to: Address, now: datetime) -> None:
    # Inside the verb's transaction: a refused invitation takes its counts back.
    check_try(kind="invite_sender", who=str(actor.user_id), now=now)
    check_try(kind="invite_address", who=to.text, now=now)
    check_try(kind="invite_team", who=str(team_id), now=now)


def _link(actor: Actor, to: Address, now: datetime) -> tuple[Link, str]:
    return make_link(purpose=Purpose.INVITE, address=to.text, created_by_id=actor.user_id, by_mail=to.is_email, now=now)


def _open(actor: Actor, team_id: int, invitation_id: int) -> Invitation:
    check_manage(actor, team_id)
    rows = Invitation.objects.select_for_update().filter(team_id=team_id, pk=invitation_id)
    invitation = rows.first()
    if invitation is None:
        raise Missing
    if invitation.accepted_at:
        raise Refused("accepted_already", say("This invitation has been accepted."))
    return invitation


def _taken(secret: str, now: datetime) -> tuple[Invitation, Address]:
    link = take_link(purpose=Purpose.INVITE, secret=secret, now=now)
    invitation = Invitation.objects.get(link=link)
    # An invitation is worth what its sender may do today.
    sender = actor_by_id(invitation.invited_by_id)
    if sender is None or not may_manage(sender, invitation.team_id):
        raise gone()
    use_link(link, now)
    return invitation, Address(invitation.address)


def _close(invitation: Invitation, user_id: int, now: datetime) -> None:
    invitation.accepted_at, invitation.accepted_by_id = now, user_id
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    accepted_by = actor_by_id(user_id)
    if accepted_by:
        _log(accepted_by, invitation, "accept_invitation", now)


def _log(actor: Actor, invitation: Invitation, verb: str, now: datetime) -> None:
    record_team_event(
        team_id=invitation.team_id,
        actor=actor,
        verb=verb,
        subject_kind="invitation",
        subject_id=invitation.pk,
        after={"address": invitation.address, "level": invitation.level, "roles": invitation.roles},
        now=now,
    )
