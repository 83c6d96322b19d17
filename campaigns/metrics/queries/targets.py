"""What is typed by hand: the target, and visitors by day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaigns.campaign.queries import campaign_for
from campaigns.metrics.models import KpiTarget
from campaigns.metrics.queries.figures import visitors_by_day
from campaigns.metrics.rules.targets import Target
from staff.people.rules import Actor


def target_of(campaign_id: int) -> tuple[Target, int] | None:
    """The target and its version; the caller has checked that the actor may see the campaign."""
    row = KpiTarget.objects.filter(campaign_id=campaign_id).first()
    return (Target(row.paid_amount, row.visitors, row.buyers), row.version) if row else None


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
