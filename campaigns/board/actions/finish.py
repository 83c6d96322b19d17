"""All that is missing for “done”, in one go."""

from collections.abc import Collection
from contextlib import nullcontext
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from campaigns.board.actions.checklist import tick_item
from campaigns.board.actions.evidence import Proof, add_proof, proof
from campaigns.board.actions.status import complete_task
from campaigns.board.models import ChecklistItem
from campaigns.board.queries import lock_task
from campaigns.board.rules import Upload
from planner.core.errors import Refused
from planner.core.words import say
from staff.people.rules import Actor


def finish_task(
    *,
    actor: Actor,
    task_id: int,
    item_ids: Collection[int] = (),
    url: str = "",
    upload: Upload | None = None,
    note: str = "",
    actual_hours: Decimal | None = None,
    version: int | None = None,
    now: datetime,
) -> None:
    """Ticks these lines, adds this evidence and marks the task done: all of it, or nothing."""
    has_proof = bool(url.strip()) or upload is not None
    given = proof(actor=actor, task_id=task_id, url=url, upload=upload, note=note, now=now)
    with given if has_proof else nullcontext() as checked:
        _finish(actor, task_id, item_ids, checked, actual_hours, version, now)


@transaction.atomic
def _finish(
    actor: Actor,
    task_id: int,
    item_ids: Collection[int],
    checked: Proof | None,
    actual_hours: Decimal | None,
    version: int | None,
    now: datetime,
) -> None:
    # First of all, so that nobody learns of another team's task by what is said about its lines.
    lock_task(actor, task_id)
    known = set(ChecklistItem.objects.filter(task_id=task_id, pk__in=list(item_ids)).values_list("pk", flat=True))
    if set(item_ids) - known:
        raise Refused("items_gone", say("The checklist is another one meanwhile: look at the task again."))
    for item_id in item_ids:
        tick_item(actor=actor, item_id=item_id, now=now)
    if checked is not None:
        add_proof(actor=actor, task_id=task_id, proof=checked, now=now)
    complete_task(actor=actor, task_id=task_id, actual_hours=actual_hours, version=version, now=now)
