"""OpenAPI from the declarations, the page that shows it, and what the generator could not know by itself."""

import re
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

from planner.web.api.views import ApiView


class HouseSchema(AutoSchema):
    """Groups operations by slice and says what each id in an address is."""

    def get_tags(self) -> list[str]:
        """The slice that owns the operation."""
        return [self.view.__module__.split(".")[1]]

    def _resolve_path_parameters(self, variables: Any) -> Any:
        parameters = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for each in parameters:
            noun = each["name"].removesuffix("_id").replace("_", " ")
            each.setdefault("description", f"The id of the {noun}.")
            if each["name"].endswith("_id"):
                each["schema"] = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
        return parameters


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names our own tokens."""

    target_class = "staff.tokens.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002 - the library's signature
        """A header with a token from the account page."""
        return {"type": "http", "scheme": "bearer", "description": "A token from the account page."}


def close_inputs(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Bodies take no fields but those they name: the schema says so as the serializers do."""
    for name, component in result.get("components", {}).get("schemas", {}).items():
        if re.search(r"In$|InRequest$", name):
            component["additionalProperties"] = False
    return result


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
