"""Figures of a campaign as its readers may see them."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Count, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Round

from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts
from campaigns.metrics.models import DailyFigure, ImportBatch, KpiTarget, Order
from campaigns.metrics.rules.figures import Day, DayTotals, Figures, Outside, figures, outside
from campaigns.metrics.rules.orders import BatchState, cannot_give
from campaigns.metrics.rules.targets import Target
from planner.core.errors import Missing
from planner.core.words import Said
from staff.people.rules import Actor, may_manage, may_work
from staff.runs.models import Run
from staff.runs.queries import RunScreen, run_screens

IMPORTS_SHOWN = 20
DAYS_SHOWN = 400


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


def target_of(campaign_id: int) -> tuple[Target, int] | None:
    """The target and its version; the caller has checked that the actor may see the campaign."""
    row = KpiTarget.objects.filter(campaign_id=campaign_id).first()
    return (Target(row.paid_amount, row.visitors, row.buyers), row.version) if row else None


def campaign_days(campaign: CampaignFacts) -> tuple[date, date]:
    """The campaign's first and last day in its team's zone."""
    zone = ZoneInfo(campaign.zone)
    return campaign.starts_at.astimezone(zone).date(), campaign.ends_at.astimezone(zone).date()


def kept_lines(batch_id: int) -> Iterator[str]:
    """The kept lines of a batch that waits to be written, unpacked piece by piece."""
    packed = bytes(ImportBatch.objects.values_list("payload", flat=True).get(pk=batch_id) or b"")
    unpacker, rest = zlib.decompressobj(), b""
    for start in range(0, len(packed), 1 << 16):
        rest += unpacker.decompress(packed[start : start + (1 << 16)])
        *lines, rest = rest.split(b"\n")
        yield from (line.decode() for line in lines)


@dataclass(frozen=True)
class ImportLine:
    """One upload with what became of it, ready to show."""

    id: int
    file_name: str
    by: str
    at: datetime
    state: str
    rows: int
    run: RunScreen | None
    result: dict[str, Any]
    dropped_columns: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """True while its run waits or works."""
        return self.run is not None and self.run.is_open

    @property
    def is_imported(self) -> bool:
        """True when its orders are in the figures."""
        return self.state == BatchState.IMPORTED


def _imports(actor: Actor, found: QuerySet[ImportBatch]) -> tuple[ImportLine, ...]:
    rows = list(found.defer("payload").select_related("created_by"))
    runs = run_screens(actor, [row.run_id for row in rows if row.run_id])
    return tuple(
        ImportLine(
            id=row.pk,
            file_name=row.file_name,
            by=row.created_by.display_name if row.created_by else "",
            at=row.created_at,
            state=row.state,
            rows=row.rows,
            run=runs.get(row.run_id) if row.run_id else None,
            result=row.result,
            dropped_columns=tuple(row.dropped_columns),
        )
        for row in rows
    )


def imports_of(
    actor: Actor, campaign_id: int, *, before_id: int | None = None, limit: int = IMPORTS_SHOWN
) -> tuple[ImportLine, ...]:
    """The imports of a campaign, newest first; `before_id` goes on from a line."""
    campaign_for(actor, campaign_id)
    rows = ImportBatch.objects.filter(campaign_id=campaign_id).order_by("-id")
    return _imports(actor, (rows.filter(pk__lt=before_id) if before_id else rows)[:limit])


def import_for(actor: Actor, campaign_id: int, batch_id: int) -> ImportLine:
    """One import of this campaign, or `Missing`."""
    campaign_for(actor, campaign_id)
    lines = _imports(actor, ImportBatch.objects.filter(campaign_id=campaign_id, pk=batch_id))
    if not lines:
        raise Missing
    return lines[0]


@dataclass(frozen=True)
class TargetShown:
    """A campaign's target with its version; every figure None and version 0 where none is set."""

    target: Target | None
    version: int

    @property
    def paid_amount(self) -> Decimal | None:
        """The amount to reach."""
        return self.target.paid_amount if self.target else None

    @property
    def visitors(self) -> int | None:
        """The visitors to reach."""
        return self.target.visitors if self.target else None

    @property
    def conversion(self) -> Decimal | None:
        """Buyers per visitor."""
        return self.target.conversion if self.target else None

    @property
    def order_value(self) -> Decimal | None:
        """Paid amount per buyer."""
        return self.target.order_value if self.target else None


def target_for(actor: Actor, campaign_id: int) -> TargetShown:
    """The target of a campaign; `Missing` when it is not this actor's to see."""
    campaign_for(actor, campaign_id)
    return TargetShown(*(target_of(campaign_id) or (None, 0)))


@dataclass(frozen=True)
class DayVisitors:
    """The visitors of one day; None where nobody gave them."""

    on: date
    visitors: int | None


def visitors_of(actor: Actor, campaign_id: int) -> list[DayVisitors]:
    """The days that have visitors, in order; `Missing` when the campaign is not this actor's to see."""
    campaign_for(actor, campaign_id)
    return [DayVisitors(on, visitors) for on, visitors in visitors_by_day(campaign_id).items()]


@dataclass(frozen=True)
class NumbersScreen:
    """Everything on the numbers page."""

    campaign: CampaignFacts
    first_on: date
    last_on: date
    may_work: bool
    may_manage: bool
    imports: tuple[ImportLine, ...]
    figures: Figures | None
    outside: Outside | None
    cannot_give: tuple[Said, ...]
    target: Target | None
    target_version: int
    # Day → visitors or None, for the form: the campaign's days and every day that has a figure.
    visitor_days: tuple[tuple[date, int | None], ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """The days of the daily table."""
        return self.figures.days[-DAYS_SHOWN:] if self.figures else ()

    @property
    def has_visitors(self) -> bool:
        """True when somebody gave the visitors of a day."""
        return any(value is not None for _on, value in self.visitor_days)

    @property
    def attained(self) -> Decimal | None:
        """Paid amount per target."""
        return self.figures.paid_amount / self.target.paid_amount if self.figures and self.target else None

    @property
    def versioned_target(self) -> TargetShown:
        """The target with its version."""
        return TargetShown(self.target, self.target_version)

    @property
    def shown_target(self) -> dict[str, object]:
        """The target's four figures as people type them."""
        return self.target.shown if self.target else {}


def numbers_screen(actor: Actor, campaign_id: int) -> NumbersScreen:
    """The numbers page of a campaign; `Missing` when it is not this actor's to see."""
    campaign = campaign_for(actor, campaign_id)
    visitors = visitors_by_day(campaign_id)
    totals = day_totals(campaign_id)
    numbers = figures(totals, visitors)
    first, last = campaign_days(campaign)
    target = target_of(campaign_id)
    span = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    batches = ImportBatch.objects.filter(campaign_id=campaign_id)
    paid_days = {row.on for row in totals if row.on is not None}
    return NumbersScreen(
        campaign=campaign,
        first_on=first,
        last_on=last,
        may_work=may_work(actor, campaign.team_id) and not campaign.is_frozen,
        may_manage=may_manage(actor, campaign.team_id) and not campaign.is_frozen,
        imports=_imports(actor, batches.order_by("-id")[:IMPORTS_SHOWN]),
        figures=numbers,
        outside=outside(numbers, first, last) if numbers else None,
        cannot_give=cannot_give(
            has_visitors=bool(visitors), has_refunds=numbers is None or numbers.refunds is not None
        ),
        target=target[0] if target else None,
        target_version=target[1] if target else 0,
        visitor_days=tuple((on, visitors.get(on)) for on in sorted(span | paid_days | set(visitors))[:DAYS_SHOWN]),
    )


@dataclass(frozen=True)
class ImportOutcome:
    """How an import ended, for a program that waits for it."""

    state: BatchState
    # Personal columns that were left out before anything was stored.
    dropped_columns: tuple[str, ...]
    result: dict[str, Any]
    error: Said | None


def import_outcome(actor: Actor, batch_id: int) -> ImportOutcome:
    """How this import stands; `Missing` when it is not this actor's to see."""
    batch = ImportBatch.objects.defer("payload").select_related("run").filter(pk=batch_id).first()
    if batch is None:
        raise Missing
    campaign_for(actor, batch.campaign_id)
    run: Run | None = batch.run
    error = Said(run.error, run.result.get("params", {})) if run and run.error else None
    return ImportOutcome(BatchState(batch.state), tuple(batch.dropped_columns), batch.result, error)
