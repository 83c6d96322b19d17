"""The lines of a checklist: writing, ticking, and letting off with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from campaigns.board.actions.rows import as_kept, log_task
from campaigns.board.models import ChecklistItem
from campaigns.board.queries import lock_task, task_of_item
from campaigns.board.rules import (
    TaskFacts,
    Verb,
    check_item_room,
    check_item_text,
    check_may,
    check_reason,
    check_verb,
)
from planner.core.errors import Missing, Refused
from planner.core.words import say
from planner.web.words import in_language
from staff.people.rules import Actor

ITEM_STATE = ("ticked_by_id", "ticked_at", "waived_by_id", "waived_reason")


@transaction.atomic
def tick_item(*, actor: Actor, item_id: int, now: datetime) -> None:
    """The line is done; ticking a ticked one changes nothing."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.TICK)
    if item.ticked_at is not None:
        return
    was = item_state(item)
    item.ticked_by_id, item.ticked_at = actor.user_id, now
    item.waived_by, item.waived_reason = None, ""
    undo = _write(item, was)
    log_task(actor=actor, facts=facts, verb=Verb.TICK, after={"item": item.text}, undo=undo, now=now)


@transaction.atomic
def untick_item(*, actor: Actor, item_id: int, now: datetime) -> None:
    """The line is open again; taking back a waiver is for those who may waive."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.UNTICK)
    if item.waived_reason:
        check_may(actor, facts, Verb.WAIVE_ITEM)
    elif item.ticked_at is None:
        return
    was = item_state(item)
    item.ticked_by, item.ticked_at, item.waived_by, item.waived_reason = None, None, None, ""
    undo = _write(item, was)
    log_task(actor=actor, facts=facts, verb=Verb.UNTICK, before={"item": item.text}, undo=undo, now=now)


@transaction.atomic
def waive_item(*, actor: Actor, item_id: int, reason: str, now: datetime) -> None:
    """The line need not be done this time; the reason is kept."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.WAIVE_ITEM)
    was = item_state(item)
    item.waived_by_id, item.waived_reason = actor.user_id, check_reason(reason)
    item.ticked_by, item.ticked_at = None, None
    undo = _write(item, was)
    log_task(
        actor=actor,
        facts=facts,
        verb=Verb.WAIVE_ITEM,
        after={"item": item.text},
        reason=item.waived_reason,
        undo=undo,
        now=now,
    )


@transaction.atomic
def add_item(*, actor: Actor, task_id: int, text: str, now: datetime) -> int:
    """One more line at the end of the checklist; returns its id."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.ADD_ITEM)
    text = check_item_text(text)
    check_item_room(facts.item_count)
    item = ChecklistItem.objects.create(task_id=task_id, position=_last_position(task_id) + 1, text=text)
    log_task(actor=actor, facts=facts, verb=Verb.ADD_ITEM, after={"item": text}, now=now)
    return item.pk


@transaction.atomic
def edit_item(*, actor: Actor, item_id: int, text: str, was: str | None = None, now: datetime) -> None:
    """The line says something else, in every language; refuses when somebody changed what was seen."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.EDIT_ITEM)
    text, shown = check_item_text(text), in_language(item.text, item.text_en)
    if text == shown:
        return
    if was is not None and was.strip() != shown:
        detail = say("Somebody changed this meanwhile.")
        raise Refused("stale", detail, current={"text": shown}, yours={"text": text})
    ChecklistItem.objects.filter(pk=item_id).update(text=text, text_en="")
    log_task(actor=actor, facts=facts, verb=Verb.EDIT_ITEM, before={"text": shown}, after={"text": text}, now=now)


@transaction.atomic
def move_item(*, actor: Actor, item_id: int, up: bool, now: datetime) -> None:
    """The line changes places with the one above or below; the first does not go up."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.MOVE_ITEM)
    lines = ChecklistItem.objects.filter(task_id=facts.id)
    if up:
        other = lines.filter(position__lt=item.position).order_by("-position").first()
    else:
        other = lines.filter(position__gt=item.position).order_by("position").first()
    if other is None:
        return
    # No two lines stand in one place, not even for a moment.
    ChecklistItem.objects.filter(pk=item_id).update(position=_last_position(facts.id) + 1)
    ChecklistItem.objects.filter(pk=other.pk).update(position=item.position)
    ChecklistItem.objects.filter(pk=item_id).update(position=other.position)
    log_task(actor=actor, facts=facts, verb=Verb.MOVE_ITEM, after={"item": item.text}, now=now)


@transaction.atomic
def remove_item(*, actor: Actor, item_id: int, now: datetime) -> None:
    """Puts the line into the bin; it keeps its place in the order."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.REMOVE_ITEM)
    ChecklistItem.objects.filter(pk=item_id).update(deleted_at=now, deleted_by=actor.user_id)
    log_task(actor=actor, facts=facts, verb=Verb.REMOVE_ITEM, before={"item": item.text}, now=now)


def _last_position(task_id: int) -> int:
    # Of the bin too: what comes back finds its place free.
    return ChecklistItem.everything.filter(task_id=task_id).aggregate(last=Max("position"))["last"] or 0


def item_state(item: ChecklistItem) -> dict[str, Any]:
    """Whether a line is open, ticked or waived, by whom, when and why, as the log keeps it."""
    return {name: as_kept(getattr(item, name)) for name in ITEM_STATE}


def _write(item: ChecklistItem, was: Mapping[str, Any]) -> dict[str, Any]:
    """Writes the line's state; returns what taking that back needs."""
    item.save(update_fields=ITEM_STATE)
    return {"item_id": item.pk, "was": was, "is": item_state(item)}


def _locked(actor: Actor, item_id: int) -> tuple[TaskFacts, ChecklistItem]:
    facts = lock_task(actor, task_of_item(actor, item_id))
    item = ChecklistItem.objects.filter(pk=item_id).first()
    if item is None:
        raise Missing
    return facts, item
