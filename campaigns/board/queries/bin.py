"""What lies in the bin of a campaign, and what lies there too long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from campaigns.board.models import ChecklistItem, Comment, Evidence, Task, TaskDependency
from campaigns.board.queries.beside import full_name
from campaigns.board.queries.facts import task_for, task_names, visible_tasks
from campaigns.board.rules import BIN_PERIOD, Piece, TaskFacts, Verb, check_verb, days_left
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts
from planner.core.errors import Missing
from planner.web.words import in_language
from staff.people.rules import Actor, may_manage, may_work

MODELS: dict[Piece, Any] = {
    Piece.TASK: Task,
    Piece.ITEM: ChecklistItem,
    Piece.COMMENT: Comment,
    Piece.EVIDENCE: Evidence,
}
PAGE = 100
EXCERPT = 120


@dataclass(frozen=True)
class BinLine:
    """One thing in the bin: what it is, who put it there and when, and how long it is kept."""

    kind: Piece
    id: int
    name: str
    # The task that it belongs to; of a task its own.
    task_id: int
    task_name: str
    by_name: str
    at: datetime
    days_left: int
    may_restore: bool


@dataclass(frozen=True)
class BinScreen:
    """A campaign's bin, what went in last first."""

    campaign: CampaignFacts
    lines: tuple[BinLine, ...]
    # Further things that are not shown.
    hidden: int


def bin_screen(actor: Actor, campaign_id: int, now: datetime) -> BinScreen:
    """The newest things in the campaign's bin; of a task that lies there, its pieces are not told apart."""
    campaign = campaign_for(actor, campaign_id)
    found: list[BinLine] = []
    count = 0
    for kind in Piece:
        rows = _binned(kind, campaign_id).filter(deleted_at__gte=now - BIN_PERIOD)
        count += rows.count()
        found += [_line(actor, campaign, kind, row, now) for row in rows.order_by("-deleted_at", "-pk")[:PAGE]]
    found.sort(key=lambda line: line.at, reverse=True)
    return BinScreen(campaign, tuple(found[:PAGE]), max(0, count - PAGE))


def _binned(kind: Piece, campaign_id: int) -> QuerySet[Any]:
    rows = MODELS[kind].everything.exclude(deleted_at=None).select_related("deleted_by")
    if kind is Piece.TASK:
        return rows.filter(campaign_id=campaign_id)  # type: ignore[no-any-return]
    return rows.filter(task__campaign_id=campaign_id, task__deleted_at=None).select_related(  # type: ignore[no-any-return]
        "task", "deleted_by"
    )


def _line(actor: Actor, campaign: CampaignFacts, kind: Piece, row: Any, now: datetime) -> BinLine:
    task = row if kind is Piece.TASK else row.task
    task_name = full_name(task.code, in_language(task.title, task.title_en))
    own = row.deleted_by_id == actor.user_id and may_work(actor, campaign.team_id)
    return BinLine(
        kind=kind,
        id=row.pk,
        name=_name(kind, row) if kind is not Piece.TASK else task_name,
        task_id=task.pk,
        task_name=task_name,
        by_name=row.deleted_by.display_name if row.deleted_by else "",
        at=row.deleted_at,
        days_left=days_left(row.deleted_at, now),
        may_restore=(own or may_manage(actor, campaign.team_id)) and not campaign.is_frozen,
    )


def _name(kind: Piece, row: Any) -> str:
    if kind is Piece.ITEM:
        return in_language(row.text, row.text_en)
    return str(row.body[:EXCERPT] if kind is Piece.COMMENT else row.note or row)


@dataclass(frozen=True)
class DeleteScreen:
    """What goes along when a task is deleted."""

    facts: TaskFacts
    comments: int
    evidence: int
    # (id, name) of what waits for it.
    waiting: tuple[tuple[int, str], ...]
    needs_reason: bool


def delete_screen(actor: Actor, task_id: int) -> DeleteScreen:
    """What would be lost; refuses those who may not delete it."""
    facts = task_for(actor, task_id)
    check_verb(actor, facts, Verb.DELETE)
    rows = TaskDependency.objects.filter(predecessor_id=task_id, task__deleted_at=None).order_by("task__position")
    names = task_names(waiting := list(rows.values_list("task_id", flat=True)))
    return DeleteScreen(
        facts=facts,
        comments=Comment.objects.filter(task_id=task_id).count(),
        evidence=Evidence.objects.filter(task_id=task_id).count(),
        waiting=tuple((pk, names[pk]) for pk in waiting),
        needs_reason=facts.is_gate or facts.must_have,
    )


def task_of_piece(actor: Actor, piece: Piece, piece_id: int) -> int:
    """The id of the task that a thing in the bin hangs on, or `Missing`."""
    rows = MODELS[piece].everything.exclude(deleted_at=None).filter(pk=piece_id, task__in=visible_tasks(actor))
    found: int | None = rows.values_list("task_id", flat=True).first()
    if found is None:
        raise Missing
    return found


def deleted_piece(piece: Piece, piece_id: int) -> Any:
    """The row in the bin, or `Missing` when it is out again."""
    row = MODELS[piece].everything.exclude(deleted_at=None).filter(pk=piece_id).first()
    if row is None:
        raise Missing
    return row


def out_of_time(piece: Piece, now: datetime, limit: int, *, lock: bool = False) -> list[int]:
    """The ids of some things that lie in the bin longer than they are kept, oldest first."""
    rows = MODELS[piece].everything.filter(deleted_at__lt=now - BIN_PERIOD)
    if lock:
        rows = rows.select_for_update()
    return list(rows.order_by("deleted_at", "pk").values_list("pk", flat=True)[:limit])
