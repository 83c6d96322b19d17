"""The first page."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaigns.desk.forms import TodayForm
from campaigns.desk.queries.guide import guide_screen
from campaigns.desk.queries.today import today_screen, today_section, today_version
from planner.web.forms import cleaned
from planner.web.htmx import page_or_fragment
from staff.people.queries import actor_for
from staff.people.rules import may_work


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What the reader does next; the crews' lanes beside it for those who lead.

    With `section` that list alone, from `after` on; for htmx with `version` nothing (204) while it is the present one.
    """
    now, actor = timezone.now(), actor_for(request.user)
    asked: dict[str, Any] = cleaned(TodayForm(request.GET))
    if asked["section"]:
        section = today_section(actor, asked["section"], asked["after"], now=now)
        shown = {"section": section, "nav": "today"}
        return page_or_fragment(request, "campaigns/desk/section.html", "campaigns/desk/_lines.html", shown)
    if getattr(request, "htmx", False) and asked["version"] and asked["version"] == today_version(actor, now=now):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    screen = today_screen(actor, now=now, with_done=True)
    page = "campaigns/desk/today.html" if screen.has_team else "staff/people/no_team.html"
    may_add = screen.has_campaigns and any(may_work(actor, team_id) for team_id in actor.team_ids)
    context: dict[str, Any] = {"screen": screen, "today": timezone.localdate(now), "nav": "today", "may_add": may_add}
    if not getattr(request, "htmx", False):
        context["guide"] = guide_screen(actor)
    return page_or_fragment(request, page, "campaigns/desk/_today.html", context)
