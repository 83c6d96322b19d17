"""The people of the reader's teams, and one person's place."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaigns.desk.forms import TeamPartForm
from campaigns.desk.queries.people import person_screen, team_screen, team_screens
from planner.web.forms import cleaned
from planner.web.htmx import page_or_fragment
from staff.people.queries import actor_for
from staff.people.rules import Level, Role

CHOICES = {"levels": list(Level), "roles": list(Role), "languages": settings.LANGUAGES, "nav": "people"}


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Every team with its people; for htmx the one team that it asks for."""
    actor = actor_for(request.user)
    asked: dict[str, Any] = cleaned(TeamPartForm(request.GET))
    if asked["team"] and getattr(request, "htmx", False):
        shown = {"team": team_screen(actor, asked["team"]), "is_answer": True, **CHOICES}
        return render(request, "campaigns/desk/_team.html", shown)
    screens = team_screens(actor)
    page = "campaigns/desk/people.html" if screens else "staff/people/no_team.html"
    return render(request, page, {"teams": screens, **CHOICES})


@require_GET
def person(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """One person's place: change it, end it, give it back."""
    screen = person_screen(actor_for(request.user), team_id, user_id, timezone.now())
    shown = {"screen": screen, "is_answer": bool(getattr(request, "htmx", False)), **CHOICES}
    return page_or_fragment(request, "campaigns/desk/person.html", "campaigns/desk/_person.html", shown)
