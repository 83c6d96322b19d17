"""What is said about a task, put otherwise, and taken back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.board import actions, forms
from campaigns.board.queries import task_of_comment
from campaigns.board.views.answers import answer
from planner.web.forms import cleaned
from staff.people.queries import actor_for


@require_POST
def comment(request: HttpRequest, task_id: int) -> HttpResponse:
    """Says something."""
    values: dict[str, Any] = cleaned(forms.CommentForm(request.POST))
    actor = actor_for(request.user)
    actions.add_comment(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id, "_comments.html")


@require_POST
def edit_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Puts one's own words otherwise."""
    actor = actor_for(request.user)
    values: dict[str, Any] = cleaned(forms.CommentForm(request.POST))
    actions.edit_comment(actor=actor, comment_id=comment_id, now=timezone.now(), **values)
    return answer(request, actor, task_of_comment(actor, comment_id), "_comments.html")


@require_POST
def remove_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Takes a comment away."""
    actor = actor_for(request.user)
    task_id = task_of_comment(actor, comment_id)
    actions.remove_comment(actor=actor, comment_id=comment_id, now=timezone.now())
    return answer(request, actor, task_id, "_comments.html")
