"""What a verb writes, worked out before anything is written: one verb or five hundred go through the same gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from campaigns.board.rules.facts import Status, TaskChanges, TaskFacts
from campaigns.board.rules.moves import (
    check_hours,
    check_owner,
    check_reason,
    check_reviewer,
    check_step,
    check_values,
    check_verb,
)
from campaigns.board.rules.rights import Verb, check_may_change
from planner.core.pinyin import search_words
from staff.people.rules import Actor

PINYIN_LENGTH = 800


@dataclass(frozen=True)
class Step:
    """One verb's columns: `values` are logged, `silent` ones are bookkeeping that goes with them."""

    verb: str
    values: Mapping[str, Any]
    silent: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    def on(self, facts: TaskFacts) -> TaskFacts:
        """The task as it is after this step."""
        gone = {self.values["owner_id"]} if "owner_id" in self.values else set()
        after: dict[str, Any] = {**self.values, **self.silent, "helper_ids": facts.helper_ids - gone}
        after.pop("pinyin", None)  # no rule asks for it
        return replace(facts, **after, version=facts.version + 1)


def stripped(changes: TaskChanges) -> dict[str, Any]:
    """The fields with their texts free of blanks around them; codes stay members of their enumeration."""
    return {name: value.strip() if type(value) is str else value for name, value in changes.items()}


def edit_step(actor: Actor, facts: TaskFacts, changes: TaskChanges) -> Step | None:
    """The fields that differ, or None when nothing does; a due date given before and changed now is counted."""
    fields = {name: value for name, value in stripped(changes).items() if getattr(facts, name) != value}
    check_may_change(actor, facts, frozenset(fields))
    check_verb(actor, facts, Verb.EDIT)
    check_values(
        cast("TaskChanges", fields),
        start_at=fields.get("start_at", facts.start_at),
        due_at=fields.get("due_at", facts.due_at),
    )
    if not fields:
        return None
    silent = _due_bookkeeping(facts, fields) if "due_at" in fields else {}
    if "title" in fields:
        silent["pinyin"] = search_words(fields["title"], PINYIN_LENGTH)
    return Step(Verb.EDIT, fields, silent)


def _due_bookkeeping(facts: TaskFacts, fields: Mapping[str, Any]) -> dict[str, Any]:
    if facts.planned_due_at is None:
        # The first date is the plan, not a change of it.
        return {"planned_due_at": fields["due_at"]}
    return {"due_changes": facts.due_changes + 1}


def assign_step(
    actor: Actor, facts: TaskFacts, owner_id: int | None, may_work_ids: frozenset[int], now: datetime
) -> Step | None:
    """A new owner, or None when it is theirs already; who has no right to that may still take an unowned one."""
    takes = owner_id is not None and owner_id == actor.user_id and facts.owner_id is None
    verb = Verb.TAKE if takes else Verb.ASSIGN
    check_verb(actor, facts, verb)
    if owner_id == facts.owner_id:
        return None
    check_owner(facts, owner_id, may_work_ids)
    # A reminder whose moment had passed before this is not planned for the new owner.
    return Step(verb, {"owner_id": owner_id}, {"assigned_at": now if owner_id is not None else None})


def status_step(
    actor: Actor,
    facts: TaskFacts,
    to: Status,
    *,
    only: Verb | None = None,
    reason: str = "",
    reviewer_id: int | None = None,
    actual_hours: Decimal | None = None,
    position: float | None = None,
    may_work_ids: frozenset[int] = frozenset(),
    now: datetime,
) -> Step:
    """The next state with what belongs to it: who did it and when, who checks it, why it stands still."""
    verb = check_step(actor, facts, to, only)
    values: dict[str, Any] = {"status": to}
    silent: dict[str, Any] = {"status_reason": ""}
    if to in {Status.BLOCKED, Status.CANCELLED}:
        reason = check_reason(reason)
        silent["status_reason"] = reason
    if to is Status.IN_REVIEW:
        values["reviewer_id"] = check_reviewer(actor, facts, reviewer_id, may_work_ids)
    if to is Status.DONE:
        check_hours(actual_hours)
        values |= {} if actual_hours is None else {"actual_hours": actual_hours}
        silent |= {"done_by_id": actor.user_id, "done_at": now}
    elif facts.status is Status.DONE:
        silent |= {"done_by_id": None, "done_at": None, "confirmed_by_id": None, "confirmed_at": None}
    if position is not None:
        values["position"] = position
    return Step(verb, values, silent, reason)
