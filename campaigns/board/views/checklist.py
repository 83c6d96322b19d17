"""The lines of a task's checklist: written, ticked, let off."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.board import actions, forms
from campaigns.board.queries import item_text, task_of_item
from campaigns.board.views.answers import answer, is_part, page
from planner.web.forms import cleaned
from staff.people.queries import actor_for


@require_POST
def add_item(request: HttpRequest, task_id: int) -> HttpResponse:
    """One more line."""
    values: dict[str, Any] = cleaned(forms.NewItemForm(request.POST))
    actor = actor_for(request.user)
    actions.add_item(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def edit_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """The line says something else; where somebody changed it meanwhile, both texts come back."""
    actor = actor_for(request.user)
    values: dict[str, Any] = cleaned(forms.ItemForm(request.POST))
    theirs, was = item_text(actor, item_id), values["was"]
    if was is not None and theirs not in {was.strip(), values["text"]}:
        clash = {"id": item_id, "theirs": theirs, "yours": values["text"]}
        template = "_work.html" if is_part(request) else "task.html"
        return page(request, actor, task_of_item(actor, item_id), template, status=409, item_clash=clash)
    task_id = actions.edit_item(actor=actor, item_id=item_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def move_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """One place up or down."""
    actor = actor_for(request.user)
    values: Any = cleaned(forms.MoveItemForm(request.POST))
    task_id = actions.move_item(actor=actor, item_id=item_id, up=values["to"] == "up", now=timezone.now())
    return answer(request, actor, task_id)


@require_POST
def remove_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Takes a line away."""
    actor = actor_for(request.user)
    task_id = task_of_item(actor, item_id)
    actions.remove_item(actor=actor, item_id=item_id, now=timezone.now())
    return answer(request, actor, task_id)


@require_POST
def tick(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ticks a line of the checklist."""
    actor = actor_for(request.user)
    task_id = actions.tick_item(actor=actor, item_id=item_id, now=timezone.now())
    return answer(request, actor, task_id)


@require_POST
def untick(request: HttpRequest, item_id: int) -> HttpResponse:
    """Opens a line of the checklist again."""
    actor = actor_for(request.user)
    task_id = actions.untick_item(actor=actor, item_id=item_id, now=timezone.now())
    return answer(request, actor, task_id)


@require_POST
def waive_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Lets a line of the checklist off."""
    actor = actor_for(request.user)
    reason: Any = cleaned(forms.ReasonForm(request.POST))["reason"]
    task_id = actions.waive_item(actor=actor, item_id=item_id, reason=reason, now=timezone.now())
    return answer(request, actor, task_id)
