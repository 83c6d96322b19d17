"""Into the bin and out of it again; what lies there long enough goes for good."""

from datetime import datetime

from django.db import transaction

from campaigns.board.actions.rows import log_task
from campaigns.board.models import Task
from campaigns.board.queries import lock_deleted_task, lock_task, touched_by_others
from campaigns.board.rules import TaskFacts, Verb, check_delete, check_room, may_restore
from campaigns.campaign.rules import check_open
from planner.core.errors import NotAllowed
from staff.people.rules import Actor

RESTORE = "undelete_task"


@transaction.atomic
def delete_task(*, actor: Actor, task_id: int, reason: str = "", now: datetime) -> None:
    """Puts the task into the bin with all that hangs on it: nothing shows it, counts it or waits for it any more."""
    facts = lock_task(actor, task_id)
    reason = check_delete(actor, facts, reason, others=touched_by_others(actor, task_id))
    log_task(
        actor=actor,
        facts=facts,
        verb=Verb.DELETE,
        after={"version": facts.version + 1},
        reason=reason,
        undo={"restore": True},
        now=now,
    )
    write_deleted(facts, now, actor.user_id)


@transaction.atomic
def restore_task(*, actor: Actor, task_id: int, now: datetime) -> None:
    """Takes the task out of the bin as it went in."""
    facts = lock_deleted_task(actor, task_id)
    if not may_restore(actor, facts):
        raise NotAllowed
    check_open(facts.campaign)
    check_room(Task.objects.filter(campaign_id=facts.campaign.id).count())
    write_deleted(facts, None, None)
    log_task(actor=actor, facts=facts, verb=RESTORE, after={"version": facts.version + 1}, now=now)


def write_deleted(facts: TaskFacts, deleted_at: datetime | None, deleted_by_id: int | None) -> None:
    """Writes since when it lies in the bin, and its next version."""
    rows = Task.everything.filter(pk=facts.id)
    rows.update(deleted_at=deleted_at, deleted_by_id=deleted_by_id, version=facts.version + 1)
