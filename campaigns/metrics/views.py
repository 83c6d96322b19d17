"""The numbers of a campaign: imports, figures, target, visitors."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaigns.metrics import actions, jobs
from campaigns.metrics.forms import DaysForm, ImportForm, PasteForm, TargetForm
from campaigns.metrics.queries import numbers_screen
from campaigns.metrics.rules.orders import MAX_BYTES
from campaigns.metrics.rules.visitors import parse_visitors
from planner.web.bell import ring
from planner.web.forms import cleaned
from planner.web.limits import takes
from staff.people.queries import actor_for

PARTS = {"imports", "figures", "target", "visitors"}


def _part(request: HttpRequest, campaign_id: int, part: str) -> HttpResponse:
    """One part of the page to htmx, with word to the others that the numbers are other ones now; else the page."""
    if not getattr(request, "htmx", False):
        return redirect("campaigns:numbers", campaign_id)
    response = _render(request, campaign_id, f"campaigns/metrics/_{part}.html")
    response.headers["HX-Trigger-After-Swap"] = "numbers-changed"
    return response


def _render(request: HttpRequest, campaign_id: int, template: str) -> HttpResponse:
    screen = numbers_screen(actor_for(request.user), campaign_id)
    return render(request, template, {"screen": screen, "campaign": screen.campaign, "tab": "numbers"})


@require_safe
def numbers(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The page, or the one part of it that htmx wants to renew."""
    htmx: Any = getattr(request, "htmx", None)
    wanted = htmx.target if htmx and not htmx.boosted else None
    name = f"_{wanted}" if wanted in PARTS else "numbers"
    return _render(request, campaign_id, f"campaigns/metrics/{name}.html")


@takes(MAX_BYTES)
@require_POST
def import_orders(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Takes in an order file and rings for a worker."""
    file: Any = cleaned(ImportForm(request.POST, request.FILES))["file"]
    actor, now = actor_for(request.user), timezone.now()
    actions.start_import(actor=actor, campaign_id=campaign_id, file_name=file.name, data=file.read(), now=now)
    ring(jobs.sweep_imports)
    return _part(request, campaign_id, "imports")


@require_POST
def undo_import(request: HttpRequest, campaign_id: int, batch_id: int) -> HttpResponse:
    """Removes the orders of one import."""
    actor, now = actor_for(request.user), timezone.now()
    actions.undo_import(actor=actor, campaign_id=campaign_id, batch_id=batch_id, now=now)
    return _part(request, campaign_id, "imports")


@require_POST
def set_target(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Sets the target from three or four figures."""
    values: dict[str, Any] = cleaned(TargetForm(request.POST))
    actions.set_target(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _part(request, campaign_id, "target")


@require_POST
def set_visitors(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Sets the visitors of the days that were changed on the page."""
    values: dict[str, Any] = cleaned(DaysForm(request.POST))
    actions.set_daily_figures(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _part(request, campaign_id, "visitors")


@require_POST
def paste_visitors(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Sets the visitors of the days in pasted text."""
    visitors = parse_visitors(str(cleaned(PasteForm(request.POST))["pasted"]))
    actor, now = actor_for(request.user), timezone.now()
    actions.set_daily_figures(actor=actor, campaign_id=campaign_id, visitors=visitors, now=now)
    return _part(request, campaign_id, "visitors")
