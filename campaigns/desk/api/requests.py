"""The design requests over all campaigns over the API."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.board import actions
from campaigns.board.api.shapes import TaskDetailOut, detail
from campaigns.board.rules import Brief, Priority
from campaigns.desk.api.today import TodayTaskOut
from campaigns.desk.forms import CURSOR
from campaigns.desk.queries.requests import RequestFilters, RequestsScreen, requests_screen
from campaigns.desk.rules.requests import Rush, When
from planner.web.api import ApiView, Choice, Hours, Id, In, Moment, Out, Text, operation
from staff.people.queries import actor_for

BRIEF = ("purpose", "sizes", "wording", "references")


class DesignerOut(Out):
    """Somebody to give a request to."""

    user_id = Id(help_text="Their user id.")
    name = serializers.CharField(help_text="Their name.")
    hours = Hours(max_digits=9, help_text="The estimated person-hours of what they have already.")


class RequestOut(Out):
    """One design request."""

    task = TodayTaskOut(source="line", help_text="The task that it is.")
    created_at = Moment(help_text="When it was raised.")
    requester_name = serializers.CharField(allow_blank=True, help_text="Who asked; empty for the system.")
    lead_days = serializers.IntegerField(allow_null=True, help_text="Days between asking and needing.")
    rush = serializers.ChoiceField(
        [each.value for each in Rush if each],
        allow_blank=True,
        help_text="Empty when it is no rush request; `waiting` for a manager, or `accepted`.",
    )
    accepted_by_name = serializers.CharField(allow_blank=True, help_text="Who accepted the rush; empty otherwise.")
    priority = Choice(Priority, help_text="How much it matters.")
    hours = Hours(help_text="Estimated work, in person-hours.")
    designers = DesignerOut(many=True, help_text="Whom the caller may give it to as they accept it; empty otherwise.")
    may_decide = serializers.BooleanField(help_text="True when the caller may accept or decline it as a rush now.")


class RequestSectionOut(Out):
    """The requests of one stretch of time."""

    when = Choice(When, help_text="Needed when; weeks end with Sunday in the caller's zone.")
    total = serializers.IntegerField(help_text="How many there are in all.")
    items = RequestOut(many=True, source="requests", help_text="The first 50 by need date, behind `after`.")
    next = serializers.CharField(allow_blank=True, help_text="What `after` goes on with; empty at the end.")


class RushShareOut(Out):
    """How much of what is open is rush."""

    rush = serializers.IntegerField(help_text="Open rush requests.")
    total = serializers.IntegerField(help_text="All open requests.")
    waiting = serializers.IntegerField(help_text="Rush requests that wait for a manager.")
    percent = serializers.IntegerField(help_text="The share in per cent.")
    most_percent = serializers.IntegerField(help_text="The share that is still healthy, in per cent.")
    is_high = serializers.BooleanField(help_text="True when it is more than that.")


class LoadOut(Out):
    """What one designer has before them."""

    user_id = Id(allow_null=True, help_text="The designer's user id; null for what nobody has.")
    name = serializers.CharField(allow_blank=True, help_text="Their name.")
    count = serializers.IntegerField(help_text="Open requests.")
    hours = Hours(max_digits=9, help_text="Their estimated person-hours.")


class RequestsOut(Out):
    """The design requests; share and load are over all of them, whatever is asked for."""

    sections = RequestSectionOut(many=True, help_text="Those that fit, by need date; sections with nothing are absent.")
    share = RushShareOut(help_text="How much is rush.")
    load = LoadOut(many=True, help_text="Designer by designer, most hours first.")


class RequestsQueryIn(In):
    """Which requests."""

    designer = serializers.RegexField(
        r"^(nobody|[0-9]{1,9})$", required=False, help_text="Only those of this user id; `nobody` for unowned ones."
    )
    for_campaign = Id(required=False, help_text="Only those of this campaign.")
    rush = serializers.BooleanField(required=False, default=False, help_text="True for rush requests only.")
    waiting = serializers.BooleanField(required=False, default=False, help_text="True for those that wait only.")
    mine = serializers.BooleanField(
        required=False, default=False, help_text="True for those only that the caller asked for or works on."
    )
    show = Choice(When, required=False, help_text="Only this section.")
    after = serializers.RegexField(
        CURSOR, required=False, help_text="With `show`: what stands behind this place, as `next` of a section says it."
    )


class CreateRequestIn(In):
    """What is asked of the designers."""

    title = Text(max_length=120, help_text="What it is called.")
    purpose = Text(max_length=200, help_text="Where it is used.")
    sizes = Text(max_length=800, help_text="One picture a line, with its size: each becomes a checklist line.")
    wording = Text(required=False, allow_blank=True, max_length=400, default="", help_text="The words on it.")
    references = Text(required=False, allow_blank=True, max_length=400, default="", help_text="What it is to be like.")
    due_at = Moment(help_text="By when it is needed; sooner than 14 days makes it a rush request.")
    priority = Choice(Priority, help_text="How much it matters.")
    estimate_hours = Hours(required=False, min_value=0, help_text="Estimated work, in person-hours.")
    owner_id = Id(required=False, allow_null=True, help_text="The designer; a manager's to name.")


class RequestsView(ApiView):
    """The design requests over all campaigns that run."""

    @operation("get_requests", asks=RequestsQueryIn, gives=RequestsOut)
    def get(self, request: Request, *, query: dict[str, Any]) -> RequestsScreen:
        """Open design work by need date, with the share of rush requests and what each designer has."""
        if "show" not in query:
            query.pop("after", None)
        return requests_screen(actor_for(request.user), RequestFilters(**query), timezone.now())


class NewRequestView(ApiView):
    """Asking the designers of a campaign for something."""

    @operation("create_request", takes=CreateRequestIn, gives=TaskDetailOut, status=201)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> Response:
        """Asks the designers for pictures by a date; a member's rush waits until a manager accepts it."""
        actor = actor_for(request.user)
        brief = Brief(**{name: values.pop(name) for name in BRIEF})
        task_id = actions.create_request(
            actor=actor, campaign_id=campaign_id, brief=brief, now=timezone.now(), **values
        )
        shown = TaskDetailOut(detail(actor, task_id)).data
        return Response(shown, status=201, headers={"Location": reverse("api:task", args=[task_id])})
