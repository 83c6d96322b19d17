"""What a task waits for."""

from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.board.actions.rows import log_task
from campaigns.board.models import Task, TaskDependency
from campaigns.board.queries import lock_task
from campaigns.board.queries.facts import task_names, waits_for_of
from campaigns.board.rules import Verb, check_no_cycle, check_reason, check_verb, find_cycle
from planner.core.errors import Missing
from staff.people.rules import Actor


@transaction.atomic
def add_dependency(*, actor: Actor, task_id: int, predecessor_id: int, now: datetime) -> None:
    """The task waits for another one of its campaign; a ring is refused by name, and twice changes nothing."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.ADD_DEPENDENCY)
    if not Task.objects.filter(pk=predecessor_id, campaign_id=facts.campaign.id).exists():
        raise Missing
    waits_for = waits_for_of(facts.campaign.id)
    if predecessor_id in waits_for.get(task_id, set()):
        return
    waits_for.setdefault(task_id, set()).add(predecessor_id)
    names = task_names({predecessor_id, *find_cycle(waits_for)})
    check_no_cycle(waits_for, names)
    row = TaskDependency.objects.create(task_id=task_id, predecessor_id=predecessor_id)
    log_task(
        actor=actor,
        facts=facts,
        verb=Verb.ADD_DEPENDENCY,
        after={"predecessor": names[predecessor_id]},
        undo={"predecessor_id": predecessor_id, "was": None, "is": waiver_of(row)},
        now=now,
    )


@transaction.atomic
def remove_dependency(*, actor: Actor, task_id: int, predecessor_id: int, now: datetime) -> None:
    """The task no longer waits for that one."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.REMOVE_DEPENDENCY)
    row = _dependency(task_id, predecessor_id)
    undo = {"predecessor_id": predecessor_id, "was": waiver_of(row), "is": None}
    row.delete()
    before = {"predecessor": task_names([predecessor_id])[predecessor_id]}
    log_task(actor=actor, facts=facts, verb=Verb.REMOVE_DEPENDENCY, before=before, undo=undo, now=now)


@transaction.atomic
def waive_predecessor(*, actor: Actor, task_id: int, predecessor_id: int, reason: str, now: datetime) -> None:
    """The task may be done although that one is not; the reason is kept."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.WAIVE_PREDECESSOR)
    row = _dependency(task_id, predecessor_id)
    was = waiver_of(row)
    row.waived_by_id, row.waived_reason = actor.user_id, check_reason(reason)
    row.save(update_fields=["waived_by", "waived_reason"])
    undo = {"predecessor_id": predecessor_id, "was": was, "is": waiver_of(row)}
    after = {"predecessor": task_names([predecessor_id])[predecessor_id]}
    log_task(
        actor=actor,
        facts=facts,
        verb=Verb.WAIVE_PREDECESSOR,
        after=after,
        reason=row.waived_reason,
        undo=undo,
        now=now,
    )


def waiver_of(row: TaskDependency) -> dict[str, Any]:
    """Whether somebody waived it, and why."""
    return {"waived_by_id": row.waived_by_id, "waived_reason": row.waived_reason}


def _dependency(task_id: int, predecessor_id: int) -> TaskDependency:
    row = TaskDependency.objects.filter(task_id=task_id, predecessor_id=predecessor_id).first()
    if row is None:
        raise Missing
    return row
