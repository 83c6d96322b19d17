"""The machine and the processes: production's surroundings, its web server, what that weighs, and what it ran on."""

import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from bench.wire import reached

ROOT = Path(__file__).resolve().parent.parent
HOST = "bench.test"
SHOWN = ("Django", "gunicorn", "psycopg", "orjson", "djangorestframework", "whitenoise")


def surroundings(folder: Path, database_url: str) -> dict[str, str]:
    """The variables of an installation: production's with PostgreSQL, the embedded shape's with SQLite."""
    ours = ("DATABASE_URL", "REDIS_URL", "DEBUG", "SHAPE", "WEB", "BASE_URL", "ALLOWED_HOSTS", "EMAIL_HOST", "PORT")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    kept |= {
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "planner.settings",
        "SECRET_KEY": "bQ7w-Zr2xK9mVt4yHs8nJd3fGp6aLc1eUi5oTz0qWbYkXgRvNjMhSd",
        "ALLOWED_HOSTS": f"{HOST},localhost",
        # Nobody listens: what has to be done later stays where it is.
        "REDIS_URL": f"redis+socket://{folder / 'nobody.sock'}",
    }
    if database_url:
        kept |= {"SHAPE": "production", "DATABASE_URL": database_url, "BASE_URL": f"https://{HOST}"}
    return kept


@contextmanager
def installation(vendor: str) -> Iterator[dict[str, str]]:
    """The surroundings of a throw-away installation on this kind of database."""
    from tests.harness import broker_bin, postgres, redis

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="planner-bench-")))
        url = stack.enter_context(postgres(durable=True)) if vendor == "postgresql" else ""
        env = surroundings(folder, url)
        if broker_bin():
            env["REDIS_URL"] = stack.enter_context(redis())
        yield env


@contextmanager
def server(
    folder: Path, application: str = "planner.wsgi", workers: int = 2, bind: str = "", **extra: str
) -> Iterator["Server"]:
    """Gunicorn as production starts it, in the surroundings of this process."""
    socket = folder / f"{application.split('.')[0].split(':')[0]}.sock"
    env = {**os.environ, "WEB": "1", "WEB_WORKERS": str(workers), "BIND": bind or f"unix:{socket}", **extra}
    command = [sys.executable, "-m", "gunicorn", *extra.pop("OPTIONS", "").split(), application]
    log = (folder / "gunicorn.log").open("ab")
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        for _ in range(600):
            if bind or reached(socket):
                break
            if process.poll() is not None:
                raise RuntimeError((folder / "gunicorn.log").read_text())
            time.sleep(0.05)
        yield Server(process.pid, socket)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)


class Server:
    """A running web server."""

    def __init__(self, pid: int, socket: Path) -> None:
        self.pid, self.socket = pid, socket

    def memory(self) -> dict[str, float]:
        """MiB of the master and of all workers together: resident, and with what is shared divided by its sharers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        if not children.exists():
            return {}
        pids = children.read_text().split()
        sums = {"workers": float(len(pids)), "rss": 0.0, "pss": 0.0}
        for pid in pids:
            for name, value in _rollup(pid).items():
                sums[name] += value
        return sums | {f"master_{name}": value for name, value in _rollup(str(self.pid)).items()}


def _rollup(pid: str) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return {
        line[:3].lower(): round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith(("Rss:", "Pss:"))
    }


def machine() -> list[str]:
    """What it ran on, in lines for the report."""
    model, memory = platform.processor() or platform.machine(), ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = models[0] if models else model
        total = Path("/proc/meminfo").read_text().splitlines()[0].split()[1]
        memory = f", {int(total) / 1024 / 1024:.0f} GiB of memory"
    names = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    return [
        f"{os.cpu_count()} cores, {model}{memory}, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, {names}",
    ]


def load_average() -> str:
    """How busy the machine is with whatever else."""
    return "/".join(f"{each:.1f}" for each in os.getloadavg())
