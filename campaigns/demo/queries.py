"""A plan as the demonstration plays it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from campaigns.board.models import Task
from campaigns.campaign.rules import Phase
from staff.people.models import Team
from staff.people.rules import Role


@dataclass(frozen=True)
class PlayedTask:
    """One task with what must be ticked and what it waits for."""

    id: int
    code: str
    phase: Phase
    role: Role
    owner_id: int | None
    is_gate: bool
    start_at: datetime
    due_at: datetime
    hours: Decimal
    item_ids: tuple[int, ...]
    predecessor_ids: tuple[int, ...]


def plan_to_play(campaign_id: int) -> list[PlayedTask]:
    """The campaign's dated tasks by due moment."""
    rows = (
        Task.objects.filter(campaign_id=campaign_id, due_at__isnull=False, start_at__isnull=False)
        .prefetch_related("checklist", "dependencies")
        .order_by("due_at", "position")
    )
    return [
        PlayedTask(
            id=row.pk,
            code=row.code,
            phase=Phase(row.phase),
            role=Role(row.role),
            owner_id=row.owner_id,
            is_gate=row.is_gate,
            start_at=row.start_at,
            due_at=row.due_at,
            hours=row.estimate_hours,
            item_ids=tuple(item.pk for item in row.checklist.all()),
            predecessor_ids=tuple(link.predecessor_id for link in row.dependencies.all()),
        )
        for row in rows
        if row.due_at and row.start_at
    ]


def has_teams() -> bool:
    """True when somebody works here already."""
    return Team.objects.exists()
