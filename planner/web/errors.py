"""Refusals as answers: a page to a browser, a notice to htmx, JSON to a program."""

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from planner.core.errors import DomainError, Missing, NotAllowed
from planner.core.words import say
from planner.web.addresses import is_ours
from planner.web.words import translate


def as_json(error: DomainError) -> dict[str, object]:
    """`{code, detail, reasons, fields}` and both values of a stale change."""
    body: dict[str, object] = {
        "code": error.code,
        "detail": translate(error.detail),
        "reasons": [translate(reason) for reason in error.reasons],
        "fields": {name: translate(said) for name, said in error.fields.items()},
    }
    if error.current or error.yours:
        body |= {"current": error.current, "yours": error.yours}
    return body


class BadRequest(DomainError):
    """Not a request that can be read."""

    status = 400


class TooMuch(DomainError):
    """More parts than are taken."""

    status = 413


class NoSuchMethod(DomainError):
    """A method that the address does not know."""

    status = 405

    def __init__(self) -> None:
        super().__init__("method_not_allowed", say("This address cannot be used in this way."))


def wants_json(request: HttpRequest) -> bool:
    """True for everything under /api/ and for whoever asks for JSON first."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The refusal in the shape the asker reads, with its own status."""
    if wants_json(request):
        return JsonResponse(as_json(error), status=error.status, json_dumps_params={"default": str})
    clash = [(name, error.current.get(name), error.yours.get(name)) for name in {**error.current, **error.yours}]
    shown = {"error": error, "clash": clash}
    if getattr(request, "htmx", False):
        return _in_its_place(render(request, "_notice.html", shown, status=error.status))
    came_from = request.headers.get("Referer", "")
    shown["back"] = came_from if is_ours(request, came_from) else ""
    return render(request, "refused.html", shown, status=error.status)


def _in_its_place(response: HttpResponse) -> HttpResponse:
    """The notice has a place of its own, whatever the form swaps or selects: what was typed into it stays as it is."""
    response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#notice"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Unknown addresses look like things that are not there for you."""
    return answer(request, Missing())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Django's own refusals, worded like ours."""
    return answer(request, NotAllowed("refused", say("This request was refused.")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read, or is too much of it; the message of the fault stays inside."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return answer(request, TooMuch("too_large", say("This has more fields, files or text than are taken at once.")))
    if isinstance(exception, DisallowedHost):
        # A page would have links; this name is not ours.
        return HttpResponse("This name is not answered here.\n", status=400, content_type="text/plain; charset=utf-8")
    return answer(request, BadRequest("bad_request", say("This request cannot be read.")))


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """A form without a valid token: most often a page from before its reader signed in again in another window."""
    return answer(request, NotAllowed("no_token", say("This page is out of date: load it again, then repeat.")))


def broken(request: HttpRequest) -> HttpResponse:
    """Says that it broke and nothing else, in the shape the asker reads."""
    if wants_json(request):
        broke = DomainError("broken", say("Something broke here. It has been noted; try again later."))
        return JsonResponse(as_json(broke), status=500)
    if request.headers.get("HX-Request"):
        return _in_its_place(render(request, "_broken.html", status=500))
    return render(request, "broken.html", status=500)
