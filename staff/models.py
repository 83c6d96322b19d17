"""Registers the slices' models for Django and does nothing else."""

from staff.calendars.models import CalendarDay
from staff.people.models import Membership, MembershipRole, Team, TeamEvent, User
from staff.runs.models import Heartbeat, Run
from staff.tokens.models import ApiToken

__all__ = ["ApiToken", "CalendarDay", "Heartbeat", "Membership", "MembershipRole", "Run", "Team", "TeamEvent", "User"]
