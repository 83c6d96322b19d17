"""The offer after every verb on a page, and taking it up."""

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from campaigns.board.views import lines
from campaigns.board.views.lines import answer_line
from campaigns.campaign.rules import ChangeFacts
from campaigns.changes import actions
from campaigns.changes.queries import done_line, offer_of, said_together
from planner.core.errors import Missing, NotAllowed, Refused
from planner.web.addresses import go as go_back
from planner.web.htmx import go
from planner.web.toasts import tell
from planner.web.words import translate
from staff.people.queries import actor_for
from staff.people.rules import Actor


class OfferMiddleware:
    """After a verb by a page, says what was done and offers to take it back: one query, no view has to know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the offer beside it."""
        began = timezone.now()
        response = self.get_response(request)
        is_page = request.method == "POST" and not request.path.startswith("/api/")
        if is_page and response.status_code < 400 and request.user.is_authenticated:
            offer = offer_of(request.user.pk, began)
            if offer is not None:
                tell(request, translate(offer.said), undo=reverse("campaigns:undo_change", args=[offer.event_id]))
        return response


@require_POST
def undo_change(request: HttpRequest, event_id: int) -> HttpResponse:
    """Takes back what was just done; pieces that show it ask for news."""
    changes = _take_back(request, actor_for(request.user), event_id)
    campaign_id = changes[0].campaign_id
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    gone = [change.subject_id for change in changes if "bin" in (change.undo or {})]
    if any(reverse("campaigns:task", args=[task_id]) in came_from for task_id in gone):
        # The page of what is not there any more.
        return go(request, reverse("campaigns:board", args=[campaign_id]))
    if getattr(request, "htmx", False):
        return trigger_client_event(HttpResponse(), "undone", {"gone": True} if gone else {})
    return go_back(request, came_from, reverse("campaigns:overview", args=[campaign_id]))


@require_POST
def reopen_line(request: HttpRequest, task_id: int) -> HttpResponse:
    """Takes “done” back as its message offers it; what cannot be taken back any more is opened again."""
    actor = actor_for(request.user)
    event_id = done_line(actor, task_id)
    if event_id is not None:
        with suppress(Missing, NotAllowed, Refused):
            _take_back(request, actor, event_id)
            return answer_line(request, actor, task_id)
    return lines.reopen(request, task_id)


def _take_back(request: HttpRequest, actor: Actor, event_id: int) -> list[ChangeFacts]:
    changes = actions.undo_change(actor=actor, event_id=event_id, now=timezone.now())
    tell(request, _("Taken back. %(change)s") % {"change": translate(said_together(changes))})
    return changes
