"""Everything in this folder drives a real Chromium."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

# The driver keeps an event loop on this thread, which Django takes for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

HERE = Path(__file__).parent
# A refusal is an answer; Chromium and htmx write it to the console as an error all the same.
REFUSALS = ("the server responded with a status of 4", "Response Status Error Code 4")
# A test that takes the line away means it: what cannot be sent then is said in these ways, and only then in the first.
NO_LINE = ("net::ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
OURS = ("http://127.0.0.1:", "data:", "blob:", "about:")
PATIENCE_MS = 10_000


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks them, so that a machine without a browser leaves them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class OpenWindow(Protocol):
    """Opens a window of somebody's own: nothing is shared with other windows; options as for a browser context."""

    def __call__(self, **options: Any) -> "Page": ...


def _watch(window: "Page", faults: list[str]) -> None:
    def console(said: "ConsoleMessage") -> None:
        if said.type == "error" and not any(words in said.text for words in (*REFUSALS, *NO_LINE)):
            faults.append(f"console at {window.url}: {said.text}")

    def request(asked: "Request") -> None:
        if not asked.url.startswith(OURS):
            faults.append(f"asked for {asked.url}")

    def response(got: "Response") -> None:
        if got.status == 404 or got.status >= 500:
            faults.append(f"{got.request.method} {got.url}: {got.status}")

    def failed(asked: "Request") -> None:
        # What a page still asks for when its reader turns to the next one is broken off.
        if asked.failure not in {"net::ERR_ABORTED", NO_LINE[0]}:
            faults.append(f"{asked.url}: {asked.failure}")

    window.on("pageerror", lambda error: faults.append(f"script at {window.url}: {error}"))
    window.on("console", console)
    window.on("request", request)
    window.on("response", response)
    window.on("requestfailed", failed)


@pytest.fixture
def open_window(browser: "Browser") -> Iterator[OpenWindow]:
    """Windows for as many people as a journey has; at the end no script may have failed and no request been lost."""
    faults: list[str] = []
    contexts = []

    def open_one(**options: Any) -> "Page":
        usual = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 800}}
        context = browser.new_context(**(usual | options))
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        window = context.new_page()
        _watch(window, faults)
        return window

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)
