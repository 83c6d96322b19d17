"""Tasks in a line each: how they are read, and the tasks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.board import actions
from campaigns.board.forms import QuickForm, QuickPageForm
from campaigns.board.queries import QuickScreen, quick_screen
from planner.web.forms import cleaned
from planner.web.htmx import go, page_or_fragment
from staff.people.queries import actor_for


def _context(screen: QuickScreen, **more: Any) -> dict[str, Any]:
    return {"screen": screen, "quick_campaign_id": screen.campaign_id, "quick_text": screen.text, **more}


@require_http_methods(["GET", "HEAD", "POST"])
def quick_add(request: HttpRequest) -> HttpResponse:
    """The line to write in; sent, its tasks, if nothing is asked about them and they are what was shown."""
    actor, now = actor_for(request.user), timezone.now()
    if request.method != "POST":
        asked: dict[str, Any] = cleaned(QuickPageForm(request.GET))
        screen = quick_screen(actor, asked["lines"], campaign_id=asked["campaign_id"], now=now)
        return page_or_fragment(request, "campaigns/board/quick.html", "campaigns/board/_quick.html", _context(screen))
    form = QuickForm(request.POST)
    seen: Any = cleaned(form)["seen"]
    screen = quick_screen(actor, **form.reading(), now=now)
    is_script = bool(getattr(request, "htmx", False))
    # Without script nothing has been shown before the first time; with it, who is quicker than the preview is told how
    # the lines were read.
    is_shown = screen.tag == seen or (is_script and not seen)
    if not (screen.is_clear and is_shown):
        status = 200 if screen.is_clear or not screen.readings else 409
        fragment = "campaigns/board/_quick_reading.html"
        context = _context(screen, is_changed=bool(seen) and screen.tag != seen)
        return render(request, fragment if is_script else "campaigns/board/quick.html", context, status=status)
    made = actions.quick_add(
        actor=actor, lines=screen.text, campaign_id=screen.campaign_id, as_of=screen.as_of, seen=seen, now=now
    )
    if is_script:
        added = list(zip(made, screen.readings, strict=True))
        return render(request, "campaigns/board/_quick_added.html", {"added": added})
    first = screen.readings[0].campaign
    if len(made) > 1 and first:
        return go(request, reverse("campaigns:board", args=[first.id]))
    return go(request, reverse("campaigns:task", args=[made[0]]))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How the lines are read now; writes nothing."""
    form = QuickForm(request.POST)
    values: dict[str, Any] = cleaned(form)
    screen = quick_screen(
        actor_for(request.user), values["lines"], campaign_id=values["campaign_id"], now=timezone.now()
    )
    return page_or_fragment(
        request, "campaigns/board/quick.html", "campaigns/board/_quick_reading.html", _context(screen)
    )
