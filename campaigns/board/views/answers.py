"""How the verbs on a task answer: with the task to htmx, by going there to everyone else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from campaigns.board.queries import task_screen
from staff.people.queries import actor_for


def page(request: HttpRequest, task_id: int, template: str, *, is_answer: bool = False) -> HttpResponse:
    """A template of the task's screen."""
    screen = task_screen(actor_for(request.user), task_id, timezone.now())
    context = {"screen": screen, "campaign": screen.facts.campaign, "tab": "board", "is_answer": is_answer}
    return render(request, f"campaigns/board/{template}", context)


def answer(request: HttpRequest, task_id: int, fragment: str = "_work.html") -> HttpResponse:
    """The part of the task's page that a verb changed."""
    if getattr(request, "htmx", False):
        return page(request, task_id, fragment, is_answer=True)
    return redirect("campaigns:task", task_id)
