"""JSON in and out by orjson: bounded depth, no NaN, no half characters, and bytes at once."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer


class JsonParser(BaseParser):
    """A JSON object, or a refusal in words."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - DRF's signature
    ) -> dict[str, Any]:
        """The object in the body; an empty body is an empty object."""
        body = stream.read()
        try:
            data = orjson.loads(body) if body.strip() else {}
        except orjson.JSONDecodeError:
            raise ParseError(_("The body is not JSON."), code="not_json") from None
        if not isinstance(data, dict):
            raise ParseError(_("The body must be a JSON object."), code="not_json")
        return data


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)


class JsonRenderer(BaseRenderer):
    """JSON in UTF-8; decimals and dates as strings."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - DRF's signature
    ) -> bytes:
        """The bytes; none for no content, and bytes that are JSON already as they are."""
        if data is None:
            return b""
        return data if isinstance(data, bytes) else orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS)
