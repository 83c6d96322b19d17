"""A review's sections as codes and numbers; words come when it is shown, in the reader's language.

A section whose data does not exist is absent. Money and hours are kept as text, rates as numerator and denominator, so
the same facts give the same bytes.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.metrics.rules.figures import Figures
from campaigns.metrics.rules.targets import Target
from campaigns.reviews.rules.facts import ReviewFacts, TaskFact
from campaigns.reviews.rules.split import Funnel, split_difference

MOST_MOVED = 10
Section = dict[str, Any]


def canonical(summary: Section) -> str:
    """The summary as text: the same summary is always the same text."""
    return json.dumps(summary, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def summarise(facts: ReviewFacts) -> Section:
    """The sections that the facts can fill, by name."""
    sections = {
        "goal": _goal(facts.figures, facts.target),
        "split": _split(facts.figures, facts.target),
        "daily": _daily(facts.figures),
        "refunds": _refunds(facts.figures),
        "punctuality": _punctuality(facts.tasks),
        "due_changes": _due_changes(facts.tasks),
        "overrides": [
            {
                "at": _moment(fact.at),
                "actor": fact.actor_id,
                "from": fact.from_phase,
                "to": fact.to_phase,
                "reason": fact.reason,
            }
            for fact in facts.overrides
        ],
        "reminders": [{"kind": fact.kind, "messages": fact.messages, "tasks": fact.tasks} for fact in facts.reminders],
        "hours": _hours(facts.tasks),
    }
    return {name: section for name, section in sections.items() if section}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _only(**values: Any) -> Section:
    return {name: value for name, value in values.items() if value is not None}


def _goal(numbers: Figures | None, target: Target | None) -> Section | None:
    if numbers is None:
        return None
    aimed = (
        _only(
            paid_amount=_money(target.paid_amount),
            visitors=target.visitors,
            buyers=None if target.buyers is None else _number(target.buyers),
        )
        if target
        else None
    )
    reached = _only(
        paid_amount=_money(numbers.paid_amount),
        net=None if numbers.net is None else _money(numbers.net),
        # Only when every day with orders has its visitors: part of them would make conversion too high.
        visitors=None if numbers.days_without_visitors else numbers.visitors,
        buyers=str(numbers.paid_orders),
        orders=numbers.orders,
    )
    return _only(target=aimed, actual=reached)


def missing_for_split(numbers: Figures, target: Target | None) -> list[Section]:
    """Which figures the factor split lacks, as codes; empty when it can be made."""
    missing: list[Section] = []
    if target is None:
        missing.append({"code": "target"})
    else:
        if not target.visitors:
            missing.append({"code": "target_visitors"})
        if not target.buyers:
            missing.append({"code": "target_conversion"})
    if numbers.visitors is None:
        missing.append({"code": "visitors"})
    elif numbers.days_without_visitors:
        missing.append({"code": "visitors_of_days", "days": numbers.days_without_visitors})
    return missing


def _split(numbers: Figures | None, target: Target | None) -> Section | None:
    if numbers is None:
        return None
    missing = missing_for_split(numbers, target)
    if missing or target is None or not target.visitors or not target.buyers:
        return {"missing": missing}
    split = split_difference(
        Funnel(target.visitors, target.buyers, target.paid_amount),
        Funnel(numbers.visitors or 0, Decimal(numbers.paid_orders), numbers.paid_amount),
    )
    return {
        "method": split.method,
        "visitors": _money(split.visitors),
        "conversion": _money(split.conversion),
        "order_value": _money(split.order_value),
        "difference": _money(split.difference),
    }


def _daily(numbers: Figures | None) -> list[Section]:
    days = numbers.days if numbers and numbers.paid_orders else ()
    return [
        _only(
            on=day.on.isoformat(),
            orders=day.orders,
            paid_amount=_money(day.paid_amount),
            net=None if day.net is None else _money(day.net),
            visitors=day.visitors,
        )
        for day in days
    ]


def _refunds(numbers: Figures | None) -> Section | None:
    if numbers is None or numbers.refunds is None or not numbers.paid_orders:
        return None
    return {
        "refunds": _money(numbers.refunds),
        "paid_amount": _money(numbers.paid_amount),
        "fully_refunded": numbers.fully_refunded,
        "paid_orders": numbers.paid_orders,
    }


def _is_late(task: TaskFact) -> bool:
    return task.done_at is not None and task.due_at is not None and task.done_at > task.due_at


def _slip(task: TaskFact) -> int:
    """Whole minutes after the deadline first given; 0 for on time or early."""
    if task.done_at is None or task.planned_due_at is None:
        return 0
    return max((task.done_at - task.planned_due_at) // timedelta(minutes=1), 0)


def _line(key: str | int | None, tasks: list[TaskFact]) -> Section:
    done = [task for task in tasks if task.is_done]
    late = sum(_is_late(task) for task in done)
    slips = {task.id: slip for task in done if (slip := _slip(task))}
    worst = max(slips, key=lambda id_: (slips[id_], -id_), default=None)
    return {
        "key": key,
        "tasks": len(tasks),
        "done": len(done),
        "on_time": len(done) - late,
        "late": late,
        "slipped": len(slips),
        "slip_minutes": sum(slips.values()),
    } | ({} if worst is None else {"worst": {"task": worst, "minutes": slips[worst]}})


def _grouped(tasks: Iterable[TaskFact], by: Callable[[TaskFact], str | int | None]) -> list[Section]:
    groups: dict[str | int | None, list[TaskFact]] = {}
    for task in tasks:
        groups.setdefault(by(task), []).append(task)
    # Sorted, nobody last: the order of rows in the database must not reach the bytes.
    keys = sorted(groups, key=lambda key: (key is None, f"{key:020}" if isinstance(key, int) else str(key)))
    return [_line(key, groups[key]) for key in keys]


def _punctuality(tasks: Iterable[TaskFact]) -> Section | None:
    """On time against the deadline of the day, slip against the one first given: moving a deadline shows as slip."""
    dated = [task for task in tasks if task.due_at is not None]
    if not any(task.is_done for task in dated):
        return None
    return {
        "all": _line(None, dated),
        "phase": _grouped(dated, lambda task: task.phase),
        "role": _grouped(dated, lambda task: task.role),
        "person": _grouped(dated, lambda task: task.owner_id),
    }


def _due_changes(tasks: Iterable[TaskFact]) -> Section | None:
    dated = [task for task in tasks if task.due_at is not None]
    moved = sorted((task for task in dated if task.due_changes), key=lambda task: (-task.due_changes, task.id))
    if not dated:
        return None
    return {
        "tasks": len(dated),
        "moved": len(moved),
        "changes": sum(task.due_changes for task in moved),
        "most": [{"task": task.id, "changes": task.due_changes} for task in moved[:MOST_MOVED]],
    }


def _hours(tasks: Iterable[TaskFact]) -> Section | None:
    noted = [task for task in tasks if task.actual_hours is not None]
    if not noted:
        return None

    def line(key: str | None, some: list[TaskFact]) -> Section:
        return {
            "key": key,
            "tasks": len(some),
            "planned": _number(sum((task.estimate_hours for task in some), Decimal(0))),
            "actual": _number(sum((task.actual_hours or Decimal(0) for task in some), Decimal(0))),
        }

    roles = sorted({task.role for task in noted})
    return {
        "all": line(None, noted),
        "role": [line(role, [task for task in noted if task.role == role]) for role in roles],
    }
