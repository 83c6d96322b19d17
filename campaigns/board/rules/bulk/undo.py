"""A change of many tasks is taken back once, but for what somebody changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from campaigns.board.rules.bulk.plans import TaskPlan
from campaigns.board.rules.facts import Status, TaskFacts
from campaigns.board.rules.moves import check_owner
from campaigns.board.rules.rights import may_edit, may_plan
from campaigns.board.rules.steps import Step
from campaigns.campaign.rules import CampaignFacts, check_open
from planner.core.errors import NotAllowed, Refused
from planner.core.words import Said, say
from staff.people.rules import Actor, may_manage, may_work

UNDO_WITHIN = timedelta(hours=24)
# The line that an undo leaves with each task.
UNDO = "restore_task"


class Kept(StrEnum):
    """Why a part of a change stays when the rest is taken back."""

    CHANGED = "changed"
    PERSON = "person"
    NOT_YOURS = "not_yours"
    DELETED = "deleted"


KEPT_REASONS: Mapping[Kept, Said] = {
    Kept.CHANGED: say("somebody changed it meanwhile"),
    Kept.PERSON: say("the person before cannot own it any more"),
    Kept.NOT_YOURS: say("only a manager may change it back"),
    Kept.DELETED: say("the task lies in the bin"),
}
# The bookkeeping that goes back with a column, and whose change keeps it as it is.
GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "owner_id": ("assigned_at",),
    "due_at": ("due_changes", "planned_due_at", "accepted_by_id", "accepted_at"),
    "role": ("accepted_by_id", "accepted_at"),
    "status": ("status_reason", "done_by_id", "done_at", "confirmed_by_id", "confirmed_at"),
}


@dataclass(frozen=True)
class BulkEditFacts:
    """A change of many tasks as its undo needs it."""

    id: int
    campaign: CampaignFacts
    actor_id: int | None
    at: datetime
    undone_at: datetime | None


def may_undo(actor: Actor, edit: BulkEditFacts) -> bool:
    """Whoever did it and may still work in the team, and every manager."""
    did_it = actor.user_id is not None and actor.user_id == edit.actor_id
    return may_manage(actor, edit.campaign.team_id) or (did_it and may_work(actor, edit.campaign.team_id))


def check_undo(actor: Actor, edit: BulkEditFacts, now: datetime) -> None:
    """Refuses a stranger's undo, a second one, and one that comes after a day."""
    if not may_undo(actor, edit):
        raise NotAllowed
    check_open(edit.campaign)
    if edit.undone_at is not None:
        raise Refused("already_undone", say("This change was taken back already."))
    if now - edit.at > UNDO_WITHIN:
        raise Refused("too_late", say("A change of many tasks can be taken back for 24 hours."))


def undo_plan(
    actor: Actor,
    facts: TaskFacts,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    touched: frozenset[str],
    may_work_ids: frozenset[int],
) -> tuple[TaskPlan, dict[str, Kept]]:
    """What of a change goes back, and why the rest stays; `touched` are the columns changed since by anybody."""
    logged = [name for name in after if name not in {each for group in GOES_WITH.values() for each in group}]
    kept: dict[str, Kept] = {}
    for name in logged:
        why = _why_kept(actor, facts, name, before, after, touched, may_work_ids)
        if why is not None:
            kept[name] = why
    values = {name: before[name] for name in logged if name not in kept}
    silent = {each: before[each] for name in values for each in GOES_WITH.get(name, ()) if each in before}
    return TaskPlan(facts, (Step(UNDO, values, silent),) if values else ()), kept


def _why_kept(
    actor: Actor,
    facts: TaskFacts,
    name: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    touched: frozenset[str],
    may_work_ids: frozenset[int],
) -> Kept | None:
    if getattr(facts, name) != after[name] or touched & {name, *GOES_WITH.get(name, ())}:
        return Kept.CHANGED
    if not _may_restore(actor, facts, name, before):
        return Kept.NOT_YOURS
    if name == "owner_id":
        try:
            check_owner(facts, before[name], may_work_ids)
        except Refused:
            return Kept.PERSON
    return None


def _may_restore(actor: Actor, facts: TaskFacts, name: str, before: Mapping[str, Any]) -> bool:
    # A member's rights may have shrunk since: what they could not do today they cannot undo into being either.
    if may_plan(actor, facts):
        return True
    if name == "owner_id":
        return before[name] is None and facts.owner_id == actor.user_id
    own = name in {"important", "urgent"} or (name == "status" and before[name] != Status.CANCELLED)
    return own and may_edit(actor, facts)
