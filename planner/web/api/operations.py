"""`@operation`: what a method takes, gives and may answer, said once for the machine and for the schema."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from planner.web.api.conditions import seen_version
from planner.web.api.fields import In, Out
from planner.web.api.idempotency import HEADER
from planner.web.api.paging import PageQuery


class ErrorOut(Out):
    """A refusal: what it is, in words, and where."""

    code = serializers.CharField(help_text="A stable word for programs, such as `missing` or `stale`.")
    detail = serializers.CharField(help_text="One sentence for people, in the caller's language.")
    reasons = serializers.ListField(
        child=serializers.CharField(help_text="One reason, in the caller's language."),
        help_text="What stands in the way, one sentence each; may be empty.",
    )
    fields = serializers.DictField(  # type: ignore[assignment]  # the name is the API's, not DRF's
        child=serializers.CharField(help_text="What is wrong with this field."),
        help_text="Input fields at fault; nested ones with dots, as in `roles.design`. May be empty.",
    )
    current = serializers.DictField(
        child=serializers.JSONField(help_text="The present value, in words."),
        required=False,
        help_text="Of a stale change (412): the fields in question as they are now.",
    )
    yours = serializers.DictField(
        child=serializers.JSONField(help_text="Your value, in words."),
        required=False,
        help_text="Of a stale change (412): the same fields as you wanted them.",
    )


REFUSALS = {
    400: "What was sent is at fault; `fields` says where.",
    401: "Nobody is signed in: no session, no valid token.",
    403: "You see it, but it is not yours to do; or the token may only read; or the CSRF token is missing.",
    404: "There is nothing here, or it is not yours to see.",
    409: "Not now: `reasons` say what stands in the way.",
    412: "Somebody changed the same fields meanwhile: `current` and `yours` hold both values.",
    413: "The body is larger than this address takes.",
    415: "The body's media type is not one that this address takes.",
    422: "The Idempotency-Key was used for another call.",
    428: "If-Match is missing.",
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "The ETag that you read, or its first number in quotes, or `*` for whatever it is now. A change of fields that"
        " nobody else changed since succeeds; otherwise 412."
    ),
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="The version of the thing, where it has one, and a digest of this answer.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    required=False,
    description="An ETag that you have: while it is still the answer's, the answer is 304 without a body.",
)
IDEMPOTENCY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=False,
    description=(
        "1 to 200 visible characters of your choice. The same call with the same key gets the same answer for 24 hours"
        " and is made once; another call with it gets 422. A call that was refused with 400 leaves the key free."
    ),
)

ONLY_SESSIONS = "A session's to do: a token is refused with 403 `needs_session`, so that what it did ends with it."


@cache
def page_of(gives: type[Out]) -> type[Out]:
    """The envelope of a list."""
    name = f"{gives.__name__.removesuffix('Out')}PageOut"
    return type(
        name,
        (Out,),
        {
            "__doc__": "One page of a list.",
            "items": gives(many=True, help_text="The items of this page, in the list's order."),
            "next": serializers.CharField(
                help_text="The `cursor` of the next page; empty when this page is the last.", allow_blank=True
            ),
        },
    )


def checked(shape: type[In], data: Any) -> dict[str, Any]:
    """The clean values, or DRF's ValidationError that names every field at fault."""
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def operation(
    name: str,
    *,
    takes: type[In] | None = None,
    asks: type[In] | None = None,
    gives: Any = None,
    kinds: tuple[str, ...] = (),
    pages: bool = False,
    versioned: bool = False,
    status: int = 0,
    or_status: int = 0,
    refuses: tuple[int, ...] = (),
    only_sessions: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares a method of an `ApiView`; `name` is the action's or the query's, and the schema's operationId.

    The method gets, by keyword, the ids in the address and: `values` when it `takes` a body, `query` when it `asks` by
    query string, `version` when it is `versioned` (from If-Match, None for `*`). It returns the value that `gives`
    shows, a `Page` of them with `pages`, nothing (204), or a finished `Response`: with `or_status`, it chooses; of a
    file `kinds` are the media types that it may have. With
    `only_sessions` a token is refused: what lets somebody in after the token is revoked is not a token's to do.
    """
    asks = PageQuery if pages and asks is None else asks
    shape = page_of(gives) if pages else gives
    code = status or (200 if gives else 204)

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def run(view: Any, request: Request, **given: Any) -> Response:
            if only_sessions and request.auth is not None:
                raise PermissionDenied(
                    code="needs_session", detail=_("A token may not do this: log in and do it there.")
                )
            if asks is not None:
                given["query"] = checked(asks, request.query_params.dict())
            if versioned:
                given["version"] = seen_version(request)
            if takes is not None:
                data = request.data
                given["values"] = checked(takes, data.dict() if hasattr(data, "dict") else data)
            shown = method(view, request, **given)
            if isinstance(shown, Response):
                return shown
            return Response(shape(shown).data if shape is not None else None, status=code)

        verb = method.__name__.upper()
        told = (method.__doc__ or "").strip()
        summary = told.split("\n")[0]
        said: dict[Any, OpenApiResponse] = {
            (one, *kinds) if kinds else one: OpenApiResponse(shape, description=summary)
            for one in (code, or_status)
            if one
        }
        known = _refusals(verb, method, takes=takes, asks=asks, versioned=versioned) | set(refuses)
        said |= {one: OpenApiResponse(ErrorOut, description=REFUSALS[one]) for one in sorted(known)}
        headers: list[Any] = [*([asks] if asks else []), *([IF_MATCH] if versioned else [])]
        headers += [IDEMPOTENCY] if verb == "POST" else []
        headers += [IF_NONE_MATCH] if verb == "GET" and gives else []
        headers += [ETAG] if gives else []
        said |= {304: OpenApiResponse(description="You have it already.")} if verb == "GET" and gives else {}
        run.declared = name  # type: ignore[attr-defined]  # read by the schema
        return extend_schema(
            operation_id=name,
            description=f"{told}\n\n{ONLY_SESSIONS}" if only_sessions else told,
            summary=summary,
            auth=[{"cookieAuth": []}] if only_sessions else None,  # type: ignore[list-item]  # OpenAPI's shape
            request=takes,
            responses=said,
            parameters=headers,
        )(run)

    return decorate


def _refusals(verb: str, method: Callable[..., Any], *, takes: Any, asks: Any, versioned: bool) -> set[int]:
    unsafe = verb != "GET"
    known = {401, 403}
    known |= {404} if any(name.endswith("_id") for name in method.__annotations__) else set()
    known |= {400} if takes or asks or verb == "POST" else set()
    known |= {409} if unsafe else set()
    known |= {413, 415} if takes else set()
    known |= {412, 428} if versioned else set()
    known |= {422} if verb == "POST" else set()
    return known
