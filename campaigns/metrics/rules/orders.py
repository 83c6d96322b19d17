"""One order as a line of text: what an import keeps, in one form whatever file it came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from planner.core.words import Said, say


class BatchState(StrEnum):
    """Where an import stands."""

    PENDING = "pending"
    IMPORTED = "imported"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDONE = "undone"


IMPORT_KIND = "import_orders"
MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 500_000
MAX_COLUMNS = 300


@dataclass(frozen=True)
class OrderFile:
    """What is kept of an uploaded file: the needed columns only, compressed, and what was left out.

    `digest` is taken over the kept rows, so the same rows in another encoding, or with other addresses, are
    the same file.
    """

    encoding: str
    rows: int
    payload: bytes
    digest: str
    dropped_columns: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    has_refunds: bool
    total_rows: int
    blank_rows: int
    repeated_rows: int
    first_day: date
    last_day: date

    @property
    def notes(self) -> dict[str, object]:
        """What the importer says about the file beside its orders."""
        return {
            "ignored_columns": list(self.ignored_columns),
            "has_refunds": self.has_refunds,
            "total_rows": self.total_rows,
            "blank_rows": self.blank_rows,
            "repeated_rows": self.repeated_rows,
            "first_day": self.first_day,
            "last_day": self.last_day,
        }


@dataclass(frozen=True)
class OrderLine:
    """One order; amounts in cents, moments as the shop's own clock showed them."""

    order_no: str
    total_cents: int
    received_cents: int
    # None where the file does not say.
    refund_cents: int | None
    ordered_at: str
    paid_at: str

    def as_text(self) -> str:
        """The line that is kept and digested."""
        refund = "" if self.refund_cents is None else self.refund_cents
        return (
            f"{self.order_no}\t{self.total_cents}\t{self.received_cents}\t{refund}\t{self.ordered_at}\t{self.paid_at}\n"
        )


@dataclass(frozen=True)
class OrderRow:
    """One order as it is stored; `paid_on` is the day of payment in the team's zone."""

    order_no: str
    total_amount: Decimal
    received_amount: Decimal
    refund_amount: Decimal | None
    ordered_at: datetime
    paid_at: datetime | None
    paid_on: date | None


@dataclass(frozen=True)
class StartedImport:
    """A file taken in and the run that will write its orders."""

    batch_id: int
    run_id: int


def _amount(cents: str) -> Decimal:
    return Decimal(cents).scaleb(-2)


def order_rows(lines: Iterator[str], zone: ZoneInfo) -> Iterator[OrderRow]:
    """The orders of kept lines, their moments read in `zone`."""
    for line in lines:
        order_no, total, received, refund, ordered, paid = line.rstrip("\n").split("\t")
        paid_at = datetime.fromisoformat(paid).replace(tzinfo=zone) if paid else None
        yield OrderRow(
            order_no=order_no,
            total_amount=_amount(total),
            received_amount=_amount(received),
            refund_amount=_amount(refund) if refund else None,
            ordered_at=datetime.fromisoformat(ordered).replace(tzinfo=zone),
            paid_at=paid_at,
            paid_on=paid_at.date() if paid_at else None,
        )


def cannot_give(*, has_visitors: bool, has_refunds: bool) -> tuple[Said, ...]:
    """What imported orders do not say, as sentences to show beside the figures."""
    said = [
        say("Buyers: none are kept from an order file, so paid orders stand for buyers in every figure."),
        say("Products: the file has no product column, so nothing is split by product."),
    ]
    if not has_visitors:
        said.insert(
            0,
            say("Visitors: an order file has none. Type or paste them below; until then conversion is absent."),
        )
    if not has_refunds:
        said.append(say("Refunds: at least one imported file does not say them, so refunds and net amount are absent."))
    return tuple(said)
