"""Pictures of every screen of the demo: `python -m tests.e2e.screenshots [FOLDER] [--only board …]`.

Three widths, light and dark, Chinese and English, as the manager; Today also as a designer. Nothing is compared: people
look at them.
"""

import argparse
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.harness import ROOT, chromium, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {360: 780, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
PASSWORD = "qinghe-618"
# Name → address; {running} and {closed} are campaigns of the demo, {task} a task on the running one's board.
SCREENS = {
    "today": "/",
    "requests": "/requests/",
    "search": "/search/?q=zhutu",
    "campaigns": "/campaigns/",
    "create": "/campaigns/new/",
    "overview": "/campaigns/{running}/",
    "board": "/campaigns/{running}/board/",
    "board-quadrants": "/campaigns/{running}/board/?group=quadrants",
    "board-roles": "/campaigns/{running}/board/?group=role",
    "table": "/campaigns/{running}/tasks/",
    "task": "/tasks/{task}/",
    "bin": "/campaigns/{running}/bin/",
    "numbers": "/campaigns/{closed}/numbers/",
    "review": "/campaigns/{closed}/review/",
    "reminders": "/campaigns/{running}/reminders/",
    "log": "/campaigns/{running}/log/",
    "sop": "/sop/",
    "people": "/people/",
    "notices": "/notices/",
    "account": "/account/",
    "nothing-here": "/nothing-here/",
}


def log_in(window: "Page", url: str, login: str, language: str) -> None:
    """Somebody of the demo, reading in this language."""
    window.goto(f"{url}/login/")
    window.fill("#id_username", login)
    window.fill("#id_password", PASSWORD)
    window.press("#id_password", "Enter")
    window.wait_for_url(f"{url}/")
    code = {"zh": "zh-hans", "en": "en"}[language]
    window.locator(f"button[name=language][value={code}]").evaluate("button => button.form.requestSubmit(button)")
    window.wait_for_load_state("networkidle")


def addresses(window: "Page", url: str) -> dict[str, str]:
    """The demo's campaigns and one of its tasks, as a reader would find them."""
    window.goto(f"{url}/campaigns/")
    known = window.locator("main a[href^='/campaigns/']").evaluate_all(
        "links => links.map(link => [link.getAttribute('href'), link.textContent.trim()])"
    )

    def campaign(name: str) -> str:
        return next(href.strip("/").split("/")[1] for href, text in known if name in text)

    running = campaign("店庆周年大促")
    window.goto(f"{url}/campaigns/?state=closed")
    known += window.locator("main a[href^='/campaigns/']").evaluate_all(
        "links => links.map(link => [link.getAttribute('href'), link.textContent.trim()])"
    )
    window.goto(f"{url}/campaigns/{running}/board/")
    task = window.locator(".task-card a[data-drawer]").first.get_attribute("href") or ""
    return {"running": running, "closed": campaign("双11 2025"), "task": task.strip("/").split("/")[1]}


def shots(browser: "Browser", url: str, folder: Path, only: list[str]) -> Iterator[str]:
    """Takes them one after the other; the name of each."""
    for width, scheme, language in itertools.product(WIDTHS, SCHEMES, LANGUAGES):
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]},
            color_scheme=scheme,
            locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai",
            has_touch=width < 600,
            reduced_motion="reduce",
        )
        window = context.new_page()
        window.goto(f"{url}/login/")
        window.screenshot(path=folder / f"login-{width}-{scheme}-{language}.png")
        log_in(window, url, "chenjing", language)
        places = addresses(window, url)
        for name, address in SCREENS.items():
            if only and name not in only:
                continue
            window.goto(url + address.format(**places))
            window.wait_for_timeout(250)
            picture = f"{name}-{width}-{scheme}-{language}.png"
            window.screenshot(path=folder / picture)
            yield picture
        if not only or "drawer" in only:
            window.goto(f"{url}/campaigns/{places['running']}/board/")
            window.locator(".task-card a[data-drawer]").first.click()
            window.wait_for_timeout(700)
            window.screenshot(path=folder / f"drawer-{width}-{scheme}-{language}.png")
            yield f"drawer-{width}-{scheme}-{language}.png"
        context.clear_cookies()
        log_in(window, url, "xiaomei", language)
        window.screenshot(path=folder / f"today-designer-{width}-{scheme}-{language}.png")
        context.close()


def main() -> None:
    """Starts the demo on data of its own, takes the pictures, leaves only them."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.screenshots", description="Pictures of every screen.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--only", nargs="*", default=[], help="names of screens")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="planner-shots-") as data:
        tree = serve(Path(data), NO_DEMO="")
        if not tree.url:
            raise SystemExit("\n".join(tree.lines))
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
                for count, name in enumerate(shots(browser, tree.url, asked.folder, asked.only), start=1):
                    print(f"{count:3d} {name}", flush=True)
                browser.close()
        finally:
            tree.end()


if __name__ == "__main__":
    main()
