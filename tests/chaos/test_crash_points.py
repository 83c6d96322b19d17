"""A sender that dies at any step loses nothing: real processes, a real mail server, both engines.

The only place where a mail may arrive twice lies between handing it over and writing that down, and then both copies
carry the same Message-ID.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.chaos.sinks import SmtpSink
from tests.harness import clean_env

ROOT = Path(__file__).resolve().parents[2]
POINTS = [
    "plan.before",
    "plan.inside",
    "plan.after",
    "claim.before",
    "claim.after",
    "in_app.record.before",
    "in_app.record.inside",
    "in_app.record.after",
    "email.connect.before",
    "email.connect.after",
    "email.hand_over.before",
    "email.hand_over.after",
    "email.record.before",
    "email.record.after",
]
# Taken by the server, not yet written down.
REPEATS = {"email.hand_over.after", "email.record.before"}
# From here on the row knows that a mail is on its way.
HANDED_OVER = REPEATS | {"email.hand_over.before"}
# Owner: due in 24 hours; overdue by a day, also to the lead. Each in the app and by mail.
EXPECTED = Counter(
    [(kind, channel) for kind in ("due_24h", "overdue_24h", "overdue_24h_lead") for channel in ("in_app", "email")]
)


class SqliteStage:
    """The stage as a file, copied for each run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "stage"
        self.run_folder = folder / "run"
        _python(["-m", "tests.chaos.stage"], self.env(self.folder)).check_returncode()

    def env(self, folder: Path) -> dict[str, str]:
        """Where a process finds its rows."""
        folder.mkdir(exist_ok=True)
        return {"DATA_DIR": str(folder)}

    def fresh(self) -> dict[str, str]:
        """A new copy."""
        shutil.rmtree(self.run_folder, ignore_errors=True)
        shutil.copytree(self.folder, self.run_folder)
        return self.env(self.run_folder)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Asks the copy."""
        with closing(sqlite3.connect(self.run_folder / "planner.sqlite3")) as connection, connection:
            return connection.execute(statement).fetchall()

    def close(self) -> None:
        """The folder goes with the test run."""


class PostgresStage:
    """The stage as a template database, cloned for each run."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url, self.name = url, f"crash_points_{os.getpid()}"
        self._admin(f"CREATE DATABASE {self.name}")
        _python(["-m", "tests.chaos.stage"], self.env(self.name)).check_returncode()

    def env(self, name: str) -> dict[str, str]:
        """Where a process finds its rows."""
        return {"DATA_DIR": str(self.folder), "DATABASE_URL": self._at(name)}

    def fresh(self) -> dict[str, str]:
        """A new clone."""
        self._admin(f"DROP DATABASE IF EXISTS {self.name}_run WITH (FORCE)")
        self._admin(f"CREATE DATABASE {self.name}_run TEMPLATE {self.name}")
        return self.env(f"{self.name}_run")

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Asks the clone."""
        with psycopg.connect(self._at(f"{self.name}_run"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Drops both databases."""
        for name in (f"{self.name}_run", self.name):
            self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _at(self, name: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


Stage = SqliteStage | PostgresStage


def _python(arguments: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=clean_env(**env),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def surroundings(env: dict[str, str], sink: SmtpSink) -> dict[str, str]:
    """The rows, the mail server and the test settings."""
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port), "EMAIL_USE_TLS": "0"}
    return env | mail | {"DJANGO_SETTINGS_MODULE": "tests.settings"}


def dispatch(env: dict[str, str], sink: SmtpSink, crash_at: str = "") -> subprocess.CompletedProcess[str]:
    """One sweep in a process of its own."""
    return _python(["manage.py", "dispatch", "--once", "--json"], surroundings(env, sink) | {"CRASH_AT": crash_at})


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Rows to start from, on each engine."""
    folder = tmp_path_factory.mktemp("chaos")
    if request.param == "sqlite":
        made: Stage = SqliteStage(folder)
    else:
        url = os.environ.get("DATABASE_URL", "")
        if not url:
            pytest.skip("DATABASE_URL names no PostgreSQL")
        made = PostgresStage(folder, url)
    yield made
    made.close()


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """The mail server."""
    with SmtpSink() as running:
        yield running


def check_all_told(stage: Stage, sink: SmtpSink, extra: int) -> None:
    """Everything is sent; each notice is there once; `extra` mails came twice, with the same id."""
    sent = stage.sql("SELECT kind, channel FROM campaigns_delivery WHERE state = 'sent'")
    assert Counter(sent) == EXPECTED
    assert stage.sql("SELECT count(*) FROM campaigns_delivery WHERE state NOT IN ('sent', 'suppressed')") == [(0,)]
    notices = stage.sql("SELECT delivery_id FROM campaigns_notice")
    in_app = stage.sql("SELECT id FROM campaigns_delivery WHERE channel = 'in_app' AND state = 'sent'")
    assert sorted(notices) == sorted(in_app)
    keys = stage.sql("SELECT key FROM campaigns_delivery WHERE channel = 'email' AND state = 'sent'")
    came = Counter(mail_id.strip("<>").partition("@")[0].replace("-", "") for mail_id in sink.ids())
    assert set(came) == {str(key).replace("-", "") for (key,) in keys}, "lost, or never planned"
    assert sum(came.values()) - len(came) == extra


@pytest.mark.processes
@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_step_loses_nothing(stage: Stage, sink: SmtpSink, point: str) -> None:
    env = stage.fresh()
    died = dispatch(env, sink, crash_at=point)
    assert died.returncode == -signal.SIGKILL, died.stderr
    # The lease of the dead runs out.
    stage.sql("UPDATE campaigns_delivery SET next_try_at = '2000-01-01 00:00:00+00:00' WHERE state = 'claimed'")
    again = dispatch(env, sink)
    assert again.returncode == 0, again.stderr
    check_all_told(stage, sink, extra=1 if point in REPEATS else 0)
    marked = stage.sql("SELECT channel FROM campaigns_delivery WHERE possibly_twice")
    assert marked == ([("email",)] if point in HANDED_OVER else [])


@pytest.mark.processes
def test_the_lease_of_a_dead_sender_is_kept_until_it_runs_out(stage: Stage, sink: SmtpSink) -> None:
    env = stage.fresh()
    dispatch(env, sink, crash_at="email.record.before")
    assert dispatch(env, sink).returncode == 0
    assert stage.sql("SELECT channel, attempts FROM campaigns_delivery WHERE state = 'claimed'") == [("email", 1)]
    assert len(sink.ids()) == len(set(sink.ids()))


@pytest.mark.processes
def test_three_dispatchers_at_once_send_nothing_twice(stage: Stage, sink: SmtpSink) -> None:
    env = clean_env(**surroundings(stage.fresh(), sink))
    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", "dispatch", "--once"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    check_all_told(stage, sink, extra=0)


@pytest.mark.processes
def test_outside_the_test_settings_nothing_crashes() -> None:
    program = "from planner.core.crash import crash_point; crash_point('plan.before'); print('alive')"
    env = {"CRASH_AT": "plan.before", "PLANNER_TESTS": ""}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert ended.stdout.strip() == "alive"
