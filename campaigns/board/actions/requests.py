"""Design requests: asking for one, and taking on or turning down a rush."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from campaigns.board.actions.create import create_task
from campaigns.board.actions.rows import change_task, check_fresh
from campaigns.board.models import TaskHelper
from campaigns.board.queries import lock_task
from campaigns.board.rules import Brief, Priority, Status, accept_step, check_brief, decline_step
from staff.people.queries import worker_ids
from staff.people.rules import Actor, Role


def create_request(
    *,
    actor: Actor,
    campaign_id: int,
    title: str,
    brief: Brief,
    due_at: datetime | None,
    priority: Priority,
    estimate_hours: Decimal = Decimal(0),
    owner_id: int | None = None,
    now: datetime,
) -> int:
    """Asks the designers for pictures by a date: a task of theirs with one checklist line a picture; returns its id."""
    important, urgent = priority.marks
    return create_task(
        actor=actor,
        campaign_id=campaign_id,
        title=title,
        role=Role.DESIGN,
        owner_id=owner_id,
        due_at=check_brief(brief, due_at, now),
        estimate_hours=estimate_hours,
        important=important,
        urgent=urgent,
        acceptance=brief.text(english=False),
        acceptance_en=brief.text(english=True),
        checklist=brief.lines,
        now=now,
    )


@transaction.atomic
def accept_rush(
    *, actor: Actor, task_id: int, owner_id: int | None = None, version: int | None = None, now: datetime
) -> None:
    """Takes a rush request on: from now on it is worked on like any other, by `owner_id` where one is named."""
    facts = lock_task(actor, task_id)
    yours: dict[str, Any] = {} if owner_id is None else {"owner_id": owner_id}
    check_fresh(facts, version, {"accepted_by_id": actor.user_id, **yours})
    workers = frozenset() if owner_id is None else worker_ids(facts.campaign.team_id)
    step = accept_step(actor, facts, now, owner_id=owner_id, may_work_ids=workers)
    if owner_id in facts.helper_ids:
        TaskHelper.objects.filter(task_id=task_id, user_id=owner_id).delete()
    change_task(actor=actor, facts=facts, step=step, now=now)


@transaction.atomic
def decline_rush(*, actor: Actor, task_id: int, reason: str, version: int | None = None, now: datetime) -> None:
    """Turns a rush request down: it is cancelled with the reason."""
    facts = lock_task(actor, task_id)
    check_fresh(facts, version, {"status": Status.CANCELLED})
    change_task(actor=actor, facts=facts, step=decline_step(actor, facts, reason), now=now)
