"""Why the paid amount missed or beat its target: the difference split into visitors, conversion and order value.

Paid amount = visitors × conversion × order value. LMDI (B. W. Ang, 2005): the effect of a factor x is
L(G1, G0) · ln(x1/x0) with the logarithmic mean L(a, b) = (a − b) / (ln a − ln b), L(a, a) = a. The three effects add up
to the difference exactly. Where a value is zero, factors are replaced one after the other: visitors, conversion, value.
"""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum

CENT = Decimal("0.01")
PRECISION = 40


class Method(StrEnum):
    """How the difference was split."""

    LMDI = "lmdi"
    CHAIN = "chain"


@dataclass(frozen=True)
class Funnel:
    """The three numerators behind a paid amount; rates are divided out of them at the end."""

    visitors: int
    buyers: Decimal
    paid_amount: Decimal


@dataclass(frozen=True)
class Split:
    """The effects in money; their sum is the difference to the cent."""

    method: Method
    visitors: Decimal
    conversion: Decimal
    order_value: Decimal

    @property
    def difference(self) -> Decimal:
        """Actual less target."""
        return self.visitors + self.conversion + self.order_value


def split_difference(target: Funnel, actual: Funnel) -> Split:
    """The split of `actual.paid_amount - target.paid_amount`; every figure of `target` is above zero."""
    with localcontext() as context:
        context.prec = PRECISION
        if actual.visitors and actual.buyers and actual.paid_amount:
            method, effects = Method.LMDI, _lmdi(target, actual)
        else:
            method, effects = Method.CHAIN, _chain(target, actual)
        visitors, conversion, value = _to_cents(effects, actual.paid_amount - target.paid_amount)
    return Split(method, visitors, conversion, value)


def _lmdi(target: Funnel, actual: Funnel) -> tuple[Decimal, ...]:
    now, then = actual.paid_amount, target.paid_amount
    mean = now if now == then else (now - then) / (now.ln() - then.ln())
    # Rates enter as logarithms of their numerators, so no rounded quotient is ever used.
    visitors = (Decimal(actual.visitors) / target.visitors).ln()
    buyers = (actual.buyers / target.buyers).ln()
    amount = (now / then).ln()
    return mean * visitors, mean * (buyers - visitors), mean * (amount - buyers)


def _chain(target: Funnel, actual: Funnel) -> tuple[Decimal, ...]:
    then_value = target.paid_amount / target.buyers
    after_visitors = actual.visitors * target.paid_amount / target.visitors
    after_conversion = actual.buyers * then_value if actual.visitors else after_visitors
    return (
        after_visitors - target.paid_amount,
        after_conversion - after_visitors,
        actual.paid_amount - after_conversion,
    )


def _to_cents(effects: tuple[Decimal, ...], difference: Decimal) -> tuple[Decimal, ...]:
    """The effects in whole cents that add up to `difference`: the largest remainders get the cents left over."""
    floors = [effect.quantize(CENT, ROUND_FLOOR) for effect in effects]
    left = int((difference - sum(floors)) / CENT)
    by_remainder = sorted(range(len(effects)), key=lambda at: floors[at] - effects[at])
    lucky = set(by_remainder[:left])
    return tuple(floor + CENT if at in lucky else floor for at, floor in enumerate(floors))
