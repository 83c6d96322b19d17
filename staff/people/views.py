"""The people of a team."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from planner.core.sheets import csv_text
from planner.web.forms import cleaned
from planner.web.htmx import go
from staff.people import actions
from staff.people.forms import GuideForm, LogFilterForm, LogPageForm, PersonForm, SeenPlaceForm
from staff.people.queries import LogFilter, actor_for, log_page
from staff.people.rules import Actor


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The page of people shows campaigns too, so it stands above this slice; this name leads there."""
    return redirect("campaigns:people")


@require_POST
def guide(request: HttpRequest) -> HttpResponse:
    """Puts the guide of the first steps away, or brings it back; it stands on the first page."""
    values: dict[str, Any] = cleaned(GuideForm(request.POST))
    actions.set_guide(actor=actor_for(request.user), now=timezone.now(), **values)
    return go(request, resolve_url("campaigns:today"))


def _person(request: HttpRequest, actor: Actor, team_id: int, user_id: int) -> HttpResponse:
    """On to the person's page; htmx follows and is given its fragment. Who changed their own place may lose it."""
    if user_id != actor.user_id:
        return redirect("campaigns:person", team_id, user_id)
    return go(request, resolve_url("campaigns:people"))


@sensitive_post_parameters("password")
@require_POST
def add_person(request: HttpRequest, team_id: int) -> HttpResponse:
    """A new member of the team."""
    values: dict[str, Any] = cleaned(PersonForm(request.POST))
    actions.add_person(actor=actor_for(request.user), team_id=team_id, now=timezone.now(), **values)
    # htmx follows, and is given the fragment of this one team.
    return redirect(f"{resolve_url('campaigns:people')}?{urlencode({'team': team_id})}")


@require_POST
def change_place(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """A member's level, roles and hours."""
    values: dict[str, Any] = cleaned(SeenPlaceForm(request.POST))
    actor = actor_for(request.user)
    actions.change_place(actor=actor, team_id=team_id, user_id=user_id, now=timezone.now(), **values)
    return _person(request, actor, team_id, user_id)


@require_POST
def deactivate(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """Ends a member's place."""
    actor = actor_for(request.user)
    actions.deactivate_person(actor=actor, team_id=team_id, user_id=user_id, now=timezone.now())
    return _person(request, actor, team_id, user_id)


@require_POST
def reactivate(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """Gives an ended place back."""
    actor = actor_for(request.user)
    actions.reactivate_person(actor=actor, team_id=team_id, user_id=user_id, now=timezone.now())
    return _person(request, actor, team_id, user_id)


@require_GET
def log(request: HttpRequest, team_id: int) -> HttpResponse:
    """What happened to the team's people and settings, newest first, page by page."""
    asked: dict[str, Any] = cleaned(LogPageForm(request.GET))
    before_id = asked.pop("before")
    screen = log_page(actor_for(request.user), team_id, LogFilter(**asked), before_id)
    shown = {"screen": screen, "asked": asked, "is_first": before_id is None, "nav": "people"}
    return render(request, "staff/people/log.html", shown)


@require_POST
def export_log(request: HttpRequest, team_id: int) -> HttpResponse:
    """The filtered log as a table for a spreadsheet."""
    asked: dict[str, Any] = cleaned(LogFilterForm(request.POST))
    now = timezone.now()
    lines = actions.export_log(actor=actor_for(request.user), team_id=team_id, asked=LogFilter(**asked), now=now)
    head = (_("When"), _("Who"), _("What was done"), _("Person"), _("Before the change"), _("After the change"))
    rows = [
        (
            timezone.localtime(line.at).isoformat(sep=" ", timespec="seconds"),
            line.actor_name or _("The system"),
            line.verb_name,
            line.subject_name,
            "\n".join(f"{field}: {before}" for field, before, _after in line.changes),
            "\n".join(f"{field}: {after}" for field, _before, after in line.changes),
        )
        for line in lines
    ]
    answer = HttpResponse(csv_text(head, rows), content_type="text/csv; charset=utf-8")
    name = f"team-{team_id}-log-{timezone.localdate(now):%Y%m%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
