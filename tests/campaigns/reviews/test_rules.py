"""The factor split, the summary's sections and bytes, the curve and lessons, without a database."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.metrics.rules.figures import DayTotals, Figures, figures
from campaigns.metrics.rules.targets import Target
from campaigns.reviews.rules.facts import OverrideFact, ReminderFact, ReviewFacts, TaskFact
from campaigns.reviews.rules.lessons import check_lesson, check_notes
from campaigns.reviews.rules.split import Funnel, split_difference
from campaigns.reviews.rules.summary import canonical, summarise
from planner.core.curve import draw_curve
from planner.core.errors import Refused

D = Decimal
DAY = date(2026, 11, 11)
AT = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
NOTHING = ReviewFacts(figures=None, target=None, tasks=(), overrides=(), reminders=())


def test_the_published_split_is_met_to_the_cent() -> None:
    split = split_difference(Funnel(100_000, D(5000), D(1_000_000)), Funnel(92_000, D(4324), D(799_940)))
    assert (split.visitors, split.conversion, split.order_value) == (D("-74730.91"), D("-55455.93"), D("-69873.16"))
    assert (split.method, split.difference) == ("lmdi", D(-200_060))


@pytest.mark.parametrize(
    ("actual", "effects"),
    [
        (Funnel(80_000, D(0), D(0)), ("-200000.00", "-800000.00", "0.00")),
        (Funnel(0, D(0), D(0)), ("-1000000.00", "0.00", "0.00")),
        (Funnel(0, D(10), D(500)), ("-1000000.00", "0.00", "500.00")),
        (Funnel(80_000, D(4000), D(0)), ("-200000.00", "0.00", "-800000.00")),
    ],
)
def test_with_a_zero_the_factors_are_replaced_one_after_the_other(actual: Funnel, effects: tuple[str, ...]) -> None:
    split = split_difference(Funnel(100_000, D(5000), D(1_000_000)), actual)
    assert split.method == "chain"
    assert (split.visitors, split.conversion, split.order_value) == tuple(D(effect) for effect in effects)


def test_a_target_that_is_met_exactly_may_still_have_effects() -> None:
    split = split_difference(Funnel(100, D(10), D(1000)), Funnel(200, D(10), D(1000)))
    assert split.difference == 0
    assert split.visitors == -split.conversion == D("693.15")


amounts = st.integers(1, 10**10).map(lambda cents: D(cents) / 100)
funnels = st.builds(Funnel, st.integers(1, 10**7), st.integers(1, 10**6).map(D), amounts)


@given(funnels, funnels)
def test_the_effects_always_add_up_to_the_difference(target: Funnel, actual: Funnel) -> None:
    split = split_difference(target, actual)
    assert split.difference == actual.paid_amount - target.paid_amount
    assert all(effect == effect.quantize(D("0.01")) for effect in (split.visitors, split.conversion, split.order_value))


def day(on: date | None, orders: int, total: str, refund: str = "0", unknown: int = 0) -> DayTotals:
    paid = D(total) - D(refund)
    return DayTotals(on, orders, D(total), paid, D(refund), unknown, 0, 0)


def numbers(*days: DayTotals, visitors: dict[date, int] | None = None) -> Figures:
    found = figures(days or [day(DAY, 4, "800.00", "80.00")], visitors or {})
    assert found is not None
    return found


def task(id_: int, **values: Any) -> TaskFact:
    fact: dict[str, Any] = {
        "id": id_,
        "phase": "prep",
        "role": "ops",
        "owner_id": 1,
        "is_done": True,
        "done_at": AT,
        "due_at": AT,
        "planned_due_at": AT,
        "due_changes": 0,
        "estimate_hours": D(4),
        "actual_hours": None,
    }
    return TaskFact(**(fact | values))


def facts(**values: Any) -> ReviewFacts:
    return ReviewFacts(**(vars(NOTHING) | values))


def test_a_section_without_data_is_absent() -> None:
    assert summarise(NOTHING) == {}
    assert set(summarise(facts(figures=numbers()))) == {"goal", "split", "daily", "refunds"}
    assert set(summarise(facts(tasks=(task(1, is_done=False, done_at=None),)))) == {"due_changes"}
    assert set(summarise(facts(tasks=(task(1, due_at=None),)))) == set()
    assert set(summarise(facts(target=Target(D(5), None, None)))) == set()
    no_refunds = summarise(facts(figures=numbers(day(DAY, 1, "5.00", unknown=1))))
    assert "refunds" not in no_refunds
    assert "net" not in no_refunds["goal"]["actual"]
    assert "net" not in no_refunds["daily"][0]


TARGET = Target(D(1000), 100, D(5))


@pytest.mark.parametrize(
    ("target", "visitors", "missing"),
    [
        (TARGET, {}, [{"code": "visitors"}]),
        (TARGET, {DAY - timedelta(days=1): 5}, [{"code": "visitors_of_days", "days": 1}]),
        (None, {DAY: 100}, [{"code": "target"}]),
        (
            Target(D(1000), None, None),
            {DAY: 100},
            [{"code": "target_visitors"}, {"code": "target_conversion"}],
        ),
    ],
)
def test_the_split_says_which_figure_it_lacks(
    target: Target | None, visitors: dict[date, int], missing: list[dict[str, Any]]
) -> None:
    summary = summarise(facts(figures=numbers(visitors=visitors), target=target))
    assert summary["split"] == {"missing": missing}


def test_goal_and_split_stand_side_by_side_when_nothing_is_missing() -> None:
    summary = summarise(facts(figures=numbers(visitors={DAY: 90}), target=TARGET))
    assert summary["goal"] == {
        "target": {"paid_amount": "1000.00", "visitors": 100, "buyers": "5"},
        "actual": {"paid_amount": "800.00", "net": "720.00", "visitors": 90, "buyers": "4", "orders": 4},
    }
    split = summary["split"]
    assert split["difference"] == "-200.00"
    assert sum(D(split[name]) for name in ("visitors", "conversion", "order_value")) == D(-200)


def test_on_time_is_against_the_present_deadline_and_slip_against_the_first() -> None:
    later = AT + timedelta(hours=30)
    tasks = (
        task(1),
        task(2, done_at=AT + timedelta(minutes=90)),
        # Two deadlines later it was on time, and slipped all the same.
        task(3, done_at=later, due_at=later, due_changes=2, role="design", owner_id=2),
        task(4, is_done=False, done_at=None, phase="execution", owner_id=None),
    )
    summary = summarise(facts(tasks=tasks))
    punctual = summary["punctuality"]
    assert punctual["all"] == {
        "key": None,
        "tasks": 4,
        "done": 3,
        "on_time": 2,
        "late": 1,
        "slipped": 2,
        "slip_minutes": 90 + 1800,
        "worst": {"task": 3, "minutes": 1800},
    }
    assert [(line["key"], line["done"], line["tasks"]) for line in punctual["phase"]] == [
        ("execution", 0, 1),
        ("prep", 3, 3),
    ]
    assert [line["key"] for line in punctual["role"]] == ["design", "ops"]
    assert [line["key"] for line in punctual["person"]] == [1, 2, None]
    assert summary["due_changes"] == {"tasks": 4, "moved": 1, "changes": 2, "most": [{"task": 3, "changes": 2}]}


def test_hours_are_compared_where_both_are_known() -> None:
    tasks = (
        task(1, actual_hours=D("5.5")),
        task(2, actual_hours=D(0), role="design"),
        task(3, estimate_hours=D(100)),
    )
    assert summarise(facts(tasks=tasks))["hours"] == {
        "all": {"key": None, "tasks": 2, "planned": "8", "actual": "5.5"},
        "role": [
            {"key": "design", "tasks": 1, "planned": "4", "actual": "0"},
            {"key": "ops", "tasks": 1, "planned": "4", "actual": "5.5"},
        ],
    }


def test_overrides_and_reminders_are_told() -> None:
    summary = summarise(
        facts(
            overrides=(OverrideFact(AT, 7, "prep", "execution", "平台已确认"),),
            reminders=(ReminderFact("overdue", 6, 3),),
        )
    )
    assert summary["overrides"] == [
        {"at": "2026-11-11T10:00:00+00:00", "actor": 7, "from": "prep", "to": "execution", "reason": "平台已确认"}
    ]
    assert summary["reminders"] == [{"kind": "overdue", "messages": 6, "tasks": 3}]


def test_the_same_facts_are_the_same_bytes_in_any_order() -> None:
    tasks = [task(n, owner_id=n, actual_hours=D("1.50")) for n in range(1, 12)]
    forth = canonical(summarise(facts(figures=numbers(), tasks=tuple(tasks))))
    trimmed = [TaskFact(**(vars(one) | {"actual_hours": D("1.5")})) for one in reversed(tasks)]
    assert canonical(summarise(facts(figures=numbers(), tasks=tuple(trimmed)))) == forth
    assert json.loads(forth)["punctuality"]["person"][-1]["key"] == 11


def test_the_curve_lies_inside_its_frame() -> None:
    days = [DAY + timedelta(days=n) for n in range(29)]
    paid = [D(n * 10_000) for n in range(29)]
    curve = draw_curve(days, [("paid_amount", paid), ("net", [value / 2 for value in paid])])
    assert curve is not None
    for line in curve.lines:
        assert len(line.dots) == 29
        for x, y in line.dots:
            assert curve.left <= float(x) <= curve.right
            assert curve.top <= float(y) <= curve.bottom
    assert [tick.text for tick in curve.y_ticks] == ["0", "75,000", "150,000", "225,000", "300,000"]
    assert curve.x_ticks[0].text == "11-11"
    assert len(curve.x_ticks) <= 8
    assert "," not in curve.lines[0].dots[0][0]


@pytest.mark.parametrize(("days", "values"), [([], []), ([DAY], [D(0)])])
def test_nothing_is_drawn_of_nothing(days: list[date], values: list[Decimal]) -> None:
    assert draw_curve(days, [("paid_amount", values)]) is None


def test_one_day_is_one_dot_in_the_middle() -> None:
    curve = draw_curve([DAY], [("paid_amount", [D("0.5")])])
    assert curve is not None
    [line] = curve.lines
    assert len(line.dots) == 1
    assert [tick.text for tick in curve.y_ticks] == ["0.00", "0.12", "0.25", "0.38", "0.50"]


LESSON: dict[str, Any] = {
    "kind": "improve",
    "text": "主图提前两周",
    "owner_id": 1,
    "due_on": DAY,
    "today": DAY,
    "member_ids": frozenset({1}),
}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "celebrate"}, "kind"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"owner_id": 2}, "owner_id"),
        ({"due_on": DAY - timedelta(days=1)}, "due_on"),
        ({"due_on": DAY + timedelta(days=2000)}, "due_on"),
    ],
)
def test_a_lesson_needs_words_an_owner_and_a_date(change: dict[str, Any], field: str) -> None:
    check_lesson(**LESSON)
    with pytest.raises(Refused) as refused:
        check_lesson(**(LESSON | change))
    assert set(refused.value.fields) == {field}


def test_a_lesson_keeps_a_date_that_has_passed() -> None:
    check_lesson(**(LESSON | {"due_on": DAY - timedelta(days=9)}), keeps_date=True)


def test_notes_have_a_length() -> None:
    check_notes("x" * 20_000)
    with pytest.raises(Refused):
        check_notes("x" * 20_001)
