"""The offer after every verb on a page, and taking it up."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from campaigns.changes import actions
from campaigns.changes.queries import offer_of, said_of
from planner.web.addresses import go as go_back
from planner.web.htmx import go
from planner.web.toasts import tell
from planner.web.words import translate
from staff.people.queries import actor_for


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
    change = actions.undo_change(actor=actor_for(request.user), event_id=event_id, now=timezone.now())
    tell(request, _("Taken back. %(change)s") % {"change": translate(said_of(change))})
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if "bin" in (change.undo or {}) and reverse("campaigns:task", args=[change.subject_id]) in came_from:
        # The page of what is not there any more.
        return go(request, reverse("campaigns:board", args=[change.campaign_id]))
    if getattr(request, "htmx", False):
        return trigger_client_event(HttpResponse(), "undone", {})
    return go_back(request, came_from, reverse("campaigns:overview", args=[change.campaign_id]))
