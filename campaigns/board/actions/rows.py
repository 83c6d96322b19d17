"""How every verb of the board writes: one task row, its next version, one line in the log."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from campaigns.board.models import ChecklistItem, Comment, Evidence, Task
from campaigns.board.queries import field_clashes
from campaigns.board.rules import Step, TaskFacts
from campaigns.campaign.actions import EventDraft, record_event
from planner.core.errors import Refused
from planner.core.words import say
from staff.people.rules import Actor

BINNED = ("deleted_at", "deleted_by_id")
PieceT = TypeVar("PieceT", ChecklistItem, Comment, Evidence)


def check_fresh(facts: TaskFacts, version: int | None, yours: Mapping[str, Any]) -> None:
    """Refuses a change from a screen that is older than a change of the same fields, with both values in words."""
    stale = field_clashes(facts, version, yours)
    if not stale:
        return
    raise Refused(
        "stale",
        say("Somebody changed this meanwhile."),
        current={each.name: each.theirs for each in stale},
        yours={each.name: each.yours for each in stale},
    )


def change_task(*, actor: Actor, facts: TaskFacts, step: Step, now: datetime) -> None:
    """Writes the step's columns, raises the version and logs its values before → after."""
    Task.objects.filter(pk=facts.id).update(**step.values, **step.silent, version=facts.version + 1)
    event = step_event(facts, step)
    log_task(
        actor=actor,
        facts=facts,
        verb=step.verb,
        before=event.before,
        after=event.after,
        reason=step.reason,
        undo=undo_of(facts, step),
        now=now,
    )


def undo_of(facts: TaskFacts, step: Step) -> dict[str, Any] | None:
    """What taking a step back needs: every column as it was, and who stopped helping by it.

    None where a column is not among the facts: half a change is not taken back.
    """
    columns = {**step.values, **step.silent}
    columns.pop("pinyin", None)  # made from the title again
    if any(not hasattr(facts, name) for name in columns):
        return None
    gone = facts.helper_ids - step.on(facts).helper_ids
    helped: dict[str, Any] = {"helped": sorted(gone)} if gone else {}
    return {"columns": {name: as_kept(getattr(facts, name)) for name in columns}, **helped}


def as_kept(value: Any) -> Any:
    """A column's value as JSON keeps it whole.

    Moments to the last microsecond, which the encoder of the log leaves out: an undo gives back what was there.
    """
    return value.isoformat() if isinstance(value, datetime) else value


def step_event(facts: TaskFacts, step: Step) -> EventDraft:
    """The line that a step leaves in the log: its values before → after, and the version it makes."""
    return EventDraft(
        verb=step.verb,
        subject_kind="task",
        subject_id=facts.id,
        subject_label=facts.name,
        before={name: getattr(facts, name) for name in step.values},
        after={"version": facts.version + 1, **step.values},
        reason=step.reason,
    )


def log_task(
    *,
    actor: Actor,
    facts: TaskFacts,
    verb: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    undo: Mapping[str, Any] | None = None,
    undoes_id: int | None = None,
    now: datetime,
) -> None:
    """One line in the campaign's log about this task, with what taking it back needs."""
    record_event(
        campaign_id=facts.campaign.id,
        actor=actor,
        verb=verb,
        subject_kind="task",
        subject_id=facts.id,
        subject_label=facts.name,
        before=before,
        after=after,
        reason=reason,
        undo=undo,
        undoes_id=undoes_id,
        now=now,
    )


def piece_undo(row: Model, was: Mapping[str, Any]) -> dict[str, Any]:
    """What taking a change of a line, a comment or a piece of evidence back needs: its columns then and now."""
    return {"piece": row._meta.model_name, "id": row.pk, "was": was, "is": columns_of(row, was)}


def columns_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """These columns of a row, as JSON keeps them whole."""
    return {name: as_kept(getattr(row, name)) for name in names}


def put_away(row: PieceT, actor: Actor, now: datetime) -> dict[str, Any]:
    """Puts a piece of a task into the bin; returns what taking that back needs."""
    was = columns_of(row, BINNED)
    row.deleted_at, row.deleted_by_id = now, actor.user_id
    row.save(update_fields=BINNED)
    return piece_undo(row, was)


def added(row: Model, actor: Actor, now: datetime) -> dict[str, Any]:
    """What taking a new piece of a task back needs: it goes into the bin."""
    return piece_undo(row, {"deleted_at": as_kept(now), "deleted_by_id": actor.user_id})
