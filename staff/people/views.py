"""The people of a team."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from planner.web.forms import cleaned
from staff.people import actions
from staff.people.forms import PersonForm, SeenPlaceForm
from staff.people.queries import actor_for, team_card, team_cards
from staff.people.rules import Level, Role

CHOICES = {"levels": list(Level), "roles": list(Role), "languages": settings.LANGUAGES, "nav": "people"}


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people of the reader's teams."""
    cards = team_cards(actor_for(request.user))
    page = "staff/people/people.html" if cards else "staff/people/no_team.html"
    return render(request, page, {"teams": cards, **CHOICES})


def _team(request: HttpRequest, team_id: int) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect("staff:people")
    shown = {"team": team_card(actor_for(request.user), team_id), "is_answer": True, **CHOICES}
    return render(request, "staff/people/_team.html", shown)


@sensitive_post_parameters("password")
@require_POST
def add_person(request: HttpRequest, team_id: int) -> HttpResponse:
    """A new member of the team."""
    values: dict[str, Any] = cleaned(PersonForm(request.POST))
    actions.add_person(actor=actor_for(request.user), team_id=team_id, now=timezone.now(), **values)
    return _team(request, team_id)


@require_POST
def change_place(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """A member's level, roles and hours."""
    values: dict[str, Any] = cleaned(SeenPlaceForm(request.POST))
    actions.change_place(actor=actor_for(request.user), team_id=team_id, user_id=user_id, now=timezone.now(), **values)
    return _team(request, team_id)
