"""A campaign on one screen: how far, how long, what is at risk, who, and what happened last."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from campaigns.board.models import Task
from campaigns.campaign.queries import anchors_of, campaign_for, events_of, role_holders
from campaigns.campaign.rules import OPTIONAL_ANCHORS, Anchor, CampaignFacts, Kind, Phase
from campaigns.desk.queries.activity import Activity, activities
from campaigns.desk.rules.activity import SMALL_VERBS
from campaigns.desk.rules.overview import Risk, RiskFacts, distance, risks_of
from campaigns.phases.queries import PhaseScreen, phase_screen_of
from planner.core.words import Said
from planner.web.words import in_language
from staff.calendars.queries import work_calendar
from staff.people.queries import Person, names_of_team, people_by_id
from staff.people.rules import Actor, Role, may_manage

RISK_LINES = 20
ACTIVITY_LINES = 20


@dataclass(frozen=True)
class Moment:
    """A dated anchor; `is_default` marks one that nobody gave, `away` is None once it has passed."""

    anchor: str
    at: datetime
    is_default: bool
    away: Said | None


@dataclass(frozen=True)
class RiskLine:
    """A task to look at, with every reason why."""

    task_id: int
    label: str
    role: str
    owner_name: str
    owner_left: bool
    due_at: datetime | None
    risks: tuple[Risk, ...]


@dataclass(frozen=True)
class Share:
    """How many of how many are done."""

    done: int
    total: int


@dataclass(frozen=True)
class ProgressRow:
    """One role's tasks per phase, and all of them; a cell is None where the role has nothing to do."""

    role: str
    cells: tuple[Share | None, ...]
    all: Share


@dataclass(frozen=True)
class Choice:
    """A person to choose; those who hold the role in the team come first."""

    user_id: int
    name: str
    is_chosen: bool


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


@dataclass(frozen=True)
class PeopleScreen:
    """The people of a campaign by role."""

    campaign_id: int
    may_change: bool
    roles: tuple[RoleLine, ...]


@dataclass(frozen=True)
class Overview:
    """The whole screen."""

    campaign: CampaignFacts
    phases: PhaseScreen
    anchors: tuple[Moment, ...]
    next_anchor: Moment | None
    has_tasks: bool
    done: int
    total: int
    risk_counts: tuple[tuple[Risk, int], ...]
    risks: tuple[RiskLine, ...]
    more_risks: int
    progress_phases: tuple[Phase, ...]
    progress: tuple[ProgressRow, ...]
    progress_sum: ProgressRow
    people: PeopleScreen
    activity: tuple[Activity, ...]
    provisional_years: tuple[int, ...]
    may_manage: bool


@dataclass(frozen=True)
class _Row:
    id: int
    label: str
    role: str
    owner_name: str
    owner_left: bool
    hours: Decimal
    facts: RiskFacts

    @property
    def is_open(self) -> bool:
        return self.facts.status not in {"done", "cancelled"}


_COLUMNS = (
    "id",
    "code",
    "title",
    "title_en",
    "phase",
    "role",
    "status",
    "owner_id",
    "owner__display_name",
    "due_at",
    "is_gate",
    "confirmed_by_id",
    "estimate_hours",
)


def _rows(campaign_id: int, people: Collection[int]) -> list[_Row]:
    found = Task.objects.filter(campaign_id=campaign_id).order_by("due_at", "id").values_list(*_COLUMNS)
    return [
        _Row(
            id=pk,
            label=f"{code} {in_language(title, title_en)}".strip(),
            role=role,
            owner_name=owner or "",
            owner_left=owner_id is not None and owner_id not in people,
            hours=hours,
            facts=RiskFacts(
                phase=Phase(phase),
                status=status,
                # Whoever left has nothing: their open work is as good as nobody's.
                has_owner=owner_id in people,
                due_at=due,
                is_gate=is_gate,
                confirmed=confirmed_by is not None,
            ),
        )
        for pk, code, title, title_en, phase, role, status, owner_id, owner, due, is_gate, confirmed_by, hours in found
    ]


def overview_screen(actor: Actor, campaign_id: int, *, now: datetime) -> Overview:
    """Everything on a campaign's first page; `Missing` when it is not the actor's to see."""
    campaign = campaign_for(actor, campaign_id)
    people = people_by_id(campaign.team_id)
    rows = _rows(campaign_id, people)
    counted = [row for row in rows if row.facts.status != "cancelled"]
    lines = _risks(campaign, rows, now)
    anchors = _anchors(campaign, now)
    phases = tuple(phase for phase in Phase if phase is not Phase.CLOSED)
    by_role = {role: [row for row in counted if row.role == role] for role in Role}
    return Overview(
        campaign=campaign,
        phases=phase_screen_of(actor, campaign),
        anchors=anchors,
        next_anchor=next((anchor for anchor in anchors if anchor.away), None),
        has_tasks=bool(rows),
        done=_share(counted).done,
        total=len(counted),
        risk_counts=tuple((risk, sum(risk in line.risks for line in lines)) for risk in Risk),
        risks=tuple(lines[:RISK_LINES]),
        more_risks=max(len(lines) - RISK_LINES, 0),
        progress_phases=() if campaign.kind is Kind.ROUTINE else phases,
        progress=tuple(_progress(role, of_role, phases) for role, of_role in by_role.items() if of_role),
        progress_sum=_progress("", counted, phases),
        people=_people(actor, campaign, rows, people),
        activity=activities(
            events_of(actor, campaign_id, without=SMALL_VERBS, limit=ACTIVITY_LINES),
            names_of_team(campaign.team_id),
        ),
        provisional_years=_provisional_years(campaign, rows),
        may_manage=may_manage(actor, campaign.team_id),
    )


def people_screen(actor: Actor, campaign_id: int) -> PeopleScreen:
    """The people of the campaign by role, as the overview shows them."""
    campaign = campaign_for(actor, campaign_id)
    people = people_by_id(campaign.team_id)
    return _people(actor, campaign, _rows(campaign_id, people), people)


def _share(rows: list[_Row]) -> Share:
    return Share(sum(row.facts.status == "done" for row in rows), len(rows))


def _progress(role: str, rows: list[_Row], phases: tuple[Phase, ...]) -> ProgressRow:
    per_phase = [[row for row in rows if row.facts.phase is phase] for phase in phases]
    return ProgressRow(role, tuple(_share(cell) if cell else None for cell in per_phase), _share(rows))


def _risks(campaign: CampaignFacts, rows: list[_Row], now: datetime) -> list[RiskLine]:
    found = [
        RiskLine(
            task_id=row.id,
            label=row.label,
            role=row.role,
            owner_name=row.owner_name,
            owner_left=row.owner_left,
            due_at=row.facts.due_at,
            risks=risks_of(row.facts, phase=campaign.phase, now=now),
        )
        for row in rows
    ]
    order = list(Risk)
    # Gravest first; rows come by due moment, and a sort keeps that among equals.
    return sorted((line for line in found if line.risks), key=lambda line: order.index(line.risks[0]))


def _anchors(campaign: CampaignFacts, now: datetime) -> tuple[Moment, ...]:
    optional = {} if campaign.kind is Kind.ROUTINE else anchors_of(campaign.id)
    dated = [(str(Anchor.START), campaign.starts_at, False), (str(Anchor.END), campaign.ends_at, False)]
    dated += [(str(kind), *optional[kind]) for kind in OPTIONAL_ANCHORS if kind in optional]
    return tuple(
        Moment(anchor, at, is_default, distance(at, now) if at > now else None)
        for anchor, at, is_default in sorted(dated, key=lambda one: one[1])
    )


def _people(actor: Actor, campaign: CampaignFacts, rows: list[_Row], people: dict[int, Person]) -> PeopleScreen:
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
            )
            for role in Role
        ),
    )


def _choices(people: dict[int, Person], role: Role, holder: int | None) -> tuple[Choice, ...]:
    able_first = sorted(people.values(), key=lambda person: role not in person.roles)
    return tuple(Choice(person.user_id, person.name, person.user_id == holder) for person in able_first)


def _provisional_years(campaign: CampaignFacts, rows: list[_Row]) -> tuple[int, ...]:
    zone = ZoneInfo(campaign.zone)
    moments = [campaign.starts_at, campaign.ends_at, *(row.facts.due_at for row in rows if row.facts.due_at)]
    first, last = min(moments).astimezone(zone).date(), max(moments).astimezone(zone).date()
    calendar = work_calendar(first, last)
    return tuple(year for year in range(first.year, last.year + 1) if calendar.is_provisional(year))
