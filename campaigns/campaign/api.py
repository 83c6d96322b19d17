"""Campaigns over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from campaigns.campaign.queries import campaign_for, campaigns_of
from campaigns.campaign.rules import CampaignFacts, Kind, Phase, Platform
from planner.web.api import ApiView, Choice, Id, Moment, Out, Page, cut, operation
from staff.people.queries import actor_for


class CampaignOut(Out):
    """A campaign: what it is, when, and where the team stands in it."""

    id = Id(help_text="The campaign's id.")
    team_id = Id(help_text="The team that owns it.")
    name = serializers.CharField(help_text="Its name, unique in the team.")
    kind = Choice(Kind, help_text="`promotion` runs through phases and gates, `routine` does not.")
    platforms = serializers.ListField(
        child=Choice(Platform, help_text="A platform's code."),
        help_text="Where it sells.",
    )
    store_name = serializers.CharField(allow_blank=True, help_text="The shop's name; empty when none is named.")
    phase = Choice(Phase, help_text="The phase that the team is in.")
    starts_at = Moment(help_text="S, the first moment buyers can pay in full.")
    ends_at = Moment(help_text="E, the last minute of the campaign.")
    zone = serializers.CharField(help_text="The team's time zone, an IANA name; plain dates are dates in it.")
    version = serializers.IntegerField(help_text="Raised by every change of the campaign itself; see ETag.")
    board_version = serializers.IntegerField(help_text="Raised by every change of anything in the campaign.")


class CampaignsView(ApiView):
    """The campaigns of the caller's teams."""

    @operation("list_campaigns", gives=CampaignOut, pages=True)
    def get(self, request: Request, *, query: dict[str, Any]) -> Page:
        """Campaigns, running ones first, newest start first."""
        return cut(campaigns_of(actor_for(request.user)), query)


class CampaignView(ApiView):
    """One campaign."""

    @operation("get_campaign", gives=CampaignOut)
    def get(self, request: Request, *, campaign_id: int) -> CampaignFacts:
        """The campaign."""
        return campaign_for(actor_for(request.user), campaign_id)
