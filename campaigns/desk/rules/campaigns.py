"""Which part of the list a campaign stands in."""

from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.campaign.rules import CampaignFacts, Kind, Phase

# The full procedure begins this long before the start: until then a campaign only lies ahead.
AHEAD = timedelta(days=60)


class State(StrEnum):
    """The parts of the list, in their order."""

    RUNNING = "running"
    UPCOMING = "upcoming"
    CLOSED = "closed"
    ARCHIVED = "archived"


def state_of(campaign: CampaignFacts, *, now: datetime) -> State:
    """The part that a campaign stands in now."""
    if campaign.is_archived:
        return State.ARCHIVED
    if campaign.is_closed:
        return State.CLOSED
    is_ahead = campaign.kind is Kind.PROMOTION and campaign.phase is Phase.PREP and campaign.starts_at > now + AHEAD
    return State.UPCOMING if is_ahead else State.RUNNING
