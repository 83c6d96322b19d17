"""Figures of a campaign, for callers that have checked who asks."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Count, DecimalField, ExpressionWrapper, F, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce, Round

from campaigns.campaign.rules import CampaignFacts
from campaigns.metrics.models import DailyFigure, Order
from campaigns.metrics.rules.figures import DayTotals, Figures, figures


def _cents(field: str) -> Cast:
    # Whole cents add up exactly on every engine; SQLite would sum floats.
    hundredfold = ExpressionWrapper(F(field) * Value(100), output_field=DecimalField(max_digits=20, decimal_places=2))
    return Cast(Round(hundredfold), BigIntegerField())


def _amount(cents: int | None) -> Decimal:
    return Decimal(cents or 0).scaleb(-2)


def day_totals(campaign_id: int) -> list[DayTotals]:
    """The orders of the campaign summed by day of payment; the caller has checked that the actor may see it."""
    rows = (
        Order.objects.filter(campaign_id=campaign_id)
        .annotate(total=_cents("total_amount"), received=_cents("received_amount"), refund=_cents("refund_amount"))
        .values("paid_on")
        .annotate(
            orders=Count("id"),
            total_sum=Sum("total"),
            received_sum=Sum("received"),
            refund_sum=Coalesce(Sum("refund"), 0),
            unknown=Count("id", filter=Q(refund__isnull=True)),
            full=Count("id", filter=Q(refund__gte=F("total"), total__gt=0)),
            mismatched=Count("id", filter=Q(refund__isnull=False) & ~Q(total=F("received") + F("refund"))),
        )
        .order_by("paid_on")
    )
    return [
        DayTotals(
            on=row["paid_on"],
            orders=row["orders"],
            total_amount=_amount(row["total_sum"]),
            received_amount=_amount(row["received_sum"]),
            refund_amount=_amount(row["refund_sum"]),
            refund_unknown=row["unknown"],
            fully_refunded=row["full"],
            mismatched=row["mismatched"],
        )
        for row in rows
    ]


def visitors_by_day(campaign_id: int) -> dict[date, int]:
    """Day → visitors as typed or pasted; the caller has checked that the actor may see the campaign."""
    return dict(DailyFigure.objects.filter(campaign_id=campaign_id).order_by("on").values_list("on", "visitors"))


def figures_of(campaign_id: int) -> Figures | None:
    """The campaign's figures, None without orders; the caller has checked that the actor may see it."""
    return figures(day_totals(campaign_id), visitors_by_day(campaign_id))


def campaign_days(campaign: CampaignFacts) -> tuple[date, date]:
    """The campaign's first and last day in its team's zone."""
    zone = ZoneInfo(campaign.zone)
    return campaign.starts_at.astimezone(zone).date(), campaign.ends_at.astimezone(zone).date()
