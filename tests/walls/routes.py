"""The routes that the URLconf knows, whoever wrote them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Found:
    """One route: its full name, its pattern, the names in it, and what answers."""

    name: str
    pattern: str
    args: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def place(self) -> str:
        """The table that its row belongs into, by the slice of its view."""
        module = getattr(self.view, "view_class", getattr(self.view, "cls", self.view)).__module__
        parts = module.split(".")
        return parts[1] if parts[0] in {"campaigns", "staff", "planner"} and len(parts) > 1 else parts[0]


def found_routes() -> list[Found]:
    """Every route of the product, in the order in which they are tried."""
    return list(_walk(get_resolver().url_patterns, "", (), ()))


def _walk(patterns: Any, prefix: str, spaces: tuple[str, ...], args: tuple[str, ...]) -> Iterator[Found]:
    for each in patterns:
        path, names = prefix + str(each.pattern), (*args, *each.pattern.converters)
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from _walk(each.url_patterns, path, inner, names)
        elif isinstance(each, URLPattern):
            yield Found(":".join([*spaces, each.name or ""]), path, names, each.callback)
