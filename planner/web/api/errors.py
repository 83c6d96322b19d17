"""Refusals over the API: `{code, detail, reasons, fields}`, the same codes and sentences as on the pages."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from planner.core.errors import DomainError, Missing, Refused
from planner.web.errors import as_json


def status_of(error: DomainError) -> int:
    """409 for what stands in the way, 412 for a stale change, 400 where what was sent is at fault (`fields` says)."""
    if isinstance(error, Refused):
        if error.code == "stale":
            return 412
        if error.fields:
            return 400
    return error.status


def _flat(detail: Any, place: str = "") -> dict[str, str]:
    """DRF's nested faults as {"a.b.0": sentence}."""
    if isinstance(detail, Mapping):
        parts = [(f"{place}.{name}" if place else str(name), each) for name, each in detail.items()]
    elif isinstance(detail, list) and any(isinstance(each, dict | list) for each in detail):
        parts = [(f"{place}.{index}" if place else str(index), each) for index, each in enumerate(detail)]
    else:
        return {place: " ".join(str(each) for each in detail) if isinstance(detail, list) else str(detail)}
    found: dict[str, str] = {}
    for name, each in parts:
        found |= _flat(each, name)
    return found


def body_of(code: str, detail: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The body of a refusal."""
    return {"code": code, "detail": detail, "reasons": [], "fields": dict(fields or {})}


def _of_framework(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = _flat(error.detail)
        return body_of("invalid", _("Please correct what is marked."), {k: v for k, v in fields.items() if k}) | {
            "reasons": [f"{name}: {fault}" if name else fault for name, fault in fields.items()]
        }
    code = getattr(error.detail, "code", error.default_code)
    if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
        # DRF names the reason, which helps nobody but a forger.
        return body_of("no_token", _("A session needs the CSRF token of its page: send it as X-CSRFToken."))
    return body_of(str(code), str(error.detail))


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:  # noqa: ARG001 - DRF's signature
    """The answer to a refusal; None for a fault of ours, which becomes a 500 that says nothing."""
    if isinstance(error, Http404):
        error = Missing()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        return Response(as_json(error), status=status_of(error))
    if isinstance(error, exceptions.APIException):
        headers = {"WWW-Authenticate": error.auth_header} if hasattr(error, "auth_header") else {}
        return Response(_of_framework(error), status=error.status_code, headers=headers)
    return None
