"""How the verbs on a task answer: with the task to htmx, by going there to everyone else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from campaigns.board.forms import EditTaskForm
from campaigns.board.queries import task_screen
from campaigns.board.rules import Verb
from staff.people.rules import Actor


def is_part(request: HttpRequest) -> bool:
    """True when htmx asks for a piece of a page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(
    request: HttpRequest, actor: Actor, task_id: int, template: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """A template of the task's screen, with a form of its fields."""
    screen = task_screen(actor, task_id, timezone.now())
    form = None
    if Verb.EDIT in screen.verbs:
        form = EditTaskForm(initial=screen.initial, may_plan=screen.may_plan, auto_id="fact-%s")
    context = {"screen": screen, "campaign": screen.facts.campaign, "tab": "board", "form": form, **more}
    return render(request, f"campaigns/board/{template}", context, status=status)


def answer(request: HttpRequest, actor: Actor, task_id: int, fragment: str = "_work.html") -> HttpResponse:
    """The part of the task's page that a verb changed."""
    if is_part(request):
        return page(request, actor, task_id, fragment, is_answer=True)
    return redirect("campaigns:task", task_id)
