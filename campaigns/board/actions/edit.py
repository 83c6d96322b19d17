"""What a task says: its fields and its hours."""

from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction

from campaigns.board.actions.rows import change_task, check_fresh
from campaigns.board.queries import lock_task
from campaigns.board.rules import TaskChanges, TaskFacts, Verb, check_hours, check_may_change, check_values, check_verb
from staff.people.rules import Actor


@transaction.atomic
def edit_task(*, actor: Actor, task_id: int, changes: TaskChanges, version: int | None = None, now: datetime) -> None:
    """Changes the fields that are named and differ; a due date given before and changed now is counted.

    From a stale screen it still succeeds when nobody else changed these very fields.
    """
    facts = lock_task(actor, task_id)
    fields: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in changes.items()
    }
    check_fresh(facts, version, fields)
    fields = {name: value for name, value in fields.items() if getattr(facts, name) != value}
    check_may_change(actor, facts, frozenset(fields))
    check_verb(actor, facts, Verb.EDIT)
    check_values(
        cast("TaskChanges", fields),
        start_at=fields.get("start_at", facts.start_at),
        due_at=fields.get("due_at", facts.due_at),
    )
    if fields:
        silent = _due_bookkeeping(facts, fields) if "due_at" in fields else {}
        change_task(actor=actor, facts=facts, verb=Verb.EDIT, values=fields, silent=silent, now=now)


def _due_bookkeeping(facts: TaskFacts, fields: dict[str, Any]) -> dict[str, Any]:
    if facts.planned_due_at is None:
        # The first date is the plan, not a change of it.
        return {"planned_due_at": fields["due_at"]}
    return {"due_changes": facts.due_changes + 1}


@transaction.atomic
def log_hours(*, actor: Actor, task_id: int, hours: Decimal, now: datetime) -> Decimal:
    """Adds worked hours to the task, or takes back wrong ones when negative; returns the sum."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.LOG_HOURS)
    total = (facts.actual_hours or Decimal(0)) + hours
    check_hours(total)
    change_task(actor=actor, facts=facts, verb=Verb.LOG_HOURS, values={"actual_hours": total}, now=now)
    return total
