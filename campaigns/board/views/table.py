"""The tasks of a campaign as a table, and a change of many of them: look, apply, take back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from campaigns.board import actions
from campaigns.board.forms import BulkForm, TableForm
from campaigns.board.queries import bulk_edit_line, bulk_offer, bulk_preview, table_query, table_screen
from planner.web.forms import cleaned
from planner.web.htmx import go, page_or_fragment
from staff.people.queries import actor_for

BACK_LENGTH = 2000


@require_GET
def tasks(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One page of the table; for htmx only the table."""
    form = TableForm(request.GET)
    asked = form.wanted()
    screen = table_screen(
        actor_for(request.user), campaign_id, form.filters(), form.sorted_by(), asked.get("cursor", ""), timezone.now()
    )
    context: dict[str, Any] = {
        "screen": screen,
        "campaign": screen.campaign,
        "tab": "tasks",
        "form": BulkForm(owners=screen.owners, may_plan=screen.may_plan) if screen.may_edit else None,
        "just_made": next((edit for edit in screen.edits if edit.id == asked.get("edit")), None),
        "all": bool(asked.get("all")),
    }
    return page_or_fragment(request, "campaigns/board/tasks.html", "campaigns/board/_tasks.html", context)


def _form(request: HttpRequest, campaign_id: int) -> BulkForm:
    offer = bulk_offer(actor_for(request.user), campaign_id)
    return BulkForm(request.POST, owners=offer.owners, may_plan=offer.may_plan)


@require_POST
def preview_bulk(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """What the change would do to each ticked task; writes nothing."""
    form = _form(request, campaign_id)
    cleaned(form)
    preview = bulk_preview(actor_for(request.user), campaign_id, form.seen(), form.changes(), timezone.now())
    context = {
        "preview": preview,
        "campaign": preview.campaign,
        "tab": "tasks",
        "sent": form.sent(),
        "back": _back(request, campaign_id),
        "back_query": request.POST.get("back", "")[:BACK_LENGTH],
    }
    return page_or_fragment(request, "campaigns/board/bulk.html", "campaigns/board/_bulk.html", context)


@require_POST
def apply_bulk(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Changes all of them, or none; leads back to the table, where it can be taken back."""
    form = _form(request, campaign_id)
    cleaned(form)
    edit_id = actions.apply_bulk_edit(
        actor=actor_for(request.user),
        campaign_id=campaign_id,
        seen=form.seen(),
        changes=form.changes(),
        now=timezone.now(),
    )
    return go(request, _back(request, campaign_id, edit=str(edit_id)))


@require_POST
def undo_bulk(request: HttpRequest, edit_id: int) -> HttpResponse:
    """Takes a change of many tasks back."""
    actor, now = actor_for(request.user), timezone.now()
    actions.undo_bulk_edit(actor=actor, edit_id=edit_id, now=now)
    return go(request, _back(request, bulk_edit_line(actor, edit_id, now).campaign_id, edit=str(edit_id)))


def _back(request: HttpRequest, campaign_id: int, **more: str) -> str:
    """The table with the filters that the reader came from."""
    form = TableForm(QueryDict(request.POST.get("back", "")[:BACK_LENGTH]))
    query = table_query(form.filters(), form.sorted_by(), **more)
    return f"{reverse('campaigns:tasks', args=[campaign_id])}?{query}"
