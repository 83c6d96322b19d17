"""Who holds which role in a campaign, and how much each has to do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum

from campaigns.board.models import OPEN, Task
from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import campaign_for, role_holders
from campaigns.campaign.rules import CampaignFacts, Phase
from campaigns.desk.queries.overview.rows import Row, rows_of
from campaigns.desk.rules.overview import is_over
from campaigns.desk.rules.today import WEEK
from staff.calendars.rules import WorkCalendar
from staff.people.queries import Person, people_by_id
from staff.people.rules import Actor, Role, may_manage


@dataclass(frozen=True)
class Choice:
    """A person to choose; those who hold the role in the team come first."""

    user_id: int
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class Load:
    """What a person has to do within seven days, over all running campaigns of the team, and what fits in."""

    user_id: int
    name: str
    hours: Decimal
    fits: Decimal
    is_over: bool


@dataclass(frozen=True)
class RoleLine:
    """Who holds a role here and what is still to do in it."""

    role: Role
    holder_id: int | None
    holder_name: str
    open_tasks: int
    open_hours: Decimal
    unassigned: int
    choices: tuple[Choice, ...]
    # What the holder has to do within seven days; None on the answer to a change and where nobody holds the role.
    load: Load | None = None


@dataclass(frozen=True)
class PeopleScreen:
    """The people of a campaign by role."""

    campaign_id: int
    may_change: bool
    roles: tuple[RoleLine, ...]


def people_screen(actor: Actor, campaign_id: int) -> PeopleScreen:
    """The people of the campaign by role, as the overview shows them."""
    campaign = campaign_for(actor, campaign_id)
    people = people_by_id(campaign.team_id)
    return people_by_role(actor, campaign, rows_of(campaign_id, people), people, {})


def people_by_role(
    actor: Actor,
    campaign: CampaignFacts,
    rows: list[Row],
    people: dict[int, Person],
    loads: Mapping[int, Load],
) -> PeopleScreen:
    """Every role with its holder, what is open in it, and the holder's load."""
    manages = may_manage(actor, campaign.team_id) and not campaign.is_frozen
    holders = role_holders(campaign.id)
    open_rows = [row for row in rows if row.is_open]
    open_tasks = Counter(row.role for row in open_rows)
    unassigned = Counter(row.role for row in open_rows if not row.facts.has_owner)
    return PeopleScreen(
        campaign_id=campaign.id,
        may_change=manages,
        roles=tuple(
            RoleLine(
                role=role,
                holder_id=holders.get(role),
                holder_name=people[holders[role]].name if holders.get(role) in people else "",
                open_tasks=open_tasks[role],
                open_hours=sum((row.hours for row in open_rows if row.role == role), Decimal(0)),
                unassigned=unassigned[role],
                choices=_choices(people, role, holders.get(role)) if manages else (),
                load=loads.get(holders.get(role, 0)),
            )
            for role in Role
        ),
    )


def _choices(people: dict[int, Person], role: Role, holder: int | None) -> tuple[Choice, ...]:
    able_first = sorted(people.values(), key=lambda person: role not in person.roles)
    return tuple(Choice(person.user_id, person.name, person.user_id == holder) for person in able_first)


def loads_of(
    campaign: CampaignFacts, people: dict[int, Person], calendar: WorkCalendar, now: datetime
) -> dict[int, Load]:
    """Everybody of the team who has something to do within seven days, by user id."""
    running = Campaign.objects.filter(team_id=campaign.team_id, archived_at=None).exclude(phase=Phase.CLOSED)
    rows = Task.objects.filter(OPEN, campaign__in=running, owner_id__in=list(people), due_at__lte=now + WEEK)
    today = now.astimezone(ZoneInfo(campaign.zone)).date()
    workdays = sum(calendar.is_workday(today + timedelta(days=number)) for number in range(WEEK.days))
    found = {}
    for user_id, hours in rows.order_by().values_list("owner_id").annotate(Sum("estimate_hours")):
        person = people[user_id]
        over = is_over(hours, person.capacity_hours, workdays)
        found[user_id] = Load(user_id, person.name, hours, person.capacity_hours * workdays, over)
    return found
