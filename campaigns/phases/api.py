"""Phase moves over the API."""

from typing import Any

from django.utils import timezone
from rest_framework.request import Request

from campaigns.campaign.api import CampaignOut
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts, Phase
from campaigns.phases import actions
from planner.web.api import ApiView, Choice, In, Text, operation
from staff.people.queries import actor_for


class AdvanceIn(In):
    """Where to, and why although something blocks."""

    to = Choice(Phase, help_text="The phase after the present one, as the caller sees it.")
    override_reason = Text(
        required=False, max_length=1000, help_text="Why to go on although something blocks; a manager's to give."
    )


class AdvanceView(ApiView):
    """The move into the next phase."""

    @operation("advance_phase", takes=AdvanceIn, gives=CampaignOut)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> CampaignFacts:
        """Moves into the next phase, or over what blocks it with a reason."""
        actor = actor_for(request.user)
        actions.advance_phase(actor=actor, campaign_id=campaign_id, now=timezone.now(), **values)
        return campaign_for(actor, campaign_id)


class StepBackIn(In):
    """Where back to, and why."""

    to = Choice(Phase, help_text="The phase before the present one, as the caller sees it.")
    reason = Text(max_length=1000, help_text="Why it goes back; kept in the log.")


class StepBackView(ApiView):
    """The move into the phase before."""

    @operation("step_back", takes=StepBackIn, gives=CampaignOut)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> CampaignFacts:
        """Moves into the phase before; a closed campaign is reopened this way. A manager's to do."""
        actor = actor_for(request.user)
        actions.step_back(actor=actor, campaign_id=campaign_id, now=timezone.now(), **values)
        return campaign_for(actor, campaign_id)


class CloseView(ApiView):
    """The end of routine work."""

    @operation("close_routine", gives=CampaignOut)
    def post(self, request: Request, *, campaign_id: int) -> CampaignFacts:
        """Closes routine work; a promotion closes by advancing out of its review. A manager's to do."""
        actor = actor_for(request.user)
        actions.close_routine(actor=actor, campaign_id=campaign_id, now=timezone.now())
        return campaign_for(actor, campaign_id)
