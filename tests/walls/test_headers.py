"""Every answer is strict, whoever made it: page, fragment, file, redirect, refusal, fault, or the server itself."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from planner.web.server import answer_of
from tests.cast import Cast
from tests.factories import CampaignFactory

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# Of what somebody uploaded: it is looked at alone, and whatever it is, nothing of it runs.
FILE_POLICY = {"sandbox": "", "default-src": "'none'", "frame-ancestors": "'none'"}
Ask = Callable[[Client], HttpResponse]


def check_strict(answer: HttpResponse, due: dict[str, str] = POLICY) -> None:
    """Fails for an answer that lacks one of the headers."""
    parts = [part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";")]
    assert {name: value for name, _, value in parts} == due
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def check_private(answer: HttpResponse) -> None:
    """Fails for an answer that a cache shared by several people may keep."""
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "Cookie" in answer["Vary"]


def check_private_file(answer: HttpResponse) -> None:
    """Fails for a file that somebody else may be given, or that is shown again without asking who may see it."""
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Cookie" in answer["Vary"]


ANSWERS: dict[str, tuple[int, Ask]] = {
    "page": (200, lambda client: client.get("/")),
    "fragment": (200, lambda client: client.get(reverse("campaigns:bell"), headers=HTMX)),
    "health": (503, lambda client: client.get("/healthz")),
    "redirect": (302, lambda client: client.get("/login/")),
    "missing page": (404, lambda client: client.get("/nowhere/")),
    "missing json": (404, lambda client: client.get("/campaigns/99/", headers=JSON)),
    "unknown in the api": (404, lambda client: client.get("/api/nowhere/")),
    "wrong method": (405, lambda client: client.put("/")),
    "wrong method to json": (405, lambda client: client.delete(reverse("campaigns:bell"), headers=JSON)),
    "refused": (409, lambda client: client.post(reverse("staff:password"), {})),
    "refused to htmx": (409, lambda client: client.post(reverse("staff:password"), {}, headers=HTMX)),
    "unknown host": (400, lambda client: client.get("/", headers={"Host": "evil.example"})),
    "nul in the address": (400, lambda client: client.get("/?text=%00")),
    "too many fields": (413, lambda client: client.post("/account/password/", {f"f{n}": "" for n in range(2001)})),
    "no slash": (301, lambda client: client.get("/campaigns")),
    "options": (405, lambda client: client.options("/", headers={"Origin": "https://evil.example"})),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_every_kind_of_answer_is_strict(cast: Cast, client: Client, name: str, origin: str | None) -> None:
    """D6, D7."""
    status, ask = ANSWERS[name]
    client.force_login(cast.manager)
    if origin:
        client.defaults["HTTP_ORIGIN"] = origin
    answer = ask(client)
    assert answer.status_code == status
    check_strict(answer)
    check_private(answer)


def test_a_form_without_a_token_is_refused_strictly(cast: Cast) -> None:
    """D1, D6."""
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.manager)
    answer = careful.post(reverse("campaigns:read_all"))
    assert answer.status_code == 403
    check_strict(answer)
    check_private(answer)


@pytest.mark.parametrize("ask", [{}, {"Range": "bytes=0-9"}, {"Range": "bytes=99999999-"}, {"Accept-Encoding": "gzip"}])
def test_files_are_strict_and_may_be_kept(client: Client, ask: dict[str, str]) -> None:
    """D6."""
    answer = client.get("/static/app.css", headers=ask)
    assert answer.status_code in {200, 206, 416}
    check_strict(answer)
    assert ("public" in answer["Cache-Control"]) is (answer.status_code != 416)
    if answer.status_code == 200:
        again = client.get("/static/app.css", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        check_strict(again)


def _raises(*_: Any, **__: Any) -> None:
    raise RuntimeError("SELECT secret FROM /srv/planner/settings.py")


@pytest.mark.parametrize("asks", [{}, HTMX, JSON])
@pytest.mark.parametrize("debug", [False, True])
def test_what_breaks_says_nothing(
    cast: Cast, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, asks: dict[str, str], debug: bool
) -> None:
    """H5."""
    if debug:
        # The settings read DEBUG only for the log; see test_settings.
        monkeypatch.setenv("DEBUG", "1")
    client.force_login(cast.manager)
    client.raise_request_exception = False
    with patch("campaigns.desk.views.today.today_screen", _raises):
        answer = client.get("/", headers=asks)
    assert answer.status_code == 500
    check_strict(answer)
    check_private(answer)
    said = answer.content.decode()
    assert not [word for word in ("SELECT", "RuntimeError", "Traceback", "/srv", ".py", "Django") if word in said]
    if asks == JSON:
        assert answer.json()["code"] == "broken"
    assert answer.headers.get("HX-Retarget") == ("#notice" if asks == HTMX else None)


def test_health_says_no_version_and_no_path(client: Client, db: None) -> None:
    """H5."""
    said = client.get("/healthz").content.decode()
    assert not [word for word in ("/", "sqlite", "version", "Error", "Django") if word in said]


@pytest.mark.parametrize("status", [400, 414, 431, 500, 501])
def test_the_servers_own_answers_are_strict_and_repeat_nothing(status: int) -> None:
    """D6, H5."""
    head, body = answer_of(status).decode().split("\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert lines["Content-Security-Policy"].startswith("default-src 'none'")
    assert (lines["X-Content-Type-Options"], lines["Cache-Control"]) == ("nosniff", "private, no-store")
    assert int(lines["Content-Length"]) == len(body) < 50


@pytest.mark.parametrize("who", ["manager", "viewer", "outsider"])
def test_a_page_with_somebodys_data_is_never_kept(cast: Cast, client: Client, who: str) -> None:
    """D8."""
    campaign = CampaignFactory(team=cast.team)
    client.force_login(getattr(cast, who))
    for name in ("overview", "board", "log", "numbers", "review", "ledger"):
        check_private(client.get(reverse(f"campaigns:{name}", args=[campaign.pk])))
