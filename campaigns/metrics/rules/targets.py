"""Targets: paid amount = visitors × conversion × order value; any three give the fourth."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from planner.core.errors import Refused
from planner.core.words import Said, say

CENT = Decimal("0.01")
# numeric(18, 6): a percentage of four places of a whole number of visitors is exact.
BUYERS = Decimal("0.000001")
MAX_AMOUNT = Decimal(10) ** 12
MAX_VISITORS = 2_000_000_000
# What two typed decimals can stand for: half of their last place.
HALF_PLACE = Decimal("0.005")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Target:
    """What the campaign should reach; buyers is visitors × conversion, a numerator kept whole."""

    paid_amount: Decimal
    visitors: int | None
    buyers: Decimal | None

    @property
    def conversion(self) -> Decimal | None:
        """Buyers per visitor."""
        return self.buyers / self.visitors if self.buyers is not None and self.visitors else None

    @property
    def order_value(self) -> Decimal | None:
        """Paid amount per buyer."""
        return self.paid_amount / self.buyers if self.buyers else None

    @property
    def shown(self) -> dict[str, object]:
        """The four figures as people type them, as text; None where one is not set."""
        rate, value = self.conversion, self.order_value
        return {
            "paid_amount": f"{self.paid_amount:.2f}",
            "visitors": None if self.visitors is None else str(self.visitors),
            "conversion": None if rate is None else _plain(rate * HUNDRED, 4),
            "order_value": None if value is None else f"{value.quantize(CENT, ROUND_HALF_UP)}",
        }


def _plain(value: Decimal, places: int) -> str:
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _check_sizes(values: dict[str, Decimal | None]) -> None:
    faults: dict[str, Said] = {}
    for name, value in values.items():
        if value is not None and value <= 0:
            faults[name] = say("This must be more than zero.")
        elif value is not None and value >= (MAX_VISITORS if name == "visitors" else MAX_AMOUNT):
            faults[name] = say("This cannot be meant: it is too large.")
    rate = values["conversion"]
    if rate is not None and rate > HUNDRED:
        faults["conversion"] = say("No more than 100 % of the visitors can buy.")
    if faults:
        raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(faults.values()), fields=faults)


def _check_agree(paid: Decimal, visitors: int, percent: Decimal, value: Decimal) -> None:
    low = visitors * (percent - HALF_PLACE) / HUNDRED * (value - HALF_PLACE)
    high = visitors * (percent + HALF_PLACE) / HUNDRED * (value + HALF_PLACE)
    if low - CENT <= paid <= high + CENT:
        return
    product = (visitors * percent / HUNDRED * value).quantize(CENT, ROUND_HALF_UP)
    fault = say(
        "Visitors × conversion × order value is %(product)s, but the paid amount says %(paid)s: leave one empty.",
        product=f"{product:,.2f}",
        paid=f"{paid:,.2f}",
    )
    raise Refused("target_disagrees", fault, fields={"paid_amount": fault})


def resolve_target(
    *, paid_amount: Decimal | None, visitors: int | None, conversion: Decimal | None, order_value: Decimal | None
) -> Target:
    """The target behind the figures given; `conversion` is in percent. Refuses what does not fit together.

    Three figures give the fourth. The paid amount may stand alone, or beside visitors or an order value.
    """
    _check_sizes(
        {
            "paid_amount": paid_amount,
            "visitors": None if visitors is None else Decimal(visitors),
            "conversion": conversion,
            "order_value": order_value,
        }
    )
    buyers: Decimal | None = None
    if visitors is not None and conversion is not None:
        buyers = (visitors * conversion / HUNDRED).quantize(BUYERS, ROUND_HALF_UP)
    if paid_amount is None:
        if buyers is None or order_value is None:
            fault = say("Give the paid amount, or visitors, conversion and order value.")
            raise Refused("invalid", fault, fields={"paid_amount": fault})
        return _checked(Target((buyers * order_value).quantize(CENT, ROUND_HALF_UP), visitors, buyers))
    if visitors is not None and conversion is not None and order_value is not None:
        _check_agree(paid_amount, visitors, conversion, order_value)
    elif buyers is None and order_value is not None:
        buyers = (paid_amount / order_value).quantize(BUYERS, ROUND_HALF_UP)
        if conversion is not None:
            visitors = int((buyers * HUNDRED / conversion).quantize(Decimal(1), ROUND_HALF_UP))
    elif buyers is None and conversion is not None:
        fault = say("A conversion needs visitors or an order value beside it.")
        raise Refused("invalid", fault, fields={"conversion": fault})
    return _checked(Target(paid_amount.quantize(CENT, ROUND_HALF_UP), visitors, buyers))


def _checked(target: Target) -> Target:
    _check_sizes(
        {
            "paid_amount": target.paid_amount,
            "visitors": None if target.visitors is None else Decimal(target.visitors),
            "conversion": None,
            "order_value": None,
        }
    )
    if target.visitors is not None and target.buyers is not None and target.buyers > target.visitors:
        fault = say("That would be more buyers than visitors: raise the order value or the visitors.")
        raise Refused("invalid", fault, fields={"order_value": fault})
    return target
