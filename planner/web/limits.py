"""How much a request may bring: what is more is refused in words before it is read."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict

from planner.core.errors import DomainError, Missing
from planner.core.words import say
from planner.web.errors import answer

MEGABYTE = 1 << 20
# Twice the largest form, a procedure of 1 MB.
BODY = 2 * MEGABYTE
# Who has not signed in can only send names and passwords.
STRANGERS_BODY = 64 << 10
# What a column of ids holds.
BIGGEST_ID = 2**63 - 1

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])


class TooLarge(DomainError):
    """More than is taken here."""

    status = 413

    def __init__(self, limit: int) -> None:
        shown = f"{limit // MEGABYTE} MB" if limit >= MEGABYTE else f"{limit >> 10} KB"
        super().__init__("too_large", say("This is too large: at most %(limit)s are taken here.", limit=shown))


class NoLength(DomainError):
    """A body whose length is not said beforehand."""

    status = 411

    def __init__(self) -> None:
        super().__init__("length_required", say("Say the length of what you send (Content-Length)."))


class NotText(DomainError):
    """Characters that no text has and no database keeps."""

    status = 400

    def __init__(self) -> None:
        super().__init__("not_text", say("This holds a character that no text has (NUL)."))


def takes(size: int) -> Callable[[View], View]:
    """Marks a view, or a class of views, as one that takes bodies of up to `size` bytes instead of `BODY`."""

    def mark(view: View) -> View:
        view.body_limit = size  # type: ignore[attr-defined]
        return view

    return mark


def body_limit(request: HttpRequest, view: Any) -> int:
    """The bytes that this view takes from whoever asks."""
    owner = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    limit: int = getattr(view, "body_limit", 0) or getattr(owner, "body_limit", BODY)
    has_token = "HTTP_AUTHORIZATION" in request.META and request.path_info.startswith("/api/")
    user = getattr(request, "user", None)
    # Asked last: it may look the session up.
    if limit <= STRANGERS_BODY or has_token or (user is not None and user.is_authenticated):
        return limit
    return STRANGERS_BODY


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _has_nul(values: QueryDict) -> bool:
    return any("\x00" in name or any("\x00" in value for value in several) for name, several in values.lists())


class LimitsMiddleware:
    """Refuses bodies that are too large or of unknown length, by their headers alone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """413 or 411 before anything, the check of the token included, reads the body."""
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return answer(request, NoLength())
        length = _length(request)
        if length > STRANGERS_BODY and length > (limit := body_limit(request, view)):
            return answer(request, TooLarge(limit))
        return None


class TextMiddleware:
    """Refuses what databases cannot hold: NUL in addresses and forms, numbers beyond every id."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, named: dict[str, Any]) -> HttpResponse | None:
        """400 for a text that holds NUL, 404 for an id that no row can have.

        Files, and what the API takes, are looked at by whoever reads them.
        """
        if any(isinstance(value, int) and value > BIGGEST_ID for value in named.values()):
            return answer(request, Missing())
        is_form = request.method == "POST" and not getattr(view, "csrf_exempt", False)
        if _has_nul(request.GET) or (is_form and _has_nul(request.POST)):
            return answer(request, NotText())
        return None
