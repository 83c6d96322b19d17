"""Short messages after a change, with the way to take it back: beside the answer to htmx, else on the next page."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Toast:
    """One message; `undo` is the address whose form, with these fields, takes it back."""

    text: str
    undo: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


class ToastStorage(CookieStorage):
    """Kept by the browser, signed: no row is written for a message."""

    cookie_name = f"{settings.COOKIE_PREFIX}toasts"
    # What does not fit is old.
    max_cookie_size = 1500

    def _update_cookie(self, encoded_data: str, response: HttpResponse) -> None:
        # Django has the browser forget it with every page, there or not.
        if encoded_data or self.cookie_name in self.request.COOKIES:
            super()._update_cookie(encoded_data, response)  # type: ignore[misc] # not in the stubs


def tell(request: HttpRequest, text: str, *, undo: str = "", fields: Mapping[str, str] | None = None) -> None:
    """Says this to the reader once, with the next thing they are shown."""
    messages.info(request, text, extra_tags=json.dumps([undo, dict(fields or {})]))


def told(request: HttpRequest) -> list[Toast]:
    """The newest of what was to be said, if anything; none of it is said again."""
    found = []
    for message in messages.get_messages(request):
        undo, fields = json.loads(message.extra_tags or '["", {}]')
        found.append(Toast(str(message.message), undo, fields))
    return found[-1:]


class ToastsMiddleware:
    """Puts what is to be said beside the fragment that htmx gets; on pages the frame shows it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the messages out of band."""
        response = self.get_response(request)
        is_part = request.method == "POST" and getattr(request, "htmx", False) and "HX-Redirect" not in response
        if is_part and response.status_code == 200 and not response.streaming and len(messages.get_messages(request)):
            beside = render_to_string("_toasts.html", {"toasts": told(request)}, request)
            response.content += beside.encode()
        return response
