"""Plans before they are written, and which version made one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import Habits, habits_of, stores_of
from campaigns.campaign.rules import (
    OPTIONAL_ANCHORS,
    Anchor,
    AnchorMoment,
    CampaignDraft,
    Kind,
    Phase,
    Platform,
    check_draft,
    check_may_change,
    name_taken,
    resolve_anchors,
)
from campaigns.sop.models import PlanGeneration
from campaigns.sop.queries.versions import TemplateChoice, steps_of, template_choices, used_anchors_of, version_of_team
from campaigns.sop.rules import Plan, PlannedTask, Preview, Tally, Week, expand, fill_roles, preview_of, reasons_of
from campaigns.sop.rules.festivals import Suggestion, suggestions
from planner.core.errors import NotAllowed
from planner.core.words import Said
from planner.web.words import in_language
from staff.calendars.queries import holiday_name, work_calendar
from staff.calendars.rules import WorkCalendar
from staff.people.queries import Person, people_by_id, people_of, team_zone, teams_of
from staff.people.rules import Actor, Level, Role, check_manage, may_manage

# The longest offset and the longest estimate reach this far from an anchor.
REACH = timedelta(days=650)


@dataclass(frozen=True)
class Choices:
    """What the form for a new campaign offers."""

    team_id: int
    zone: str
    # The teams in which the actor may make campaigns.
    teams: tuple[tuple[int, str], ...]
    stores: tuple[tuple[int, str], ...]
    # Newest version of every template that the team may use.
    templates: tuple[TemplateChoice, ...]
    people: tuple[Person, ...]
    # The only holder of a role in the team.
    only_holders: Mapping[Role, int]
    # What the campaign most likely is, the nearest first.
    suggestions: tuple[Suggestion, ...]
    # Where the team's last promotion sold.
    habits: Habits


def managed_teams(actor: Actor) -> list[tuple[int, str]]:
    """The actor's teams in which they manage."""
    return [(pk, name) for pk, name in teams_of(actor) if may_manage(actor, pk)]


def campaign_choices(actor: Actor, team_id: int | None = None, *, now: datetime) -> Choices:
    """The choices for a new campaign of this team, or of the first one that the actor manages."""
    teams = managed_teams(actor)
    if team_id is None:
        if not teams:
            raise NotAllowed
        team_id = teams[0][0]
    check_manage(actor, team_id)
    zone, habits = team_zone(team_id), habits_of(team_id)
    return Choices(
        team_id=team_id,
        zone=zone,
        teams=tuple(teams),
        stores=tuple(stores_of(actor, team_id)),
        templates=tuple(template_choices(team_id)),
        people=tuple(people_of(actor, team_id)),
        only_holders=fill_roles({}, _holders(team_id)),
        suggestions=suggestions(now.astimezone(ZoneInfo(zone)), habits.names),
        habits=habits,
    )


def _holders(team_id: int) -> dict[Role, list[int]]:
    """Who may own tasks of each role: members and managers who hold it."""
    holders: dict[Role, list[int]] = {}
    for person in people_by_id(team_id).values():
        for role in person.roles if person.level is not Level.VIEWER else ():
            holders.setdefault(role, []).append(person.user_id)
    return holders


def owners_for(team_id: int, given: Mapping[Role, int | None]) -> dict[Role, int]:
    """The person per role: as given, else the only member who holds it."""
    return fill_roles(given, _holders(team_id))


@dataclass(frozen=True)
class Ground:
    """What a plan of a team stands on."""

    calendar: WorkCalendar
    zone: ZoneInfo
    capacities: Mapping[Role, Decimal]


def ground_of(team_id: int, anchors: Mapping[Anchor, AnchorMoment], owners: Mapping[Role, int]) -> Ground:
    """The calendar around the anchors, the team's zone, and the hours a day of the people who hold the roles."""
    moments = [moment.at for moment in anchors.values()]
    people = people_by_id(team_id)
    return Ground(
        calendar=work_calendar((min(moments) - REACH).date(), (max(moments) + REACH).date()),
        zone=ZoneInfo(team_zone(team_id)),
        capacities={role: people[pk].capacity_hours for role, pk in owners.items() if pk in people},
    )


def plan_on(ground: Ground, version_id: int, anchors: Mapping[Anchor, AnchorMoment], platforms: Sequence[str]) -> Plan:
    """The version's steps on these anchors."""
    return expand(
        steps_of(version_id),
        anchors={anchor: moment.at for anchor, moment in anchors.items()},
        calendar=ground.calendar,
        platforms=tuple(Platform(name) for name in platforms),
        zone=ground.zone,
        capacities=ground.capacities,
    )


@dataclass(frozen=True)
class PlannedLine:
    """A task of the plan that needs a look."""

    code: str
    title: str
    role: Role
    raw_due: datetime
    due_at: datetime
    holiday: str
    reasons: tuple[Said, ...]


@dataclass(frozen=True)
class RoleRow:
    """One role of the plan: who, and how much in each phase."""

    role: Role
    person: str
    cells: tuple[Tally, ...]
    total: Tally
    # The week that asks the most of whoever holds it; None without a person.
    busiest: Week | None


@dataclass(frozen=True)
class PreviewScreen:
    """The whole plan before it is written."""

    total: Tally
    phases: tuple[tuple[Phase, Tally], ...]
    roles: tuple[RoleRow, ...]
    late: tuple[PlannedLine, ...]
    collisions: tuple[PlannedLine, ...]
    moved: tuple[PlannedLine, ...]
    roles_without_person: tuple[Role, ...]
    provisional_years: tuple[int, ...]
    anchors: tuple[tuple[Anchor, datetime, bool], ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def over(self) -> tuple[RoleRow, ...]:
        """The roles whose busiest week asks more than fits in."""
        return tuple(row for row in self.roles if row.busiest and row.busiest.is_over)


def _planned(task: PlannedTask) -> PlannedLine:
    return PlannedLine(
        code=task.step.code,
        title=in_language(task.step.title.zh, task.step.title.en),
        role=task.step.role,
        raw_due=task.raw_due,
        due_at=task.due_at,
        holiday=holiday_name(task.holiday),
        reasons=reasons_of(task.moves),
    )


def _screen(preview: Preview, names: Mapping[Role, str]) -> PreviewScreen:
    return PreviewScreen(
        total=preview.total,
        phases=tuple(preview.by_phase.items()),
        roles=tuple(
            RoleRow(
                role,
                names.get(role, ""),
                tuple(preview.by_both[role, phase] for phase in preview.by_phase),
                tally,
                preview.busiest.get(role),
            )
            for role, tally in preview.by_role.items()
        ),
        late=tuple(map(_planned, preview.late)),
        collisions=tuple(map(_planned, preview.collisions)),
        moved=tuple(map(_planned, preview.moved)),
        roles_without_person=preview.roles_without_person,
        provisional_years=preview.provisional_years,
        anchors=tuple((anchor, moment.at, moment.is_default) for anchor, moment in preview.anchors.items()),
        left_out=tuple((step.code, in_language(step.title.zh, step.title.en)) for step in preview.left_out),
    )


def plan_preview(
    *,
    actor: Actor,
    team_id: int,
    name: str,
    platforms: tuple[str, ...],
    starts_at: datetime,
    ends_at: datetime,
    version_id: int | None = None,
    kind: Kind = Kind.PROMOTION,
    anchors: Mapping[Anchor, datetime] | None = None,
    roles: Mapping[Role, int | None] | None = None,
    now: datetime,
) -> PreviewScreen:
    """The plan that creating this campaign would write, refused for the same reasons; routine work has none."""
    check_may_change(actor, team_id)
    owners, people = owners_for(team_id, roles or {}), people_by_id(team_id)
    version_id = version_of_team(team_id, version_id, kind)
    used = used_anchors_of(version_id) if version_id else OPTIONAL_ANCHORS
    given = {anchor: at for anchor, at in (anchors or {}).items() if anchor in used}
    check_draft(CampaignDraft(name, platforms, starts_at, ends_at, given, owners, kind), frozenset(people))
    if Campaign.objects.filter(team_id=team_id, name=name.strip()).exists():
        raise name_taken(name.strip())
    resolved = resolve_anchors(starts_at, ends_at, given, ZoneInfo(team_zone(team_id)))
    ground = ground_of(team_id, resolved, owners)
    plan = plan_on(ground, version_id, resolved, platforms) if version_id else Plan((), ())
    preview = preview_of(
        plan, anchors=resolved, calendar=ground.calendar, owners=owners, capacities=ground.capacities, now=now
    )
    return _screen(preview, {role: people[pk].name for role, pk in owners.items()})


@dataclass(frozen=True)
class Generation:
    """Which version made a campaign's plan."""

    version_id: int
    number: int
    template: str
    created_at: datetime


def generation_of(campaign_id: int) -> Generation | None:
    """How this campaign's plan was made; None when no procedure made it. The caller has checked the campaign."""
    row = PlanGeneration.objects.select_related("version__template").filter(campaign_id=campaign_id).first()
    if row is None:
        return None
    template = row.version.template
    return Generation(row.version_id, row.version.number, in_language(template.name, template.name_en), row.created_at)
