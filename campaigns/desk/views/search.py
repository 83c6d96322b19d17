"""Search as a page, and as what the palette shows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaigns.desk.forms import SearchForm
from campaigns.desk.queries.palette import palette
from campaigns.desk.rules.search import read
from planner.core.words import say
from planner.web.forms import cleaned
from planner.web.htmx import page_or_fragment
from staff.people.queries import actor_for

EXAMPLES = (
    ("主图", say("characters of the title")),
    ("zt", say("initials")),
    ("zhutu", say("pinyin")),
    ("P24", say("code of a step")),
    ("#123", say("number of a task")),
)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What was found by kind, and the commands that were named; for htmx as the palette's list."""
    given: dict[str, Any] = cleaned(SearchForm(request.GET))
    screen = palette(actor_for(request.user), read(given["q"]), given["at"], timezone.now())
    shown = {
        "screen": screen,
        "found": screen.found,
        "asked": screen.found.asked,
        "typed": given["q"],
        "at": given["at"],
        "examples": EXAMPLES,
        "nav": "search",
    }
    return page_or_fragment(request, "campaigns/desk/search.html", "campaigns/desk/_palette.html", shown)
