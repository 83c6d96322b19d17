"""What a request may bring, held by the real web server and by Django inside it."""

import socket
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.board.rules import MOST_BYTES
from campaigns.metrics.rules.orders import MAX_BYTES
from planner.web.limits import BODY, MEGABYTE, STRANGERS_BODY, body_limit, takes
from planner.web.server import HEAD_SECONDS
from tests.cast import Cast
from tests.factories import CampaignFactory
from tests.harness import Served
from tests.walls.doors import doors
from tests.walls.wire import Answer, Person, exchange

PASSWORD = "korrekt-pferd-77"
FORM = "application/x-www-form-urlencoded"
FILE = "multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def person(served: Served) -> Iterator[Person]:
    """A manager of the served tree."""
    served.env["PLANNER_PASSWORD"] = PASSWORD
    login = f"wall{time.time_ns()}"
    made = served.manage("create_team", "--name", login, "--login", login, "--display", "墙")
    assert made.returncode == 0, made.stderr
    someone = Person(served)
    someone.sign_in(login, PASSWORD)
    yield someone


def strict(answer: Answer) -> None:
    """Fails for a lax answer or one that repeats what was sent."""
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]
    assert "evil" not in answer.body
    assert "gunicorn" not in answer.body


@pytest.mark.processes
@pytest.mark.parametrize(
    ("path", "length", "limit"),
    [
        ("/campaigns/1/numbers/import/", 10**9, "50 MB"),
        ("/campaigns/1/numbers/import/", MAX_BYTES + 1, "50 MB"),
        ("/sop/load/", BODY + 1, "2 MB"),
        ("/account/password/", 10**12, "2 MB"),
    ],
)
def test_a_body_above_its_routes_limit_is_refused_unread(person: Person, path: str, length: int, limit: str) -> None:
    began = time.monotonic()
    head = person.head(path, Content_Type=FILE, Content_Length=str(length), Accept="application/json")
    answer = exchange(person.tree.url, head + b"--x\r\n")
    assert time.monotonic() - began < 3
    assert (answer.status, '"too_large"' in answer.body, limit in answer.body) == (413, True, True)
    strict(answer)
    page = exchange(person.tree.url, person.head(path, Content_Type=FILE, Content_Length=str(length)) + b"--x\r\n")
    assert (page.status, limit in page.body, "<main" in page.body) == (413, True, True)


@pytest.mark.processes
def test_strangers_bring_little(served: Served) -> None:
    stranger = Person(served)
    stranger.token("/login/")
    for path in ("/login/", "/campaigns/1/numbers/import/", "/api/campaigns/"):
        head = stranger.head(path, Content_Type=FORM, Content_Length=str(STRANGERS_BODY + 1))
        assert exchange(served.url, head).status == 413, path


@pytest.mark.processes
def test_a_body_without_a_length_is_refused(person: Person) -> None:
    for path in ("/campaigns/1/numbers/import/", "/account/password/"):
        head = person.head(path, Content_Type=FILE, Transfer_Encoding="chunked")
        answer = exchange(person.tree.url, head + b"40000000\r\n" + b"x" * 100_000)
        assert answer.status == 411
        strict(answer)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"evil\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"G<evil>T / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nevil header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: evil\x00\r\n\r\n", 400),
        (b"GET /?" + b"evil" * 2000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"evil" * 5000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: evil\r\n" * 200 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: evil\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nevil", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nevil", 400),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 400),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_gets_a_short_strict_answer(served: Served, line: bytes, status: int) -> None:
    answer = exchange(served.url, line)
    assert answer.status == status
    strict(answer)
    assert len(answer.body) < 60


@pytest.mark.processes
def test_others_are_answered_while_large_bodies_come_in(person: Person) -> None:
    def slow() -> None:
        head = person.head("/campaigns/1/numbers/import/", Content_Type=FILE, Content_Length=str(MAX_BYTES))
        exchange(person.tree.url, head + b"x" * (20 << 20), seconds=4)

    threads = [threading.Thread(target=slow) for _ in range(4)]
    for thread in threads:
        thread.start()
    times = []
    for _ in range(20):
        began = time.monotonic()
        with urllib.request.urlopen(f"{person.tree.url}/login/", timeout=10) as answer:  # noqa: S310  our own address
            answer.read()
        times.append(time.monotonic() - began)
    for thread in threads:
        thread.join()
    assert sorted(times)[-2] < 2, times


@pytest.mark.processes
@pytest.mark.parametrize("header", ["SCRIPT_NAME: /login", "SCRIPT_NAME: /evil", "PATH_INFO: /healthz"])
def test_no_header_moves_the_site(served: Served, header: str) -> None:
    head = f"GET /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\nConnection: close\r\n\r\n"
    answer = exchange(served.url, head.encode())
    assert (answer.status, 'action="/login/"' in answer.body) == (200, True)


@pytest.mark.processes
def test_heads_that_never_end_do_not_keep_the_server(served: Served) -> None:
    parts = urllib.parse.urlsplit(served.url)
    lines = [socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) for _ in range(5)]
    try:
        for line in lines:
            line.sendall(b"GET /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        began = time.monotonic()
        with urllib.request.urlopen(f"{served.url}/login/", timeout=40) as answer:  # noqa: S310  our own address
            assert answer.status == 200
        assert time.monotonic() - began < 3 * HEAD_SECONDS
        assert lines[0].recv(100) == b""
    finally:
        for line in lines:
            line.close()


# Where a file shows that a task was done.
EVIDENCE = ("campaigns:add_evidence", "campaigns:finish_task", "api:add_evidence")


# --- inside Django --------------------------------------------------------------------------------


def test_only_routes_that_take_files_take_large_bodies(cast: Cast, rf: Any) -> None:
    request = rf.post("/")
    request.user = cast.manager
    large = {route.name: body_limit(request, route.view) for route in doors()}
    assert {name for name, limit in large.items() if limit > BODY} <= {
        "campaigns:import_orders",
        "api:import_orders",
        "api:imports",
        *EVIDENCE,
    }
    assert large["campaigns:import_orders"] == MAX_BYTES
    assert {large[name] for name in EVIDENCE} == {MOST_BYTES + MEGABYTE}


def test_a_class_of_views_may_take_more(rf: Any) -> None:
    @takes(5 << 20)
    class Large:
        pass

    def view() -> None: ...

    view.cls = Large  # type: ignore[attr-defined]
    request = rf.post("/api/x/", headers={"Authorization": "Bearer x"})
    assert body_limit(request, view) == 5 << 20
    # Outside the API nobody looks at tokens: who brings one is still a stranger.
    assert body_limit(rf.post("/x/", headers={"Authorization": "Bearer x"}), view) == STRANGERS_BODY


@pytest.mark.parametrize("number", ["9" * 18, "9" * 19, "9" * 20, "9" * 40, "9" * 3000])
def test_numbers_that_no_row_has_are_not_there(cast: Cast, client: Client, number: str) -> None:
    """H1."""
    client.force_login(cast.manager)
    for path in ("tasks/{}/", "campaigns/{}/", "campaigns/{}/numbers/", "runs/{}/", "sop/{}/", "api/campaigns/{}/"):
        assert client.get("/" + path.format(number)).status_code == 404, path
    for path in ("tasks/{}/complete/", "items/{}/tick/", "notices/{}/open/", "campaigns/{}/phase/"):
        assert client.post("/" + path.format(number)).status_code in {404, 409}, path


NUL, HALF = "a\x00b", "a\ud800b"


def test_nul_is_refused_in_addresses_and_forms(cast: Cast, client: Client) -> None:
    campaign = CampaignFactory(team=cast.team)
    client.force_login(cast.manager)
    assert client.get(reverse("campaigns:board", args=[campaign.pk]), {"text": NUL}).status_code == 400
    assert client.get(reverse("campaigns:board", args=[campaign.pk]), {NUL: "x"}).status_code == 400
    form = {"title": NUL, "role": "ops", "phase": "prep"}
    for name in ("create_task", "write_notes", "add_lesson", "paste_visitors"):
        answer = client.post(reverse(f"campaigns:{name}", args=[campaign.pk]), form)
        assert answer.status_code == 400
        assert "NUL" in answer.content.decode()
    assert client.get("/campaigns/%00/").status_code == 404


@pytest.mark.parametrize("body", [{"name": NUL}, {"name": HALF}, {NUL: 1}])
def test_text_that_is_none_is_refused_by_the_api(cast: Cast, client: Client, body: dict[str, Any]) -> None:
    client.force_login(cast.manager)
    path = f"/api/campaigns/{CampaignFactory(team=cast.team).pk}/phase/"
    answer = client.post(path, body | {"reason": NUL}, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":' * 200_000,
        b"[" * 900_000,
        b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}",
        b'{"name": "\\ud800"}',
        b'{"name": NaN}',
        b'{"name": 1e999}',
        b'{"name": ' + b"9" * 100_000 + b"}",
        b'{"name": "' + b"x" * 1_900_000 + b'"}',
        b"\xff\xfe{",
        b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}",
    ],
)
def test_bombs_of_json_are_refused_quickly(cast: Cast, client: Client, body: bytes) -> None:
    """H4."""
    client.force_login(cast.manager)
    path = f"/api/campaigns/{CampaignFactory(team=cast.team).pk}/phase/"
    began = time.process_time()
    answer = client.post(path, body, content_type="application/json", headers={"If-Match": "*"})
    assert answer.status_code in {400, 409, 412, 422}
    assert time.process_time() - began < 2
