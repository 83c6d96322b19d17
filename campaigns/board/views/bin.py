"""Into the bin, asked once; the bin of a campaign, and out of it again."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.board import actions, forms
from campaigns.board.queries import bin_screen, delete_screen
from planner.web.addresses import go as go_back
from planner.web.forms import cleaned
from planner.web.htmx import go, page_or_fragment
from staff.people.queries import actor_for


@require_http_methods(["GET", "HEAD", "POST"])
def delete_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Says what goes along; sent, the task lies in the bin."""
    actor = actor_for(request.user)
    screen = delete_screen(actor, task_id)
    if request.method == "POST":
        reason: Any = cleaned(forms.DeleteForm(request.POST))["reason"]
        actions.delete_task(actor=actor, task_id=task_id, reason=reason, now=timezone.now())
        return go(request, reverse("campaigns:board", args=[screen.facts.campaign.id]))
    context = {"screen": screen, "campaign": screen.facts.campaign, "tab": "board"}
    return render(request, "campaigns/board/delete.html", context)


@require_GET
def bin_of_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """What was deleted and can still be restored."""
    screen = bin_screen(actor_for(request.user), campaign_id, timezone.now())
    context = {"screen": screen, "campaign": screen.campaign, "tab": "bin"}
    return page_or_fragment(request, "campaigns/board/bin.html", "campaigns/board/_bin.html", context)


def _restore(request: HttpRequest, verb: Callable[..., object], **about: int) -> HttpResponse:
    verb(actor=actor_for(request.user), now=timezone.now(), **about)
    return go_back(request, request.headers.get("Referer", ""), reverse("campaigns:today"))


@require_POST
def restore_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """The task is back."""
    return _restore(request, actions.restore_task, task_id=task_id)


@require_POST
def restore_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """The line of a checklist is back."""
    return _restore(request, actions.restore_item, item_id=item_id)


@require_POST
def restore_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The comment is back."""
    return _restore(request, actions.restore_comment, comment_id=comment_id)


@require_POST
def restore_evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """The evidence is back."""
    return _restore(request, actions.restore_evidence, evidence_id=evidence_id)
