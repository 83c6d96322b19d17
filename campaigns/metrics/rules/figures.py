"""Sums and rates over orders: what was paid, refunded and kept, by day and in all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class DayTotals:
    """The orders of one day of payment, summed; `on` is None for the orders that nobody paid."""

    on: date | None
    orders: int
    total_amount: Decimal
    received_amount: Decimal
    refund_amount: Decimal
    # Orders whose file does not say a refund.
    refund_unknown: int
    fully_refunded: int
    # Orders where total is not received plus refunded.
    mismatched: int


@dataclass(frozen=True)
class Day:
    """One day of the curve; None where no source says it."""

    on: date
    orders: int
    paid_amount: Decimal
    refunds: Decimal | None
    net: Decimal | None
    visitors: int | None

    @property
    def conversion(self) -> Decimal | None:
        """Paid orders per visitor: orders stand for buyers."""
        return Decimal(self.orders) / self.visitors if self.visitors else None


@dataclass(frozen=True)
class Figures:
    """A campaign's figures; refunds and net are None when a file does not say them."""

    orders: int
    total_amount: Decimal
    paid_orders: int
    paid_amount: Decimal
    refunds: Decimal | None
    fully_refunded: int | None
    received: Decimal
    mismatched: int
    days: tuple[Day, ...]
    visitors: int | None
    # Days with paid orders for which nobody gave visitors.
    days_without_visitors: int

    @property
    def net(self) -> Decimal | None:
        """Paid less refunded."""
        return None if self.refunds is None else self.paid_amount - self.refunds

    @property
    def refund_rate(self) -> Decimal | None:
        """Refunded per paid, by amount."""
        return None if self.refunds is None or not self.paid_amount else self.refunds / self.paid_amount

    @property
    def best_day(self) -> Day | None:
        """The day with the highest paid amount, the first of equals."""
        paid = [day for day in self.days if day.orders]
        return max(paid, key=lambda day: (day.paid_amount, -day.on.toordinal())) if paid else None

    @property
    def order_value(self) -> Decimal | None:
        """Paid amount per paid order."""
        return self.paid_amount / self.paid_orders if self.paid_orders else None

    @property
    def conversion(self) -> Decimal | None:
        """Paid orders per visitor, once every day with orders has its visitors."""
        if not self.visitors or self.days_without_visitors:
            return None
        return Decimal(self.paid_orders) / self.visitors


@dataclass(frozen=True)
class Outside:
    """Orders paid before the campaign's first or after its last day."""

    orders: int
    paid_amount: Decimal
    net: Decimal | None
    days: int


def figures(totals: Iterable[DayTotals], visitors: Mapping[date, int]) -> Figures | None:
    """The figures of these orders; None without a single order."""
    rows = list(totals)
    if not rows:
        return None
    paid = {row.on: row for row in rows if row.on is not None}
    says_refunds = not any(row.refund_unknown for row in paid.values())
    days = []
    for on in sorted(set(paid) | set(visitors)):
        row = paid.get(on)
        amount = row.total_amount if row else Decimal(0)
        refunds = None if row and row.refund_unknown else row.refund_amount if row else Decimal(0)
        days.append(
            Day(
                on=on,
                orders=row.orders if row else 0,
                paid_amount=amount,
                refunds=refunds,
                net=None if refunds is None else amount - refunds,
                visitors=visitors.get(on),
            )
        )
    return Figures(
        orders=sum(row.orders for row in rows),
        total_amount=sum((row.total_amount for row in rows), Decimal(0)),
        paid_orders=sum(row.orders for row in paid.values()),
        paid_amount=sum((row.total_amount for row in paid.values()), Decimal(0)),
        refunds=sum((row.refund_amount for row in paid.values()), Decimal(0)) if says_refunds else None,
        fully_refunded=sum(row.fully_refunded for row in paid.values()) if says_refunds else None,
        received=sum((row.received_amount for row in paid.values()), Decimal(0)),
        mismatched=sum(row.mismatched for row in paid.values()),
        days=tuple(days),
        visitors=sum(visitors.values()) if visitors else None,
        days_without_visitors=len(set(paid) - set(visitors)),
    )


def outside(numbers: Figures, first: date, last: date) -> Outside | None:
    """The paid orders before `first` or after `last`; None when all lie inside."""
    days = [day for day in numbers.days if day.orders and not first <= day.on <= last]
    if not days:
        return None
    nets = [day.net for day in days if day.net is not None]
    return Outside(
        orders=sum(day.orders for day in days),
        paid_amount=sum((day.paid_amount for day in days), Decimal(0)),
        net=sum(nets, Decimal(0)) if len(nets) == len(days) else None,
        days=len(days),
    )
