"""`python -m planner.serve`: checks, prepares, starts the tree, says where it is, watches it, stops it."""

import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from planner import __version__, env
from planner.serve import checks
from planner.serve.tree import GaveUp, Part, Tree
from planner.settings import BASE_DIR, DATA_DIR, PRODUCTION, REDIS_URL, broker_socket

READY_SECONDS = 60.0
BROKER_SECONDS = 10.0
# Web first: nothing new comes in. The broker last: the worker hands back what it did not finish.
STOP_ORDER = (("web",), ("worker", "beat"), ("broker",))


def say(line: str) -> None:
    """One line for the person at the console, at once."""
    print(line, flush=True)  # noqa: T201


def broker(binary: Path) -> Part:
    """A real Valkey on a Unix socket, its queue on disk."""
    folder = DATA_DIR / "queue"
    folder.mkdir(mode=0o700, exist_ok=True)
    options = {
        "unixsocket": str(broker_socket(DATA_DIR)),
        "unixsocketperm": "700",
        "port": "0",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return Part("broker", [str(binary), *[word for key, value in options.items() for word in (f"--{key}", value)]], 1.5)


def web(socket_fd: int) -> Part:
    """Gunicorn on the tree's own listening socket; the rest of its settings are in gunicorn.conf.py."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{socket_fd}", "planner.wsgi"]
    return Part("web", command, 3.0, pass_fds=(socket_fd,))


def worker() -> Part:
    """Celery's worker: threads, because its work waits for the database and for mail servers."""
    options = ["-P", "threads", "-c", "2", "--without-gossip", "--without-mingle", "-l", "WARNING"]
    return Part("worker", [sys.executable, "-m", "celery", "-A", "planner", "worker", *options], 4.5)


def beat() -> Part:
    """Celery's clock, a process of its own so that its death is seen and mended."""
    return Part("beat", [sys.executable, "-m", "celery", "-A", "planner", "beat", "-l", "WARNING"], 4.5)


def start_broker(tree: Tree) -> None:
    """Starts the embedded broker and waits for its socket."""
    path = broker_socket(DATA_DIR)
    path.unlink(missing_ok=True)
    tree.start(broker(checks.broker_binary()))
    until = time.monotonic() + BROKER_SECONDS
    while not path.exists() and not tree.stop_asked:
        tree.tend(0.02)
        if not tree.is_running("broker") or time.monotonic() > until:
            # Rows are the truth, so the queue may go: it holds wake-ups.
            said = last_line(tree.log_of("broker"))
            raise checks.CannotStart(f"the broker does not start: {said}; {DATA_DIR / 'queue'} may be deleted")


def last_line(log: Path) -> str:
    """What a part said last, and where it said it."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return f"{lines[-1] if lines else 'it said nothing'} ({log})"


def health(port: int) -> dict[str, Any]:
    """What /healthz says; empty while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()


def wait_until_ready(tree: Tree, port: int) -> None:
    """Waits until web, database, broker, worker and beat of this start all show signs of life."""
    started = time.monotonic()
    answer: dict[str, Any] = {}
    while not tree.stop_asked:
        tree.tend(0.1)
        passed = time.monotonic() - started
        answer = health(port) or answer
        ages = [answer.get("worker_age_seconds"), answer.get("beat_age_seconds")]
        # A heartbeat older than this start was left by the tree before it.
        if answer.get("status") == "ok" and all(age is not None and age <= passed for age in ages):
            return
        if passed > READY_SECONDS:
            raise GaveUp(
                f"not ready after {READY_SECONDS:g} s, /healthz says {answer or 'nothing'}: see {DATA_DIR / 'logs'}"
            )


def watch(tree: Tree) -> None:
    """Keeps the tree alive until somebody asks it to stop."""
    while not tree.stop_asked:
        tree.tend(1.0)


def show_logins() -> None:
    """The demo's log-ins, as its loading printed them."""
    path = DATA_DIR / "demo_logins.txt"
    if path.exists():
        say(path.read_text().rstrip())


def show_setup(address: str) -> None:
    """Where the first team is made and the token for it; the file that brought the token is gone then."""
    path = DATA_DIR / "setup_token"
    if path.exists():
        token = path.read_text()
        path.unlink()
        say(f"No team yet: make the first one at {address}/setup/ with the token\n  {token}")


def serve(lock: TextIO) -> None:
    """The whole life of the tree."""
    began = time.monotonic()
    listener = checks.take_port(env.number("PORT", 8000))
    port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    lock.write(address)
    lock.flush()
    say(f"Planner {__version__}, data in {DATA_DIR}")
    surroundings = {**os.environ, "DATA_DIR": str(DATA_DIR), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    tree = Tree(DATA_DIR / "logs", surroundings, BASE_DIR, say)
    try:
        if not REDIS_URL:
            start_broker(tree)
        if tree.run([sys.executable, "-m", "planner.serve.prepare"]) and not tree.stop_asked:
            raise checks.CannotStart(1)  # it said why
        if not tree.stop_asked:
            say("Starting web, worker and beat …")
            for part in (web(listener.fileno()), worker(), beat()):
                tree.start(part)
            wait_until_ready(tree, port)
        if not tree.stop_asked:
            say(f"Ready after {time.monotonic() - began:.1f} s: {address}   (Ctrl-C stops)")
            show_logins()
            show_setup(address)
        watch(tree)
        say("Stopping …")
    except GaveUp as error:
        raise checks.CannotStart(f"Stopped: {error}") from None
    finally:
        tree.stop(*STOP_ORDER)
        listener.close()
    say("Stopped.")


def main() -> None:
    """Checks first, so that a start that cannot work leaves nothing behind."""
    if PRODUCTION:
        raise checks.CannotStart("SHAPE=production runs its parts apart: see docker-compose.yml")
    os.umask(0o077)  # rows, mails and logs are nobody else's on this machine
    checks.check_data_dir(DATA_DIR)
    with checks.take_lock(DATA_DIR) as lock:
        serve(lock)


if __name__ == "__main__":
    main()
