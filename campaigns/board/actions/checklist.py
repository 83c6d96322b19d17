"""The lines of a checklist: writing, ticking, and letting off with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from campaigns.board.actions.rows import added, columns_of, log_task, piece_undo, put_away
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
def tick_item(*, actor: Actor, item_id: int, now: datetime) -> int:
    """The line is done; ticking a ticked one changes nothing. Returns the task's id, as the verbs below do."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.TICK)
    if item.ticked_at is not None:
        return facts.id
    was = columns_of(item, ITEM_STATE)
    item.ticked_by_id, item.ticked_at = actor.user_id, now
    item.waived_by, item.waived_reason = None, ""
    undo = _write(item, was)
    log_task(actor=actor, facts=facts, verb=Verb.TICK, after={"item": item.text}, undo=undo, now=now)
    return facts.id


@transaction.atomic
def untick_item(*, actor: Actor, item_id: int, now: datetime) -> int:
    """The line is open again; taking back a waiver is for those who may waive."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.UNTICK)
    if item.waived_reason:
        check_may(actor, facts, Verb.WAIVE_ITEM)
    elif item.ticked_at is None:
        return facts.id
    was = columns_of(item, ITEM_STATE)
    item.ticked_by, item.ticked_at, item.waived_by, item.waived_reason = None, None, None, ""
    undo = _write(item, was)
    log_task(actor=actor, facts=facts, verb=Verb.UNTICK, before={"item": item.text}, undo=undo, now=now)
    return facts.id


@transaction.atomic
def waive_item(*, actor: Actor, item_id: int, reason: str, now: datetime) -> int:
    """The line need not be done this time; the reason is kept."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.WAIVE_ITEM)
    was = columns_of(item, ITEM_STATE)
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
    return facts.id


@transaction.atomic
def add_item(*, actor: Actor, task_id: int, text: str, now: datetime) -> int:
    """One more line at the end of the checklist; returns its id."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.ADD_ITEM)
    text = check_item_text(text)
    check_item_room(facts.item_count)
    item = ChecklistItem.objects.create(task_id=task_id, position=_last_position(task_id) + 1, text=text)
    undo = added(item, actor, now)
    log_task(actor=actor, facts=facts, verb=Verb.ADD_ITEM, after={"item": text}, undo=undo, now=now)
    return item.pk


@transaction.atomic
def edit_item(*, actor: Actor, item_id: int, text: str, was: str | None = None, now: datetime) -> int:
    """The line says something else, in every language; refuses when somebody changed what was seen."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.EDIT_ITEM)
    text, shown = check_item_text(text), in_language(item.text, item.text_en)
    if text == shown:
        return facts.id
    if was is not None and was.strip() != shown:
        detail = say("Somebody changed this meanwhile.")
        raise Refused("stale", detail, current={"text": shown}, yours={"text": text})
    before = columns_of(item, ("text", "text_en"))
    item.text, item.text_en = text, ""
    item.save(update_fields=["text", "text_en"])
    log_task(
        actor=actor,
        facts=facts,
        verb=Verb.EDIT_ITEM,
        before={"text": shown},
        after={"text": text},
        undo=piece_undo(item, before),
        now=now,
    )
    return facts.id


@transaction.atomic
def move_item(*, actor: Actor, item_id: int, up: bool, now: datetime) -> int:
    """The line changes places with the one above or below; the first does not go up."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.MOVE_ITEM)
    lines = ChecklistItem.objects.filter(task_id=facts.id)
    if up:
        other = lines.filter(position__lt=item.position).order_by("-position").first()
    else:
        other = lines.filter(position__gt=item.position).order_by("position").first()
    if other is None:
        return facts.id
    undo = {"swapped": {item.pk: other.position, other.pk: item.position}}
    swap_items(item, other)
    log_task(actor=actor, facts=facts, verb=Verb.MOVE_ITEM, after={"item": item.text}, undo=undo, now=now)
    return facts.id


def swap_items(one: ChecklistItem, other: ChecklistItem) -> None:
    """The two lines change places."""
    # No two lines stand in one place, not even for a moment.
    ChecklistItem.objects.filter(pk=one.pk).update(position=_last_position(one.task_id) + 1)
    ChecklistItem.objects.filter(pk=other.pk).update(position=one.position)
    ChecklistItem.objects.filter(pk=one.pk).update(position=other.position)


@transaction.atomic
def remove_item(*, actor: Actor, item_id: int, now: datetime) -> None:
    """Puts the line into the bin; it keeps its place in the order."""
    facts, item = _locked(actor, item_id)
    check_verb(actor, facts, Verb.REMOVE_ITEM)
    undo = put_away(item, actor, now)
    log_task(actor=actor, facts=facts, verb=Verb.REMOVE_ITEM, before={"item": item.text}, undo=undo, now=now)


def _last_position(task_id: int) -> int:
    # Of the bin too: what comes back finds its place free.
    return ChecklistItem.everything.filter(task_id=task_id).aggregate(last=Max("position"))["last"] or 0


def _write(item: ChecklistItem, was: Mapping[str, Any]) -> dict[str, Any]:
    """Writes the line's state; returns what taking that back needs."""
    item.save(update_fields=ITEM_STATE)
    return piece_undo(item, was)


def _locked(actor: Actor, item_id: int) -> tuple[TaskFacts, ChecklistItem]:
    facts = lock_task(actor, task_of_item(actor, item_id))
    item = ChecklistItem.objects.filter(pk=item_id).first()
    if item is None:
        raise Missing
    return facts, item
