"""Verbs on teams and people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from planner.core.errors import Missing, Refused
from planner.core.words import Said, say
from staff.people.adapters.pinyin import search_words
from staff.people.models import Membership, MembershipRole, Team, TeamEvent, User
from staff.people.rules import Actor, Level, Role, check_manage, check_names


def record_team_event(
    *,
    team_id: int,
    actor: Actor,
    verb: str,
    subject_kind: str,
    subject_id: int,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Appends to the team's log; call it inside the verb's transaction."""
    TeamEvent.objects.create(
        team_id=team_id,
        actor_id=actor.user_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        before=dict(before or {}),
        after=dict(after or {}),
        at=now,
    )


@transaction.atomic
def create_team(*, actor: Actor, name: str, zone: str = "Asia/Shanghai", now: datetime) -> int:
    """A new team; only the machine's owner makes one. Returns its id."""
    if not actor.is_system:
        raise Missing
    check_names(name)
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name, zone=zone, created_at=now)
    except IntegrityError:
        raise Refused("name_taken", say("There is a team named %(name)s already.", name=name)) from None
    record_team_event(
        team_id=team.pk,
        actor=actor,
        verb="create_team",
        subject_kind="team",
        subject_id=team.pk,
        after={"name": name},
        now=now,
    )
    return team.pk


@transaction.atomic
def add_person(
    *,
    actor: Actor,
    team_id: int,
    login: str,
    name: str,
    password: str,
    level: Level,
    roles: Iterable[Role] = (),
    email: str = "",
    language: str = "zh-hans",
    capacity_hours: Decimal = Decimal(6),
    now: datetime,
) -> int:
    """A new person with a place in the team; returns the user's id."""
    check_manage(actor, team_id)
    # As the log-in form reads it: a name typed in full-width letters is the same name.
    login, name, roles = normalize("NFKC", login).strip(), name.strip(), frozenset(roles)
    check_names(login, name)
    _check_capacity(capacity_hours)
    user = User(
        login=login, display_name=name, pinyin=search_words(name), email=email, language=language, joined_at=now
    )
    _set_password(user, password, field="password")
    try:
        # The constraint decides, not a look before: it also holds when two managers add at once.
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        fault = say("The log-in name %(login)s is taken.", login=login)
        raise Refused("login_taken", fault, fields={"login": fault}) from None
    membership = Membership.objects.create(team_id=team_id, user=user, level=level, capacity_hours=capacity_hours)
    MembershipRole.objects.bulk_create(MembershipRole(membership=membership, role=role) for role in sorted(roles))
    record_team_event(
        team_id=team_id,
        actor=actor,
        verb="add_person",
        subject_kind="user",
        subject_id=user.pk,
        after={"login": login, "level": level, "roles": sorted(roles), "capacity_hours": capacity_hours},
        now=now,
    )
    return user.pk


@transaction.atomic
def change_place(
    *,
    actor: Actor,
    team_id: int,
    user_id: int,
    level: Level,
    roles: Iterable[Role],
    capacity_hours: Decimal,
    now: datetime,
) -> None:
    """Sets a member's level, functional roles and hours a day; the last manager stays one."""
    check_manage(actor, team_id)
    membership = Membership.objects.select_for_update().filter(team_id=team_id, user_id=user_id).first()
    if membership is None:
        raise Missing
    managers = Membership.objects.select_for_update().filter(team_id=team_id, level=Level.MANAGER, user__is_active=True)
    if level is not Level.MANAGER and list(managers.values_list("user_id", flat=True)) == [user_id]:
        raise Refused("last_manager", say("A team keeps at least one manager."))
    _check_capacity(capacity_hours)
    roles = frozenset(roles)
    had = frozenset(Role(row.role) for row in membership.roles.all())
    before = {"level": membership.level, "roles": sorted(had), "capacity_hours": membership.capacity_hours}
    membership.level, membership.capacity_hours = level, capacity_hours
    membership.save(update_fields=["level", "capacity_hours"])
    membership.roles.filter(role__in=had - roles).delete()
    MembershipRole.objects.bulk_create(MembershipRole(membership=membership, role=role) for role in sorted(roles - had))
    record_team_event(
        team_id=team_id,
        actor=actor,
        verb="change_place",
        subject_kind="user",
        subject_id=user_id,
        before=before,
        after={"level": level, "roles": sorted(roles), "capacity_hours": capacity_hours},
        now=now,
    )


@transaction.atomic
def found_team(*, actor: Actor, name: str, login: str, display_name: str, password: str, now: datetime) -> int:
    """A new team with its first person, a manager who leads the operations; returns the team's id."""
    team_id = create_team(actor=actor, name=name, now=now)
    add_person(
        actor=actor,
        team_id=team_id,
        login=login,
        name=display_name,
        password=password,
        level=Level.MANAGER,
        roles=(Role.LEAD, Role.OPS),
        now=now,
    )
    return team_id


@transaction.atomic
def change_password(*, actor: Actor, old: str, new: str, now: datetime) -> None:
    """Sets the actor's own password; the old one must be known. Logged in each of their teams, without the words."""
    user = _locked(actor)
    if not user.check_password(old):
        fault = say("The old password is not right.")
        raise Refused("wrong_password", fault, fields={"old": fault})
    _set_password(user, new, field="new")
    user.epoch += 1
    user.save(update_fields=["password", "epoch"])
    for team_id in sorted(actor.team_ids):
        record_team_event(
            team_id=team_id,
            actor=actor,
            verb="change_password",
            subject_kind="user",
            subject_id=user.pk,
            now=now,
        )


def confirm_password(*, actor: Actor, password: str) -> tuple[int, int]:
    """Refuses all but the actor's own password; their user id and epoch, which hold until the open transaction ends."""
    user = _locked(actor)
    if not user.check_password(password):
        fault = say("The password is not right.")
        raise Refused("wrong_password", fault, fields={"password": fault})
    return user.pk, user.epoch


def _locked(actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise Missing
    return user


def _check_capacity(capacity_hours: Decimal) -> None:
    if not 0 < capacity_hours <= 24:
        fault = say("Between 0 and 24 hours a day.")
        raise Refused("invalid", fault, fields={"capacity_hours": fault})


def _set_password(user: User, password: str, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults = tuple(Said(text) for text in error.messages)
        detail = say("Choose a stronger password.")
        raise Refused("weak_password", detail, reasons=faults, fields={field: detail}) from None
    user.set_password(password)


@transaction.atomic
def set_language(*, actor: Actor, language: str) -> None:
    """The language in which this person reads pages and messages."""
    if language not in {"zh-hans", "en"}:
        raise Refused("invalid", say("Pages are in Chinese and in English."))
    if actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(language=language)
