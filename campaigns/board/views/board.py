"""The board of a campaign, moving its cards, and new tasks."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.board import actions
from campaigns.board.forms import CreateTaskForm, FilterForm, MoveForm
from campaigns.board.queries import BoardFilters, board_screen, new_task_screen, task_for
from campaigns.campaign.queries import campaign_for
from planner.web.forms import cleaned
from planner.web.htmx import go
from staff.people.queries import actor_for


def _board(
    request: HttpRequest, campaign_id: int, filters: BoardFilters, template: str, *, is_answer: bool = False
) -> HttpResponse:
    screen = board_screen(actor_for(request.user), campaign_id, filters, timezone.now())
    context = {"screen": screen, "campaign": screen.campaign, "tab": "board", "is_answer": is_answer}
    return render(request, f"campaigns/board/{template}", context)


@require_GET
def board(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The board; for htmx only its columns, and nothing (204) while `version` is still the present one."""
    filters = BoardFilters(**FilterForm(request.GET).wanted())
    htmx: Any = getattr(request, "htmx", None)
    if not htmx or htmx.history_restore_request:
        return _board(request, campaign_id, filters, "board.html")
    seen = request.GET.get("version")
    if seen and seen == str(campaign_for(actor_for(request.user), campaign_id).board_version):
        return HttpResponse(status=204)
    return _board(request, campaign_id, filters, "_board.html")


@require_POST
def move_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Moves a card, and answers with the board as it is then."""
    actor = actor_for(request.user)
    values: dict[str, Any] = cleaned(MoveForm(request.POST))
    actions.move_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    campaign_id = task_for(actor, task_id).campaign.id
    filters = BoardFilters(**FilterForm(QueryDict(request.POST.get("back", ""))).wanted())
    if getattr(request, "htmx", False):
        return _board(request, campaign_id, filters, "_board.html", is_answer=True)
    return redirect(f"{reverse('campaigns:board', args=[campaign_id])}?{filters.query}")


@require_http_methods(["GET", "HEAD", "POST"])
def create_task(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The form for a new task, and the new task."""
    actor = actor_for(request.user)
    screen = new_task_screen(actor, campaign_id)
    offered: dict[str, Any] = {"owners": screen.owners, "may_plan": screen.may_plan}
    if request.method == "POST":
        values: dict[str, Any] = cleaned(CreateTaskForm(request.POST, **offered))
        task_id = actions.create_task(actor=actor, campaign_id=campaign_id, now=timezone.now(), **values)
        return go(request, reverse("campaigns:task", args=[task_id]))
    form = CreateTaskForm(initial=screen.initial, **offered)
    context = {"form": form, "campaign": screen.campaign, "tab": "board"}
    return render(request, "campaigns/board/create.html", context)
