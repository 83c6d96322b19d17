"""The numbers page."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts
from campaigns.metrics.models import ImportBatch
from campaigns.metrics.queries.figures import campaign_days, day_totals, visitors_by_day
from campaigns.metrics.queries.imports import IMPORTS_SHOWN, ImportLine, import_lines
from campaigns.metrics.queries.targets import TargetShown, target_of
from campaigns.metrics.rules.figures import Day, Figures, Outside, figures, outside
from campaigns.metrics.rules.orders import cannot_give
from campaigns.metrics.rules.targets import Target
from planner.core.words import Said
from staff.people.rules import Actor, may_manage, may_work

DAYS_SHOWN = 400


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
        imports=import_lines(actor, batches.order_by("-id")[:IMPORTS_SHOWN]),
        figures=numbers,
        outside=outside(numbers, first, last) if numbers else None,
        cannot_give=cannot_give(
            has_visitors=bool(visitors), has_refunds=numbers is None or numbers.refunds is not None
        ),
        target=target[0] if target else None,
        target_version=target[1] if target else 0,
        visitor_days=tuple((on, visitors.get(on)) for on in sorted(span | paid_days | set(visitors))[:DAYS_SHOWN]),
    )
