"""What getting in leaves on a person: a place taken by invitation, a new password, an address, the end of sessions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from planner.core.errors import Missing, Refused
from planner.core.pinyin import search_words
from planner.core.words import say
from staff.people.actions.account import set_password
from staff.people.actions.log import record_team_event
from staff.people.models import Membership, MembershipRole, Team, User
from staff.people.rules import Actor, Level, Role, check_capacity, check_manage, check_names


@transaction.atomic
def give_place(
    *,
    actor: Actor,
    team_id: int,
    user_id: int,
    level: Level,
    roles: Iterable[Role] = (),
    capacity_hours: Decimal = Decimal(6),
    now: datetime,
) -> None:
    """A place in the team for somebody who has an account already; one that had ended begins again as given here."""
    check_manage(actor, team_id)
    check_capacity(capacity_hours)
    # In the order of all verbs on places: team, place, person.
    if not Team.objects.select_for_update(no_key=True).filter(pk=team_id).first():
        raise Missing
    place = Membership.objects.select_for_update().filter(team_id=team_id, user_id=user_id).first()
    if not User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first():
        raise Missing
    if place and place.left_at is None:
        raise Refused("member_already", say("This person is in the team already."))
    if place is None:
        place = Membership(team_id=team_id, user_id=user_id, version=0)
    place.level, place.capacity_hours, place.left_at = level, capacity_hours, None
    place.version += 1
    place.save()
    given = sorted(frozenset(roles))
    place.roles.all().delete()
    MembershipRole.objects.bulk_create(MembershipRole(membership=place, role=role) for role in given)
    after = {"level": level, "roles": given, "capacity_hours": capacity_hours, "version": place.version}
    record_team_event(
        team_id=team_id,
        actor=actor,
        verb="give_place",
        subject_kind="user",
        subject_id=user_id,
        after=after,
        now=now,
    )


@transaction.atomic
def reset_password(*, actor: Actor, user_id: int, new: str, now: datetime) -> None:
    """A new password for whoever has shown a reset link: every session and token ends. The system's own verb."""
    user = _active(user_id)
    if not actor.is_system:
        raise Missing
    set_password(user, new, field="new")
    user.epoch += 1
    user.save(update_fields=["password", "epoch"])
    _log_everywhere(actor, user_id, "reset_password", now)


@transaction.atomic
def end_sessions(*, actor: Actor, user_id: int, verb: str = "", now: datetime) -> None:
    """Ends every session and token of this person: their own wish, or the system's; `verb` is what the log says."""
    if not (actor.is_system or actor.user_id == user_id):
        raise Missing
    User.objects.filter(pk=user_id).update(epoch=F("epoch") + 1)
    if verb:
        _log_everywhere(actor, user_id, verb, now)


@transaction.atomic
def set_address(*, actor: Actor, user_id: int, email: str, phone: str, now: datetime) -> None:
    """One's own e-mail address and phone number; the log says that they changed, not to what."""
    user = _active(user_id)
    if actor.user_id != user_id:
        raise Missing
    user.email, user.phone = email, phone
    user.save(update_fields=["email", "phone"])
    _log_everywhere(actor, user_id, "change_address", now)


@transaction.atomic
def set_own_name(*, actor: Actor, name: str, now: datetime) -> None:
    """The name that colleagues see."""
    name = name.strip()
    check_names(name)
    user = _active(actor.user_id or 0)
    before, user.display_name, user.pinyin = user.display_name, name, search_words(name)
    user.save(update_fields=["display_name", "pinyin"])
    if before != name:
        _log_everywhere(actor, user.pk, "change_name", now, before={"name": before}, after={"name": name})


def _active(user_id: int) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Missing
    return user


def _log_everywhere(actor: Actor, user_id: int, verb: str, now: datetime, **values: Mapping[str, Any]) -> None:
    places = Membership.objects.filter(user_id=user_id, left_at=None).order_by("team_id")
    for team_id in places.values_list("team_id", flat=True):
        record_team_event(
            team_id=team_id, actor=actor, verb=verb, subject_kind="user", subject_id=user_id, now=now, **values
        )
