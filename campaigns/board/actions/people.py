"""Who works on a task."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from campaigns.board.actions.rows import change_task, check_fresh, log_task
from campaigns.board.models import OPEN, Task, TaskHelper
from campaigns.board.queries import lock_task
from campaigns.board.rules import Verb, assign_step, check_helpers, check_verb
from campaigns.campaign.actions import set_role_holder
from staff.people.queries import people_by_id, worker_ids
from staff.people.rules import Actor, Role


@transaction.atomic
def assign_task(*, actor: Actor, task_id: int, owner_id: int | None, version: int | None = None, now: datetime) -> None:
    """Gives the task to somebody, or to nobody; whoever has no right to that may still take an unowned one."""
    facts = lock_task(actor, task_id)
    check_fresh(facts, version, {"owner_id": owner_id})
    step = assign_step(actor, facts, owner_id, worker_ids(facts.campaign.team_id), now)
    if step is None:
        return
    TaskHelper.objects.filter(task_id=task_id, user_id=owner_id or 0).delete()
    change_task(actor=actor, facts=facts, step=step, now=now)


def take_task(*, actor: Actor, task_id: int, version: int | None = None, now: datetime) -> None:
    """The actor becomes the owner of a task that nobody owns."""
    assign_task(actor=actor, task_id=task_id, owner_id=actor.user_id, version=version, now=now)


@transaction.atomic
def set_helpers(
    *, actor: Actor, task_id: int, user_ids: Collection[int], version: int | None = None, now: datetime
) -> None:
    """Exactly these people work on the task beside its owner."""
    facts = lock_task(actor, task_id)
    wanted = frozenset(user_ids) - {facts.owner_id}
    check_fresh(facts, version, {"helper_ids": wanted})
    check_verb(actor, facts, Verb.SET_HELPERS)
    if wanted == facts.helper_ids:
        return
    check_helpers(facts, wanted, worker_ids(facts.campaign.team_id))
    TaskHelper.objects.filter(task_id=task_id, user_id__in=facts.helper_ids - wanted).delete()
    TaskHelper.objects.bulk_create(
        TaskHelper(task_id=task_id, user_id=user_id) for user_id in sorted(wanted - facts.helper_ids)
    )
    Task.objects.filter(pk=task_id).update(version=facts.version + 1)
    log_task(
        actor=actor,
        facts=facts,
        verb=Verb.SET_HELPERS,
        before={"helper_ids": sorted(facts.helper_ids)},
        after={"version": facts.version + 1, "helper_ids": sorted(wanted)},
        undo={"helper_ids": sorted(facts.helper_ids)},
        now=now,
    )


@transaction.atomic
def hand_over_role(*, actor: Actor, campaign_id: int, role: Role, user_id: int, now: datetime) -> int:
    """Names who holds a role and gives them its open tasks that nobody in the team owns; returns how many."""
    campaign = set_role_holder(actor=actor, campaign_id=campaign_id, role=role, user_id=user_id, now=now)
    unowned = Q(owner=None) | ~Q(owner_id__in=list(people_by_id(campaign.team_id)))
    rows = Task.objects.filter(OPEN, unowned, campaign_id=campaign_id, role=role).order_by("position", "id")
    task_ids = list(rows.values_list("pk", flat=True))
    for task_id in task_ids:
        assign_task(actor=actor, task_id=task_id, owner_id=user_id, now=now)
    return len(task_ids)
