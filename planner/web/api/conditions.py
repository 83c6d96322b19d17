"""Versions in headers: `ETag` says what an answer was, `If-Match` what the caller saw."""

import hashlib
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

# "17" or "17.3f9a2c": the version of the thing, then a digest of this answer. A proxy that compresses adds the W/.
_TAG = re.compile(r'^(?:W/)?"(\d{1,10})(?:\.[0-9a-f]+)?"$')


class PreconditionRequired(APIException):
    """428: a change of a versioned thing must say which version it was made from."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Send If-Match with the ETag that you read, so that nobody's change is overwritten unseen.")


class PreconditionFailed(APIException):
    """412: the header names no version of this thing."""

    status_code = 412
    default_code = "stale"
    default_detail = _("If-Match names no version of this: read it again and send its ETag.")


def seen_version(request: Request) -> int | None:
    """The version in `If-Match`; None for `*`, which means whatever it is now."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired
    if header == "*":
        return None
    found = _TAG.match(header)
    if found is None:
        raise PreconditionFailed
    return int(found[1])


def tag(data: Any, body: bytes) -> str:
    """The strong ETag of an answer: its version, when it has one, and a digest of its bytes."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    version = data.get("version") if isinstance(data, dict) else None
    return f'"{version}.{digest}"' if isinstance(version, int) else f'"{digest}"'


def is_known(request: Request, etag: str) -> bool:
    """True when `If-None-Match` names this answer (compared weakly, as RFC 9110 wants for reads)."""
    named = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    return etag in named or named == ["*"]


def set_tag(request: Request, response: Response, content: bytes) -> None:
    """Gives an answer its ETag, and a read that the caller has already its 304."""
    response.headers["ETag"] = tag(response.data, content)
    if request.method in {"GET", "HEAD"} and is_known(request, response.headers["ETag"]):
        response.status_code = 304
