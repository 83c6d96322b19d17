"""A curve over days as geometry: where lines, dots and labels of the drawing go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, TOP, BOTTOM = 76, 12, 12, 32
X_LABELS = 8
Y_STEPS = 4
DOTS_UP_TO = 45
NICE = (
    Decimal(1),
    Decimal("1.5"),
    Decimal(2),
    Decimal("2.5"),
    Decimal(3),
    Decimal(4),
    Decimal(5),
    Decimal(6),
    Decimal(8),
)


@dataclass(frozen=True)
class Tick:
    """A label on an axis and where it stands, in the drawing's own units."""

    at: str
    text: str


@dataclass(frozen=True)
class Line:
    """One series: the points of its line, and its dots when there are few."""

    name: str
    points: str
    dots: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Curve:
    """Everything that a template needs to draw; coordinates are text, so no locale can put a comma into them."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    # Where a day of its own stands, such as today.
    mark: str = ""


def _ceiling(value: Decimal) -> Decimal:
    """A round number at or above `value`."""
    power = Decimal(10) ** value.adjusted()
    return next((step * power for step in NICE if step * power >= value), power * 10)


def _place(number: float) -> str:
    return f"{number:.1f}"


def _top(highest: Decimal, *, whole: bool) -> Decimal:
    """Where the upper edge stands; every step below it is a whole number when the values are counts."""
    return Y_STEPS * _ceiling(Decimal(ceil(highest / Y_STEPS))) if whole else _ceiling(highest)


def draw_curve(
    days: Sequence[date],
    series: Sequence[tuple[str, Sequence[Decimal]]],
    *,
    whole: bool = False,
    mark: date | None = None,
) -> Curve | None:
    """The drawing of these series over these days; None without a value above zero.

    A series may end before the days do. `whole` says that the values are counts; a `mark` outside the days is left out.
    """
    highest = max((value for _name, values in series for value in values), default=Decimal(0))
    if not days or highest <= 0:
        return None
    top = _top(highest, whole=whole)
    first, span = days[0], max((days[-1] - days[0]).days, 1)
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(day: date) -> str:
        return _place(LEFT + across * ((day - first).days / span if len(days) > 1 else 0.5))

    def y(value: Decimal) -> str:
        return _place(TOP + down * (1 - float(max(value, Decimal(0)) / top)))

    lines = []
    for name, values in series:
        places = tuple((x(day), y(value)) for day, value in zip(days[: len(values)], values, strict=True))
        lines.append(
            Line(name, " ".join(",".join(place) for place in places), places if len(places) <= DOTS_UP_TO else ())
        )
    steps = [top * number / Y_STEPS for number in range(Y_STEPS + 1)]
    return Curve(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        x_ticks=tuple(Tick(x(day), f"{day.month}-{day.day}") for day in days[:: -(-len(days) // X_LABELS)]),
        y_ticks=tuple(Tick(y(value), f"{value:,.0f}" if top >= Y_STEPS else f"{value:.2f}") for value in steps),
        lines=tuple(lines),
        mark=x(mark) if mark and days[0] <= mark <= days[-1] else "",
    )
