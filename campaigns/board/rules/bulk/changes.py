"""What is asked for many tasks at once, and what that means for each."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

from campaigns.board.rules.facts import Status, TaskFacts
from campaigns.board.rules.moves import check_reason
from campaigns.campaign.rules import Phase
from planner.core.errors import Refused
from planner.core.words import Said, say
from staff.people.rules import Role

MOST_TASKS = 500
MOST_DAYS = 365
BULK_STATES = (Status.TODO, Status.DONE, Status.CANCELLED)


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
