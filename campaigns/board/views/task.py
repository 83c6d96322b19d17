"""The page of one task and every verb on it; each answers with the part of the page that it changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.board import actions, forms
from campaigns.board.queries import (
    EditScreen,
    edit_screen,
    field_clashes,
    predecessor_named,
    predecessors_found,
    task_news,
)
from campaigns.board.rules import stripped
from campaigns.board.views.answers import answer, is_part, page
from planner.web.forms import cleaned
from planner.web.htmx import go, page_or_fragment
from staff.people.queries import actor_for

# One tap changes them; there is nothing typed that could be lost.
FLAGS = frozenset({"important", "urgent", "must_have", "needs_evidence"})


@require_GET
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Everything about a task; for htmx without the frame, and nothing (204) while `seen` is still the present one."""
    actor, seen = actor_for(request.user), request.GET.get("seen")
    if seen and seen == str(task_news(actor, task_id)):
        return HttpResponse(status=204)
    return page(request, actor, task_id, "_task.html" if is_part(request) else "task.html")


@require_http_methods(["GET", "HEAD", "POST"])
def edit_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """The form with a task's fields; sent, only what the reader changed is changed.

    With `only`, it is a form of those fields on the task's own page. Where somebody changed the same field meanwhile,
    the form comes back with what was typed and with what is there now.
    """
    actor = actor_for(request.user)
    screen = edit_screen(actor, task_id)
    form = forms.EditTaskForm(initial=screen.initial, may_plan=screen.may_plan)
    if request.method != "POST":
        return _edit_page(request, screen, form)
    only = request.POST.getlist("only")
    sent = forms.EditTaskForm(request.POST, may_plan=screen.may_plan, only=only, auto_id="fact-%s" if only else "id_%s")
    version: Any = cleaned(sent)["version"]
    changes: Any = sent.changes()
    clashes = () if FLAGS & set(only) else field_clashes(screen.facts, version, stripped(changes))
    if clashes:
        settling = sent.settling(clashes, form)
        if not only:
            return _edit_page(request, screen, settling, status=409)
        return page(
            request, actor, task_id, "_work.html" if is_part(request) else "task.html", status=409, settling=settling
        )
    actions.edit_task(actor=actor, task_id=task_id, changes=changes, version=version, now=timezone.now())
    return answer(request, actor, task_id) if only else go(request, reverse("campaigns:task", args=[task_id]))


def _edit_page(request: HttpRequest, screen: EditScreen, form: forms.EditTaskForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "facts": screen.facts, "campaign": screen.facts.campaign, "tab": "board"}
    return page_or_fragment(
        request, "campaigns/board/edit.html", "campaigns/board/_edit_form.html", context, status=status
    )


@require_POST
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """The reader becomes the owner."""
    values: dict[str, Any] = cleaned(forms.VersionForm(request.POST))
    actor = actor_for(request.user)
    actions.take_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def assign(request: HttpRequest, task_id: int) -> HttpResponse:
    """Gives the task to somebody, or to nobody."""
    values: dict[str, Any] = cleaned(forms.AssignForm(request.POST))
    actor = actor_for(request.user)
    actions.assign_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def helpers(request: HttpRequest, task_id: int) -> HttpResponse:
    """Names everyone who helps."""
    values: dict[str, Any] = cleaned(forms.HelpersForm(request.POST))
    actor = actor_for(request.user)
    actions.set_helpers(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def start(request: HttpRequest, task_id: int) -> HttpResponse:
    """Work begins."""
    values: dict[str, Any] = cleaned(forms.VersionForm(request.POST))
    actor = actor_for(request.user)
    actions.start_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def review(request: HttpRequest, task_id: int) -> HttpResponse:
    """Asks a second person to check it."""
    values: dict[str, Any] = cleaned(forms.ReviewForm(request.POST))
    actor = actor_for(request.user)
    actions.send_to_review(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def complete(request: HttpRequest, task_id: int) -> HttpResponse:
    """Marks it done."""
    values: dict[str, Any] = cleaned(forms.CompleteForm(request.POST))
    actor = actor_for(request.user)
    actions.complete_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def reopen(request: HttpRequest, task_id: int) -> HttpResponse:
    """Takes it back into work."""
    values: dict[str, Any] = cleaned(forms.VersionForm(request.POST))
    actor = actor_for(request.user)
    actions.reopen_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def block(request: HttpRequest, task_id: int) -> HttpResponse:
    """Says why it cannot go on."""
    values: dict[str, Any] = cleaned(forms.ReasonForm(request.POST))
    actor = actor_for(request.user)
    actions.block_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def unblock(request: HttpRequest, task_id: int) -> HttpResponse:
    """It can go on."""
    values: dict[str, Any] = cleaned(forms.VersionForm(request.POST))
    actor = actor_for(request.user)
    actions.unblock_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def cancel(request: HttpRequest, task_id: int) -> HttpResponse:
    """Says why it is not needed."""
    values: dict[str, Any] = cleaned(forms.ReasonForm(request.POST))
    actor = actor_for(request.user)
    actions.cancel_task(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def confirm(request: HttpRequest, task_id: int) -> HttpResponse:
    """Signs a gate."""
    values: dict[str, Any] = cleaned(forms.VersionForm(request.POST))
    actor = actor_for(request.user)
    actions.confirm_gate(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def accept_rush(request: HttpRequest, task_id: int) -> HttpResponse:
    """Takes a rush request on, and gives it to somebody where one is named."""
    values: dict[str, Any] = cleaned(forms.AssignForm(request.POST))
    actor = actor_for(request.user)
    actions.accept_rush(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def decline_rush(request: HttpRequest, task_id: int) -> HttpResponse:
    """Turns a rush request down."""
    values: dict[str, Any] = cleaned(forms.ReasonForm(request.POST))
    actor = actor_for(request.user)
    actions.decline_rush(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def hours(request: HttpRequest, task_id: int) -> HttpResponse:
    """Adds worked hours."""
    values: dict[str, Any] = cleaned(forms.HoursForm(request.POST))
    actor = actor_for(request.user)
    actions.log_hours(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_GET
def find_predecessor(request: HttpRequest, task_id: int) -> HttpResponse:
    """Tasks that fit what is typed, to choose one that this one waits for."""
    actor = actor_for(request.user)
    text: Any = cleaned(forms.FindPredecessorForm(request.GET))["text"]
    found = predecessors_found(actor, task_id, text)
    if is_part(request):
        return render(request, "campaigns/board/_predecessors.html", {"found": found})
    return page(request, actor, task_id, "task.html", found=found)


@require_POST
def add_dependency(request: HttpRequest, task_id: int) -> HttpResponse:
    """Makes the task wait for another one; what was typed and fits none or several comes back with those that fit."""
    actor = actor_for(request.user)
    values: dict[str, Any] = cleaned(forms.AddDependencyForm(request.POST))
    predecessor_id = values["predecessor_id"] or predecessor_named(actor, task_id, values["text"])
    if predecessor_id is None:
        found = predecessors_found(actor, task_id, values["text"])
        return page(request, actor, task_id, "_work.html" if is_part(request) else "task.html", status=409, found=found)
    actions.add_dependency(actor=actor, task_id=task_id, predecessor_id=predecessor_id, now=timezone.now())
    return answer(request, actor, task_id)


@require_POST
def remove_dependency(request: HttpRequest, task_id: int) -> HttpResponse:
    """The task waits for that one no longer."""
    values: dict[str, Any] = cleaned(forms.DependencyForm(request.POST))
    actor = actor_for(request.user)
    actions.remove_dependency(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def waive_predecessor(request: HttpRequest, task_id: int) -> HttpResponse:
    """Lets the task be done although that one is not."""
    values: dict[str, Any] = cleaned(forms.WaiveDependencyForm(request.POST))
    actor = actor_for(request.user)
    actions.waive_predecessor(actor=actor, task_id=task_id, now=timezone.now(), **values)
    return answer(request, actor, task_id)
