"""What a task says: its fields and its hours."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from campaigns.board.actions.rows import change_task, check_fresh
from campaigns.board.queries import lock_task
from campaigns.board.rules import Step, TaskChanges, Verb, check_hours, check_verb, edit_step, stripped
from staff.people.rules import Actor


@transaction.atomic
def edit_task(*, actor: Actor, task_id: int, changes: TaskChanges, version: int | None = None, now: datetime) -> None:
    """Changes the fields that are named and differ; a due date given before and changed now is counted.

    From a stale screen it still succeeds when nobody else changed these very fields.
    """
    facts = lock_task(actor, task_id)
    check_fresh(facts, version, stripped(changes))
    step = edit_step(actor, facts, changes, now)
    if step is not None:
        change_task(actor=actor, facts=facts, step=step, now=now)


@transaction.atomic
def log_hours(*, actor: Actor, task_id: int, hours: Decimal, now: datetime) -> Decimal:
    """Adds worked hours to the task, or takes back wrong ones when negative; returns the sum."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.LOG_HOURS)
    total = (facts.actual_hours or Decimal(0)) + hours
    check_hours(total)
    change_task(actor=actor, facts=facts, step=Step(Verb.LOG_HOURS, {"actual_hours": total}), now=now)
    return total
