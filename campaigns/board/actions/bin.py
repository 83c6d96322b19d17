"""Into the bin and out of it again; what lies there long enough goes for good."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet

from campaigns.board.actions.rows import BINNED, columns_of, log_task, piece_undo
from campaigns.board.models import BulkEditTask, ChecklistItem, Comment, Evidence, Task, TaskDependency, TaskHelper
from campaigns.board.queries import lock_deleted_task, lock_task, touched_by_others
from campaigns.board.queries.bin import MODELS, deleted_piece, out_of_time, task_of_piece
from campaigns.board.rules import (
    Piece,
    TaskFacts,
    Verb,
    check_delete,
    check_evidence_room,
    check_in_time,
    check_item_room,
    check_restore_piece,
    check_room,
    may_restore,
)
from campaigns.campaign.rules import check_open
from planner.core.crash import crash_point
from planner.core.errors import NotAllowed
from staff.people.rules import Actor

RESTORE = "undelete_task"
RESTORE_PIECE = "undelete_piece"


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
    check_in_time(facts.deleted_at, now)
    check_open(facts.campaign)
    check_room(Task.objects.filter(campaign_id=facts.campaign.id).count())
    write_deleted(facts, None, None)
    after, undo = {"version": facts.version + 1}, {"bin": True}
    log_task(actor=actor, facts=facts, verb=RESTORE, after=after, undo=undo, now=now)


def write_deleted(facts: TaskFacts, deleted_at: datetime | None, deleted_by_id: int | None) -> None:
    """Writes since when it lies in the bin, and its next version."""
    rows = Task.everything.filter(pk=facts.id)
    rows.update(deleted_at=deleted_at, deleted_by_id=deleted_by_id, version=facts.version + 1)


@transaction.atomic
def restore_item(*, actor: Actor, item_id: int, now: datetime) -> None:
    """Takes a line of a checklist out of the bin, into its place."""
    facts, row = _locked_piece(actor, Piece.ITEM, item_id, now)
    check_item_room(facts.item_count)
    _put_back(actor, facts, row, {"item": row.text}, now)


@transaction.atomic
def restore_comment(*, actor: Actor, comment_id: int, now: datetime) -> None:
    """Takes a comment out of the bin, into its place."""
    facts, row = _locked_piece(actor, Piece.COMMENT, comment_id, now)
    _put_back(actor, facts, row, {"comment_id": row.pk}, now)


@transaction.atomic
def restore_evidence(*, actor: Actor, evidence_id: int, now: datetime) -> None:
    """Takes a piece of evidence out of the bin, with its file."""
    facts, row = _locked_piece(actor, Piece.EVIDENCE, evidence_id, now)
    check_evidence_room(Evidence.everything.filter(task_id=facts.id).count() - 1)
    _put_back(actor, facts, row, {"evidence": str(row)}, now)


def _locked_piece(actor: Actor, piece: Piece, piece_id: int, now: datetime) -> tuple[TaskFacts, Any]:
    facts = lock_task(actor, task_of_piece(actor, piece, piece_id))
    row = deleted_piece(piece, piece_id)
    check_restore_piece(actor, facts, piece, row.deleted_by_id)
    check_in_time(row.deleted_at, now)
    return facts, row


def _put_back(
    actor: Actor, facts: TaskFacts, row: ChecklistItem | Comment | Evidence, about: Mapping[str, Any], now: datetime
) -> None:
    was = columns_of(row, BINNED)
    row.deleted_at = row.deleted_by = None
    row.save(update_fields=BINNED)
    undo = piece_undo(row, was)
    log_task(actor=actor, facts=facts, verb=RESTORE_PIECE, after=about, undo=undo, now=now)


def drop_pieces(*, now: datetime, limit: int) -> int:
    """Removes for good some lines, comments and evidence whose time in the bin is over; returns how many."""
    dropped = 0
    for piece in (Piece.EVIDENCE, Piece.COMMENT, Piece.ITEM):
        ids = out_of_time(piece, now, limit)
        if piece is Piece.EVIDENCE:
            _drop_files(Evidence.everything.filter(pk__in=ids))
        MODELS[piece].everything.filter(pk__in=ids).delete()
        dropped += len(ids)
    return dropped


def drop_tasks(*, task_ids: Collection[int]) -> None:
    """Removes these tasks of the bin for good, with what the board keeps of them; what other slices keep goes before.

    Call it inside their transaction.
    """
    _drop_files(Evidence.everything.filter(task_id__in=task_ids))
    for rows in (
        Evidence.everything.filter(task_id__in=task_ids),
        Comment.everything.filter(task_id__in=task_ids),
        ChecklistItem.everything.filter(task_id__in=task_ids),
        TaskHelper.objects.filter(task_id__in=task_ids),
        TaskDependency.objects.filter(Q(task_id__in=task_ids) | Q(predecessor_id__in=task_ids)),
        BulkEditTask.objects.filter(task_id__in=task_ids),
    ):
        rows.delete()
    gone = Task.everything.filter(pk__in=task_ids).exclude(deleted_at=None)
    # By itself: Django would write what hangs on a task in other slices too, which is theirs to do.
    gone._raw_delete(gone.db)


def _drop_files(rows: QuerySet[Evidence]) -> None:
    # Before the rows: nothing comes out of the bin after its time, and a process that dies in between leaves rows that
    # the next sweep finds, not files that nobody finds any more.
    for name in rows.exclude(file="").values_list("file", flat=True):
        default_storage.delete(name)
    crash_point("bin.files")
