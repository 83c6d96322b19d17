"""Which rows are rush requests, as the database is asked; `TaskFacts` says the same of one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.db.models.lookups import LessThan

from campaigns.board.models import OPEN
from campaigns.board.rules import LEAD_DAYS
from campaigns.campaign.rules import CampaignFacts
from staff.people.rules import Role


def is_rush(campaigns: Iterable[CampaignFacts]) -> Q:
    """The tasks of these campaigns that are rush requests; days are those of their campaign's zone."""
    places: dict[str, list[int]] = defaultdict(list)
    for campaign in campaigns:
        places[campaign.zone].append(campaign.id)
    short = Q(pk__in=[])
    for zone, ids in places.items():
        short |= Q(campaign_id__in=ids) & _short(ZoneInfo(zone))
    own = Q(owner_id=F("created_by_id"), owner_id__isnull=False, created_by_id__isnull=False)
    asked = Q(accepted_at__isnull=False) | (Q(code="") & ~own & short)
    return Q(role=Role.DESIGN, due_at__isnull=False) & asked


def _short(zone: ZoneInfo) -> Q:
    ahead = ExpressionWrapper(
        TruncDate("due_at", tzinfo=zone) - TruncDate("created_at", tzinfo=zone), output_field=DurationField()
    )
    return Q(LessThan(ahead, timedelta(days=LEAD_DAYS)))


def rush_waits(campaigns: Iterable[CampaignFacts]) -> Q:
    """Those of them that wait for a manager."""
    return OPEN & is_rush(campaigns) & Q(accepted_at=None, created_by_id__isnull=False)
