"""Moving a card across the lanes of the board."""

from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.board.actions.edit import edit_task
from campaigns.board.actions.people import assign_task
from campaigns.board.actions.status import move_task
from campaigns.board.rules import Group, lane_changes
from staff.people.rules import Actor


@transaction.atomic
def move_card(
    *,
    actor: Actor,
    task_id: int,
    group: Group | None = None,
    lane: str = "",
    version: int | None = None,
    now: datetime,
    **place: Any,
) -> None:
    """Moves a card as `move_task` does and into a lane (owner, role, phase, priority): all of it or nothing."""
    changes: Any = lane_changes(group, lane) if lane else {}
    if "owner_id" in changes:
        assign_task(actor=actor, task_id=task_id, version=version, now=now, **changes)
    elif changes:
        edit_task(actor=actor, task_id=task_id, changes=changes, version=version, now=now)
    if any(place.values()) or not changes:
        move_task(actor=actor, task_id=task_id, version=version, now=now, **place)
