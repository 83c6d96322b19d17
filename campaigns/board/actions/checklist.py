"""Ticking, and letting off with a reason."""

from datetime import datetime

from django.db import transaction

from campaigns.board.actions.rows import log_task
from campaigns.board.models import ChecklistItem
from campaigns.board.queries import lock_task, task_of_item
from campaigns.board.rules import TaskFacts, Verb, check_may, check_reason, check_verb
from staff.people.rules import Actor


@transaction.atomic
def tick_item(*, actor: Actor, item_id: int, now: datetime) -> None:
    """The line is done; ticking a ticked one changes nothing."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.TICK)
    if item.ticked_at is not None:
        return
    item.ticked_by_id, item.ticked_at = actor.user_id, now
    item.waived_by, item.waived_reason = None, ""
    item.save(update_fields=["ticked_by", "ticked_at", "waived_by", "waived_reason"])
    log_task(actor=actor, facts=facts, verb=Verb.TICK, after={"item": item.text}, now=now)


@transaction.atomic
def untick_item(*, actor: Actor, item_id: int, now: datetime) -> None:
    """The line is open again; taking back a waiver is for those who may waive."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.UNTICK)
    if item.waived_reason:
        check_may(actor, facts, Verb.WAIVE_ITEM)
    elif item.ticked_at is None:
        return
    item.ticked_by, item.ticked_at, item.waived_by, item.waived_reason = None, None, None, ""
    item.save(update_fields=["ticked_by", "ticked_at", "waived_by", "waived_reason"])
    log_task(actor=actor, facts=facts, verb=Verb.UNTICK, before={"item": item.text}, now=now)


@transaction.atomic
def waive_item(*, actor: Actor, item_id: int, reason: str, now: datetime) -> None:
    """The line need not be done this time; the reason is kept."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.WAIVE_ITEM)
    item.waived_by_id, item.waived_reason = actor.user_id, check_reason(reason)
    item.ticked_by, item.ticked_at = None, None
    item.save(update_fields=["ticked_by", "ticked_at", "waived_by", "waived_reason"])
    log_task(
        actor=actor, facts=facts, verb=Verb.WAIVE_ITEM, after={"item": item.text}, reason=item.waived_reason, now=now
    )


def _locked(actor: Actor, item_id: int) -> tuple[TaskFacts, ChecklistItem]:
    facts = lock_task(actor, task_of_item(actor, item_id))
    return facts, ChecklistItem.objects.get(pk=item_id)
