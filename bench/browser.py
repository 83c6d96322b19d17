"""What a person waits for in Chromium, over TLS, on a board of 1,000 tasks and a Today of 200.

python -m bench.browser
"""

import argparse
import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from bench import host
from bench.world import make_today, make_world

# What counts as an answer: something in the page has changed and the next picture has been drawn.
PRESS = """
async (selector) => {
  // Not `class`: that a request is on its way is no answer.
  const SHOWN = ["hidden", "aria-checked", "aria-pressed", "aria-disabled", "checked", "data-state"];
  const button = [...document.querySelectorAll(selector)].find((each) => each.checkVisibility());
  if (!button) return null;
  const begun = performance.now();
  const changed = new Promise((resolve) => {
    new MutationObserver((seen, watcher) => {
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
    }).observe(document.querySelector("main"), { childList: true, subtree: true, attributeFilter: SHOWN });
  });
  button.click();
  return await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, 5000, null))]);
}
"""
WATCH = """
window.seen = { lcp: 0, cls: 0 };
new PerformanceObserver((list) => { for (const each of list.getEntries()) window.seen.lcp = each.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.seen.cls += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""
TICKS = "main form[action*='/complete/'] button, main form[action*='/tick/'] button"
ROUNDS = 5


def figures() -> list[str]:
    """The lines for the report, measured in a process and an installation of their own."""
    from tests.harness import postgres_bin

    if not shutil.which("openssl"):
        return ["Not measured: openssl is needed for a certificate, because production's cookies want TLS."]
    if not postgres_bin():
        return ["Not measured: there is no PostgreSQL."]
    with host.installation("postgresql") as env:
        out = Path(env["DATA_DIR"]) / "screens.json"
        port = _free_port()
        env |= {"ALLOWED_HOSTS": "localhost", "BASE_URL": f"https://localhost:{port}"}
        command = [sys.executable, "-m", "bench.browser", "--out", str(out), "--port", str(port)]
        subprocess.run(command, cwd=host.ROOT, env=env, check=True)
        return json.loads(out.read_text())


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _certificate(folder: Path) -> tuple[Path, Path, str]:
    """Key, certificate, and the digest by which Chromium trusts it: what it does not trust, it does not keep."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*asked, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    spoken = ["openssl", "pkey", "-in", str(key), "-pubout", "-outform", "der"]
    public = subprocess.run(spoken, check=True, stdout=subprocess.PIPE)
    return key, certificate, base64.b64encode(hashlib.sha256(public.stdout).digest()).decode()


class Visit:
    """Loads pages in one browser context and keeps what it saw."""

    def __init__(self, context: Any, base: str) -> None:
        self.base = base
        self.page = context.new_page()
        self.page.add_init_script(WATCH)

    def load(self, path: str) -> dict[str, Any]:
        """LCP, CLS, requests that went out, bytes of the page as packed."""
        self.page.goto(self.base + path, wait_until="load")
        self.page.wait_for_timeout(700)
        seen = self.page.evaluate("window.seen")
        entries = self.page.evaluate(
            "performance.getEntries().filter((e) => 'encodedBodySize' in e)"
            ".map((e) => [e.entryType, e.name, e.encodedBodySize, e.transferSize])"
        )
        return {
            "lcp": round(seen["lcp"]),
            "cls": round(seen["cls"], 4),
            # What the browser had kept was not transferred.
            "requests": sum(sent > 0 for _, name, _, sent in entries if name.startswith("http")),
            "entries": entries,
            "page": next((size for kind, _, size, _ in entries if kind == "navigation"), 0),
        }


def measure(port: int, folder: Path) -> list[str]:
    """The lines."""
    from django.conf import settings
    from django.db import connection
    from django.urls import reverse
    from playwright.sync_api import sync_playwright

    from bench.one import seat
    from tests.harness import chromium

    world, person = make_world(1000), make_today(200)
    board, today = reverse("campaigns:board", args=[world.campaign_id]), reverse("campaigns:today")
    task = reverse("campaigns:task", args=[world.task_ids[0]])
    cookies = {who: seat(user).session for who, user in (("lead", world.user), ("designer", person))}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
    key, certificate, digest = _certificate(folder)
    options = f"--keyfile {key} --certfile {certificate}"
    base = f"https://localhost:{port}"
    with host.server(folder, bind=f"127.0.0.1:{port}", OPTIONS=options), sync_playwright() as driver:
        _wait(port)
        chosen = driver.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-gpu", f"--ignore-certificate-errors-spki-list={digest}"],
        )
        lines = [
            "| page | LCP ms, first visit | LCP ms, again | CLS | packed bytes | requests, first | requests, again |"
        ]
        lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
        pages = [("board of 1,000", board, "lead"), ("task", task, "lead"), ("Today of 200", today, "designer")]
        for name, path, who in pages:
            context = chosen.new_context(viewport={"width": 1440, "height": 900})
            session = {"name": settings.SESSION_COOKIE_NAME, "value": cookies[who], "url": base, "secure": True}
            context.add_cookies([session])
            visit = Visit(context, base)
            first, again = visit.load(path), [visit.load(path) for _ in range(ROUNDS)]
            lines.append(_line(name, first, again))
            if who == "designer":
                pressed = [visit.page.evaluate(PRESS, TICKS) for _ in range(ROUNDS)]
            if who == "lead" and name.startswith("board"):
                own = _own(first["entries"], base)
            context.close()
        chosen.close()
    found = sorted(each for each in pressed if each is not None)
    tick = f"{found[len(found) // 2]:.0f} ms (worst of {len(found)}: {found[-1]:.0f})" if found else "nothing to press"
    late = " **missed**" if found and found[len(found) // 2] > 150 else ""
    script = " **missed**" if own["js"] > 30_000 else ""
    return [
        *lines,
        "",
        f"- From pressing a task's tick on Today to the next picture: {tick}; promised 150 ms{late}.",
        f"- Our own JavaScript, packed: {own['js']:,} bytes; promised 30,000{script}. Our CSS: {own['css']:,}.",
    ]


def _line(name: str, first: dict[str, Any], again: list[dict[str, Any]]) -> str:
    lcp = sorted(each["lcp"] for each in again)[len(again) // 2]
    shift, asked = max(each["cls"] for each in [first, *again]), max(each["requests"] for each in again)
    missed = {
        "lcp": max(lcp, first["lcp"]) > 1000,
        "cls": shift > 0.02,
        "page": first["page"] > 60_000,
        "asked": asked > 3,
    }
    note = {each: " **missed**" if is_missed else "" for each, is_missed in missed.items()}
    return (
        f"| {name} | {first['lcp']} | {lcp}{note['lcp']} | {shift}{note['cls']} | {first['page']:,}{note['page']} "
        f"| {first['requests']} | {asked}{note['asked']} |"
    )


def _own(entries: list[Any], base: str) -> dict[str, int]:
    """Packed bytes of what we wrote ourselves, by kind."""
    static = host.ROOT / "static"
    stems = {file.stem for file in static.rglob("*.js")} | {file.stem for file in static.rglob("*.css")}
    sums = {"js": 0, "css": 0}
    for _, name, size, _ in entries:
        file = name.removeprefix(base).split("?")[0]
        kind, stem = file.rsplit(".", 1)[-1], Path(file).name.split(".")[0]
        if kind in sums and stem in stems:
            sums[kind] += size
    return sums


def _wait(port: int) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        sleep(0.1)
    raise RuntimeError("the web server does not start")


def main() -> None:
    """Measures; from the command line it makes an installation first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    parser.add_argument("--port", type=int)
    asked = parser.parse_args()
    if asked.out is None:
        print("\n".join(figures()))
        return
    from bench.one import prepare

    prepare()
    # Playwright's loop runs in this thread; nobody else uses the connection.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    asked.out.write_text(json.dumps(measure(asked.port, Path(os.environ["DATA_DIR"]))))


if __name__ == "__main__":
    main()
