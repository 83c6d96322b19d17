"""What people do, as requests; each with what it is to cost."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from bench.host import HOST
from bench.world import World

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    headers: Pairs = ()


@dataclass(frozen=True)
class Operation:
    """Something that people do again and again; `asks` says how the n-th time is asked for."""

    name: str
    asks: Any
    status: int = 200
    # Milliseconds at the median and queries that it may cost; 0 where nothing was promised.
    target: float = 0
    queries: int = 0
    # Only once, whatever the size of the campaign.
    once: bool = False


@dataclass
class Seat:
    """A signed-in browser: its cookies, and how its requests look."""

    session: str
    prefix: str
    secure: bool
    csrf: str = "0123456789abcdefABCDEF0123456789"
    etags: dict[str, str] = field(default_factory=dict)

    def raw(self, ask: Ask, *, packed: bool = False) -> bytes:
        """The request's bytes."""
        lines = [
            f"{ask.method} {ask.path} HTTP/1.1",
            f"Host: {HOST}",
            f"Cookie: {self.prefix}sessionid={self.session}; {self.prefix}csrftoken={self.csrf}",
            "Accept-Language: zh-CN",
        ]
        lines += ["Accept-Encoding: gzip"] if packed else []
        lines += ["X-Forwarded-Proto: https", f"Referer: https://{HOST}/"] if self.secure else []
        if ask.method != "GET":
            lines += [f"X-CSRFToken: {self.csrf}", f"Content-Length: {len(ask.body)}"]
        lines += [f"{name}: {value}" for name, value in ask.headers]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + ask.body


HTMX: Pairs = (("HX-Request", "true"),)
FORM: Pairs = (("Content-Type", "application/x-www-form-urlencoded"),)
JSON: Pairs = (("Content-Type", "application/json"),)
ANY: Pairs = (("If-Match", "*"),)


def _json(path: str, values: dict[str, Any], *more: tuple[str, str]) -> Ask:
    return Ask("POST", path, json.dumps(values).encode(), (*JSON, *more))


def _get(path: str, *headers: tuple[str, str]) -> Any:
    return lambda _index: Ask("GET", path, b"", headers)


def _address(name: str, *args: int) -> str:
    """The route's address; empty where this version has no such route."""
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def reads(world: World, version: int, etag: str) -> Iterator[Operation]:
    """Looking."""
    board, api = _address("campaigns:board", world.campaign_id), _address("api:board", world.campaign_id)
    lists = _address("api:tasks", world.campaign_id)
    task = world.task_ids[len(world.task_ids) // 2]
    yield Operation("board, page", _get(board), target=15)
    yield Operation("board, fragment", _get(board, *HTMX), target=15)
    yield Operation("board, page, by role", _get(f"{board}?role=design"), target=15)
    yield Operation("board, page, by text", _get(f"{board}?text={quote('预售')}"), target=15)
    yield Operation("board unchanged, 204", _get(f"{board}?version={version}", *HTMX), 204, target=2, queries=3)
    yield Operation("board window, API", _get(f"{api}window/"), target=15)
    yield Operation("whole board, API", _get(api), target=25 if world.size <= 1000 else 150, queries=6)
    yield Operation("whole board unchanged, 304", _get(api, ("If-None-Match", etag)), 304, target=2, queries=3)
    yield Operation("list of 50, API, by role", _get(f"{lists}?role=design&limit=50"), target=15)
    yield Operation("list of 50, API, by text", _get(f"{lists}?text={quote('预售')}&limit=50"), target=15)
    yield Operation("task, page", _get(_address("campaigns:task", task)), target=15)
    yield Operation("task, drawer", _get(_address("campaigns:task", task), *HTMX, ("HX-Target", "drawer")), target=15)
    yield Operation("task, API", _get(_address("api:task", task)), target=5)
    for name in ("campaigns:palette", "campaigns:search", "api:palette", "api:search"):
        if path := _address(name):
            for words in ("预售", "ztf"):
                asked = "API" if name.startswith("api") else "page"
                yield Operation(f"search “{words}”, {asked}", _get(f"{path}?q={quote(words)}", *HTMX), target=15)


def writes(world: World) -> Iterator[Operation]:
    """Doing."""
    items, tasks = world.item_ids, world.task_ids

    def tick(index: int, space: str) -> tuple[str, int]:
        turn, at = divmod(index, len(items))
        return _address(f"{space}:{'untick' if turn % 2 else 'tick'}_item", items[at]), index

    def move(index: int) -> Ask:
        # Each goes before the one that came before it, within its own column: every fourth task is of one state.
        at = 4 * (index * 7 % (len(tasks) // 4 - 1) + 1)
        return _json(_address("api:move_task", tasks[at]), {"before_id": tasks[0]}, *ANY)

    def create(index: int) -> Ask:
        title = f"临时加的客服话术 {index}"
        return _json(_address("api:tasks", world.campaign_id), {"title": title, "role": "cs"})

    def create_page(index: int) -> Ask:
        values = {"title": f"页面上加的任务 {index}", "role": "cs", "phase": "prep", "estimate_hours": "2"}
        return Ask(
            "POST", _address("campaigns:create_task", world.campaign_id), urlencode(values).encode(), (*FORM, *HTMX)
        )

    yield Operation("tick, API", lambda n: Ask("POST", tick(n, "api")[0], b"", JSON), target=8, queries=8)
    yield Operation("tick, page", lambda n: Ask("POST", tick(n, "campaigns")[0], b"", (*FORM, *HTMX)), target=8)
    yield Operation("move to the top, API", move, target=8)
    yield Operation("create, API", create, 201, target=10, queries=10)
    yield Operation("create, page", create_page, 0, target=10)


def today() -> Iterator[Operation]:
    """The first page."""
    yield Operation("Today of 200 tasks, page", _get(_address("campaigns:today")), target=25)
    yield Operation("Today of 200 tasks, API", _get(_address("api:today")), target=25)
