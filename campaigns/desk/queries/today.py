"""The first page: what I do next, and for those who lead, what their crews do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.board.models import OPEN, Task
from campaigns.board.queries.lines import WEEK, TaskLine, my_lines, task_lines
from campaigns.campaign.queries import campaigns_of
from campaigns.campaign.rules import CampaignFacts
from campaigns.desk.rules.today import LANES, leads
from staff.people.models import IN_TEAM, Membership
from staff.people.rules import Actor, Role, may_manage

SECTION_LINES = 50
LANE_LINES = 20


@dataclass(frozen=True)
class Section:
    """A list of tasks cut to what one reads; `total` counts all of them."""

    name: str
    lines: tuple[TaskLine, ...]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


@dataclass(frozen=True)
class Today:
    """The whole screen; `lanes` and `unassigned` are empty for those who do not lead."""

    has_team: bool
    has_campaigns: bool
    may_create: bool
    is_lead: bool
    is_free: bool
    sections: tuple[Section, ...]
    later: Section
    lanes: tuple[Section, ...]
    unassigned: Section


def today_screen(actor: Actor, *, now: datetime) -> Today:
    """What waits for the actor; days begin and end in the reader's active time zone."""
    campaigns = [campaign for campaign in campaigns_of(actor) if not campaign.is_closed]
    mine = my_lines(actor, now)
    lists = {"overdue": mine.overdue, "today": mine.today, "waiting": mine.waiting, "week": mine.week}
    shown = {line.id for lines in (*lists.values(), mine.later) for line in lines}
    led = {campaign.id: campaign for campaign in campaigns if campaign.team_id in leads(actor)}
    return Today(
        has_team=bool(actor.seats),
        has_campaigns=bool(campaigns),
        may_create=any(may_manage(actor, team_id) for team_id in actor.team_ids),
        is_lead=bool(led),
        is_free=mine.is_empty,
        sections=tuple(_cut(name, lines) for name, lines in lists.items() if lines),
        later=_cut("later", mine.later),
        lanes=tuple(_lane(actor, role, led, shown, now) for role in LANES) if led else (),
        unassigned=_unassigned(actor, led, shown, now) if led else Section("unassigned", (), 0),
    )


def _cut(name: str, lines: tuple[TaskLine, ...]) -> Section:
    return Section(name, lines[:SECTION_LINES], len(lines))


def _open_tasks(led: Iterable[int], shown: set[int]) -> QuerySet[Task]:
    # A task that stands above as mine is not shown twice.
    rows = Task.objects.filter(OPEN, campaign_id__in=list(led)).exclude(pk__in=shown)
    return rows.select_related("owner").order_by("due_at", "id")


def _read(actor: Actor, name: str, rows: QuerySet[Task], led: dict[int, CampaignFacts], now: datetime) -> Section:
    return Section(name, tuple(task_lines(actor, rows[:LANE_LINES], led, now)), rows.count())


def _lane(actor: Actor, role: Role, led: dict[int, CampaignFacts], shown: set[int], now: datetime) -> Section:
    pressing = Q(due_at__lte=now + WEEK) | Q(status="blocked") | _soon_unowned(now)
    return _read(actor, role, _open_tasks(led, shown).filter(pressing, role=role), led, now)


def _soon_unowned(now: datetime) -> Q:
    # A plan for next summer may lack owners for months; two weeks are the time in which somebody must be found.
    # Whoever left the team has nothing: their open work is as good as nobody's.
    here = Membership.objects.filter(IN_TEAM, team_id=OuterRef("campaign__team_id"), user_id=OuterRef("owner_id"))
    return ~Exists(here) & (Q(due_at__lte=now + 2 * WEEK) | Q(due_at=None))


def _unassigned(actor: Actor, led: dict[int, CampaignFacts], shown: set[int], now: datetime) -> Section:
    rows = _open_tasks(led, shown).filter(_soon_unowned(now)).exclude(role__in=LANES)
    return _read(actor, "unassigned", rows, led, now)
