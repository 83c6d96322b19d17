"""A campaign's first page."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from campaigns.board.actions import hand_over_role
from campaigns.desk.forms import RoleHolderForm
from campaigns.desk.queries.overview import overview_screen, overview_version, people_screen
from planner.web.forms import cleaned
from planner.web.htmx import page_or_fragment
from staff.people.queries import actor_for


@require_GET
def overview(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Phase and readiness, countdown, risks, progress, people, activity.

    For htmx with `version` nothing (204) while it is the present one.
    """
    actor, now = actor_for(request.user), timezone.now()
    seen = request.GET.get("version")
    if getattr(request, "htmx", False) and seen and seen == overview_version(actor, campaign_id, now=now):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    screen = overview_screen(actor, campaign_id, now=now)
    shown = {"campaign": screen.campaign, "screen": screen, "tab": "overview", "nav": "campaigns"}
    shown["is_answer"] = bool(getattr(request, "htmx", False))
    return page_or_fragment(request, "campaigns/desk/overview.html", "campaigns/desk/_overview.html", shown)


@require_POST
def set_role_holder(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Names who holds a role; its unowned tasks go along."""
    actor = actor_for(request.user)
    values: dict[str, Any] = cleaned(RoleHolderForm(request.POST))
    hand_over_role(
        actor=actor, campaign_id=campaign_id, role=values["role"], user_id=values["user"], now=timezone.now()
    )
    if not getattr(request, "htmx", False):
        return redirect("campaigns:overview", campaign_id)
    shown = {"people": people_screen(actor, campaign_id), "is_answer": True}
    return render(request, "campaigns/desk/_people.html", shown)
