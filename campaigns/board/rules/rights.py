"""Who may do what to a task: viewers read and comment, members work on their own, managers do everything."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from campaigns.board.rules.facts import Status, TaskFacts
from planner.core.errors import NotAllowed
from planner.core.words import say
from staff.people.rules import Actor, may_manage, may_see, may_work


class Verb(StrEnum):
    """What can be done to a task; also the names in the log."""

    TAKE = "take_task"
    ASSIGN = "assign_task"
    SET_HELPERS = "set_helpers"
    EDIT = "edit_task"
    LOG_HOURS = "log_hours"
    MOVE = "move_task"
    START = "start_task"
    SEND_TO_REVIEW = "send_to_review"
    COMPLETE = "complete_task"
    REOPEN = "reopen_task"
    BLOCK = "block_task"
    UNBLOCK = "unblock_task"
    CANCEL = "cancel_task"
    CONFIRM = "confirm_gate"
    TICK = "tick_item"
    UNTICK = "untick_item"
    WAIVE_ITEM = "waive_item"
    WAIVE_PREDECESSOR = "waive_predecessor"
    ADD_DEPENDENCY = "add_dependency"
    REMOVE_DEPENDENCY = "remove_dependency"
    ADD_ITEM = "add_item"
    EDIT_ITEM = "edit_item"
    MOVE_ITEM = "move_item"
    REMOVE_ITEM = "remove_item"
    ADD_EVIDENCE = "add_evidence"
    REMOVE_EVIDENCE = "remove_evidence"
    COMMENT = "add_comment"
    EDIT_COMMENT = "edit_comment"
    REMOVE_COMMENT = "remove_comment"
    DELETE = "delete_task"
    ACCEPT_RUSH = "accept_rush"
    DECLINE_RUSH = "decline_rush"


# Fields on which a plan and its gates rest: only managers change them.
MANAGERS_FIELDS = frozenset({"due_at", "must_have", "needs_evidence", "role", "phase"})


def may_create(actor: Actor, team_id: int) -> bool:
    """Members and managers make tasks."""
    return may_work(actor, team_id)


def may_plan(actor: Actor, facts: TaskFacts) -> bool:
    """Managers decide who, by when, and what may be left out."""
    return may_manage(actor, facts.campaign.team_id)


def may_edit(actor: Actor, facts: TaskFacts) -> bool:
    """A manager, or a member whose own task it is: as owner or as helper."""
    own = may_work(actor, facts.campaign.team_id) and actor.user_id in facts.workers
    return own or may_plan(actor, facts)


def may_take(actor: Actor, facts: TaskFacts) -> bool:
    """A person of the task's role takes it while nobody owns it; a manager takes any of these."""
    team_id = facts.campaign.team_id
    if facts.owner_id is not None or actor.user_id is None or not may_work(actor, team_id):
        return False
    return may_manage(actor, team_id) or facts.role in actor.seat(team_id).roles


def may_complete(actor: Actor, facts: TaskFacts) -> bool:
    """Whoever works on it; while it is being checked, the person who checks it or a manager."""
    if facts.status is not Status.IN_REVIEW:
        return may_edit(actor, facts)
    return _checks(actor, facts) or may_plan(actor, facts)


def may_reopen(actor: Actor, facts: TaskFacts) -> bool:
    """Whoever works on it, checks it or marked it done; a manager where somebody signed it or it was cancelled."""
    if facts.status is Status.CANCELLED or facts.confirmed_at is not None:
        return may_plan(actor, facts)
    did_it = may_work(actor, facts.campaign.team_id) and actor.user_id in {facts.done_by_id} - {None}
    return did_it or _checks(actor, facts) or may_edit(actor, facts)


def may_confirm(actor: Actor, facts: TaskFacts) -> bool:
    """A manager, or another person of the task's role; never the one who did it."""
    team_id = facts.campaign.team_id
    if actor.user_id is None or actor.user_id == facts.done_by_id or not may_work(actor, team_id):
        return False
    return may_manage(actor, team_id) or facts.role in actor.seat(team_id).roles


def may_delete(actor: Actor, facts: TaskFacts) -> bool:
    """A manager, or a member who made it by hand; whether somebody else has touched it since is asked then."""
    own = facts.created_by_id is not None and facts.created_by_id == actor.user_id and not facts.code
    return may_plan(actor, facts) or (own and may_work(actor, facts.campaign.team_id))


def may_restore(actor: Actor, facts: TaskFacts) -> bool:
    """A manager, or whoever put it into the bin."""
    own = facts.deleted_by_id is not None and facts.deleted_by_id == actor.user_id
    return may_plan(actor, facts) or (own and may_work(actor, facts.campaign.team_id))


def _checks(actor: Actor, facts: TaskFacts) -> bool:
    team_id = facts.campaign.team_id
    return actor.user_id is not None and actor.user_id == facts.reviewer_id and may_work(actor, team_id)


def _may_comment(actor: Actor, facts: TaskFacts) -> bool:
    return actor.user_id is not None and may_see(actor, facts.campaign.team_id)


_RIGHTS: Mapping[Verb, Callable[[Actor, TaskFacts], bool]] = {
    Verb.TAKE: may_take,
    Verb.ASSIGN: may_plan,
    Verb.SET_HELPERS: may_plan,
    Verb.EDIT: may_edit,
    Verb.LOG_HOURS: may_edit,
    Verb.MOVE: may_edit,
    Verb.START: may_edit,
    Verb.SEND_TO_REVIEW: may_edit,
    Verb.COMPLETE: may_complete,
    Verb.REOPEN: may_reopen,
    Verb.BLOCK: may_edit,
    Verb.UNBLOCK: may_edit,
    Verb.CANCEL: may_plan,
    Verb.CONFIRM: may_confirm,
    Verb.TICK: may_edit,
    Verb.UNTICK: may_edit,
    Verb.WAIVE_ITEM: may_plan,
    Verb.WAIVE_PREDECESSOR: may_plan,
    Verb.ADD_DEPENDENCY: may_plan,
    Verb.REMOVE_DEPENDENCY: may_plan,
    Verb.ADD_ITEM: may_edit,
    Verb.EDIT_ITEM: may_edit,
    Verb.MOVE_ITEM: may_edit,
    Verb.REMOVE_ITEM: may_edit,
    Verb.ADD_EVIDENCE: may_edit,
    Verb.REMOVE_EVIDENCE: may_edit,
    Verb.COMMENT: _may_comment,
    Verb.EDIT_COMMENT: _may_comment,
    Verb.REMOVE_COMMENT: _may_comment,
    Verb.DELETE: may_delete,
    Verb.ACCEPT_RUSH: may_plan,
    Verb.DECLINE_RUSH: may_plan,
}
_SAID = frozenset({Verb.COMMENT, Verb.EDIT_COMMENT, Verb.REMOVE_COMMENT})
_PLANNED = frozenset(verb for verb, right in _RIGHTS.items() if right is may_plan)


def may(actor: Actor, facts: TaskFacts, verb: Verb) -> bool:
    """True when this verb is this actor's to use on this task, now or at a better moment."""
    return _RIGHTS[verb](actor, facts)


def check_undo_right(actor: Actor, facts: TaskFacts, verb: str, columns: frozenset[str]) -> None:
    """Refuses to take back for somebody who has lost the right to such a change since."""
    team_id = facts.campaign.team_id
    planned = verb in _PLANNED or bool(columns & MANAGERS_FIELDS)
    able = may_manage if planned else may_see if verb in _SAID else may_work
    if not able(actor, team_id):
        raise NotAllowed


def check_may(actor: Actor, facts: TaskFacts, verb: Verb) -> None:
    """Refuses a verb that is not this actor's."""
    if may(actor, facts, verb):
        return
    if verb is Verb.CONFIRM and facts.done_at is not None and actor.user_id == facts.done_by_id:
        raise NotAllowed("two_people", say("You did it yourself: a gate is confirmed by somebody else."))
    if verb is Verb.COMPLETE and facts.status is Status.IN_REVIEW and may_edit(actor, facts):
        raise NotAllowed("being_checked", say("It is being checked: the person who checks it marks it done."))
    raise NotAllowed


def may_change_comment(actor: Actor, facts: TaskFacts, author_id: int, verb: Verb) -> bool:
    """One's own comment; a manager takes away anybody's."""
    is_own = actor.user_id == author_id and may(actor, facts, verb)
    return is_own or (verb is Verb.REMOVE_COMMENT and may_plan(actor, facts))


def check_may_change_comment(actor: Actor, facts: TaskFacts, author_id: int, verb: Verb) -> None:
    """Refuses to change what somebody else said."""
    if not may_change_comment(actor, facts, author_id, verb):
        raise NotAllowed("not_yours", say("Somebody else said this: only they change it."))


def check_may_change(actor: Actor, facts: TaskFacts, fields: frozenset[str]) -> None:
    """Refuses an edit of fields that are a manager's."""
    check_may(actor, facts, Verb.EDIT)
    if fields & MANAGERS_FIELDS and not may_plan(actor, facts):
        raise NotAllowed(
            "managers_fields",
            say("Due date, role, phase, must-have and whether evidence is needed are a manager's."),
        )
