"""Many tasks planned one by one, with the rules of the single verbs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any, cast

from campaigns.board.rules.bulk.changes import BulkChanges, wanted
from campaigns.board.rules.facts import TaskChanges, TaskFacts
from campaigns.board.rules.steps import Step, assign_step, edit_step, status_step
from planner.core.errors import DomainError, NotAllowed, Refused
from planner.core.words import say
from staff.people.rules import Actor


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
        return edit_step(actor, task, cast("TaskChanges", values), now) if values else None

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
