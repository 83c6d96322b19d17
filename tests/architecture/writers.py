"""A watch on every statement of a test: rows are written by the actions of their own slice and nobody else's."""

import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import PurePath
from types import FrameType
from typing import Any

from tests.architecture.house import own_models, slice_of

_WRITE = re.compile(
    r'^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"(\w+)"(?:\s+SET\s+(.*?)\s+WHERE)?', re.DOTALL
)
_COLUMN = re.compile(r'"(\w+)" = ')
# phases alone moves the pointer, with the version that every change raises.
_EXCEPTIONS = {("campaigns.phases", "campaigns_campaign"): {"phase", "version"}}


class ForeignRows(AssertionError):
    """An action wrote another slice's rows."""


@cache
def _owners() -> dict[str, str]:
    return {model._meta.db_table: slice_of(model) for model in own_models()}


def _acting_slice() -> str:
    """The slice of the innermost action on the stack; empty when no action is at work."""
    frame: FrameType | None = sys._getframe(1)
    while frame:
        parts = PurePath(frame.f_code.co_filename).parts
        for app in ("staff", "campaigns"):
            if app in parts and "tests" not in parts:
                inside = parts[len(parts) - parts[::-1].index(app) :]
                if len(inside) > 1 and inside[1].removesuffix(".py") == "actions":
                    return f"{app}.{inside[0]}"
        frame = frame.f_back
    return ""


def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Runs the statement, or raises `ForeignRows`."""
    written = _WRITE.match(sql)
    if written and (owner := _owners().get(written[1])):
        actor = _acting_slice()
        allowed = _EXCEPTIONS.get((actor, written[1]), set())
        columns = set(_COLUMN.findall(written[2] or "")) or {"a whole row"}
        if actor and actor != owner and not columns <= allowed:
            raise ForeignRows(f"an action of {actor} writes {', '.join(sorted(columns))} of {owner}: {sql[:120]}")
    return execute(sql, params, many, context)
