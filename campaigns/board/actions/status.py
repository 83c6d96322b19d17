"""Moving a task along: every way into a state obeys the same rule, from the page, the board or a list."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from campaigns.board.actions.places import place_beside
from campaigns.board.actions.rows import change_task, check_fresh
from campaigns.board.queries import lock_task
from campaigns.board.rules import (
    Status,
    Step,
    TaskFacts,
    Verb,
    check_verb,
    status_step,
)
from staff.people.queries import worker_ids
from staff.people.rules import Actor


@transaction.atomic
def start_task(*, actor: Actor, task_id: int, version: int | None = None, now: datetime) -> None:
    """Work on it begins."""
    facts = _fresh(actor, task_id, Status.DOING, version)
    _change_status(actor=actor, facts=facts, to=Status.DOING, only=Verb.START, now=now)


@transaction.atomic
def send_to_review(
    *, actor: Actor, task_id: int, reviewer_id: int | None, version: int | None = None, now: datetime
) -> None:
    """Asks a second person, by name, to check it; from then on they or a manager mark it done."""
    facts = _fresh(actor, task_id, Status.IN_REVIEW, version)
    _change_status(
        actor=actor, facts=facts, to=Status.IN_REVIEW, only=Verb.SEND_TO_REVIEW, reviewer_id=reviewer_id, now=now
    )


@transaction.atomic
def complete_task(
    *, actor: Actor, task_id: int, actual_hours: Decimal | None = None, version: int | None = None, now: datetime
) -> None:
    """Marks it done: its checklist is ticked or waived, and what it waits for is done or waived."""
    facts = _fresh(actor, task_id, Status.DONE, version)
    _change_status(actor=actor, facts=facts, to=Status.DONE, only=Verb.COMPLETE, actual_hours=actual_hours, now=now)


@transaction.atomic
def reopen_task(*, actor: Actor, task_id: int, version: int | None = None, now: datetime) -> None:
    """Takes it back into work: from done, from being checked, or from cancelled; a gate's signature is gone with it."""
    facts = _fresh(actor, task_id, Status.DOING, version)
    _change_status(actor=actor, facts=facts, to=Status.DOING, only=Verb.REOPEN, now=now)


@transaction.atomic
def block_task(*, actor: Actor, task_id: int, reason: str, version: int | None = None, now: datetime) -> None:
    """Says that it cannot go on, and why."""
    facts = _fresh(actor, task_id, Status.BLOCKED, version)
    _change_status(actor=actor, facts=facts, to=Status.BLOCKED, only=Verb.BLOCK, reason=reason, now=now)


@transaction.atomic
def unblock_task(*, actor: Actor, task_id: int, version: int | None = None, now: datetime) -> None:
    """It can go on: back into work."""
    facts = _fresh(actor, task_id, Status.DOING, version)
    _change_status(actor=actor, facts=facts, to=Status.DOING, only=Verb.UNBLOCK, now=now)


@transaction.atomic
def cancel_task(*, actor: Actor, task_id: int, reason: str, version: int | None = None, now: datetime) -> None:
    """Says that it is not needed, and why; ordinary tasks that waited for it wait no longer."""
    facts = _fresh(actor, task_id, Status.CANCELLED, version)
    _change_status(actor=actor, facts=facts, to=Status.CANCELLED, only=Verb.CANCEL, reason=reason, now=now)


@transaction.atomic
def confirm_gate(*, actor: Actor, task_id: int, version: int | None = None, now: datetime) -> None:
    """The second signature under a gate, by somebody other than the one who did it."""
    facts = _fresh(actor, task_id, Status.DONE, version)
    check_verb(actor, facts, Verb.CONFIRM)
    step = Step(Verb.CONFIRM, {"confirmed_by_id": actor.user_id}, {"confirmed_at": now})
    change_task(actor=actor, facts=facts, step=step, now=now)


@transaction.atomic
def move_task(
    *,
    actor: Actor,
    task_id: int,
    status: Status | None = None,
    before_id: int | None = None,
    after_id: int | None = None,
    reason: str = "",
    reviewer_id: int | None = None,
    version: int | None = None,
    now: datetime,
) -> None:
    """Moves a card into a column, before or after a neighbour, or both; writes this one row.

    Into “done” it obeys the rule of `complete_task`, and so for every column; without a neighbour it keeps its place
    in the plan's order.
    """
    facts = lock_task(actor, task_id)
    to = status or facts.status
    check_fresh(facts, version, {"status": to} if status else {})
    if to is facts.status:
        check_verb(actor, facts, Verb.MOVE)
    facts, place = place_beside(facts, to, before_id, after_id)
    if to is not facts.status:
        _change_status(actor=actor, facts=facts, to=to, reason=reason, reviewer_id=reviewer_id, position=place, now=now)
    elif place is not None:
        change_task(actor=actor, facts=facts, step=Step(Verb.MOVE, {"position": place}), now=now)


def _fresh(actor: Actor, task_id: int, to: Status, version: int | None) -> TaskFacts:
    facts = lock_task(actor, task_id)
    check_fresh(facts, version, {"status": to})
    return facts


def _change_status(
    *,
    actor: Actor,
    facts: TaskFacts,
    to: Status,
    only: Verb | None = None,
    reason: str = "",
    reviewer_id: int | None = None,
    actual_hours: Decimal | None = None,
    position: float | None = None,
    now: datetime,
) -> None:
    step = status_step(
        actor,
        facts,
        to,
        only=only,
        reason=reason,
        reviewer_id=reviewer_id,
        actual_hours=actual_hours,
        position=position,
        may_work_ids=worker_ids(facts.campaign.team_id) if to is Status.IN_REVIEW else frozenset(),
        now=now,
    )
    change_task(actor=actor, facts=facts, step=step, now=now)
