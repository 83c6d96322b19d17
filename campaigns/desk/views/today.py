"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaigns.desk.queries.today import today_screen
from staff.people.queries import actor_for


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What the reader does next; the crews' lanes below for those who lead."""
    now = timezone.now()
    screen = today_screen(actor_for(request.user), now=now)
    page = "campaigns/desk/today.html" if screen.has_team else "staff/people/no_team.html"
    return render(request, page, {"screen": screen, "today": timezone.localdate(now), "nav": "today"})
