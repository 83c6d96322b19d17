"""Sums, rates, targets and pasted visitors, without a database."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.metrics.rules.figures import DayTotals, figures, outside
from campaigns.metrics.rules.orders import OrderLine, cannot_give, order_rows
from campaigns.metrics.rules.targets import resolve_target
from campaigns.metrics.rules.visitors import check_visitors, parse_visitors
from planner.core.errors import Refused

D = Decimal
DAY1, DAY2 = date(2026, 11, 10), date(2026, 11, 11)


def totals(on: date | None, orders: int, total: str, refund: str = "0", **values: Any) -> DayTotals:
    paid = D(total) - D(refund)
    return DayTotals(
        on=on,
        orders=orders,
        total_amount=D(total),
        received_amount=paid if on else D(0),
        refund_amount=D(refund),
        **({"refund_unknown": 0, "fully_refunded": 0, "mismatched": 0} | values),
    )


def test_paid_refunded_and_net_come_from_paid_orders_alone() -> None:
    numbers = figures(
        [totals(None, 5, "500"), totals(DAY1, 2, "200", "50", fully_refunded=1), totals(DAY2, 1, "300")], {}
    )
    assert numbers is not None
    assert (numbers.orders, numbers.total_amount) == (8, D(1000))
    assert (numbers.paid_orders, numbers.paid_amount, numbers.refunds, numbers.net) == (3, D(500), D(50), D(450))
    assert (numbers.refund_rate, numbers.received, numbers.fully_refunded) == (D("0.1"), D(450), 1)
    assert numbers.best_day is not None
    assert numbers.best_day.on == DAY2
    assert numbers.visitors is numbers.conversion is None


def test_without_orders_there_are_no_figures() -> None:
    assert figures([], {DAY1: 10}) is None


def test_a_file_without_refunds_leaves_them_absent_not_zero() -> None:
    numbers = figures([totals(DAY1, 2, "200", refund_unknown=1), totals(DAY2, 1, "100")], {})
    assert numbers is not None
    assert numbers.refunds is numbers.net is numbers.refund_rate is numbers.fully_refunded is None
    assert [day.net for day in numbers.days] == [None, D(100)]


def test_conversion_waits_for_the_visitors_of_every_day_with_orders() -> None:
    rows = [totals(DAY1, 2, "200"), totals(DAY2, 3, "300")]
    part, whole = figures(rows, {DAY1: 100}), figures(rows, {DAY1: 100, DAY2: 150})
    assert part is not None
    assert whole is not None
    assert (part.visitors, part.days_without_visitors, part.conversion) == (100, 1, None)
    assert (whole.visitors, whole.conversion, whole.order_value) == (250, D("0.02"), D(100))


def test_orders_outside_the_campaign_are_counted() -> None:
    numbers = figures([totals(DAY1, 2, "200", "20"), totals(DAY2, 3, "300")], {})
    assert numbers is not None
    assert outside(numbers, DAY1, DAY2) is None
    out = outside(numbers, DAY2, DAY2)
    assert out is not None
    assert (out.orders, out.paid_amount, out.net, out.days) == (2, D(200), D(180), 1)


def test_what_files_cannot_say_is_said() -> None:
    assert len(cannot_give(has_visitors=True, has_refunds=True)) == 2
    said = [str(line) for line in cannot_give(has_visitors=False, has_refunds=False)]
    assert [line.split(":")[0] for line in said] == ["Visitors", "Buyers", "Products", "Refunds"]


def test_a_day_of_payment_is_the_zones_day() -> None:
    line = OrderLine("1", 100, 100, None, "2026-11-10T23:59:59", "2026-11-11T00:00:01").as_text()
    [row] = order_rows(iter([line]), ZoneInfo("Asia/Shanghai"))
    assert (row.paid_on, row.total_amount, row.refund_amount) == (DAY2, D("1.00"), None)
    assert row.paid_at is not None
    assert row.paid_at.utcoffset() == row.ordered_at.utcoffset()


FOUR = {"paid_amount": D(1_000_000), "visitors": 100_000, "conversion": D(5), "order_value": D(200)}


@pytest.mark.parametrize("left_out", [None, *FOUR])
def test_any_three_figures_give_the_fourth(left_out: str | None) -> None:
    target = resolve_target(**{name: None if name == left_out else value for name, value in FOUR.items()})
    assert (target.paid_amount, target.visitors, target.buyers) == (D(1_000_000), 100_000, D(5000))
    assert (target.conversion, target.order_value) == (D("0.05"), D(200))
    assert target.shown == {
        "paid_amount": "1000000.00",
        "visitors": "100000",
        "conversion": "5",
        "order_value": "200.00",
    }


def test_four_figures_that_disagree_are_refused_with_both_values() -> None:
    with pytest.raises(Refused, match="target_disagrees") as refused:
        resolve_target(**(FOUR | {"paid_amount": D(1_100_000)}))
    assert "1,000,000.00" in str(refused.value.detail)
    assert "1,100,000.00" in str(refused.value.detail)


def test_four_figures_may_differ_by_what_two_decimals_leave_out() -> None:
    # 1,000,000 / 100,000 / 3 % = 333.333…
    target = resolve_target(paid_amount=D(1_000_000), visitors=100_000, conversion=D(3), order_value=D("333.33"))
    assert target.paid_amount == D(1_000_000)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"visitors": 10},
        {"visitors": 10, "conversion": D(5)},
        {"paid_amount": D(100), "conversion": D(5)},
        {"paid_amount": D(0)},
        {"paid_amount": D(-1)},
        {"paid_amount": D(100), "visitors": 0},
        {"paid_amount": D(100), "visitors": 10, "order_value": D(1)},
        {"paid_amount": D(100), "visitors": 10, "conversion": D(101)},
        {"paid_amount": D(10) ** 15},
    ],
)
def test_figures_that_cannot_be_a_target_are_refused(given: dict[str, Any]) -> None:
    empty = dict.fromkeys(FOUR)
    with pytest.raises(Refused, match="invalid") as refused:
        resolve_target(**(empty | given))
    assert refused.value.fields


def test_a_paid_amount_may_stand_alone() -> None:
    target = resolve_target(paid_amount=D(100), visitors=None, conversion=None, order_value=None)
    assert (target.visitors, target.buyers, target.conversion, target.order_value) == (None, None, None, None)


def test_visitors_are_pasted_as_two_columns() -> None:
    text = "日期\t访客数\n2026-11-10\t12,345\n2026/11/11 999\n\n2026年11月12日，7\n2026-11-13,1,000.0\n"
    assert parse_visitors(text) == {
        DAY1: 12345,
        DAY2: 999,
        date(2026, 11, 12): 7,
        date(2026, 11, 13): 1000,
    }


def test_every_faulty_line_is_named() -> None:
    text = "2026-11-10 5\nabc 7\n2026-02-30 7\n2026-11-11 x\n2026-11-10 6\n2026-11-12 99999999999\n0001-01-01 7"
    with pytest.raises(Refused, match="bad_lines") as refused:
        parse_visitors(text)
    assert [str(reason).split(":")[0] for reason in refused.value.reasons] == [f"Line {n}" for n in (2, 3, 4, 5, 6, 7)]


@pytest.mark.parametrize("text", ["", "  \n", "日期 访客数", "2026-11-11 1\n" * 1001])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_visitors(text)


def test_numbers_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        check_visitors({DAY1: 5, DAY2: -1, date(2026, 11, 12): None})
    assert list(refused.value.fields) == ["day-2026-11-11"]
