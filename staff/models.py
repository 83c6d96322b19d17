"""Registers the slices' models for Django and does nothing else."""

from staff.accounts.models import (
    Guard,
    Invitation,
    Link,
    RecoveryCode,
    ResetRequest,
    SecondFactor,
    SetupToken,
    VerifiedAddress,
)
from staff.calendars.models import CalendarDay
from staff.people.models import Membership, MembershipRole, Team, TeamEvent, User
from staff.runs.models import Heartbeat, Process, Run
from staff.tokens.models import ApiToken

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Guard",
    "Heartbeat",
    "Invitation",
    "Link",
    "Membership",
    "MembershipRole",
    "Process",
    "RecoveryCode",
    "ResetRequest",
    "Run",
    "SecondFactor",
    "SetupToken",
    "Team",
    "TeamEvent",
    "User",
    "VerifiedAddress",
]
