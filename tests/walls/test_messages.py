"""What others are sent: mails, downloads, log lines and the broker's messages hold what was meant and nothing more."""

import contextlib
import inspect
import io
import logging
import os
import time
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from kombu import Connection, Producer, Queue
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from campaigns.reminders.adapters.email import connected, hand_over
from campaigns.reminders.rules.messages import Mail
from planner.celery import app
from planner.core.logs import OneLine, one_line
from tests.cast import Cast
from tests.harness import Served
from tests.walls.test_forgery import written
from tests.walls.wire import Person
from tests.walls.world import make_world

CRLF = "双11\r\nBcc: evil@evil.example\r\n\r\n<script>x</script>\u2028x"


# --- mails, downloads, logs ------------------------------------------------------------------------


def test_a_name_cannot_write_a_header_of_a_mail() -> None:
    """D9, E7."""
    letter = Mail(
        key="k1",
        to="xiaomei@example.test",
        language="zh-hans",
        subject=CRLF,
        greeting=CRLF,
        sentence=CRLF,
        campaign=CRLF,
        link="https://planner.test/tasks/1/",
        link_text=CRLF,
    )
    with connected() as connection:
        hand_over(connection, letter)
    sent = message_from_bytes(mail.outbox[0].message().as_bytes())
    assert sent["Bcc"] is None
    assert "evil" not in str(sent["To"])
    assert mail.outbox[0].recipients() == ["xiaomei@example.test"]
    assert "\n" not in mail.outbox[0].subject
    html = next(part for part in sent.walk() if part.get_content_type() == "text/html")
    assert b"<script" not in html.get_payload(decode=True)


def test_a_download_is_named_by_us(cast: Cast, client: Client) -> None:
    """D9."""
    cast.team.name = CRLF
    cast.team.save()
    client.force_login(cast.manager)
    answer = client.post(f"/people/{cast.team.pk}/log/export/")
    assert answer["Content-Disposition"].isascii()
    assert "evil" not in answer["Content-Disposition"]
    assert "\n" not in answer["Content-Disposition"]


def test_a_name_cannot_forge_a_line_of_the_log() -> None:
    """D9."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(OneLine("{levelname} {message}", style="{"))
    record = logging.LogRecord(
        "staff", logging.WARNING, "x", 1, "no log-in for %s", (f"a\r\nERROR forged {CRLF}",), None
    )
    handler.emit(record)
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().startswith("WARNING no log-in for a\\x0d\\x0aERROR forged")
    assert one_line("订单 ok") == "订单 ok"


@pytest.mark.django_db
def test_the_products_own_handlers_write_one_line(settings: Any) -> None:
    """D9."""
    assert settings.LOGGING["formatters"]["line"]["()"] == "planner.core.logs.OneLine"
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"line"}


# --- the broker's messages --------------------------------------------------------------------------


def test_a_forged_form_on_a_link_leaves_no_secret_in_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    """H6: Django names the address of a form without a token; that of a link is its secret."""
    address = reverse("staff:invite_link", args=["a-secret-that-opens"])
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert "a-secret-that-opens" not in caplog.text


def test_only_json_is_read() -> None:
    """H8."""
    assert (app.conf.task_serializer, list(app.conf.accept_content)) == ("json", ["json"])
    for kind in ("pickle", "yaml"):
        content_type, encoding, body = dumps([[1], {}, {}], serializer=kind)
        with pytest.raises(ContentDisallowed):
            loads(body, content_type, encoding, accept=app.conf.accept_content)


JOBS = {name: job for name, job in sorted(app.tasks.items()) if name.startswith(("campaigns.", "staff.", "planner."))}
FORGED = [10**20, -1, 0, "1 OR 1=1", "", None, [1, 2], {"pk__gt": 0}, "x" * 10_000]


def test_there_are_jobs() -> None:
    app.loader.import_default_modules()
    assert [name for name in app.tasks if name.startswith("campaigns.")]


@pytest.mark.parametrize("forged", FORGED, ids=repr)
def test_a_forged_argument_changes_nothing(db: None, forged: Any, settings: Any) -> None:
    """H8: jobs look their row up by kind and state: what somebody writes into the queue is at most a ring."""
    app.loader.import_default_modules()
    world = make_world()
    taken = {name: job for name, job in app.tasks.items() if name.startswith(("campaigns.", "staff."))}
    with written() as changes:
        for name, job in taken.items():
            if not inspect.signature(job.run).parameters:
                continue
            with contextlib.suppress(TypeError, ValueError, OverflowError):
                job.run(forged)
            # A row of another kind is nobody's either.
            if forged == -1 and name.endswith("compile_review"):
                job.run(world["run"])
    kept = [sql for sql in changes if not sql.startswith("UPDATE")]
    assert kept == []
    assert rows_as_before(world)


def rows_as_before(world: Any) -> bool:
    from campaigns.reminders.models import Delivery
    from staff.runs.models import Run

    states = Run.objects.get(pk=world["run"]).state, Delivery.objects.get(pk=world["dead"]).state
    return states == ("queued", "dead")


class Bomb:
    """Unpickled, it makes a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = str(marker)

    def __reduce__(self) -> Any:
        return open, (self.marker, "w")


@pytest.mark.processes
def test_a_forged_message_harms_no_worker(served: Served, tmp_path: Path) -> None:
    """H8."""
    marker = tmp_path / "unpickled"
    socket = Path(served.env["DATA_DIR"]) / "queue.sock"
    with Connection(f"redis+socket://{socket}", transport_options={"global_keyprefix": "planner:"}) as line:
        producer = Producer(line.channel())
        queue = Queue("celery", routing_key="celery")

        def send(body: Any, serializer: str, job: str) -> None:
            headers = {"task": job, "id": os.urandom(8).hex(), "lang": "py", "argsrepr": "", "kwargsrepr": ""}
            producer.publish(body, serializer=serializer, headers=headers, routing_key="celery", declare=[queue])

        send(([Bomb(marker)], {}, {}), "pickle", "campaigns.metrics.jobs.run_import")
        send(([1], {}, {}), "json", "os.system")
        send((["1 OR 1=1"], {"x": 1}, {}), "json", "campaigns.metrics.jobs.run_import")
        for body in ("no call", [1], [[], []], [1, {}, {}], {"args": [1]}, None, 7, [[1], [], {}]):
            send(body, "json", "campaigns.metrics.jobs.run_import")
        until = time.monotonic() + 15
        while producer.channel.client.llen("celery") and time.monotonic() < until:
            time.sleep(0.2)
        assert producer.channel.client.llen("celery") == 0
    assert not marker.exists()
    said = (Path(served.env["DATA_DIR"]) / "logs" / "worker.log").read_text()
    assert "os.system" in said
    assert [part for part in ("worker", "beat") if f"{part} ended" in "\n".join(served.lines)] == []


# --- secrets ---------------------------------------------------------------------------------------

CANARIES = {
    "password": "kanarie-passwort-1",
    "wrong password": "kanarie-falsch-2",
    "query": "kanarie-query-3",
    "link": "kanarie-link-4",
    "address": "kanarie-adresse-5",
    "bearer": "kanarie-bearer-6",
}


@pytest.mark.processes
def test_no_secret_reaches_a_file_of_ours(served: Served) -> None:
    """H6."""
    served.env["PLANNER_PASSWORD"] = CANARIES["password"]
    login = f"canary{time.time_ns()}"
    made = served.manage("create_team", "--name", login, "--login", login, "--display", "金丝雀")
    assert made.returncode == 0, made.stderr
    person = Person(served)
    with pytest.raises(AssertionError):
        person.sign_in(login, CANARIES["wrong password"])
    person.sign_in(login, CANARIES["password"])
    from tests.walls.wire import exchange

    for path in (f"/?token={CANARIES['query']}", f"/nowhere/?key={CANARIES['query']}", f"/reset/{CANARIES['link']}/"):
        exchange(served.url, person.head(path, "GET"))
    bearer = person.head("/api/me/", "GET", Authorization=f"Bearer {CANARIES['bearer']}", Cookie="")
    assert exchange(served.url, bearer).status == 401
    host = person.head(f"/?x={CANARIES['query']}", "GET", Host="evil.example", Cookie="")
    assert exchange(served.url, host).status == 400
    secret = (Path(served.env["DATA_DIR"]) / "secret_key").read_text()
    session = next(cookie.value for cookie in person.jar if cookie.name == "sessionid")
    words = {**CANARIES, "secret key": secret, "session": str(session)}
    found = []
    for path in Path(served.env["DATA_DIR"]).rglob("*"):
        if path.is_file() and path.name not in {"secret_key"} and not path.name.startswith("planner.sqlite3"):
            held = path.read_bytes()
            found += [(name, path.name) for name, word in words.items() if word.encode() in held]
    found += [(name, "console") for name, word in words.items() if word in "\n".join(served.lines)]
    database = (Path(served.env["DATA_DIR"]) / "planner.sqlite3").read_bytes()
    plain = {name for name, word in words.items() if word.encode() in database}
    # The session's key is how Django finds it; nothing else may stand in a row as it is.
    assert plain <= {"session"}
    assert found == []
