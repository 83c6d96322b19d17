"""One view for the whole page and for its fragment, and the way to another page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect


def page_or_fragment(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The fragment for htmx, the page that includes it for everyone else."""
    htmx = getattr(request, "htmx", None)
    is_part = htmx and not htmx.boosted and not htmx.history_restore_request
    return render(request, fragment if is_part else page, context, status=status)


def go(request: HttpRequest, address: str) -> HttpResponse:
    """On to another page as a whole, its head included: htmx loads it anew, everyone else is redirected.

    The address is ours; one that a request names goes through `planner.web.addresses`.
    """
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else HttpResponseRedirect(address)
