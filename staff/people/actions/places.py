"""A person's place in a team: what it allows, its end, its return.

Locks come in one order, team → place → person: two managers' verbs queue up at the team, so no verb can look at the
managers while another changes them, and verbs of two teams on one person meet at the person.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say
from staff.people.actions.log import record_team_event
from staff.people.models import IN_TEAM, Membership, MembershipRole, Team, User
from staff.people.queries import place_fields_touched_since, place_values
from staff.people.rules import Actor, Level, Role, check_capacity, check_keeps_manager, check_manage


@transaction.atomic
def change_place(
    *,
    actor: Actor,
    team_id: int,
    user_id: int,
    version: int | None = None,
    level: Level | None = None,
    roles: Iterable[Role] | None = None,
    capacity_hours: Decimal | None = None,
    now: datetime,
) -> None:
    """Sets what is given of a member's level, functional roles and hours a day; the last manager stays one.

    From a stale screen it still succeeds when nobody else changed these very fields.
    """
    place = _lock_place(actor, team_id, user_id)
    if place.left_at is not None:
        raise Refused("left", say("This person has left the team: reactivate them first."))
    before = place_values(place)
    given = {"level": level, "roles": None if roles is None else sorted(set(roles)), "capacity_hours": capacity_hours}
    asked = {name: value for name, value in given.items() if value is not None}
    _check_fresh(place, version, before, asked)
    changed = {name: value for name, value in asked.items() if value != before[name]}
    if not changed:
        return
    if capacity_hours is not None:
        check_capacity(capacity_hours)
    if "level" in changed:
        check_keeps_manager(_managers(team_id), user_id)
    _write(place, changed)
    _log(actor, "change_place", place, now, before={name: before[name] for name in changed}, after=changed)


@transaction.atomic
def deactivate_person(*, actor: Actor, team_id: int, user_id: int, now: datetime) -> None:
    """Ends a member's place; their work keeps their name. With the last place the account is shut, at once.

    Places in other teams are not touched, nor is the account while there is one. To end an ended place changes nothing.
    """
    place = _lock_place(actor, team_id, user_id)
    if place.left_at is not None:
        return
    check_keeps_manager(_managers(team_id), user_id)
    place.left_at = now
    _write(place, {"left_at": now})
    person = User.objects.select_for_update(no_key=True).get(pk=user_id)
    # Asked behind the lock: another team may have ended its place just now.
    if not person.memberships.filter(left_at=None).exists():
        User.objects.filter(pk=user_id).update(is_active=False, epoch=F("epoch") + 1)
    _log(actor, "deactivate_person", place, now)


@transaction.atomic
def reactivate_person(*, actor: Actor, team_id: int, user_id: int, now: datetime) -> None:
    """Gives an ended place back as it was, and with it the account; old sessions and tokens stay dead."""
    place = _lock_place(actor, team_id, user_id)
    if place.left_at is None and place.user.is_active:
        return
    place.left_at = None
    _write(place, {"left_at": None})
    User.objects.filter(pk=user_id).update(is_active=True)
    _log(actor, "reactivate_person", place, now)


def _lock_place(actor: Actor, team_id: int, user_id: int) -> Membership:
    check_manage(actor, team_id)
    if not Team.objects.select_for_update(no_key=True).filter(pk=team_id).first():
        raise Missing
    # A manager who was lowered while this request waited at the gate manages no more.
    if not actor.is_system and actor.user_id not in _managers(team_id):
        raise NotAllowed
    place = Membership.objects.select_for_update().filter(team_id=team_id, user_id=user_id).first()
    if place is None:
        raise Missing
    return place


def _managers(team_id: int) -> set[int]:
    return set(
        Membership.objects.filter(IN_TEAM, team_id=team_id, level=Level.MANAGER).values_list("user_id", flat=True)
    )


def _check_fresh(place: Membership, version: int | None, current: dict[str, Any], yours: dict[str, Any]) -> None:
    if version is None or version == place.version:
        return
    # One that is newer than the place nobody can have seen.
    is_made_up = version > place.version
    touched = frozenset(yours) if is_made_up else place_fields_touched_since(place.team_id, place.user_id, version)
    stale = sorted(name for name, value in yours.items() if name in touched and value != current[name])
    if stale:
        raise Refused(
            "stale",
            say("Somebody changed this meanwhile."),
            current={name: current[name] for name in stale},
            yours={name: yours[name] for name in stale},
        )


def _write(place: Membership, changed: dict[str, Any]) -> None:
    columns = {name: value for name, value in changed.items() if name != "roles"}
    place.version += 1
    Membership.objects.filter(pk=place.pk).update(**columns, version=place.version)
    if "roles" in changed:
        place.roles.exclude(role__in=changed["roles"]).delete()
        rows = [MembershipRole(membership=place, role=role) for role in changed["roles"]]
        MembershipRole.objects.bulk_create(rows, ignore_conflicts=True)


def _log(
    actor: Actor,
    verb: str,
    place: Membership,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record_team_event(
        team_id=place.team_id,
        actor=actor,
        verb=verb,
        subject_kind="user",
        subject_id=place.user_id,
        before=before,
        after={"version": place.version, **(after or {})},
        now=now,
    )
