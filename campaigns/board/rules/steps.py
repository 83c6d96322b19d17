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
from campaigns.board.rules.requests import is_short
from campaigns.board.rules.rights import Verb, check_may_change
from planner.core.pinyin import search_words
from planner.core.words import one_line
from staff.people.rules import Actor, Role

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
    return {
        name: (one_line if name in {"title", "title_en"} else str.strip)(value) if type(value) is str else value
        for name, value in changes.items()
    }


def edit_step(actor: Actor, facts: TaskFacts, changes: TaskChanges, now: datetime) -> Step | None:
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
    if {"due_at", "role"} & set(fields):
        silent |= _rush_bookkeeping(actor, facts, fields, now)
    if "title" in fields:
        silent["pinyin"] = search_words(fields["title"], PINYIN_LENGTH)
    return Step(Verb.EDIT, fields, silent)


def _due_bookkeeping(facts: TaskFacts, fields: Mapping[str, Any]) -> dict[str, Any]:
    if facts.planned_due_at is None:
        # The first date is the plan, not a change of it.
        return {"planned_due_at": fields["due_at"]}
    return {"due_changes": facts.due_changes + 1}


def _rush_bookkeeping(actor: Actor, facts: TaskFacts, fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Dates and roles are a manager's: a rush that comes of such a change is accepted with it, and one ends with it."""
    after = replace(facts, **fields, accepted_by_id=None, accepted_at=None)
    rush, moved = after.is_rush, False
    if after.role is Role.DESIGN and after.due_at is not None:
        was, zone = facts.due_at, facts.campaign.zone
        # A plan's first date is the plan; a later one that is nearer was asked for just now.
        nearer = after.due_at < was if was else not facts.code
        moved = "due_at" in fields and nearer and after.created_at is not None and is_short(now, after.due_at, zone)
        # Accepted for a nearer date than this one, but it is still near to that moment.
        rush = rush or (facts.accepted_at is not None and is_short(facts.accepted_at, after.due_at, zone))
    if not (rush or moved):
        return {"accepted_by_id": None, "accepted_at": None} if facts.accepted_at else {}
    if facts.accepted_at and not moved:
        return {}
    return accepted(actor, now)


def accepted(actor: Actor, now: datetime) -> dict[str, Any]:
    """The columns of a rush that this actor accepts."""
    return {"accepted_by_id": actor.user_id, "accepted_at": now}


def accept_step(
    actor: Actor,
    facts: TaskFacts,
    now: datetime,
    *,
    owner_id: int | None = None,
    may_work_ids: frozenset[int] = frozenset(),
) -> Step:
    """A manager takes the rush on, and gives it to somebody where one is named: work may begin."""
    check_verb(actor, facts, Verb.ACCEPT_RUSH)
    silent = accepted(actor, now)
    values = {"accepted_by_id": silent.pop("accepted_by_id")}
    given = None if owner_id is None else assign_step(actor, facts, owner_id, may_work_ids, now)
    if given is not None:
        values |= given.values
        silent |= given.silent
    return Step(Verb.ACCEPT_RUSH, values, silent)


def decline_step(actor: Actor, facts: TaskFacts, reason: str) -> Step:
    """A manager turns the rush down: it is cancelled, and who asked reads why."""
    check_verb(actor, facts, Verb.DECLINE_RUSH)
    reason = check_reason(reason)
    return Step(Verb.DECLINE_RUSH, {"status": Status.CANCELLED}, {"status_reason": reason}, reason)


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
    if facts.status is Status.CANCELLED and replace(facts, status=to).rush_waits:
        # Only managers bring back what was cancelled: a declined rush comes back accepted.
        silent |= accepted(actor, now)
    if position is not None:
        values["position"] = position
    return Step(verb, values, silent, reason)
