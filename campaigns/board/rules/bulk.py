"""One change of many tasks: planned task by task with the rules of the single verbs, and taken back once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

from campaigns.board.rules.facts import Status, TaskChanges, TaskFacts
from campaigns.board.rules.moves import check_owner, check_reason
from campaigns.board.rules.rights import may_edit, may_plan
from campaigns.board.rules.steps import Step, assign_step, edit_step, status_step
from campaigns.campaign.rules import CampaignFacts, Phase, check_open
from planner.core.errors import DomainError, NotAllowed, Refused
from planner.core.words import Said, say
from staff.people.rules import Actor, Role, may_manage, may_work

MOST_TASKS = 500
MOST_DAYS = 365
UNDO_WITHIN = timedelta(hours=24)
BULK_STATES = (Status.TODO, Status.DONE, Status.CANCELLED)
# The line that an undo leaves with each task.
UNDO = "restore_task"


class BulkChanges(TypedDict, total=False):
    """What is asked for all the tasks at once; only what is present changes. `reason` goes with a cancelled state."""

    owner_id: int | None
    # Calendar days in the team's zone, later when positive; a task without a due date keeps having none.
    due_shift_days: int
    due_at: datetime | None
    important: bool
    urgent: bool
    must_have: bool
    role: Role
    phase: Phase
    status: Status
    reason: str


def _same(name: str) -> Callable[[TaskFacts, Any], Mapping[str, Any]]:
    return lambda _facts, value: {name: value}


def _shifted(facts: TaskFacts, days: int) -> Mapping[str, Any]:
    if facts.due_at is None:
        return {}

    # On the wall clock: six in the evening stays six in the evening where clocks change.
    def moved(moment: datetime) -> datetime:
        return (moment.astimezone(ZoneInfo(facts.campaign.zone)) + timedelta(days=days)).astimezone(UTC)

    due_at, start_at = moved(facts.due_at), facts.start_at
    # Earlier than its start no task is due: then the start comes along.
    return {"due_at": due_at} | ({"start_at": moved(start_at)} if start_at and start_at > due_at else {})


# What each wish means for one task. Another one is a row here, a field above and one in the form.
WISHES: Mapping[str, Callable[[TaskFacts, Any], Mapping[str, Any]]] = {
    "owner_id": _same("owner_id"),
    "due_shift_days": _shifted,
    "due_at": _same("due_at"),
    "important": _same("important"),
    "urgent": _same("urgent"),
    "must_have": _same("must_have"),
    "role": _same("role"),
    "phase": _same("phase"),
    "status": _same("status"),
}


def wanted(facts: TaskFacts, changes: BulkChanges) -> dict[str, Any]:
    """The columns that this task would have to change, with their new values."""
    asked = cast("Mapping[str, Any]", changes)
    found = [WISHES[name](facts, asked[name]) for name in WISHES if name in asked]
    return {name: value for each in found for name, value in each.items() if getattr(facts, name) != value}


def check_bulk(changes: BulkChanges, count: int) -> BulkChanges:
    """The changes ready to be planned; refuses too many tasks, nothing to do, and what contradicts itself."""
    if not 1 <= count <= MOST_TASKS:
        fault = say("Choose between 1 and %(most)s tasks.", most=MOST_TASKS)
        raise Refused("invalid", fault, fields={"tasks": fault})
    faults: dict[str, Said] = {}
    if not set(changes) & set(WISHES):
        fault = say("Choose what to change.")
        raise Refused("invalid", fault, fields={"changes": fault})
    if "due_shift_days" in changes and "due_at" in changes:
        faults["due_at"] = say("Either move the due dates by days or give all tasks one date.")
    if not 0 < abs(changes.get("due_shift_days", 1)) <= MOST_DAYS:
        faults["due_shift_days"] = say("Move by 1 to %(most)s days, earlier or later.", most=MOST_DAYS)
    if changes.get("status", Status.TODO) not in BULK_STATES:
        faults["status"] = say("This state is set task by task.")
    if faults:
        raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(faults.values()), fields=faults)
    ready = BulkChanges(**changes)
    ready.pop("reason", None)
    if changes.get("status") is Status.CANCELLED:
        ready["reason"] = check_reason(changes.get("reason", ""))
    return ready


@dataclass(frozen=True)
class TaskPlan:
    """What a change of many does to one of them: its steps, or the refusal that holds all of them up."""

    facts: TaskFacts
    steps: tuple[Step, ...] = ()
    fault: DomainError | None = None

    @cached_property
    def after(self) -> TaskFacts:
        """The task as it will be."""
        facts = self.facts
        for step in self.steps:
            facts = step.on(facts)
        return facts

    @cached_property
    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Each logged column before and after."""
        after = self.after
        names = dict.fromkeys(name for step in self.steps for name in step.values)
        return {name: (getattr(self.facts, name), getattr(after, name)) for name in names}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that is written, the bookkeeping included."""
        return tuple(dict.fromkeys(name for step in self.steps for name in (*step.values, *step.silent)))

    def becomes_late(self, now: datetime) -> bool:
        """True when this change is what makes it late."""
        return self.after.is_late(now) and not self.facts.is_late(now)


def plan_bulk(
    actor: Actor, tasks: Sequence[TaskFacts], changes: BulkChanges, may_work_ids: frozenset[int], now: datetime
) -> tuple[TaskPlan, ...]:
    """Every task's plan, in the order given; what one task waits for counts as done when this very change does it."""
    known = {facts.id: facts for facts in tasks}
    waits_for = {facts.id: [each.task_id for each in facts.predecessors if each.task_id in known] for facts in tasks}
    plans: dict[int, TaskPlan] = {}
    for task_id in TopologicalSorter(waits_for).static_order():
        facts = _with_settled(known[task_id], plans)
        plans[task_id] = _plan(actor, facts, changes, may_work_ids, now)
    return tuple(plans[facts.id] for facts in tasks)


def _with_settled(facts: TaskFacts, plans: Mapping[int, TaskPlan]) -> TaskFacts:
    if not any(each.task_id in plans for each in facts.predecessors):
        return facts
    settled = []
    for each in facts.predecessors:
        after = plans[each.task_id].after if each.task_id in plans else None
        news = {"status": after.status, "is_confirmed": after.confirmed_at is not None} if after else {}
        settled.append(replace(each, **news))  # type: ignore[arg-type]  # the two fields by their names
    return replace(facts, predecessors=tuple(settled))


def _plan(
    actor: Actor, facts: TaskFacts, changes: BulkChanges, may_work_ids: frozenset[int], now: datetime
) -> TaskPlan:
    values = wanted(facts, changes)
    status, owner = values.pop("status", None), "owner_id" in values
    owner_id = values.pop("owner_id", None)

    def assign(task: TaskFacts) -> Step | None:
        return assign_step(actor, task, owner_id, may_work_ids, now) if owner else None

    def edit(task: TaskFacts) -> Step | None:
        return edit_step(actor, task, cast("TaskChanges", values)) if values else None

    def move(task: TaskFacts) -> Step | None:
        return status_step(actor, task, status, reason=changes.get("reason", ""), now=now) if status else None

    # A closed task is opened before its fields change, an open one is closed after.
    order = (assign, edit, move) if facts.is_open else (move, assign, edit)
    task, steps = facts, []
    try:
        for make in order:
            step = make(task)
            if step is not None:
                steps.append(step)
                task = step.on(task)
    except DomainError as fault:
        return TaskPlan(facts, fault=fault)
    return TaskPlan(facts, tuple(steps))


def check_plans(plans: Iterable[TaskPlan]) -> None:
    """Refuses all when one is refused, naming each such task with its reasons, and when nothing would change."""
    faults = [(plan.facts, plan.fault) for plan in plans if plan.fault is not None]
    if faults:
        reasons = tuple(
            say("%(task)s: %(why)s", task=facts.name, why=why)
            for facts, fault in faults
            for why in (fault.reasons or (fault.detail,))
        )
        detail = say("Nothing was changed: the reasons are below, task by task.")
        if all(isinstance(fault, NotAllowed) for _, fault in faults):
            raise NotAllowed("bulk_refused", detail, reasons=reasons)
        raise Refused("bulk_refused", detail, reasons=reasons)
    if not any(plan.steps for plan in plans):
        raise Refused("unchanged", say("These tasks are like that already: nothing would change."))


class Kept(StrEnum):
    """Why a part of a change stays when the rest is taken back."""

    CHANGED = "changed"
    PERSON = "person"
    NOT_YOURS = "not_yours"


KEPT_REASONS: Mapping[Kept, Said] = {
    Kept.CHANGED: say("somebody changed it meanwhile"),
    Kept.PERSON: say("the person before cannot own it any more"),
    Kept.NOT_YOURS: say("only a manager may change it back"),
}
# The bookkeeping that goes back with a column, and whose change keeps it as it is.
GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "owner_id": ("assigned_at",),
    "due_at": ("due_changes", "planned_due_at"),
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
