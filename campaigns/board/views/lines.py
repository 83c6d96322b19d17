"""The verbs that are one tap away on a line, wherever the line stands; each answers with the line."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.board import actions, forms
from campaigns.board.queries import line_for
from planner.web.addresses import go
from planner.web.forms import cleaned
from staff.people.queries import actor_for
from staff.people.rules import Actor


def _line(request: HttpRequest, task_id: int, verb: Callable[..., object]) -> HttpResponse:
    actor: Actor = actor_for(request.user)
    values: dict[str, Any] = cleaned(forms.VersionForm(request.POST))
    verb(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer_line(request, actor, task_id)


def answer_line(request: HttpRequest, actor: Actor, task_id: int) -> HttpResponse:
    """The line as it is now; without script the list that the reader came from."""
    if getattr(request, "htmx", False):
        context = {"line": line_for(actor, task_id, timezone.now()), "is_answer": True}
        return render(request, "campaigns/board/_task_line.html", context)
    return go(request, request.headers.get("Referer", ""), reverse("campaigns:task", args=[task_id]))


@require_POST
def complete(request: HttpRequest, task_id: int) -> HttpResponse:
    """Done, by one tap."""
    return _line(request, task_id, actions.complete_task)


@require_POST
def reopen(request: HttpRequest, task_id: int) -> HttpResponse:
    """Opens what was done again."""
    return _line(request, task_id, actions.reopen_task)


@require_POST
def confirm(request: HttpRequest, task_id: int) -> HttpResponse:
    """Signs a gate, by one tap."""
    return _line(request, task_id, actions.confirm_gate)


@require_POST
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """The reader becomes the owner, by one tap."""
    return _line(request, task_id, actions.take_task)
