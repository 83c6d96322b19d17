"""Every page, the API beside it, and every sweep: who asks for what, and what it costs in statements and time."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bench.grow.crowd import Sample


@dataclass(frozen=True)
class Visit:
    """One thing that is asked for; `hot` where it happens all day."""

    name: str
    do: Callable[[], Any]
    hot: bool = False


@dataclass(frozen=True)
class Cost:
    """What it took: the best of several rounds, since the work is compared and not the clock; and its statements."""

    ms: float
    statements: int


# Pages that need something this sample does not hold, or that are not read: a file's bytes, one-time links.
NOT_VISITED = {"evidence", "reset_link", "invite_link", "address_link", "open_notice", "import", "bulk_edit", "run"}
HOT = {"board", "task", "today", "overview", "bell", "requests", "tasks"}


def visits(sample: Sample) -> Iterator[Visit]:
    """Each page and each reading call of the API as the manager, Today as a designer too, and each sweep."""
    from django.test import Client

    manager, designer = Client(), Client()
    manager.force_login(sample.manager)
    designer.force_login(sample.designer)
    for address, name in _addresses(sample):
        yield Visit(address, lambda address=address: _read(manager, address), hot=name in HOT)
    yield Visit("/ (a designer)", lambda: _read(designer, "/"), hot=True)
    for words in ("预售", "ztf", "P24"):
        path = f"/search/?q={quote(words)}"
        yield Visit(f"/search/?q={words}", lambda path=path: _read(manager, path), hot=True)
    board = f"/campaigns/{sample.campaign_id}/board/"
    yield Visit(f"{board}?text=预售", lambda: _read(manager, f"{board}?text={quote('预售')}"), hot=True)
    version = _board_version(sample)
    yield Visit(f"{board} unchanged", lambda: _read(manager, f"{board}?version={version}", htmx=True), hot=True)
    yield from _sweeps()


def ticks(sample: Sample) -> Visit:
    """Ticking a line, another one each time."""
    from django.test import Client

    client, items = Client(), iter(sample.item_ids * 50)
    client.force_login(sample.manager)
    state = {"ticked": False, "item": 0}

    def tick() -> None:
        if not state["ticked"]:
            state["item"] = next(items)
        verb = "untick" if state["ticked"] else "tick"
        answer = client.post(f"/api/items/{state['item']}/{verb}/", b"", content_type="application/json")
        if answer.status_code != 200:
            raise RuntimeError(f"{verb}: {answer.status_code} {answer.content[:200]!r}")
        state["ticked"] = not state["ticked"]

    return Visit("tick a line", tick, hot=True)


def _addresses(sample: Sample) -> Iterator[tuple[str, str]]:
    from django.urls import URLPattern, URLResolver, get_resolver
    from django.urls.converters import IntConverter

    values = {
        "campaign_id": sample.campaign_id,
        "task_id": sample.task_ids[len(sample.task_ids) // 2],
        "team_id": 1,
        "user_id": sample.designer.pk,
        "version_id": sample.version_id,
    }

    def walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, before + str(entry.pattern))
            elif isinstance(entry, URLPattern) and entry.name not in NOT_VISITED:
                route, wanted = before + str(entry.pattern), entry.pattern.converters
                if set(wanted) <= set(values) and all(isinstance(each, IntConverter) for each in wanted.values()):
                    for place in wanted:
                        route = route.replace(f"<int:{place}>", str(values[place]))
                    yield f"/{route}", entry.name or ""

    from django.test import Client

    client = Client()
    client.force_login(sample.manager)
    for address, name in walk(get_resolver(), ""):
        # What may not be read (405), is not for a manager's eyes or leads elsewhere is no page.
        if "log" not in address.split("/")[1] and client.get(address).status_code == 200:
            yield address, name


def _read(client: Any, address: str, *, htmx: bool = False) -> None:
    answer = client.get(address, headers={"HX-Request": "true"} if htmx else {})
    answer.getvalue()
    if answer.status_code not in {200, 204}:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _board_version(sample: Sample) -> int:
    from campaigns.campaign.models import Campaign

    return Campaign.objects.values_list("board_version", flat=True).get(pk=sample.campaign_id)


def _sweeps() -> Iterator[Visit]:
    from planner.celery import app

    # Nobody works: what a sweep hands over stays in this process.
    app.conf.broker_url = "memory://"
    app.loader.import_default_modules()
    for name, entry in app.conf.beat_schedule.items():
        yield Visit(f"sweep: {name}", app.tasks[entry["task"]], hot=name == "reminders")


def cost(visit: Visit, rounds: int, patience: float = 3.0) -> Cost:
    """Statements of one round, and the best of up to `rounds` on the clock; slow things get fewer rounds."""
    from django.db import connection

    seen = [0]

    def count(execute: Any, *args: Any) -> Any:
        seen[0] += 1
        return execute(*args)

    begun = time.perf_counter()
    visit.do()  # the first time compiles templates and statements
    with connection.execute_wrapper(count):
        visit.do()
    spent: list[float] = []
    while len(spent) < rounds and (len(spent) < 3 or time.perf_counter() - begun < patience):
        started = time.perf_counter()
        visit.do()
        spent.append((time.perf_counter() - started) * 1000)
    return Cost(ms=min(spent), statements=seen[0])
