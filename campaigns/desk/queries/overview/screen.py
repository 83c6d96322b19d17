"""A campaign on one screen: how far, how long, what is at risk, who, and what happened last."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from campaigns.campaign.queries import anchors_of, campaign_for, events_of
from campaigns.campaign.rules import OPTIONAL_ANCHORS, Anchor, CampaignFacts, Kind, Phase
from campaigns.desk.queries.activity import Activity, activities
from campaigns.desk.queries.overview.people import Load, PeopleScreen, loads_of, people_by_role
from campaigns.desk.queries.overview.progress import BurnUp, ProgressRow, burn_up_of, progress_of, share_of
from campaigns.desk.queries.overview.rows import Row, rows_of
from campaigns.desk.rules.activity import SMALL_VERBS
from campaigns.desk.rules.overview import Risk, distance, risks_of
from campaigns.desk.rules.today import WEEK, version_of
from campaigns.phases.queries import PhaseScreen, phase_screen_of
from planner.core.words import Said
from staff.calendars.queries import work_calendar
from staff.calendars.rules import WorkCalendar
from staff.people.queries import names_of_team, people_by_id
from staff.people.rules import Actor, Role, may_manage

RISK_LINES = 10
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
    version: str
    # Those who have more to do in the next seven days than fits in.
    over: tuple[Load, ...]
    burn_up: BurnUp | None
    # For routine work, which has no plan to burn up against.
    done_in_week: int

    @property
    def risk_total(self) -> int:
        """How many tasks deserve a look."""
        return len(self.risks) + self.more_risks

    @property
    def open_tasks(self) -> int:
        """How many tasks are not done yet."""
        return self.total - self.done


def overview_version(actor: Actor, campaign_id: int, *, now: datetime) -> str:
    """The version that `overview_screen` would carry."""
    return version_of([campaign_for(actor, campaign_id)], timezone.localtime(now))


def overview_screen(actor: Actor, campaign_id: int, *, now: datetime) -> Overview:
    """Everything on a campaign's first page; `Missing` when it is not the actor's to see."""
    campaign = campaign_for(actor, campaign_id)
    people = people_by_id(campaign.team_id)
    rows = rows_of(campaign_id, people)
    counted = [row for row in rows if row.facts.status != "cancelled"]
    lines = _risks(campaign, rows, now)
    anchors = _anchors(campaign, now)
    phases = tuple(phase for phase in Phase if phase is not Phase.CLOSED)
    by_role = {role: [row for row in counted if row.role == role] for role in Role}
    calendar = _calendar(campaign, rows, now)
    loads = {} if campaign.is_frozen else loads_of(campaign, people, calendar, now)
    return Overview(
        campaign=campaign,
        phases=phase_screen_of(actor, campaign),
        anchors=anchors,
        next_anchor=next((anchor for anchor in anchors if anchor.away), None),
        has_tasks=bool(rows),
        done=share_of(counted).done,
        total=len(counted),
        risk_counts=tuple((risk, sum(risk in line.risks for line in lines)) for risk in Risk),
        risks=tuple(lines[:RISK_LINES]),
        more_risks=max(len(lines) - RISK_LINES, 0),
        progress_phases=() if campaign.kind is Kind.ROUTINE else phases,
        progress=tuple(progress_of(role, of_role, phases) for role, of_role in by_role.items() if of_role),
        progress_sum=progress_of("", counted, phases),
        people=people_by_role(actor, campaign, rows, people, loads),
        activity=activities(
            events_of(actor, campaign_id, without=SMALL_VERBS, limit=ACTIVITY_LINES),
            names_of_team(campaign.team_id),
        ),
        provisional_years=_provisional_years(campaign, rows, calendar),
        may_manage=may_manage(actor, campaign.team_id),
        version=version_of([campaign], timezone.localtime(now)),
        over=tuple(load for load in loads.values() if load.is_over),
        burn_up=None if campaign.kind is Kind.ROUTINE else burn_up_of(campaign, counted, now),
        done_in_week=sum(row.done_at is not None and row.done_at >= now - WEEK for row in counted),
    )


def _risks(campaign: CampaignFacts, rows: list[Row], now: datetime) -> list[RiskLine]:
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


def _calendar(campaign: CampaignFacts, rows: list[Row], now: datetime) -> WorkCalendar:
    moments = [campaign.starts_at, campaign.ends_at, now, *(row.facts.due_at for row in rows if row.facts.due_at)]
    return work_calendar((min(moments) - WEEK).date(), (max(moments) + WEEK).date())


def _provisional_years(campaign: CampaignFacts, rows: list[Row], calendar: WorkCalendar) -> tuple[int, ...]:
    zone = ZoneInfo(campaign.zone)
    moments = [campaign.starts_at, campaign.ends_at, *(row.facts.due_at for row in rows if row.facts.due_at)]
    first, last = min(moments).astimezone(zone).date(), max(moments).astimezone(zone).date()
    return tuple(year for year in range(first.year, last.year + 1) if calendar.is_provisional(year))
