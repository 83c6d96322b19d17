"""A campaign's tasks as its overview counts them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from campaigns.board.models import Task
from campaigns.campaign.rules import Phase
from campaigns.desk.rules.overview import RiskFacts
from planner.web.words import in_language


@dataclass(frozen=True)
class Row:
    """A task as the overview counts it."""

    id: int
    label: str
    role: str
    owner_name: str
    owner_left: bool
    hours: Decimal
    created_at: datetime
    planned_at: datetime | None
    done_at: datetime | None
    facts: RiskFacts

    @property
    def is_open(self) -> bool:
        """True while there is work left on it."""
        return self.facts.status not in {"done", "cancelled"}


_COLUMNS = (
    "id",
    "code",
    "title",
    "title_en",
    "phase",
    "role",
    "status",
    "owner_id",
    "owner__display_name",
    "due_at",
    "is_gate",
    "confirmed_by_id",
    "estimate_hours",
    "created_at",
    "planned_due_at",
    "done_at",
)


def rows_of(campaign_id: int, people: Collection[int]) -> list[Row]:
    """Every task of a campaign by due moment; `people` are those who have a place in its team."""
    found = Task.objects.filter(campaign_id=campaign_id).order_by("due_at", "id").values_list(*_COLUMNS)
    return [
        Row(
            id=pk,
            label=f"{code} {in_language(title, title_en)}".strip(),
            role=role,
            owner_name=owner or "",
            owner_left=owner_id is not None and owner_id not in people,
            hours=hours,
            created_at=created_at,
            planned_at=planned_at or due,
            done_at=done_at if status == "done" else None,
            facts=RiskFacts(
                phase=Phase(phase),
                status=status,
                # Whoever left has nothing: their open work is as good as nobody's.
                has_owner=owner_id in people,
                due_at=due,
                is_gate=is_gate,
                confirmed=confirmed_by is not None,
            ),
        )
        for (
            pk,
            code,
            title,
            title_en,
            phase,
            role,
            status,
            owner_id,
            owner,
            due,
            is_gate,
            confirmed_by,
            hours,
            created_at,
            planned_at,
            done_at,
        ) in found
    ]
