"""How far a campaign is: by role and phase, and day by day against its plan."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from campaigns.campaign.rules import CampaignFacts, Phase
from campaigns.desk.queries.overview.rows import Row
from campaigns.desk.rules.burnup import BurnDay, Work, burn_up, changed, standing
from planner.core.curve import Curve, draw_curve
from planner.core.words import Said


@dataclass(frozen=True)
class Share:
    """How many of how many are done."""

    done: int
    total: int


@dataclass(frozen=True)
class ProgressRow:
    """One role's tasks per phase, and all of them; a cell is None where the role has nothing to do."""

    role: str
    cells: tuple[Share | None, ...]
    all: Share


@dataclass(frozen=True)
class BurnUp:
    """The curve of done work against the plan, and the days behind it."""

    curve: Curve
    says: Said
    days: tuple[BurnDay, ...]


def share_of(rows: list[Row]) -> Share:
    """How many of these are done."""
    return Share(sum(row.facts.status == "done" for row in rows), len(rows))


def progress_of(role: str, rows: list[Row], phases: tuple[Phase, ...]) -> ProgressRow:
    """These tasks phase by phase."""
    per_phase = [[row for row in rows if row.facts.phase is phase] for phase in phases]
    return ProgressRow(role, tuple(share_of(cell) if cell else None for cell in per_phase), share_of(rows))


def burn_up_of(campaign: CampaignFacts, rows: list[Row], now: datetime) -> BurnUp | None:
    """The curve of these tasks; None while none of them has a date."""
    zone = ZoneInfo(campaign.zone)

    def on(at: datetime | None) -> date | None:
        return at.astimezone(zone).date() if at else None

    work = [Work(row.created_at.astimezone(zone).date(), on(row.planned_at), on(row.done_at)) for row in rows]
    today = now.astimezone(zone).date()
    days = burn_up(work, today=today)
    series = [
        ("scope", [Decimal(day.scope) for day in days]),
        ("planned", [Decimal(day.planned) for day in days]),
        ("done", [Decimal(day.done) for day in days if day.done is not None]),
    ]
    curve = draw_curve([day.on for day in days], series, whole=True, mark=today)
    return BurnUp(curve, standing(days), changed(days)) if curve else None
