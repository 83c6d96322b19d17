"""The bell, the list of notices, and a campaign's ledger."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from campaigns.campaign.queries import campaign_for
from campaigns.reminders import actions
from campaigns.reminders.forms import LedgerForm, NoticesForm
from campaigns.reminders.queries.screens import ledger_screen, notices_screen, unread_count
from planner.web.forms import cleaned
from planner.web.htmx import page_or_fragment
from staff.people.queries import actor_for

NOTICES = ("campaigns/reminders/notices.html", "campaigns/reminders/_notices.html")
LEDGER = ("campaigns/reminders/ledger.html", "campaigns/reminders/_ledger.html")


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with the number of unread notices."""
    return render(request, "campaigns/reminders/_bell.html", {"unread": unread_count(actor_for(request.user))})


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The person's own notices."""
    values: dict[str, Any] = cleaned(NoticesForm(request.GET))
    screen = notices_screen(actor_for(request.user), before_id=values["before"])
    return page_or_fragment(request, *NOTICES, {"screen": screen, "unread": screen.unread})


def _notices_again(request: HttpRequest) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect("campaigns:notices")
    values: dict[str, Any] = cleaned(NoticesForm(request.POST))
    screen = notices_screen(actor_for(request.user), before_id=values["before"])
    return render(request, NOTICES[1], {"screen": screen, "unread": screen.unread, "with_bell": True})


@require_POST
def read_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Marks one notice as read."""
    actions.read_notice(actor=actor_for(request.user), notice_id=notice_id, now=timezone.now())
    return _notices_again(request)


@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Marks one notice as read and goes where it leads."""
    return redirect(actions.read_notice(actor=actor_for(request.user), notice_id=notice_id, now=timezone.now()))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks every notice as read."""
    actions.read_all(actor=actor_for(request.user), now=timezone.now())
    return _notices_again(request)


def _ledger(request: HttpRequest, campaign_id: int, asked: LedgerForm) -> HttpResponse:
    actor = actor_for(request.user)
    values: dict[str, Any] = cleaned(asked)
    screen = ledger_screen(
        actor,
        campaign_id,
        state=values["state"],
        task_id=values["task"],
        person_id=values["person"],
        page=values["page"] or 1,
    )
    context = {"campaign": campaign_for(actor, campaign_id), "tab": "ledger", "screen": screen}
    return page_or_fragment(request, *LEDGER, context)


@require_GET
def ledger(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Who was told what in this campaign, and how it went."""
    return _ledger(request, campaign_id, LedgerForm(request.GET))


@require_POST
def retry(request: HttpRequest, campaign_id: int, delivery_id: int) -> HttpResponse:
    """Sends a dead message again."""
    actions.retry_delivery(
        actor=actor_for(request.user), campaign_id=campaign_id, delivery_id=delivery_id, now=timezone.now()
    )
    if getattr(request, "htmx", False):
        return _ledger(request, campaign_id, LedgerForm(request.POST))
    return redirect("campaigns:ledger", campaign_id)
