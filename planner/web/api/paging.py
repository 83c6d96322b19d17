"""Lists by cursor: a page and a word that says where the next one begins."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from rest_framework import serializers

from planner.core.errors import Refused
from planner.core.words import say
from planner.web.api.fields import In
from planner.web.limits import BIGGEST_ID

MOST = 200
USUAL = 50
CURSOR_LENGTH = 500


class PageQuery(In):
    """Which part of a list; subclasses add their filters and `ordering`."""

    cursor = serializers.CharField(
        required=False,
        max_length=CURSOR_LENGTH,
        help_text="Where the page begins: the `next` of the page before. Left out, the list begins at its start.",
    )
    limit = serializers.IntegerField(
        required=False,
        default=USUAL,
        min_value=1,
        max_value=MOST,
        help_text="How many items at most, 1 to 200.",
    )


@dataclass(frozen=True)
class Page:
    """One page of a list; `next` is empty at the end."""

    items: Sequence[Any]
    next: str = ""


def write_cursor(*parts: Any) -> str:
    """An opaque cursor that `read_cursor` turns back into these JSON values."""
    return base64.urlsafe_b64encode(orjson.dumps(parts, default=str)).rstrip(b"=").decode()


def read_cursor(cursor: str | None, count: int) -> tuple[Any, ...] | None:
    """The values in a cursor; None without one. Refuses what `write_cursor` did not write."""
    if not cursor:
        return None
    try:
        parts = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise bad_cursor() from None
    if not isinstance(parts, list) or len(parts) != count:
        raise bad_cursor()
    return tuple(parts)


def bad_cursor() -> Refused:
    """The refusal of a cursor that no page gave out."""
    fault = say("This is no cursor of this list: begin at its start.")
    return Refused("invalid", fault, fields={"cursor": fault})


def cut(items: Sequence[Any], query: dict[str, Any]) -> Page:
    """One page of a list that is short by nature and was read whole (people of a team, teams, templates)."""
    at = read_cursor(query.get("cursor"), 1)
    start = at[0] if at else 0
    if not isinstance(start, int) or isinstance(start, bool) or start < 0:
        raise bad_cursor()
    end = start + query["limit"]
    return Page(items[start:end], write_cursor(end) if end < len(items) else "")


def _id(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= BIGGEST_ID:
        raise bad_cursor()
    return value


def read_id_cursor(query: dict[str, Any]) -> int | None:
    """The id after which a list by id goes on; None at its start."""
    at = read_cursor(query.get("cursor"), 1)
    return _id(at[0]) if at else None


def read_moment_cursor(query: dict[str, Any]) -> tuple[datetime, int] | None:
    """The moment and the id after which a list by moment goes on; None at its start."""
    at = read_cursor(query.get("cursor"), 2)
    if at is None:
        return None
    try:
        return datetime.fromisoformat(at[0]).astimezone(UTC), _id(at[1])
    except (TypeError, ValueError, OverflowError):
        raise bad_cursor() from None


def keyset(found: Sequence[Any], query: dict[str, Any], place: Callable[[Any], tuple[Any, ...]]) -> Page:
    """One page of a list that grows: `found` is one row more than the page holds, `place` is where a row stands."""
    items = found[: query["limit"]]
    return Page(items, write_cursor(*place(items[-1])) if len(found) > len(items) else "")
