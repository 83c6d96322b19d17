"""Teams, and the people who come into them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from unicodedata import normalize

from django.db import IntegrityError, transaction

from planner.core.errors import Missing, Refused
from planner.core.pinyin import search_words
from planner.core.words import say
from staff.people.actions.account import set_password
from staff.people.actions.log import record_team_event
from staff.people.models import Membership, MembershipRole, Team, User
from staff.people.rules import Actor, Level, Role, check_capacity, check_manage, check_names


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
    phone: str = "",
    language: str = "zh-hans",
    capacity_hours: Decimal = Decimal(6),
    now: datetime,
) -> int:
    """A new person with a place in the team; returns the user's id."""
    check_manage(actor, team_id)
    # As the log-in form reads it: a name typed in full-width letters is the same name.
    login, name, roles = normalize("NFKC", login).strip(), name.strip(), frozenset(roles)
    check_names(login, name)
    check_capacity(capacity_hours)
    user = User(
        login=login,
        display_name=name,
        pinyin=search_words(name),
        email=email,
        phone=phone,
        language=language,
        joined_at=now,
    )
    set_password(user, password, field="password")
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
def found_team(
    *, actor: Actor, name: str, login: str, display_name: str, password: str, email: str = "", now: datetime
) -> int:
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
        email=email,
        now=now,
    )
    return team_id
