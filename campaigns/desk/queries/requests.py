"""The design requests over all campaigns that run, by the day on which they are needed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zlib import crc32
from zoneinfo import ZoneInfo

from django.utils import timezone

from campaigns.board.models import OPEN, Task
from campaigns.board.queries import TaskLine, facts_of
from campaigns.board.queries.lines import line_of
from campaigns.board.rules import (
    Hint,
    Priority,
    TaskFacts,
    Verb,
    first_calm_day,
    hint_of,
    priority_of,
    verbs_now,
)
from campaigns.campaign.queries import campaigns_of
from campaigns.campaign.rules import CampaignFacts
from campaigns.desk.rules.requests import Rush, Share, When, rush_of, when_of
from planner.core.errors import NotAllowed
from planner.core.words import say
from staff.people.queries import people_of
from staff.people.rules import Actor, Level, Role, may_manage, may_work

SECTION_CARDS = 50


@dataclass(frozen=True)
class RequestFilters:
    """What the reader wants to see; blank means everything."""

    # A user id or "nobody".
    designer: str = ""
    for_campaign: int | None = None
    rush: bool = False
    # Only what waits for a manager's word.
    waiting: bool = False
    # Only what the reader asked for or works on.
    mine: bool = False
    # The section shown in full.
    show: str = ""

    @property
    def query(self) -> str:
        """The filters as a query string."""
        given = {name: value for name, value in vars(self).items() if value}
        return urlencode({name: "1" if value is True else value for name, value in given.items()})

    @property
    def is_set(self) -> bool:
        """True when something may be hidden."""
        return any((self.designer, self.for_campaign, self.rush, self.waiting, self.mine))


@dataclass(frozen=True)
class Request:
    """One design request, ready to show."""

    line: TaskLine
    when: When
    created_at: datetime
    requester_name: str
    # Days between asking and needing; None without a date.
    lead_days: int | None
    rush: Rush
    accepted_by_name: str
    priority: Priority
    hours: Decimal
    # The reader's to accept, to decline, to move to another day.
    may_decide: bool


@dataclass(frozen=True)
class RequestSection:
    """The requests of one section: the first fifty, or all."""

    when: When
    requests: tuple[Request, ...]
    total: int
    show_all_query: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.requests)


@dataclass(frozen=True)
class Load:
    """What one designer has before them; no name for what nobody has."""

    user_id: int | None
    name: str
    count: int
    hours: Decimal

    @property
    def filter(self) -> str:
        """What `RequestFilters.designer` says for them."""
        return "nobody" if self.user_id is None else str(self.user_id)


@dataclass(frozen=True)
class Chip:
    """A filter that is on or off: the query string is that of the other state."""

    name: str
    is_on: bool
    query: str


@dataclass(frozen=True)
class RequestsScreen:
    """The whole screen; share and load are over everything, whatever is filtered."""

    filters: RequestFilters
    chips: tuple[Chip, ...]
    sections: tuple[RequestSection, ...]
    shown: int
    share: Share
    load: tuple[Load, ...]
    # (id, name) of those that have requests.
    designers: tuple[tuple[str, str], ...]
    campaigns: tuple[tuple[int, str], ...]
    may_create: bool
    version: int

    @property
    def poll_query(self) -> str:
        """The query string that asks whether anything has changed since."""
        version = urlencode({"version": self.version})
        return f"{self.filters.query}&{version}" if self.filters.query else version


def _running(actor: Actor) -> list[CampaignFacts]:
    return [campaign for campaign in campaigns_of(actor) if not campaign.is_closed]


def _version(campaigns: Iterable[CampaignFacts], now: datetime) -> int:
    # Boards count their own changes; at midnight sections begin anew.
    state = [(campaign.id, campaign.board_version) for campaign in campaigns]
    return crc32(repr((sorted(state), timezone.localdate(now))).encode())


def requests_version(actor: Actor, now: datetime) -> int:
    """Another number when anything on the screen may have changed."""
    return _version(_running(actor), now)


def requests_screen(actor: Actor, filters: RequestFilters, now: datetime) -> RequestsScreen:
    """Every open design request that the actor may see; weeks are those of the reader's active time zone."""
    running = _running(actor)
    campaigns = {campaign.id: campaign for campaign in running}
    rows = list(
        Task.objects.filter(OPEN, role=Role.DESIGN, campaign_id__in=list(campaigns))
        .select_related("owner", "created_by", "accepted_by")
        .order_by("due_at", "id")
    )
    facts = facts_of(rows, campaigns)
    zone = ZoneInfo(timezone.get_current_timezone_name())
    found: dict[When, list[tuple[Task, TaskFacts]]] = defaultdict(list)
    for row, task in zip(rows, facts, strict=True):
        if _fits(actor, task, filters):
            found[when_of(task.due_at, now, zone)].append((row, task))
    load = _load(rows)
    return RequestsScreen(
        filters=filters,
        chips=tuple(_chip(filters, name) for name in ("waiting", "rush", "mine")),
        sections=tuple(_section(actor, when, found[when], filters, now) for when in When if found[when]),
        shown=sum(len(each) for each in found.values()),
        share=Share(
            rush=sum(task.is_rush for task in facts),
            total=len(facts),
            waiting=sum(task.rush_waits for task in facts),
        ),
        load=load,
        designers=tuple((str(each.user_id), each.name) for each in load if each.user_id is not None),
        campaigns=tuple((campaign.id, campaign.name) for campaign in running),
        may_create=any(may_work(actor, campaign.team_id) for campaign in running),
        version=_version(running, now),
    )


def _chip(filters: RequestFilters, name: str) -> Chip:
    is_on: bool = getattr(filters, name)
    other: dict[str, Any] = {name: not is_on}
    return Chip(name, is_on, replace(filters, **other).query)


def _fits(actor: Actor, task: TaskFacts, filters: RequestFilters) -> bool:
    owner = "nobody" if task.owner_id is None else str(task.owner_id)
    if filters.designer and filters.designer != owner:
        return False
    if filters.for_campaign and filters.for_campaign != task.campaign.id:
        return False
    if (filters.rush and not task.is_rush) or (filters.waiting and not task.rush_waits):
        return False
    return not filters.mine or actor.user_id in {task.created_by_id, *task.workers}


def _section(
    actor: Actor, when: When, found: list[tuple[Task, TaskFacts]], filters: RequestFilters, now: datetime
) -> RequestSection:
    shown = found if filters.show == when else found[:SECTION_CARDS]
    return RequestSection(
        when=when,
        requests=tuple(_request(actor, when, row, task, now) for row, task in shown),
        total=len(found),
        show_all_query=replace(filters, show=when).query,
    )


def _request(actor: Actor, when: When, row: Task, task: TaskFacts, now: datetime) -> Request:
    return Request(
        line=line_of(actor, task, row.owner.display_name if row.owner else "", now),
        when=when,
        created_at=row.created_at,
        requester_name=row.created_by.display_name if row.created_by else "",
        lead_days=task.lead_days,
        rush=rush_of(task),
        accepted_by_name=row.accepted_by.display_name if row.accepted_by else "",
        priority=priority_of(important=task.important, urgent=task.urgent),
        hours=task.estimate_hours,
        may_decide=Verb.ACCEPT_RUSH in verbs_now(actor, task),
    )


def _load(rows: Iterable[Task]) -> tuple[Load, ...]:
    sums: dict[int | None, Load] = {}
    for row in rows:
        name = row.owner.display_name if row.owner else ""
        had = sums.get(row.owner_id, Load(row.owner_id, name, 0, Decimal(0)))
        sums[row.owner_id] = replace(had, count=had.count + 1, hours=had.hours + row.estimate_hours)
    # Most hours first; what nobody has stands at the end.
    return tuple(sorted(sums.values(), key=lambda each: (each.user_id is None, -each.hours, each.name)))


@dataclass(frozen=True)
class NewRequestScreen:
    """What the form for a new request offers this person."""

    # (id, name): campaigns to ask for, and those whom this person may name as designer.
    campaigns: tuple[tuple[int, str], ...]
    owners: tuple[tuple[int, str], ...]
    hint: Hint
    first_calm: datetime


def new_request_screen(
    actor: Actor, now: datetime, *, for_campaign: int | None = None, due_at: datetime | None = None
) -> NewRequestScreen:
    """The form for a new request with what a need date means; refuses who may ask in no campaign."""
    running = [campaign for campaign in _running(actor) if may_work(actor, campaign.team_id)]
    if not running:
        raise NotAllowed("no_campaign", say("There is no running campaign in which you may ask for something."))
    chosen = next((campaign for campaign in running if campaign.id == for_campaign), running[0])
    managed = {campaign.team_id for campaign in running if may_manage(actor, campaign.team_id)}
    owners = {
        person.user_id: person.name
        for team_id in sorted(managed)
        for person in people_of(actor, team_id)
        if person.level is not Level.VIEWER and Role.DESIGN in person.roles
    }
    return NewRequestScreen(
        campaigns=tuple((campaign.id, campaign.name) for campaign in running),
        owners=tuple(owners.items()),
        hint=hint_of(now, due_at, chosen.zone, manages=may_manage(actor, chosen.team_id)),
        first_calm=first_calm_day(now, chosen.zone),
    )
