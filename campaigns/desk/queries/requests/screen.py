"""The design requests over all campaigns that run, by the day on which they are needed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from django.utils import timezone

from campaigns.board.models import Task
from campaigns.board.queries import TaskLine, facts_of
from campaigns.board.queries.lines import line_of
from campaigns.board.rules import Priority, TaskFacts, Verb, priority_of, verbs_now
from campaigns.campaign.rules import CampaignFacts
from campaigns.desk.queries.requests.rows import RequestFilters, counted, first_rows, how_many, running
from campaigns.desk.rules.requests import Rush, Share, When, rush_of
from campaigns.desk.rules.today import Mark, cursor_of
from staff.people.queries import holders_of
from staff.people.rules import Actor, Role, may_work

SECTION_CARDS = 50


@dataclass(frozen=True)
class Designer:
    """Somebody to give a request to, with the hours that they have before them already."""

    user_id: int
    name: str
    hours: Decimal


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
    # Whom it may be given to as it is accepted.
    designers: tuple[Designer, ...]


@dataclass(frozen=True)
class RequestSection:
    """The requests of one section, fifty at a time; `total` counts all of it."""

    when: When
    requests: tuple[Request, ...]
    total: int
    # How many stand behind the shown ones, the place where they begin, and the query string that asks for them.
    more: int = 0
    next: str = ""
    more_query: str = ""


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


def _version(campaigns: Iterable[CampaignFacts], now: datetime) -> int:
    # Boards count their own changes; at midnight sections begin anew.
    state = [(campaign.id, campaign.board_version) for campaign in campaigns]
    return crc32(repr((sorted(state), timezone.localdate(now))).encode())


def requests_version(actor: Actor, now: datetime) -> int:
    """Another number when anything on the screen may have changed."""
    return _version(running(actor), now)


def requests_screen(actor: Actor, filters: RequestFilters, now: datetime) -> RequestsScreen:
    """Every open design request that the actor may see; weeks are those of the reader's active time zone.

    Six queries and at most fifty cards a section, however many requests.
    """
    campaigns = running(actor)
    counts = list(counted(campaigns))
    load = _load(counts)
    return RequestsScreen(
        filters=filters,
        chips=tuple(_chip(filters, name) for name in ("waiting", "rush", "mine")),
        sections=_sections(actor, campaigns, filters, load, now),
        share=Share(**{name: sum(row[key] for row in counts) for name, key in _SHARE.items()}),
        load=load,
        designers=tuple((str(each.user_id), each.name) for each in load if each.user_id is not None),
        campaigns=tuple((campaign.id, campaign.name) for campaign in campaigns),
        may_create=any(may_work(actor, campaign.team_id) for campaign in campaigns),
        version=_version(campaigns, now),
    )


_SHARE = {"rush": "rush", "total": "count", "waiting": "waiting"}


def requests_section(actor: Actor, filters: RequestFilters, now: datetime) -> RequestSection | None:
    """The section that `filters.show` names, behind `filters.after`; None when nothing is there any more."""
    campaigns = running(actor)
    found = _sections(actor, campaigns, filters, _load(counted(campaigns)), now)
    return found[0] if found else None


def _chip(filters: RequestFilters, name: str) -> Chip:
    is_on: bool = getattr(filters, name)
    other: dict[str, Any] = {name: not is_on, "show": "", "after": ""}
    return Chip(name, is_on, replace(filters, **other).query)


def _sections(
    actor: Actor, campaigns: Iterable[CampaignFacts], filters: RequestFilters, load: Iterable[Load], now: datetime
) -> tuple[RequestSection, ...]:
    by_id = {campaign.id: campaign for campaign in campaigns}
    rows = first_rows(actor, by_id.values(), filters, now, most=SECTION_CARDS)
    facts = facts_of(rows, by_id)
    decided = {each.id for each in facts if Verb.ACCEPT_RUSH in verbs_now(actor, each, (Verb.ACCEPT_RUSH,))}
    designers = _designers({each.campaign.team_id for each in facts if each.id in decided}, load)
    found: dict[str, list[tuple[Task, TaskFacts]]] = defaultdict(list)
    for row, task in zip(rows, facts, strict=True):
        found[row.part].append((row, task))  # type: ignore[attr-defined]

    def request(when: When, row: Task, task: TaskFacts) -> Request:
        offered = designers[task.campaign.team_id] if task.id in decided else ()
        return _request(actor, when, row, task, offered, may_decide=task.id in decided, now=now)

    def section(when: When) -> RequestSection:
        shown, left = found[when], found[when][0][0].left  # type: ignore[attr-defined]
        last = shown[-1][1]
        place = cursor_of(Mark(last.id, last.due_at, is_open=True)) if left > len(shown) else ""
        return RequestSection(
            when=when,
            requests=tuple(request(when, row, task) for row, task in shown),
            total=how_many(actor, by_id.values(), filters, now) if filters.after else left,
            more=left - len(shown),
            next=place,
            more_query=replace(filters, show=when.value, after=place).query if place else "",
        )

    return tuple(section(when) for when in When if when in found)


def _designers(team_ids: Iterable[int], load: Iterable[Load]) -> Mapping[int, tuple[Designer, ...]]:
    wanted = list(team_ids)
    if not wanted:
        return {}
    hours = {each.user_id: each.hours for each in load}
    return {
        team_id: tuple(Designer(user_id, name, hours.get(user_id, Decimal(0))) for user_id, name in people)
        for team_id, people in holders_of(Role.DESIGN, wanted).items()
    }


def _request(
    actor: Actor,
    when: When,
    row: Task,
    task: TaskFacts,
    designers: tuple[Designer, ...],
    *,
    may_decide: bool,
    now: datetime,
) -> Request:
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
        may_decide=may_decide,
        designers=tuple(each for each in designers if each.user_id != task.owner_id),
    )


def _load(counts: Iterable[Mapping[str, Any]]) -> tuple[Load, ...]:
    found = (Load(row["owner_id"], row["owner__display_name"] or "", row["count"], row["hours"]) for row in counts)
    # Most hours first; what nobody has stands at the end.
    return tuple(sorted(found, key=lambda each: (each.user_id is None, -each.hours, each.name)))
