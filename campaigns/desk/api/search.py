"""Search over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.board.rules import Status
from campaigns.campaign.rules import Phase
from campaigns.desk.queries.search import Found, search
from campaigns.desk.rules.search import read
from planner.web.api import ApiView, Choice, Id, In, Moment, Out, Text, operation
from staff.people.queries import actor_for


class SearchIn(In):
    """What is looked for."""

    q = Text(
        max_length=8000,
        allow_blank=True,
        help_text=(
            "Words, all of which must match: Chinese, full pinyin, initials, English, codes such as `P24`, ids such as"
            " `#123`. The first 100 characters and six words are read; empty finds nothing."
        ),
    )


class TaskHitOut(Out):
    """A task that was found."""

    id = Id(help_text="Its id.")
    code = serializers.CharField(allow_blank=True, help_text="Its step in the SOP; empty for tasks that came later.")
    title = serializers.CharField(help_text="Its title, in the caller's language.")
    status = Choice(Status, help_text="Where it stands.")
    owner_name = serializers.CharField(allow_blank=True, help_text="Who has it; empty when nobody has.")
    due_at = Moment(allow_null=True, help_text="When it is due; null without a date.")
    is_late = serializers.BooleanField(help_text="True when it is open and its moment has passed.")
    campaign_id = Id(help_text="The campaign that it belongs to.")
    campaign_name = serializers.CharField(help_text="That campaign's name.")


class CampaignHitOut(Out):
    """A campaign that was found."""

    id = Id(help_text="Its id.")
    name = serializers.CharField(help_text="Its name.")
    phase = Choice(Phase, help_text="The phase that it is in.")
    is_routine = serializers.BooleanField(help_text="True for routine work, which has no phases.")
    is_archived = serializers.BooleanField(help_text="True when it lies in the archive.")
    team_name = serializers.CharField(help_text="Its team's name.")


class PersonHitOut(Out):
    """A colleague who was found."""

    id = Id(help_text="Their user id.")
    name = serializers.CharField(help_text="Their name.")
    team_names = serializers.ListField(
        child=serializers.CharField(help_text="A team's name."), help_text="The teams that the caller shares with them."
    )


class TemplateHitOut(Out):
    """A procedure that was found."""

    id = Id(help_text="The template's id.")
    version_id = Id(help_text="The id of its newest version.")
    name = serializers.CharField(help_text="Its name, in the caller's language.")
    team_name = serializers.CharField(allow_blank=True, help_text="Its team's name; empty for a shipped one.")


class TasksFoundOut(Out):
    """The best tasks."""

    total = serializers.IntegerField(help_text="How many were found in all.")
    items = TaskHitOut(many=True, source="hits", help_text="The best of them, at most 20.")


class CampaignsFoundOut(Out):
    """The best campaigns."""

    total = serializers.IntegerField(help_text="How many were found in all.")
    items = CampaignHitOut(many=True, source="hits", help_text="The best of them, at most 8.")


class PeopleFoundOut(Out):
    """The best people."""

    total = serializers.IntegerField(help_text="How many were found in all.")
    items = PersonHitOut(many=True, source="hits", help_text="The best of them, at most 8.")


class TemplatesFoundOut(Out):
    """The best procedures."""

    total = serializers.IntegerField(help_text="How many were found in all.")
    items = TemplateHitOut(many=True, source="hits", help_text="The best of them, at most 8.")


class FoundOut(Out):
    """What was found, by kind and best first."""

    campaigns = CampaignsFoundOut(help_text="Campaigns, those that run first among equals.")
    tasks = TasksFoundOut(
        help_text="Tasks: by code or id, by how the title begins, by what it holds, by pinyin, by initials; open ones"
        " first among equals, then the caller's own. An owner's name finds their tasks."
    )
    people = PeopleFoundOut(help_text="People of the caller's teams.")
    templates = TemplatesFoundOut(help_text="Procedures.")


class SearchView(ApiView):
    """Whatever the caller may see."""

    @operation("search", asks=SearchIn, gives=FoundOut)
    def get(self, request: Request, query: dict[str, Any]) -> Found:
        """Campaigns, tasks, people and procedures that match every word."""
        return search(actor_for(request.user), read(query["q"]), timezone.now())
