"""Taking one change back at once, by whoever made it: each kind of line in the log knows what that needs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.board.actions.bin import write_deleted
from campaigns.board.actions.bulk import undo_bulk_edit
from campaigns.board.actions.checklist import swap_items
from campaigns.board.actions.dependencies import waiver_of
from campaigns.board.actions.rows import columns_of, log_task
from campaigns.board.models import ChecklistItem, Comment, Evidence, Task, TaskDependency, TaskHelper
from campaigns.board.queries import lock_deleted_task, lock_task
from campaigns.board.queries.bulk import parsed
from campaigns.board.queries.facts import task_names, waits_for_of
from campaigns.board.rules import (
    PINYIN_LENGTH,
    Status,
    TaskFacts,
    check_helpers,
    check_item_room,
    check_no_cycle,
    check_owner,
    check_ready,
    check_room,
    check_undo_right,
)
from campaigns.campaign.queries import later_changes, since_by_others
from campaigns.campaign.rules import ChangeFacts, changed_since, check_open, check_undo_change
from planner.core.errors import Refused
from planner.core.pinyin import search_words
from planner.core.words import say
from planner.web.templatetags.words import label
from staff.people.queries import worker_ids
from staff.people.rules import Actor

UNDO = "undo_change"
PIECES: Mapping[str, Any] = {"checklistitem": ChecklistItem, "comment": Comment, "evidence": Evidence}


@transaction.atomic
def undo_board_change(*, actor: Actor, change: ChangeFacts, now: datetime) -> None:
    """Gives a task, or what hangs on it, back what the change took; refused once somebody has built upon it."""
    check_undo_change(actor, change, now)
    undo = change.undo or {}
    if "edit_id" in undo:
        undo_bulk_edit(actor=actor, edit_id=undo["edit_id"], now=now)
        return
    lock = lock_deleted_task if "restore" in undo else lock_task
    facts = lock(actor, change.subject_id)
    check_undo_right(actor, facts, change.verb, frozenset(undo.get("columns", ())))
    check_open(facts.campaign)
    way = next(way for name, way in _WAYS.items() if name in undo)
    before, after = way(actor, facts, change, now)
    log_task(actor=actor, facts=facts, verb=UNDO, before=before, after=after, undoes_id=change.id, now=now)


Values = Mapping[str, Any]
# What the undo's own line says: values before → after.
Told = tuple[Values, Values]


def _check_unchanged(facts: TaskFacts, change: ChangeFacts) -> None:
    """Refuses once the task has another version than the change made, but for changes that were taken back."""
    made = change.after.get("version", 1)
    count, live = later_changes("task", facts.id, made)
    if live or facts.version != made + count:
        raise changed_since((who, label(verb)) for who, verb in live)


def _columns(actor: Actor, facts: TaskFacts, change: ChangeFacts, now: datetime) -> Told:  # noqa: ARG001 - one shape
    _check_unchanged(facts, change)
    undo = change.undo or {}
    columns = parsed(undo["columns"])
    if columns.get("owner_id") is not None:
        check_owner(facts, columns["owner_id"], worker_ids(facts.campaign.team_id))
    if columns.get("status") == Status.DONE:
        check_ready(facts)
    again = {"pinyin": search_words(columns["title"], PINYIN_LENGTH)} if "title" in columns else {}
    Task.objects.filter(pk=facts.id).update(**columns, **again, version=facts.version + 1)
    able = worker_ids(facts.campaign.team_id)
    TaskHelper.objects.bulk_create(
        [TaskHelper(task_id=facts.id, user_id=pk) for pk in undo.get("helped", ()) if pk in able], ignore_conflicts=True
    )
    logged = [name for name in columns if name in change.before]
    return (
        {name: getattr(facts, name) for name in logged},
        {"version": facts.version + 1, **{name: columns[name] for name in logged}},
    )


def _helpers(actor: Actor, facts: TaskFacts, change: ChangeFacts, now: datetime) -> Told:  # noqa: ARG001 - one shape
    _check_unchanged(facts, change)
    wanted = frozenset((change.undo or {})["helper_ids"]) - {facts.owner_id}
    check_helpers(facts, wanted, worker_ids(facts.campaign.team_id))
    TaskHelper.objects.filter(task_id=facts.id).exclude(user_id__in=wanted).delete()
    TaskHelper.objects.bulk_create(TaskHelper(task_id=facts.id, user_id=pk) for pk in sorted(wanted - facts.helper_ids))
    Task.objects.filter(pk=facts.id).update(version=facts.version + 1)
    return (
        {"helper_ids": sorted(facts.helper_ids)},
        {"version": facts.version + 1, "helper_ids": sorted(wanted)},
    )


def _bin(actor: Actor, facts: TaskFacts, change: ChangeFacts, now: datetime) -> Told:
    _check_unchanged(facts, change)
    # What others hung on it leaves its version as it was, and would go along into the bin.
    others = since_by_others("task", facts.id, actor.user_id, change.id)
    if others:
        raise changed_since((who, label(verb)) for who, verb in others)
    write_deleted(facts, now, actor.user_id)
    return {}, {"version": facts.version + 1}


def _restore(actor: Actor, facts: TaskFacts, change: ChangeFacts, now: datetime) -> Told:  # noqa: ARG001 - one shape
    _check_unchanged(facts, change)
    check_room(Task.objects.filter(campaign_id=facts.campaign.id).count())
    write_deleted(facts, None, None)
    return {}, {"version": facts.version + 1}


def _piece(actor: Actor, facts: TaskFacts, change: ChangeFacts, now: datetime) -> Told:  # noqa: ARG001 - one shape
    undo = change.undo or {}
    row = PIECES[undo["piece"]].everything.filter(pk=undo["id"], task_id=facts.id).first()
    if row is None or columns_of(row, undo["is"]) != undo["is"]:
        raise changed_since(())
    # What a task was called done with stays with it.
    if not facts.is_open and not isinstance(row, Comment):
        raise Refused("not_now", say("The task is not open any more: what it was done with stays as it is."))
    if isinstance(row, ChecklistItem) and row.deleted_at is not None:
        check_item_room(facts.item_count)
    for name, value in parsed(undo["was"]).items():
        setattr(row, name, value)
    row.save(update_fields=list(undo["was"]))
    return change.after, change.before


def _swapped(actor: Actor, facts: TaskFacts, change: ChangeFacts, now: datetime) -> Told:  # noqa: ARG001 - one shape
    places = {int(pk): position for pk, position in (change.undo or {})["swapped"].items()}
    rows = list(ChecklistItem.objects.filter(pk__in=places, task_id=facts.id))
    if {row.pk: row.position for row in rows} != places:
        raise changed_since(())
    swap_items(*rows)
    return {}, change.after


def _predecessor(actor: Actor, facts: TaskFacts, change: ChangeFacts, now: datetime) -> Told:  # noqa: ARG001 - one shape
    undo = change.undo or {}
    predecessor_id, was = undo["predecessor_id"], undo["was"]
    rows = TaskDependency.objects.filter(task_id=facts.id, predecessor_id=predecessor_id)
    row = rows.first()
    if (waiver_of(row) if row else None) != undo["is"]:
        raise changed_since(())
    if was is None:
        rows.delete()
    elif row:
        rows.update(**was)
    elif Task.objects.filter(pk=predecessor_id).exists():
        waits_for = waits_for_of(facts.campaign.id)
        waits_for.setdefault(facts.id, set()).add(predecessor_id)
        check_no_cycle(waits_for, task_names({*waits_for, *(pk for pks in waits_for.values() for pk in pks)}))
        TaskDependency.objects.create(task_id=facts.id, predecessor_id=predecessor_id, **was)
    else:
        raise changed_since(())
    return change.after, change.before


# By what the line keeps for its undo.
_WAYS: Mapping[str, Callable[[Actor, TaskFacts, ChangeFacts, datetime], Told]] = {
    "columns": _columns,
    "helper_ids": _helpers,
    "bin": _bin,
    "restore": _restore,
    "piece": _piece,
    "swapped": _swapped,
    "predecessor_id": _predecessor,
}
