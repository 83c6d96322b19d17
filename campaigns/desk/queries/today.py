"""The first page: what I do next, and for those who lead, what their crews do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from campaigns.board.models import OPEN, Task, TaskHelper
from campaigns.board.queries.lines import TaskLine, task_lines
from campaigns.board.rules import OPEN as OPEN_STATES
from campaigns.board.rules import Status
from campaigns.campaign.queries import anchors_of_each, campaigns_of
from campaigns.campaign.rules import Anchor, CampaignFacts, Kind
from campaigns.desk.rules.overview import distance
from campaigns.desk.rules.today import (
    LANES,
    OWNER_NOTICE,
    STAYS,
    WEEK,
    Mark,
    Part,
    after,
    countdown,
    cursor_of,
    leads,
    midnight_after,
    next_moment,
    part_of,
    version_of,
)
from planner.core.words import Said
from staff.people.models import IN_TEAM, Membership, MembershipRole
from staff.people.rules import Actor, Level, may_manage, may_work

SECTION_LINES = 50
LANE_LINES = 20
UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class Section:
    """A list of tasks cut to what one reads; `total` counts all that are open."""

    name: str
    lines: tuple[TaskLine, ...]
    total: int
    # How many stand behind the shown ones, and the place where they begin.
    more: int = 0
    next: str = ""


@dataclass(frozen=True)
class Lane(Section):
    """A crew's list, and how much there is for how many hands in the next seven days."""

    late: int = 0
    hours: Decimal = Decimal(0)
    people: int = 0
    hours_a_day: Decimal = Decimal(0)


@dataclass(frozen=True)
class Countdown:
    """A running campaign and how far its next dated moment is."""

    campaign_id: int
    name: str
    says: Said
    at: datetime


@dataclass(frozen=True)
class Today:
    """The whole screen; `lanes` and `unassigned` are empty for those who do not lead."""

    has_team: bool
    has_campaigns: bool
    may_create: bool
    is_lead: bool
    version: str
    countdowns: tuple[Countdown, ...]
    sections: tuple[Section, ...]
    later: Section
    lanes: tuple[Lane, ...]
    unassigned: Section

    @property
    def is_free(self) -> bool:
        """True when nothing at all waits for the reader."""
        return not self.sections and not self.later.total


@dataclass(frozen=True)
class _Lists:
    """Every list of the page as marks."""

    mine: Mapping[str, list[Mark]]
    crews: Mapping[str, list[Mark]] = field(default_factory=dict)
    # Role → late tasks and hours that are due within a week.
    late: Mapping[str, int] = field(default_factory=dict)
    hours: Mapping[str, Decimal] = field(default_factory=dict)


def _running(actor: Actor) -> dict[int, CampaignFacts]:
    return {campaign.id: campaign for campaign in campaigns_of(actor) if not campaign.is_closed}


def today_version(actor: Actor, *, now: datetime) -> str:
    """The version that `today_screen` would carry, for one query."""
    return version_of(_running(actor).values(), timezone.localtime(now))


def today_screen(actor: Actor, *, now: datetime, with_done: bool = False) -> Today:
    """What waits for the actor; days begin and end in the reader's active time zone.

    `with_done` keeps what the actor did in the last minutes in its place. Eight queries, however many tasks.
    """
    campaigns = _running(actor)
    led = {pk: campaign for pk, campaign in campaigns.items() if campaign.team_id in leads(actor)}
    lists = _lists(actor, campaigns, led, now, with_done=with_done)
    cuts = {name: marks[:SECTION_LINES] for name, marks in lists.mine.items() if name != Part.LATER}
    cuts |= {name: marks[:LANE_LINES] for name, marks in lists.crews.items()}
    cuts[Part.LATER] = [] if with_done else lists.mine[Part.LATER][:SECTION_LINES]
    lines = _lines(actor, (mark for marks in cuts.values() for mark in marks), campaigns, now)

    def section(name: str, marks: list[Mark]) -> Section:
        return _section(name, marks, cuts.get(name, []), lines)

    teams = {campaign.team_id for campaign in led.values()}
    hands = _hands(teams) if led else {}
    return Today(
        has_team=bool(actor.seats),
        has_campaigns=bool(campaigns),
        may_create=any(may_manage(actor, team_id) for team_id in actor.team_ids),
        is_lead=bool(led),
        version=version_of(campaigns.values(), timezone.localtime(now)),
        countdowns=_countdowns(campaigns.values(), now),
        sections=tuple(section(name, marks) for name, marks in lists.mine.items() if marks and name != Part.LATER),
        later=section(Part.LATER, lists.mine[Part.LATER]),
        lanes=tuple(
            Lane(
                **vars(section(role, lists.crews.get(role, []))),
                late=lists.late.get(role, 0),
                hours=lists.hours.get(role, Decimal(0)),
                people=hands.get(role, (0, Decimal(0)))[0],
                hours_a_day=hands.get(role, (0, Decimal(0)))[1],
            )
            for role in (LANES if led else ())
        ),
        unassigned=section(UNASSIGNED, lists.crews.get(UNASSIGNED, [])),
    )


def today_section(actor: Actor, name: str, cursor: str, *, now: datetime) -> Section:
    """One list of the page from a place on; `with_done` as the page has it."""
    campaigns = _running(actor)
    led = {pk: campaign for pk, campaign in campaigns.items() if campaign.team_id in leads(actor)}
    lists = _lists(actor, campaigns, led, now, with_done=True)
    marks = after({**lists.crews, **lists.mine}.get(name, []), cursor)
    shown = marks[:SECTION_LINES]
    return _section(name, marks, shown, _lines(actor, shown, campaigns, now))


def _section(name: str, marks: list[Mark], shown: list[Mark], lines: Mapping[int, TaskLine]) -> Section:
    return Section(
        name=name,
        lines=tuple(lines[mark.id] for mark in shown if mark.id in lines),
        total=sum(mark.is_open for mark in marks),
        more=len(marks) - len(shown),
        next=cursor_of(shown[-1]) if shown and len(marks) > len(shown) else "",
    )


def _lines(
    actor: Actor, marks: Iterable[Mark], campaigns: Mapping[int, CampaignFacts], now: datetime
) -> dict[int, TaskLine]:
    rows = Task.objects.filter(pk__in={mark.id for mark in marks}).select_related("owner")
    return {line.id: line for line in task_lines(actor, rows, campaigns, now)}


def _lists(
    actor: Actor,
    campaigns: Mapping[int, CampaignFacts],
    led: Mapping[int, CampaignFacts],
    now: datetime,
    *,
    with_done: bool,
) -> _Lists:
    mine = _mine(actor, campaigns, now, with_done=with_done)
    if not led:
        return _Lists(mine)
    # A task that stands above as mine is not shown twice.
    above = {mark.id for marks in mine.values() for mark in marks}
    crews: dict[str, list[Mark]] = defaultdict(list)
    late: dict[str, int] = defaultdict(int)
    hours: dict[str, Decimal] = defaultdict(Decimal)
    for pk, role, due_at, estimate in _pressing(led, now):
        if due_at is not None and due_at <= now + WEEK:
            late[role] += due_at < now
            hours[role] += estimate
        if pk not in above:
            crews[role if role in LANES else UNASSIGNED].append(Mark(pk, due_at, is_open=True))
    return _Lists(mine, {name: after(marks, "") for name, marks in crews.items()}, late, hours)


_MINE = ("id", "campaign_id", "role", "status", "due_at", "reviewer_id", "is_gate", "done_by_id", "confirmed_by_id")
_UNSIGNED = Q(status=Status.DONE, is_gate=True, confirmed_at=None)


def _mine(
    actor: Actor, campaigns: Mapping[int, CampaignFacts], now: datetime, *, with_done: bool
) -> dict[str, list[Mark]]:
    me = actor.user_id
    found: dict[str, list[Mark]] = {part: [] for part in Part}
    if me is None:
        return found
    helping = TaskHelper.objects.filter(user_id=me).values("task_id")
    asked = OPEN & (Q(owner_id=me) | Q(pk__in=helping) | Q(status=Status.IN_REVIEW, reviewer_id=me))
    asked |= _UNSIGNED & ~Q(done_by_id=me)
    if with_done:
        asked |= Q(status=Status.DONE, done_by_id=me, done_at__gte=now - STAYS)
        asked |= Q(confirmed_by_id=me, confirmed_at__gte=now - STAYS)
    midnight = midnight_after(timezone.localtime(now))
    rows = Task.objects.filter(asked, campaign_id__in=list(campaigns)).values_list(*_MINE)
    for pk, campaign_id, role, status, due_at, reviewer_id, is_gate, done_by, confirmed_by in rows:
        unsigned = is_gate and status == Status.DONE and confirmed_by is None and done_by != me
        if unsigned and not _may_sign(actor, campaigns[campaign_id].team_id, role):
            continue
        waits = unsigned or confirmed_by == me or (status == Status.IN_REVIEW and reviewer_id == me)
        part = Part.WAITING if waits else part_of(due_at, now=now, midnight=midnight)
        found[part].append(Mark(pk, due_at, is_open=unsigned or status in OPEN_STATES))
    return {part: after(marks, "") for part, marks in found.items()}


def _may_sign(actor: Actor, team_id: int, role: str) -> bool:
    # As the board's rule has it; the line's own button asks that rule itself.
    return may_work(actor, team_id) and (may_manage(actor, team_id) or role in actor.seat(team_id).roles)


def _pressing(
    led: Mapping[int, CampaignFacts], now: datetime
) -> QuerySet[Task, tuple[int, str, datetime | None, Decimal]]:
    """What those who lead look at: the two crews' next week and what is stuck, and soon due work that nobody has."""
    # Whoever left the team has nothing: their open work is as good as nobody's.
    here = Membership.objects.filter(IN_TEAM, team_id=OuterRef("campaign__team_id"), user_id=OuterRef("owner_id"))
    unowned = ~Exists(here) & (Q(due_at__lte=now + OWNER_NOTICE) | Q(due_at=None))
    crews = Q(role__in=LANES) & (Q(due_at__lte=now + WEEK) | Q(status=Status.BLOCKED))
    rows = Task.objects.filter(OPEN, crews | unowned, campaign_id__in=list(led))
    return rows.values_list("id", "role", "due_at", "estimate_hours")


def _hands(teams: Iterable[int]) -> dict[str, tuple[int, Decimal]]:
    """Role → how many people of these teams hold it, and their hours a day."""
    held = Membership.objects.filter(IN_TEAM, team_id__in=list(teams)).exclude(level=Level.VIEWER)
    rows = MembershipRole.objects.filter(membership__in=held, role__in=LANES)
    found: dict[str, tuple[int, Decimal]] = {}
    for role, hours in rows.values_list("role", "membership__capacity_hours"):
        people, sum_of = found.get(role, (0, Decimal(0)))
        found[role] = (people + 1, sum_of + hours)
    return found


def coming(
    campaign: CampaignFacts, stages: Mapping[str, tuple[datetime, bool]], now: datetime
) -> tuple[Said, datetime] | None:
    """How far a campaign's next dated moment is, in words, and when; None for routine work and when all have passed."""
    if campaign.kind is Kind.ROUTINE:
        return None
    moments = [(Anchor.START, campaign.starts_at), (Anchor.END, campaign.ends_at)]
    moments += [(Anchor(kind), at) for kind, (at, _is_default) in stages.items()]
    found = next_moment(moments, now)
    return (countdown(found[0], distance(found[1], now)), found[1]) if found else None


def _countdowns(campaigns: Iterable[CampaignFacts], now: datetime) -> tuple[Countdown, ...]:
    promotions = [campaign for campaign in campaigns if campaign.kind is Kind.PROMOTION]
    stages = anchors_of_each([campaign.id for campaign in promotions])
    each = ((campaign, coming(campaign, stages.get(campaign.id, {}), now)) for campaign in promotions)
    found = [Countdown(campaign.id, campaign.name, *next_one) for campaign, next_one in each if next_one]
    return tuple(sorted(found, key=lambda one: one.at))
