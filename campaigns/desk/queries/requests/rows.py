"""Which design requests are asked for, counted and cut by the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, Window
from django.db.models import When as Where
from django.db.models.functions import RowNumber
from django.utils import timezone

from campaigns.board.models import OPEN, Task, TaskHelper
from campaigns.board.queries.rush import is_rush, rush_waits
from campaigns.campaign.queries import campaigns_of
from campaigns.campaign.rules import CampaignFacts
from campaigns.desk.rules.requests import When, ends_of
from campaigns.desk.rules.today import place_of
from staff.people.rules import Actor, Role


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
    # The one section to show, and the place in it behind which to go on.
    show: str = ""
    after: str = ""

    @property
    def query(self) -> str:
        """The filters as a query string."""
        given = {name: value for name, value in vars(self).items() if value}
        return urlencode({name: "1" if value is True else value for name, value in given.items()})

    @property
    def is_set(self) -> bool:
        """True when something may be hidden."""
        return any((self.designer, self.for_campaign, self.rush, self.waiting, self.mine, self.show))


def running(actor: Actor) -> list[CampaignFacts]:
    """The campaigns that may have requests."""
    return [campaign for campaign in campaigns_of(actor) if not campaign.is_closed]


def open_requests(campaigns: Iterable[CampaignFacts]) -> QuerySet[Task]:
    """Every open design request of these campaigns."""
    return Task.objects.filter(OPEN, role=Role.DESIGN, campaign_id__in=[campaign.id for campaign in campaigns])


def counted(campaigns: Iterable[CampaignFacts]) -> Iterable[Mapping[str, Any]]:
    """One row a designer: requests, hours, and how many of them are rush and wait; nobody's have no owner."""
    known = list(campaigns)
    rows = open_requests(known).order_by().values("owner_id", "owner__display_name")
    return rows.annotate(
        count=Count("id"),
        hours=Sum("estimate_hours"),
        rush=Count("id", filter=is_rush(known)),
        waiting=Count("id", filter=rush_waits(known)),
    )


def first_rows(
    actor: Actor, campaigns: Iterable[CampaignFacts], filters: RequestFilters, now: datetime, *, most: int
) -> list[Task]:
    """The first of every section by need date, at most `most` each: `part` is theirs, `left` counts it from there."""
    rows = _wanted(actor, campaigns, filters, now).filter(_behind(filters.after))
    section, order = F("part"), ("due_at", "id")
    rows = rows.annotate(
        place=Window(RowNumber(), partition_by=section, order_by=order), left=Window(Count("id"), partition_by=section)
    ).filter(place__lte=most)
    return list(rows.select_related("owner", "created_by", "accepted_by").order_by(*order))


def how_many(actor: Actor, campaigns: Iterable[CampaignFacts], filters: RequestFilters, now: datetime) -> int:
    """How many there are of the section that `filters.show` names, wherever one goes on in it."""
    return _wanted(actor, campaigns, filters, now).count()


def _wanted(actor: Actor, campaigns: Iterable[CampaignFacts], filters: RequestFilters, now: datetime) -> QuerySet[Task]:
    known = list(campaigns)
    rows = open_requests(known).filter(_fits(actor, known, filters)).annotate(part=_part(now))
    return rows.filter(part=filters.show) if filters.show else rows


def _part(now: datetime) -> Case:
    ends = ends_of(now, ZoneInfo(timezone.get_current_timezone_name()))
    return Case(
        Where(due_at=None, then=Value(When.NO_DATE.value)),
        *(Where(due_at__lt=end, then=Value(when.value)) for when, end in ends.items()),
        default=Value(When.LATER.value),
        output_field=CharField(),
    )


def _behind(cursor: str) -> Q:
    if not cursor:
        return Q()
    due_at, pk = place_of(cursor)
    if due_at is None:
        return Q(pk__gt=pk)
    return Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk)


def _fits(actor: Actor, campaigns: Iterable[CampaignFacts], filters: RequestFilters) -> Q:
    fits = Q()
    if filters.designer:
        fits &= Q(owner=None) if filters.designer == "nobody" else Q(owner_id=int(filters.designer))
    if filters.for_campaign:
        fits &= Q(campaign_id=filters.for_campaign)
    if filters.rush:
        fits &= is_rush(campaigns)
    if filters.waiting:
        fits &= rush_waits(campaigns)
    if filters.mine:
        helping = TaskHelper.objects.filter(task_id=OuterRef("pk"), user_id=actor.user_id or 0)
        fits &= Q(created_by_id=actor.user_id) | Q(owner_id=actor.user_id) | Q(Exists(helping))
    return fits
