"""Every door of the house, from the URLconf: a new route is in every test that walks through them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver


@dataclass(frozen=True)
class Door:
    """One route; `names` are the ids in its address."""

    name: str
    pattern: str
    names: tuple[str, ...]
    view: Callable[..., Any]

    def address(self, ids: dict[str, Any], otherwise: Any = 1) -> str:
        """A path through this door; what `ids` does not name is `otherwise`."""
        path = self.pattern
        for converter in ("int:", "str:", "slug:", "uuid:", "path:", ""):
            for name in self.names:
                path = path.replace(f"<{converter}{name}>", str(ids.get(name, otherwise)))
        return f"/{path}"


def _walk(patterns: Any, prefix: str, spaces: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Door]:
    for each in patterns:
        path, known = prefix + str(each.pattern), (*names, *each.pattern.converters)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, path, (*spaces, each.namespace) if each.namespace else spaces, known)
        else:
            yield Door(":".join([*spaces, each.name or ""]), path, known, each.callback)


def doors() -> list[Door]:
    """All of them."""
    return list(_walk(get_resolver().url_patterns, "", (), ()))
