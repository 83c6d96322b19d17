"""OpenAPI from the declarations, the page that shows it, and what the generator could not know by itself."""

import re
import sys
from functools import cache
from typing import Any

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request
from rest_framework.response import Response

from planner.web.api.idempotency import HEADER
from planner.web.api.views import ApiView
from planner.web.limits import BIGGEST_ID


class HouseSchema(AutoSchema):
    """Groups operations by slice and says what each id in an address is."""

    def get_tags(self) -> list[str]:
        """The slice that owns the operation, or the group that the view names."""
        return [getattr(self.view, "group", "") or self.view.__module__.split(".")[1]]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation; an `Idempotency-Key` only where the answer is kept for it."""
        operation: Any = super().get_operation(*args, **kwargs)
        if operation and not getattr(self.view, "keeps_answers", True):
            others = [each for each in operation.get("parameters", ()) if each["name"] != HEADER]
            operation["parameters"] = others
            operation["responses"].pop("422", None)
        return operation

    def _resolve_path_parameters(self, variables: Any) -> Any:
        parameters = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for each in parameters:
            noun = each["name"].removesuffix("_id").replace("_", " ")
            each.setdefault("description", f"The id of the {noun}.")
            if each["name"].endswith("_id"):
                each["schema"] = {"type": "integer", "minimum": 1, "maximum": BIGGEST_ID}
        return parameters


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names our own tokens."""

    target_class = "staff.tokens.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002 - the library's signature
        """A header with a token from the account page."""
        return {"type": "http", "scheme": "bearer", "description": "A token from the account page."}


INTRODUCTION = """\
Everything that the pages show and do, by the same rules and with the same refusals.

**Begin here.** `get_me` names your teams, `list_templates` the versions of SOP templates. `preview_campaign` shows the
plan that `create_campaign` then writes. `list_tasks` finds tasks, `get_task` has one with its checklist, what blocks it
and the `verbs` that you may call on it now: each is an operation of that name. `tick_item`, then `complete_task`.
`get_today` is what waits for you, `get_overview` a campaign on one screen, `get_review` its review.

**Who asks.** A session with its CSRF token (`X-CSRFToken`), or a token from the account page: `Authorization:
Bearer …`. A read-only token may only read. New people and invitations
take a session: a token does not make a way in that outlives it.

**Lists** are pages: `{items, next}`. Send `next` back as `cursor` until it is empty; `limit` is 1 to 200. Filters
and `ordering` take only what is listed.

**Versions.** A read carries an `ETag`; `If-None-Match` gets 304 while nothing changed. Where `If-Match` is
required, send the ETag that you read: fields that nobody else touched since are changed, others are refused with
412 and both values.

**Once.** A POST with an `Idempotency-Key` can be repeated: the same call gets the same answer for 24 hours.
Answers with something shown once, a link or a token, are kept nowhere: those calls take no key.

**Refusals** are `{code, detail, reasons, fields}`: 400 what was sent is at fault, 401 nobody is signed in, 403 not
yours to do, 404 not there for you, 409 not now, 412 changed meanwhile, 422 a key used for another call, 428 `If-Match`
is missing. `code` is for programs, the sentences are in the caller's language, the one chosen on the account page.

**Codes.** Phases run `prep` → `execution` → `wrap_up` → `review` → `closed`. Roles: `lead` leads the operations, `ops`
operators, `design` 美工, `cs` customer service 客服, `warehouse`, `ads`, `purchase`, `live` live streams and content.
What is done by a verb of this API stands under the verb's name in the log (`list_events`).

**Units.** Moments are ISO 8601 and leave in UTC; a moment without an offset is refused. Dates are days in the
team's time zone. Money and hours are decimal strings, in yuan and in person-hours.
"""


def finish(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """The introduction, what each group is about, and that bodies take no fields but those they name."""
    result["info"]["description"] = INTRODUCTION
    said = {tag for methods in result["paths"].values() for each in methods.values() for tag in each.get("tags", ())}
    result["tags"] = [{"name": tag, "description": _about(tag)} for tag in sorted(said)]
    for name, component in result.get("components", {}).get("schemas", {}).items():
        if re.search(r"In$|InRequest$", name):
            component["additionalProperties"] = False
    return result


def _about(tag: str) -> str:
    """What the slice's own docstring says first."""
    modules = [module for name, module in sys.modules.items() if name.endswith(f".{tag}") and name.count(".") == 1]
    said = next((module.__doc__ for module in modules if module.__doc__), "")
    return said.strip().split("\n")[0]


@cache
def document() -> bytes:
    """The whole schema as JSON, in English: one text for every tool; routes do not change while a process lives."""
    with translation.override("en"):
        generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
        return orjson.dumps(generator.get_schema(request=None, public=True), default=str)


class Schema(ApiView):
    """`/api/schema/`."""

    schema = None

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF passes it
        """The OpenAPI 3 document of everything under /api/."""
        return Response(document())


@require_safe
@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """The schema to read and to try out, offline: every file of it comes from here."""
    return render(request, "api_docs.html")
