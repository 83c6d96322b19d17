"""People and teams."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from planner.core.errors import Missing
from planner.core.words import say
from planner.web.statements import ANY_ID, Statement
from staff.people.models import IN_TEAM, Membership, Team, TeamEvent, User
from staff.people.queries.seats import fresh_seats
from staff.people.rules import Actor, Level, Role, Seat, check_manage, check_see, may_manage


def _roles(membership: Membership) -> frozenset[Role]:
    return frozenset(Role(row.role) for row in membership.roles.all())


def actor_for(user: User | AnonymousUser) -> Actor:
    """The actor behind a signed-in user, with their seats in every team."""
    if not isinstance(user, User) or not user.is_active:
        raise Missing
    seats = fresh_seats(user)
    if seats is None:
        rows = Membership.objects.filter(IN_TEAM, user=user).prefetch_related("roles").order_by("team_id")
        seats = tuple(Seat(row.team_id, Level(row.level), _roles(row)) for row in rows)
    return Actor(user_id=user.pk, name=user.display_name, seats=seats)


def actor_by_id(user_id: int) -> Actor | None:
    """The actor with this user id as they stand now; None when they are gone or deactivated."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return actor_for(user) if user else None


@dataclass(frozen=True)
class Person:
    """A member of a team, ready to show and to choose."""

    user_id: int
    login: str
    name: str
    email: str
    language: str
    zone: str
    level: Level
    roles: tuple[Role, ...]
    capacity_hours: Decimal
    version: int
    # Since when the place has ended; None while it holds.
    left_at: datetime | None = None


def people_of(actor: Actor, team_id: int) -> list[Person]:
    """The team's active members, leads first, then by role and name."""
    check_see(actor, team_id)
    return _people(team_id)


def _people(team_id: int) -> list[Person]:
    order = list(Role)
    people = _shown(Membership.objects.filter(IN_TEAM, team_id=team_id).order_by("user__display_name"))
    return sorted(people, key=lambda person: order.index(person.roles[0]) if person.roles else len(order))


def _shown(rows: QuerySet[Membership]) -> list[Person]:
    order = list(Role)
    return [
        Person(
            user_id=row.user_id,
            login=row.user.login,
            name=row.user.display_name,
            email=row.user.email,
            language=row.user.language,
            zone=row.user.zone,
            level=Level(row.level),
            roles=tuple(sorted(_roles(row), key=order.index)),
            capacity_hours=row.capacity_hours,
            version=row.version,
            left_at=row.left_at,
        )
        for row in rows.select_related("user").prefetch_related("roles")
    ]


def people_who_left(actor: Actor, team_id: int) -> list[Person]:
    """Those whose place in the team has ended, the last one first; for its managers."""
    check_manage(actor, team_id)
    return _shown(Membership.objects.filter(team_id=team_id, left_at__isnull=False).order_by("-left_at", "-id"))


def person_of(actor: Actor, team_id: int, user_id: int) -> Person:
    """One member of the team; who left is there for its managers only."""
    check_see(actor, team_id)
    held = Q() if may_manage(actor, team_id) else IN_TEAM
    found = _shown(Membership.objects.filter(held, team_id=team_id, user_id=user_id))
    if not found:
        raise Missing
    return found[0]


def people_by_id(team_id: int) -> dict[int, Person]:
    """The team's active members by user id; the caller has checked that the actor may see the team."""
    return {person.user_id: person for person in _people(team_id)}


def worker_ids(team_id: int) -> frozenset[int]:
    """The user ids of the team's active members who may own work and hold roles: everyone but viewers."""
    rows = Membership.objects.filter(IN_TEAM, team_id=team_id).exclude(level=Level.VIEWER)
    return frozenset(rows.values_list("user_id", flat=True))


def holders_of(role: Role, team_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """(id, name) of those in each of these teams who hold a role and may own work; the caller may see the teams."""
    teams = list(team_ids)
    rows = Membership.objects.filter(IN_TEAM, team_id__in=teams, roles__role=role).exclude(level=Level.VIEWER)
    found: dict[int, list[tuple[int, str]]] = {team_id: [] for team_id in teams}
    for team_id, user_id, name in rows.order_by("user__display_name").values_list(
        "team_id", "user_id", "user__display_name"
    ):
        found[team_id].append((user_id, name))
    return found


_NAMES = Statement(lambda: Membership.objects.filter(team_id=ANY_ID).values_list("user_id", "user__display_name"))


def names_of_team(team_id: int) -> dict[int, str]:
    """The names of all who have or had a place in the team, by user id: logs speak of those who left, too."""
    return dict(_NAMES.rows(team_id))


def place_values(place: Membership) -> dict[str, Any]:
    """What a place allows, as the log keeps it."""
    return {"level": place.level, "roles": sorted(_roles(place)), "capacity_hours": place.capacity_hours}


def place_fields_touched_since(team_id: int, user_id: int, version: int) -> frozenset[str]:
    """The fields of a place that changed after it had this version: events name its new version in `after`."""
    rows = TeamEvent.objects.filter(
        team_id=team_id, subject_kind="user", subject_id=user_id, after__version__gt=version
    )
    return frozenset(name for row in rows for name in {**row.before, **row.after})


def team_zone(team_id: int) -> str:
    """The team's time zone name."""
    return Team.objects.values_list("zone", flat=True).get(pk=team_id)


def teams_of(actor: Actor) -> list[tuple[int, str]]:
    """The actor's teams as (id, name); every team for the system."""
    rows = Team.objects.all() if actor.is_system else Team.objects.filter(pk__in=actor.team_ids)
    return list(rows.order_by("id").values_list("id", "name"))


@dataclass(frozen=True)
class TeamLine:
    """A team, and what the reader may do in it."""

    id: int
    name: str
    zone: str
    level: Level


def my_teams(actor: Actor) -> list[TeamLine]:
    """The actor's teams with their level in each; every team for the system."""
    rows = Team.objects.all() if actor.is_system else Team.objects.filter(pk__in=actor.team_ids)
    levels = {seat.team_id: seat.level for seat in actor.seats}
    return [TeamLine(row.pk, row.name, row.zone, levels.get(row.pk, Level.MANAGER)) for row in rows.order_by("id")]


def team_named(actor: Actor, name: str = "") -> int:
    """The id of the team with this name, or of the only team there is; `Missing` otherwise."""
    teams = [(pk, team) for pk, team in teams_of(actor) if not name or team == name]
    if len(teams) != 1:
        raise Missing
    return teams[0][0]


# What each verb of the team's log says; %(subject)s is the person it was about.
SENTENCES = {
    "create_team": say("%(actor)s made the team."),
    "add_person": say("%(actor)s added %(subject)s."),
    "change_place": say("%(actor)s changed the place of %(subject)s."),
    "deactivate_person": say("%(actor)s deactivated %(subject)s."),
    "reactivate_person": say("%(actor)s reactivated %(subject)s."),
    "export_log": say("%(actor)s exported this log."),
    "change_password": say("%(actor)s changed their password."),
    "give_place": say("%(actor)s gave %(subject)s a place in the team."),
    "reset_password": say("%(subject)s set a new password by a link."),
    "make_reset_link": say("%(actor)s made a link for %(subject)s to set a new password."),
    "unlock_person": say("%(actor)s unlocked %(subject)s."),
    "log_out_everywhere": say("%(actor)s logged out everywhere."),
    "change_address": say("%(actor)s changed their address."),
    "change_name": say("%(actor)s changed their name."),
    "add_second_factor": say("%(actor)s set up the second step of logging in."),
    "remove_second_factor": say("%(actor)s removed the second step of logging in."),
    "take_factor_away": say("%(actor)s removed the second step of %(subject)s."),
    "invite_person": say("%(actor)s invited somebody."),
    "reissue_invitation": say("%(actor)s made a new link for an invitation."),
    "revoke_invitation": say("%(actor)s took an invitation back."),
    "accept_invitation": say("%(actor)s accepted an invitation."),
    "create_token": say("%(actor)s made an API token."),
    "revoke_token": say("%(actor)s revoked an API token."),
    "create_store": say("%(actor)s added a store."),
    "load_sop": say("%(actor)s loaded an SOP."),
    "ask_cancel": say("%(actor)s asked to stop a run."),
}
FIELD_NAMES = {
    "address": say("E-mail or phone"),
    "login": say("Log-in name"),
    "name": say("Name"),
    "level": say("Level"),
    "roles": say("Roles"),
    "capacity_hours": say("Hours a day"),
    "may_write": say("May change things"),
    "expires_at": say("Holds until"),
}


@dataclass(frozen=True)
class TeamCard:
    """One team with its people; those who left are there for its managers only."""

    team_id: int
    name: str
    people: tuple[Person, ...]
    left: tuple[Person, ...]
    may_manage: bool


def team_card(actor: Actor, team_id: int) -> TeamCard:
    """The team with its people; `Missing` when it is not the actor's to see."""
    check_see(actor, team_id)
    manages = may_manage(actor, team_id)
    return TeamCard(
        team_id=team_id,
        name=Team.objects.values_list("name", flat=True).get(pk=team_id),
        people=tuple(_people(team_id)),
        left=tuple(people_who_left(actor, team_id)) if manages else (),
        may_manage=manages,
    )
