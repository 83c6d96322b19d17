"""`python -m planner.serve` for real: it starts, names each fault in a line, mends itself, leaves nothing behind."""

import json
import os
import signal
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness import Served, serve

pytestmark = pytest.mark.processes


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A tree that the test may break."""
    tree = serve(tmp_path / "data")
    assert tree.url, "\n".join(tree.lines)
    yield tree
    if tree.process.poll() is None:
        tree.end()


def ask(url: str) -> tuple[int, str]:
    """Status and body; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  our own address
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def processes() -> Iterator[tuple[int, int, str, str]]:
    """Id, parent's id, command line and surroundings of every process."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            texts = [
                (folder / name).read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                for name in ("cmdline", "environ")
            ]
        except OSError:  # it ended while we looked
            continue
        yield int(folder.name), int(parent), *texts


def parts(tree: Served) -> dict[str, int]:
    """The process ids of the tree's own children, by part."""
    kinds = {"valkey-server": "broker", "gunicorn": "web", "worker": "worker", "beat": "beat"}
    children = [(pid, command) for pid, parent, command, _ in processes() if parent == tree.process.pid and command]
    return {next(part for word, part in kinds.items() if word in command): pid for pid, command in children}


def living(tree: Served) -> list[str]:
    """Every process that works on the tree's data folder, by its surroundings or its command line."""
    mark = tree.env["DATA_DIR"]
    return [command for pid, _, command, around in processes() if pid != os.getpid() and mark in command + around]


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether it holds before the time is up."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        pause.wait(0.1)
    return holds()


def test_it_answers_and_every_part_shows_itself(served: Served) -> None:
    status, body = ask(f"{served.url}/healthz")
    health = json.loads(body)
    assert (status, health["status"], health["database"], health["broker"]) == (200, "ok", "ok", "ok")
    assert max(health["worker_age_seconds"], health["beat_age_seconds"]) <= 60
    status, body = ask(f"{served.url}/")
    assert status == 200
    assert 'name="password"' in body


def test_a_second_start_on_the_same_data_says_so(served: Served) -> None:
    second = serve(Path(served.env["DATA_DIR"]))
    assert second.process.wait(timeout=10) == 1
    assert second.lines == [f"already running with DATA_DIR {served.env['DATA_DIR']}: {served.url}"]
    assert ask(f"{served.url}/healthz")[0] == 200


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        tree = serve(tmp_path / "data", PORT=str(port))
        assert tree.process.wait(timeout=10) == 1
    assert tree.lines == [f"port {port} is taken: stop what uses it, or choose another with PORT=…"]
    assert living(tree) == []


@pytest.mark.parametrize(
    ("surroundings", "said"),
    [
        ({"PORT": "70000"}, "port 70000 cannot be used"),
        ({"PORT": "many"}, "PORT='many' is not a whole number"),
        ({"DATA_DIR": "/dev/null/data"}, "cannot write to /dev/null/data"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must look like postgres://"),
        ({"DATABASE_URL": "postgres://planner@/planner?host=/nowhere"}, "The database cannot be used: "),
        ({"REDIS_URL": "redis+socket:///nowhere/queue.sock"}, "REDIS_URL does not answer"),
        ({"SHAPE": "production"}, "SECRET_KEY is not set"),
    ],
)
def test_each_wrong_setting_is_one_clear_line(tmp_path: Path, surroundings: dict[str, str], said: str) -> None:
    tree = serve(tmp_path / "data", **surroundings)
    assert tree.process.wait(timeout=15) == 1
    assert said in tree.lines[-1]
    assert not [line for line in tree.lines if "Traceback" in line]


def test_asked_to_end_it_leaves_nothing_behind(own: Served) -> None:
    assert len(living(own)) >= 6
    began = time.monotonic()
    assert own.end() == 0
    assert time.monotonic() - began < 10
    assert living(own) == []
    assert own.lines[-2:] == ["Stopping …", "Stopped."]
    database = sqlite3.connect(Path(own.env["DATA_DIR"]) / "planner.sqlite3")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_killed_outright_it_takes_its_children_along(own: Served) -> None:
    own.process.kill()
    own.process.wait()
    assert until(lambda: living(own) == [], 5), living(own)


def test_killed_parts_come_back_and_work(own: Served) -> None:
    before = parts(own)
    assert set(before) == {"broker", "web", "worker", "beat"}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def all_new() -> bool:
        now = parts(own)
        return set(now) == set(before) and not set(now.values()) & set(before.values())

    killed = time.time()
    assert until(all_new, 10)

    def well() -> bool:
        status, body = ask(f"{own.url}/healthz")
        # Only a heartbeat younger than the kill comes from a successor.
        ages = [json.loads(body)[f"{part}_age_seconds"] for part in ("worker", "beat")] if status == 200 else [1e9]
        return max(ages) < time.time() - killed

    assert until(well, 60), ask(f"{own.url}/healthz")
    assert sum("ended with signal SIGKILL, starts again" in line for line in own.lines) == 4


@pytest.mark.postgres
def test_it_runs_on_postgresql_and_redis(tmp_path: Path, postgres_url: str, broker: str) -> None:
    tree = serve(tmp_path / "data", DATABASE_URL=postgres_url, REDIS_URL=broker)
    assert tree.url, "\n".join(tree.lines)
    assert set(parts(tree)) == {"web", "worker", "beat"}
    assert ask(f"{tree.url}/healthz")[0] == 200
    assert tree.end() == 0
    assert not (tmp_path / "data" / "planner.sqlite3").exists()


def test_a_start_without_a_team_shows_the_token_for_the_first_one(own: Served) -> None:
    assert until(lambda: "/setup/" in "".join(own.lines), 5)
    assert until(lambda: "/setup/" not in own.lines[-1], 5)
    token, kept = own.lines[-1].strip(), Path(own.env["DATA_DIR"])
    assert len(token) == 43
    # Its file is gone, and no log or row holds it.
    assert not any(token.encode() in path.read_bytes() for path in kept.rglob("*") if path.is_file())
