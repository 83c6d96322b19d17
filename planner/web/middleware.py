"""What every request gets: strict headers, the reader's language and zone, and refusals turned into answers."""

import zoneinfo
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from planner.core.errors import DomainError
from planner.web.errors import NoSuchMethod, answer
from planner.web.strict import STRICT

Handler = Callable[[HttpRequest], HttpResponse]


class ReaderMiddleware:
    """Speaks the signed-in person's language and shows moments in their zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, made in the reader's language and zone."""
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        request.LANGUAGE_CODE = user.language
        with translation.override(user.language), timezone.override(zoneinfo.ZoneInfo(user.zone)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", user.language)
            return response


class DomainErrorMiddleware:
    """Turns a refusal raised anywhere below into a page, a fragment or JSON."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer as it comes; refusals take the other door, and a method that is not known here says so."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            allowed = response.headers["Allow"]
            response = answer(request, NoSuchMethod())
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a `DomainError`; every other exception goes on."""
        return answer(request, error) if isinstance(error, DomainError) else None


def _shown(htmx: HtmxDetails) -> str:
    """The page that the visitor was on; the first one when the browser names none that can be read."""
    try:
        return htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"


class SignedOutMiddleware:
    """Sends a page whose session has ended to the log-in as a whole, instead of a log-in form into its middle."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; for htmx a redirect to the log-in becomes one of the whole page."""
        response = self.get_response(request)
        htmx = HtmxDetails(request)
        if not htmx or isinstance(response, HttpResponseClientRedirect):
            return response
        login = resolve_url(settings.LOGIN_URL)
        if isinstance(response, HttpResponseRedirectBase) and response.url.split("?")[0] == login:
            return HttpResponseClientRedirect(f"{login}?{urlencode({'next': _shown(htmx)})}")
        return response


class HeadMiddleware:
    """Answers HEAD wherever GET is answered, with the headers alone.

    No view has to know HEAD, and the server logs a warning for every body that it has to drop.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; to HEAD without its body, with the length that the body has."""
        is_head = request.method == "HEAD"
        response = self.get_response(request)
        if is_head and not response.streaming:
            response.content = b""
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """For the view it is a GET."""
        if request.method == "HEAD":
            request.method = "GET"


class HeadersMiddleware:
    """Gives every answer, whoever made it, the strict headers that it does not have; stands above all others."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with its headers; what may differ by reader says so."""
        response = self.get_response(request)
        for name, value in STRICT.items():
            response.headers.setdefault(name, value)
        if "public" not in response.headers["Cache-Control"]:
            patch_vary_headers(response, ("Cookie",))
        return response
