"""The design requests over all campaigns, and asking for one."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.board import actions
from campaigns.board.forms import AssignForm, ReasonForm
from campaigns.board.rules import Brief
from campaigns.desk.forms import HintForm, RequestFilterForm, RequestForm
from campaigns.desk.queries.requests import (
    RequestFilters,
    new_request_screen,
    requests_screen,
    requests_section,
    requests_version,
)
from planner.web.forms import cleaned
from planner.web.htmx import go, page_or_fragment
from staff.people.queries import actor_for

BRIEF = ("purpose", "sizes", "wording", "references")


def _filters(query: QueryDict) -> RequestFilters:
    return RequestFilters(**RequestFilterForm(query).wanted())


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """What is asked of the designers by need date; for htmx its part, and nothing (204) while `version` still holds.

    For htmx with `after` the cards of one section behind that place alone.
    """
    actor, now = actor_for(request.user), timezone.now()
    filters, seen = _filters(request.GET), request.GET.get("version")
    if seen and seen == str(requests_version(actor, now)):
        return HttpResponse(status=204)
    if filters.after and not seen and getattr(request, "htmx", False):
        shown = {"section": requests_section(actor, filters, now), "back": replace(filters, show="", after="").query}
        return render(request, "campaigns/desk/_request_cards.html", shown)
    screen = requests_screen(actor, filters, now)
    context = {"screen": screen, "nav": "requests"}
    return page_or_fragment(request, "campaigns/desk/requests.html", "campaigns/desk/_requests.html", context)


def _decided(request: HttpRequest) -> HttpResponse:
    """The list as it is after a decision, with the filters that it had."""
    filters = _filters(QueryDict(request.POST.get("back", "")))
    if getattr(request, "htmx", False):
        screen = requests_screen(actor_for(request.user), filters, timezone.now())
        return render(request, "campaigns/desk/_requests.html", {"screen": screen, "is_answer": True})
    return go(request, f"{reverse('campaigns:requests')}?{filters.query}")


@require_POST
def accept_request(request: HttpRequest, task_id: int) -> HttpResponse:
    """Takes a rush on where it stands in the list, and gives it to somebody where one is named."""
    values: dict[str, Any] = cleaned(AssignForm(request.POST))
    actions.accept_rush(actor=actor_for(request.user), task_id=task_id, now=timezone.now(), **values)
    return _decided(request)


@require_POST
def decline_request(request: HttpRequest, task_id: int) -> HttpResponse:
    """Turns a rush down where it stands in the list."""
    values: dict[str, Any] = cleaned(ReasonForm(request.POST))
    actions.decline_rush(actor=actor_for(request.user), task_id=task_id, now=timezone.now(), **values)
    return _decided(request)


@require_http_methods(["GET", "HEAD", "POST"])
def create_request(request: HttpRequest) -> HttpResponse:
    """The form for a design request, what a need date means while it is typed, and the new request."""
    actor, now = actor_for(request.user), timezone.now()
    if request.method == "POST":
        screen = new_request_screen(actor, now)
        values: dict[str, Any] = cleaned(RequestForm(request.POST, campaigns=screen.campaigns, owners=screen.owners))
        brief = Brief(**{name: values.pop(name) for name in BRIEF})
        actions.create_request(actor=actor, campaign_id=values.pop("for_campaign"), brief=brief, now=now, **values)
        return go(request, reverse("campaigns:requests"))
    asked = HintForm(request.GET).wanted()
    screen = new_request_screen(actor, now, **asked)
    form = RequestForm(initial=asked, campaigns=screen.campaigns, owners=screen.owners)
    context = {"screen": screen, "form": form, "nav": "requests"}
    return page_or_fragment(request, "campaigns/desk/new_request.html", "campaigns/desk/_request_hint.html", context)
