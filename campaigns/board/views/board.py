"""The board of a campaign, moving its cards, and new tasks."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.board import actions
from campaigns.board.forms import BoardForm, CreateTaskForm, MoveForm
from campaigns.board.queries import board_more, board_screen, move_screen, new_task_screen, task_for
from campaigns.campaign.queries import campaign_for
from planner.web.forms import cleaned
from planner.web.htmx import go
from staff.people.queries import actor_for

BACK_LENGTH = 5000


def _board(request: HttpRequest, campaign_id: int, form: BoardForm, template: str, **context: Any) -> HttpResponse:
    asked = form.asked()
    screen = board_screen(actor_for(request.user), campaign_id, asked, timezone.now(), form.shown_before())
    context |= {"screen": screen, "campaign": screen.campaign, "tab": "board"}
    return render(request, f"campaigns/board/{template}", context)


def _address(campaign_id: int, query: str) -> str:
    address = reverse("campaigns:board", args=[campaign_id])
    return f"{address}?{query}" if query else address


@require_safe
def board(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The board; for htmx only its columns or more of one, and nothing (204) while `version` is the present one."""
    form = BoardForm(request.GET)
    htmx: Any = getattr(request, "htmx", None)
    is_part = htmx and not htmx.history_restore_request
    behind = form.behind()
    if behind is not None:
        more = board_more(actor_for(request.user), campaign_id, form.asked(), *behind, timezone.now())
        context = {"screen": more, "cell": more.cell, "campaign": more.campaign, "tab": "board"}
        return render(request, f"campaigns/board/{'_cards' if is_part else 'more'}.html", context)
    if not is_part:
        return _board(request, campaign_id, form, "board.html")
    seen = request.GET.get("version")
    if seen and seen == str(campaign_for(actor_for(request.user), campaign_id).board_version):
        return HttpResponse(status=204)
    response = _board(request, campaign_id, form, "_board.html")
    if not seen:
        # Filters chosen on the page: the address says them, without what was left blank.
        response.headers["HX-Push-Url"] = _address(campaign_id, form.asked().query)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def move_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Where a card may go, and its move; answers with the board as it is then."""
    actor, now = actor_for(request.user), timezone.now()
    is_part = bool(getattr(request, "htmx", False))
    if request.method != "POST":
        form = BoardForm(QueryDict(request.GET.get("back", "")[:BACK_LENGTH]))
        screen = move_screen(actor, task_id, form.asked(), now)
        # A card that was dropped keeps its place while its reader is asked for the rest.
        dropped = {name: request.GET[name] for name in ("before_id", "after_id", "lane") if name in request.GET}
        context = {
            "screen": screen,
            "campaign": screen.facts.campaign,
            "tab": "board",
            "is_part": is_part,
            "to": request.GET.get("to", ""),
            "dropped": dropped,
            "back": request.GET.get("back", "")[:BACK_LENGTH],
        }
        return render(request, f"campaigns/board/{'_move' if is_part else 'move'}.html", context)
    form = BoardForm(QueryDict(request.POST.get("back", "")[:BACK_LENGTH]))
    values: dict[str, Any] = cleaned(MoveForm(request.POST))
    actions.move_card(actor=actor, task_id=task_id, group=form.asked().lanes, now=now, **values)
    campaign_id = task_for(actor, task_id).campaign.id
    if is_part:
        return _board(request, campaign_id, form, "_board.html", is_answer=True)
    return redirect(_address(campaign_id, form.asked().query))


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
