"""Moving a campaign from phase to phase."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.phases import actions
from campaigns.phases.forms import AdvanceForm, StepBackForm
from planner.web.forms import cleaned
from planner.web.htmx import go
from staff.people.queries import actor_for


def _to_overview(request: HttpRequest, campaign_id: int) -> HttpResponse:
    # A move changes the head, the stepper, the risks and the log at once: the page is loaded anew.
    return go(request, reverse("campaigns:overview", args=[campaign_id]))


@require_POST
def advance(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Moves into the next phase, or over what blocks it with a reason."""
    values: dict[str, Any] = cleaned(AdvanceForm(request.POST))
    actions.advance_phase(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _to_overview(request, campaign_id)


@require_POST
def back(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Moves into the phase before."""
    values: dict[str, Any] = cleaned(StepBackForm(request.POST))
    actions.step_back(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _to_overview(request, campaign_id)


@require_POST
def close(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Closes routine work."""
    actions.close_routine(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now())
    return _to_overview(request, campaign_id)
