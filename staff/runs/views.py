"""A run's progress, and the button that stops it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from planner.web.htmx import page_or_fragment
from staff.people.queries import actor_for
from staff.runs import actions
from staff.runs.queries import run_screen


def _shown(request: HttpRequest, run_id: int) -> HttpResponse:
    screen = run_screen(actor_for(request.user), run_id)
    response = page_or_fragment(request, "staff/runs/run.html", "staff/runs/_run.html", {"run": screen})
    if not screen.is_open:
        # The page around it listens: its figures are other ones now.
        response.headers["HX-Trigger-After-Swap"] = "run-ended"
    return response


@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far it is; asked again every second while it is open."""
    return _shown(request, run_id)


@require_POST
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Asks it to stop."""
    actions.ask_cancel(actor=actor_for(request.user), run_id=run_id, now=timezone.now())
    return _shown(request, run_id) if getattr(request, "htmx", False) else redirect("staff:run", run_id)
