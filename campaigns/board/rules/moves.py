"""When a task may move on, and what a change must hold."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from campaigns.board.rules.facts import OPEN, RUSH_WAITS, STATUS_NAMES, Status, TaskChanges, TaskFacts, blockers
from campaigns.board.rules.rights import Verb, check_may, may
from campaigns.campaign.rules import Phase, check_open
from planner.core.errors import NotAllowed, Refused
from planner.core.words import Said, one_line, say
from staff.people.rules import Actor

TITLE_LENGTH = 120
ITEM_LENGTH = 200
MOST_ITEMS = 100
# Far more than a team works on, and few enough for one board to be read at once.
CAMPAIGN_TASKS = 10_000
MOST_HOURS = Decimal("9999.9")
# Beyond these a date is a slip, and at the calendar's ends it cannot be shown in every zone.
YEARS = range(2000, 2101)

# From → to → the verb that does it. What is not here does not happen.
TRANSITIONS: Mapping[Status, Mapping[Status, Verb]] = {
    Status.TODO: {
        Status.DOING: Verb.START,
        Status.IN_REVIEW: Verb.SEND_TO_REVIEW,
        Status.BLOCKED: Verb.BLOCK,
        Status.DONE: Verb.COMPLETE,
        Status.CANCELLED: Verb.CANCEL,
    },
    Status.DOING: {
        Status.TODO: Verb.MOVE,
        Status.IN_REVIEW: Verb.SEND_TO_REVIEW,
        Status.BLOCKED: Verb.BLOCK,
        Status.DONE: Verb.COMPLETE,
        Status.CANCELLED: Verb.CANCEL,
    },
    Status.IN_REVIEW: {
        Status.TODO: Verb.REOPEN,
        Status.DOING: Verb.REOPEN,
        Status.BLOCKED: Verb.BLOCK,
        Status.DONE: Verb.COMPLETE,
        Status.CANCELLED: Verb.CANCEL,
    },
    Status.BLOCKED: {Status.TODO: Verb.UNBLOCK, Status.DOING: Verb.UNBLOCK, Status.CANCELLED: Verb.CANCEL},
    Status.DONE: {Status.TODO: Verb.REOPEN, Status.DOING: Verb.REOPEN},
    Status.CANCELLED: {Status.TODO: Verb.REOPEN, Status.DOING: Verb.REOPEN},
}
_EVERY = frozenset(Status)
_ALWAYS = frozenset({Verb.COMMENT, Verb.EDIT_COMMENT, Verb.REMOVE_COMMENT, Verb.MOVE, Verb.DELETE})
# Nobody works on a rush request before a manager has accepted it.
_WORKED = frozenset({Status.DOING, Status.IN_REVIEW, Status.DONE})
_RUSH_VERBS = frozenset({Verb.ACCEPT_RUSH, Verb.DECLINE_RUSH})
_STATUS_VERBS = frozenset(verb for steps in TRANSITIONS.values() for verb in steps.values()) - {Verb.MOVE}


def moments(verb: Verb) -> frozenset[Status]:
    """The states in which this verb makes sense."""
    if verb in _STATUS_VERBS:
        return frozenset(status for status, steps in TRANSITIONS.items() if verb in steps.values())
    if verb is Verb.CONFIRM:
        return frozenset({Status.DONE})
    if verb is Verb.LOG_HOURS:
        return _EVERY - {Status.CANCELLED}
    if verb is Verb.ADD_EVIDENCE:
        return OPEN | {Status.DONE}
    return _EVERY if verb in _ALWAYS else OPEN


def check_verb(actor: Actor, facts: TaskFacts, verb: Verb) -> None:
    """Refuses a verb that is not this actor's, or not of this moment."""
    check_may(actor, facts, verb)
    check_open(facts.campaign)
    if facts.status not in moments(verb):
        raise Refused(
            "not_now", say("This cannot be done while the task is: %(status)s.", status=STATUS_NAMES[facts.status])
        )
    if verb is Verb.CONFIRM and not facts.is_gate:
        raise Refused("no_gate", say("Only gates are confirmed by a second person."))
    if verb is Verb.CONFIRM and facts.confirmed_at is not None:
        raise Refused("already_confirmed", say("This gate is confirmed already."))
    if verb in _RUSH_VERBS and not facts.rush_waits:
        raise Refused("no_rush", say("This is no rush request that waits to be accepted."))


def verbs_now(actor: Actor, facts: TaskFacts, among: Iterable[Verb] = Verb) -> frozenset[Verb]:
    """Those verbs `among` these that the actor may use on the task as it stands; `blockers` may still grey “done”."""
    if facts.campaign.is_frozen:
        return frozenset()
    verbs = {verb for verb in among if facts.status in moments(verb) and may(actor, facts, verb)}
    held = {verb for to, verb in TRANSITIONS[facts.status].items() if to in _WORKED} - {Verb.COMPLETE}
    verbs -= held if facts.rush_waits else _RUSH_VERBS
    return frozenset(verbs if facts.waits_for_confirmation else verbs - {Verb.CONFIRM})


def check_step(actor: Actor, facts: TaskFacts, to: Status, only: Verb | None = None) -> Verb:
    """The verb that takes the task to this state; refuses when it does not lead there, is not yours or must wait."""
    verb = TRANSITIONS[facts.status].get(to)
    if verb is None or (only is not None and verb is not only):
        check_may(actor, facts, only or Verb.MOVE)
        check_open(facts.campaign)
        if to is facts.status:
            raise Refused("already", say("The task is in this state already: %(status)s.", status=STATUS_NAMES[to]))
        raise Refused(
            "not_now",
            say("A task cannot go from “%(now)s” to “%(to)s”.", now=STATUS_NAMES[facts.status], to=STATUS_NAMES[to]),
        )
    check_verb(actor, facts, verb)
    if verb is Verb.COMPLETE:
        check_ready(facts)
    elif facts.rush_waits and to in _WORKED:
        raise Refused("rush_waits", say("Nobody works on it yet."), reasons=(RUSH_WAITS,))
    return verb


def check_ready(facts: TaskFacts) -> None:
    """Refuses to call a task done while something is in the way, naming all of it."""
    reasons = blockers(facts)
    if reasons:
        raise Refused("blocked", say("%(task)s cannot be done yet.", task=facts.name), reasons=reasons)


def check_reason(reason: str) -> str:
    """The reason without blanks around it; refuses when there is none."""
    reason = reason.strip()
    if not reason:
        fault = say("Write down why.")
        raise Refused("reason_missing", fault, fields={"reason": fault})
    return reason


def check_item_text(text: str) -> str:
    """The line without blanks around it; refuses an empty and a long one."""
    text = one_line(text)
    if not text or len(text) > ITEM_LENGTH:
        fault = say("Write between one and %(most)s characters.", most=ITEM_LENGTH)
        raise Refused("invalid", fault, fields={"text": fault})
    return text


def check_item_room(count: int) -> None:
    """Refuses one more line in a checklist that is as long as one can be."""
    if count >= MOST_ITEMS:
        raise Refused("full", say("A checklist holds at most %(most)s lines.", most=MOST_ITEMS))


def check_reviewer(actor: Actor, facts: TaskFacts, reviewer_id: int | None, may_work_ids: frozenset[int]) -> int:
    """The second person who checks the task; refuses nobody, a viewer, and whoever works on it."""
    fault: Said | None = None
    if reviewer_id is None:
        fault = say("Name the person who checks it.")
    elif reviewer_id not in may_work_ids:
        fault = say("This person cannot check it: choose a member of the team.")
    elif reviewer_id in (facts.workers or {actor.user_id}):
        fault = say("A second person checks it, not somebody who works on it.")
    if fault is not None or reviewer_id is None:
        raise Refused("reviewer", fault or say("Name the person who checks it."), fields=_at("reviewer", fault))
    return reviewer_id


def check_owner(facts: TaskFacts, owner_id: int | None, may_work_ids: frozenset[int]) -> None:
    """Refuses an owner who cannot work in the team, and one who is checking the very task."""
    fault: Said | None = None
    if owner_id is not None and owner_id not in may_work_ids:
        fault = say("This person cannot own tasks: choose a member of the team.")
    elif owner_id is not None and facts.status is Status.IN_REVIEW and owner_id == facts.reviewer_id:
        fault = say("This person is checking the task, so somebody else owns it.")
    if fault is not None:
        raise Refused("owner", fault, fields=_at("owner", fault))


def check_helpers(facts: TaskFacts, helper_ids: frozenset[int], may_work_ids: frozenset[int]) -> None:
    """Refuses helpers who cannot work in the team, and the one who is checking the very task."""
    checker = {facts.reviewer_id} if facts.status is Status.IN_REVIEW else set()
    if helper_ids - may_work_ids or helper_ids & checker:
        fault = say("Helpers are members of the team, and not the person who checks the task.")
        raise Refused("helpers", fault, fields=_at("helpers", fault))


def _at(field: str, fault: Said | None) -> dict[str, Said]:
    return {field: fault} if fault is not None else {}


def check_values(values: TaskChanges, *, start_at: datetime | None, due_at: datetime | None) -> None:
    """Refuses values that cannot be meant, naming every field; the moments are those after the change."""
    faults: dict[str, Said] = {}
    if "title" in values and not values["title"].strip():
        faults["title"] = say("Give the task a title.")
    elif len(values.get("title", "")) > TITLE_LENGTH:
        faults["title"] = say("The title is longer than %(most)s characters.", most=TITLE_LENGTH)
    if not 0 <= values.get("estimate_hours", Decimal(0)) <= MOST_HOURS:
        faults["estimate_hours"] = say("Hours lie between 0 and %(most)s.", most=MOST_HOURS)
    if values.get("phase") == Phase.CLOSED:
        faults["phase"] = say("No work belongs to the closed phase.")
    for name, moment in (("start_at", start_at), ("due_at", due_at)):
        if moment and moment.year not in YEARS:
            faults[name] = say("Check the year.")
    if start_at and due_at and start_at > due_at:
        faults["due_at" if "due_at" in values else "start_at"] = say("The task would be due before it starts.")
    if faults:
        raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(faults.values()), fields=faults)


def check_room(count: int) -> None:
    """Refuses one more task in a campaign that has as many as a board holds."""
    if count >= CAMPAIGN_TASKS:
        raise Refused("full", say("A campaign holds at most %(most)s tasks.", most=CAMPAIGN_TASKS))


def check_delete(actor: Actor, facts: TaskFacts, reason: str, *, others: bool) -> str:
    """The reason why it goes, which gates and must-haves need; `others`: somebody else has done something to it."""
    check_verb(actor, facts, Verb.DELETE)
    if others and not may(actor, facts, Verb.CANCEL):
        raise NotAllowed("touched_by_others", say("Others have worked on it since: a manager deletes it."))
    return check_reason(reason) if facts.is_gate or facts.must_have else reason.strip()


def check_hours(hours: Decimal | None) -> None:
    """Refuses hours that nobody can have worked."""
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        fault = say("Hours lie between 0 and %(most)s.", most=MOST_HOURS)
        raise Refused("invalid", fault, fields={"actual_hours": fault})


def clashes(facts: TaskFacts, touched: frozenset[str], yours: Mapping[str, Any]) -> frozenset[str]:
    """The fields that somebody else changed meanwhile to something other than what you want."""
    return frozenset(name for name, value in yours.items() if name in touched and getattr(facts, name) != value)
