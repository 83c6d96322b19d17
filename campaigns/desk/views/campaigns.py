"""The list of campaigns."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaigns.desk.forms import CampaignsForm
from campaigns.desk.queries.campaigns import campaigns_screen
from campaigns.desk.rules.campaigns import State
from planner.web.forms import cleaned
from staff.people.queries import actor_for


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns of the reader's teams: those that run, lie ahead and are over, or one part, such as the archive."""
    asked: dict[str, Any] = cleaned(CampaignsForm(request.GET))
    state = State(asked["state"]) if asked["state"] else None
    screen = campaigns_screen(actor_for(request.user), state, now=timezone.now())
    return render(request, "campaigns/desk/campaigns.html", {"screen": screen, "nav": "campaigns"})
