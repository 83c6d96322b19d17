"""Pages of the procedures, and the one form that turns one into a campaign."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.sop import actions
from campaigns.sop.forms import NewCampaignForm, ProcedureForm, TeamForm
from campaigns.sop.queries import campaign_choices, managed_teams, plan_preview, templates_of, version_screen
from planner.web.forms import cleaned
from planner.web.htmx import go, page_or_fragment
from staff.people.queries import actor_for


@require_GET
def sop(request: HttpRequest) -> HttpResponse:
    """Every procedure the reader may see, with its versions."""
    actor = actor_for(request.user)
    context = {"templates": templates_of(actor), "teams": managed_teams(actor), "nav": "sop"}
    return render(request, "campaigns/sop/sop.html", context)


@require_GET
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """The steps of one version, in both languages."""
    screen = version_screen(actor_for(request.user), version_id)
    return render(request, "campaigns/sop/version.html", {"version": screen, "nav": "sop"})


@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """A file as the newest version of a team's template; shows what was loaded."""
    values: dict[str, Any] = cleaned(ProcedureForm(request.POST, request.FILES))
    loaded = actions.load_sop(
        actor=actor_for(request.user), team_id=values["team"], text=values["file"], now=timezone.now()
    )
    return go(request, reverse("campaigns:sop_version", args=[loaded.version_id]))


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new campaign: fill in, look at the whole plan, confirm."""
    actor, asked, now = actor_for(request.user), request.POST or request.GET, timezone.now()
    begun: dict[str, Any] = cleaned(TeamForm(asked))
    choices, pick = campaign_choices(actor, begun["team"], now=now), begun["pick"] or 0
    form = NewCampaignForm(request.POST if request.method == "POST" else None, choices=choices, pick=pick)
    context = {"form": form, "choices": choices, "pick": pick, "nav": "campaigns"}
    if request.method == "GET":
        return render(request, "campaigns/sop/create.html", context)
    if not getattr(request, "htmx", False) and not form.is_valid():
        # Without script the page itself comes back, as it was filled in, with each fault beside its field.
        return render(request, "campaigns/sop/create.html", context, status=HTTPStatus.CONFLICT)
    draft = form.draft()
    if request.POST.get("step") == "confirm":
        campaign_id = actions.create_campaign_from_sop(actor=actor, now=now, **draft, **form.store_values())
        return go(request, reverse("campaigns:board", args=[campaign_id]))
    context |= {"preview": plan_preview(actor=actor, now=now, **draft), "draft": draft, "typed": form.typed()}
    return page_or_fragment(request, "campaigns/sop/create.html", "campaigns/sop/_plan_preview.html", context)
