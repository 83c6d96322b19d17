"""What is a risk, and how far a coming moment is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from campaigns.campaign.rules import Phase
from planner.core.words import Said, say

# A gate further away than this is not in doubt yet, only ahead.
GATE_NOTICE = timedelta(days=7)


class Risk(StrEnum):
    """Why a task deserves a look, gravest first."""

    LATE = "late"
    BLOCKED = "blocked"
    GATE = "gate"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class RiskFacts:
    """A task as its risks depend on it."""

    phase: Phase
    status: str
    has_owner: bool
    due_at: datetime | None
    is_gate: bool
    confirmed: bool


def risks_of(task: RiskFacts, *, phase: Phase, now: datetime) -> tuple[Risk, ...]:
    """Every reason to look at this task while the campaign is in `phase`; none once it is closed."""
    if phase is Phase.CLOSED:
        return ()
    is_open = task.status not in {"done", "cancelled"}
    gate_is_near = task.due_at is None or task.due_at <= now + GATE_NOTICE
    gate_is_shut = task.is_gate and not (task.status == "done" and task.confirmed)
    found = {
        Risk.LATE: is_open and task.due_at is not None and task.due_at < now,
        Risk.BLOCKED: task.status == "blocked",
        Risk.GATE: gate_is_shut and task.phase is phase and gate_is_near,
        Risk.UNASSIGNED: is_open and not task.has_owner,
    }
    return tuple(risk for risk, holds in found.items() if holds)


def distance(at: datetime, now: datetime) -> Said:
    """How far away a coming moment is: 12 d 3 h, 5 h 20 min."""
    minutes = int((at - now).total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return say("%(days)s d %(hours)s h", days=days, hours=hours)
    return say("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)


def is_over(hours: Decimal, hours_a_day: Decimal, workdays: int) -> bool:
    """True when somebody has more to do than fits into so many working days."""
    return hours > hours_a_day * workdays
