"""One campaign's log, and its way into the archive and back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from campaigns.campaign import actions
from campaigns.campaign.forms import ArchiveForm
from campaigns.campaign.queries import (
    EventFilter,
    EventLine,
    campaign_for,
    events_of,
    verbs_of,
)
from planner.core.sheets import csv_text
from planner.web.forms import cleaned
from planner.web.htmx import go
from planner.web.templatetags.words import label, moment
from staff.people.forms import LogFilterForm, LogPageForm
from staff.people.queries import actor_for, names_of_team
from staff.people.rules import Role, may_manage

LOG_PAGE = 50
# Logged fields that hold a user id: owners and signatures, and who holds a role.
PEOPLE = frozenset({"owner_id", "reviewer_id", "confirmed_by_id", *Role})
# The machine's own business: versions, and ids of rows that the line itself is about.
UNSHOWN = frozenset({"version", "comment_id", "task_id"})


@require_GET
def log(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Who did what in the campaign, newest first, page by page."""
    actor = actor_for(request.user)
    campaign = campaign_for(actor, campaign_id)
    asked: dict[str, Any] = cleaned(LogPageForm(request.GET))
    before_id = asked.pop("before")
    found = events_of(actor, campaign_id, EventFilter(**asked), before_id=before_id, limit=LOG_PAGE + 1)
    events, names = found[:LOG_PAGE], names_of_team(campaign.team_id)
    context = {
        "campaign": campaign,
        "tab": "log",
        "nav": "campaigns",
        "lines": [{"event": event, "verb": _verb(event.verb), "changes": _changes(event, names)} for event in events],
        "older": events[-1].id if len(found) > LOG_PAGE else None,
        "is_first": before_id is None,
        "asked": asked,
        "people": sorted(names.items(), key=lambda each: each[1]),
        "verbs": sorted(((verb, _verb(verb)) for verb in verbs_of(campaign_id)), key=lambda each: each[1]),
        "may_export": may_manage(actor, campaign.team_id),
    }
    return render(request, "campaigns/campaign/log.html", context)


@require_POST
def export_log(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The filtered log as a table for a spreadsheet."""
    asked: dict[str, Any] = cleaned(LogFilterForm(request.POST))
    actor, now = actor_for(request.user), timezone.now()
    events = actions.export_log(actor=actor, campaign_id=campaign_id, asked=EventFilter(**asked), now=now)
    names = names_of_team(campaign_for(actor, campaign_id).team_id)
    head = (
        gettext("When"),
        gettext("Who"),
        gettext("What was done"),
        gettext("About"),
        gettext("Before the change"),
        gettext("After the change"),
        gettext("Reason"),
    )
    rows = [_row(event, _changes(event, names)) for event in events]
    answer = HttpResponse(csv_text(head, rows), content_type="text/csv; charset=utf-8")
    name = f"campaign-{campaign_id}-log-{timezone.localdate(now):%Y%m%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _row(event: EventLine, changes: list[tuple[str, str, str]]) -> tuple[str, ...]:
    return (
        timezone.localtime(event.at).isoformat(sep=" ", timespec="seconds"),
        event.actor_name or gettext("The system"),
        _verb(event.verb),
        event.subject_label,
        "\n".join(f"{field}: {before or '—'}" for field, before, _after in changes),
        "\n".join(f"{field}: {after or '—'}" for field, _before, after in changes),
        event.reason,
    )


def _to_overview(request: HttpRequest, campaign_id: int) -> HttpResponse:
    # The head, the buttons and the log change at once: the page is loaded anew.
    return go(request, reverse("campaigns:overview", args=[campaign_id]))


@require_POST
def archive(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Puts the campaign into the archive; shows it there."""
    values: dict[str, Any] = cleaned(ArchiveForm(request.POST))
    actions.archive_campaign(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _to_overview(request, campaign_id)


@require_POST
def restore(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Takes the campaign out of the archive."""
    values: dict[str, Any] = cleaned(ArchiveForm(request.POST))
    actions.restore_campaign(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _to_overview(request, campaign_id)


def _verb(verb: str) -> str:
    name = label(verb)
    return name if name != verb else verb.replace("_", " ")


def _changes(event: EventLine, names: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """(field, before, after) in words."""
    shown = [
        (_verb(field), _shown(field, before, names), _shown(field, after, names))
        for field, before, after in event.changes
        if field not in UNSHOWN
    ]
    return [change for change in shown if change[1] != change[2]]


def _shown(field: str, value: Any, names: Mapping[int, str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field.endswith("_ids") and isinstance(value, list):
        return ", ".join(names.get(one, "?") for one in value)
    if field in PEOPLE and isinstance(value, int):
        return names.get(value, "?")
    if field.endswith("_at") and isinstance(value, str):
        at = parse_datetime(value)
        return moment(at) if at else value
    if isinstance(value, dict):
        return ngettext("%(count)s entry", "%(count)s entries", len(value)) % {"count": len(value)}
    return ", ".join(label(one) for one in value) if isinstance(value, list) else label(value)
