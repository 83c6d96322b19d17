"""The people of a team with what they hold, and one person's place."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from campaigns.board.models import OPEN, Task
from campaigns.campaign.models import CampaignMember
from campaigns.campaign.rules import Phase
from staff.people.queries import Person, person_of, team_card, teams_of
from staff.people.rules import Actor, check_manage
from staff.tokens.queries import TokenLine, live_tokens_of_member


@dataclass(frozen=True)
class HeldCampaign:
    """A campaign that runs, and what somebody holds in it."""

    campaign_id: int
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class PersonLine:
    """A member and the campaigns that run in which they hold a role."""

    person: Person
    campaigns: tuple[HeldCampaign, ...]


@dataclass(frozen=True)
class TeamScreen:
    """One team; those who left are there for its managers only."""

    team_id: int
    name: str
    may_manage: bool
    people: tuple[PersonLine, ...]
    left: tuple[Person, ...]


@dataclass(frozen=True)
class PersonScreen:
    """One person's place in a team, for its managers; `person` is None when the place has ended."""

    team_id: int
    team_name: str
    user_id: int
    name: str
    login: str
    person: Person | None
    left_at: datetime | None
    campaigns: tuple[HeldCampaign, ...]
    open_tasks: int
    tokens: tuple[TokenLine, ...]


def _held(team_id: int) -> dict[int, tuple[HeldCampaign, ...]]:
    rows = (
        CampaignMember.objects.filter(campaign__team_id=team_id, campaign__archived_at=None)
        .exclude(campaign__phase=Phase.CLOSED)
        .order_by("campaign__starts_at", "campaign_id", "role")
        .values_list("user_id", "campaign_id", "campaign__name", "role")
    )
    found: dict[int, dict[tuple[int, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for user_id, campaign_id, name, role in rows:
        found[user_id][campaign_id, name].append(role)
    return {
        user_id: tuple(HeldCampaign(pk, name, tuple(roles)) for (pk, name), roles in campaigns.items())
        for user_id, campaigns in found.items()
    }


def team_screen(actor: Actor, team_id: int) -> TeamScreen:
    """The team with its people; `Missing` when it is not the actor's to see."""
    card, held = team_card(actor, team_id), _held(team_id)
    return TeamScreen(
        team_id=team_id,
        name=card.name,
        may_manage=card.may_manage,
        people=tuple(PersonLine(person, held.get(person.user_id, ())) for person in card.people),
        left=card.left,
    )


def team_screens(actor: Actor) -> list[TeamScreen]:
    """Every team of the actor with its people."""
    return [team_screen(actor, team_id) for team_id, _ in teams_of(actor)]


def person_screen(actor: Actor, team_id: int, user_id: int, now: datetime) -> PersonScreen:
    """One person's place in the team, present or ended; for its managers."""
    check_manage(actor, team_id)
    known = person_of(actor, team_id, user_id)
    return PersonScreen(
        team_id=team_id,
        team_name=dict(teams_of(actor))[team_id],
        user_id=user_id,
        name=known.name,
        login=known.login,
        person=None if known.left_at else known,
        left_at=known.left_at,
        campaigns=_held(team_id).get(user_id, ()),
        open_tasks=Task.objects.filter(OPEN, campaign__team_id=team_id, campaign__archived_at=None, owner_id=user_id)
        .exclude(campaign__phase=Phase.CLOSED)
        .count(),
        tokens=tuple(live_tokens_of_member(actor, team_id, user_id, now)),
    )
