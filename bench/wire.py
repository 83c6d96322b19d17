"""A small client: bytes over persistent connections to a Unix socket, so that it costs little beside what it asks."""

import itertools
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WARMING = 4
AT_LEAST = 10
PATIENCE = 3000.0


@dataclass(frozen=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """One connection, made again when the server has ended it."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._connection: socket.socket | None = None
        self._rest = b""

    def ask(self, request: bytes) -> Reply:
        """The answer to the request."""
        if self._connection is None:
            return self._fresh(request)
        try:
            return self._exchange(self._connection, request)
        except ConnectionError:
            # An idle connection was ended while we asked: nothing of this request was read.
            return self._fresh(request)

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _fresh(self, request: bytes) -> Reply:
        self.close()
        self._rest = b""
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(60)
        self._connection.connect(self._path)
        return self._exchange(self._connection, request)

    def _exchange(self, connection: socket.socket, request: bytes) -> Reply:
        connection.sendall(request)
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more(connection)
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status, data = int(first.split()[1]), data[end + 4 :]
        length = 0 if status in {204, 304} else int(headers.get("content-length", 0))
        parts, have = [data], len(data)
        while have < length:
            parts.append(self._more(connection))
            have += len(parts[-1])
        data = b"".join(parts)
        self._rest = data[length:]
        if headers.get("connection") == "close":
            self.close()
        return Reply(status, headers, data[:length])

    def _more(self, connection: socket.socket) -> bytes:
        found = connection.recv(1 << 18)
        if not found:
            raise ConnectionResetError
        return found


def reached(path: Path) -> bool:
    """Whether somebody listens there."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        return True
    return False


def clock(path: Path, requests: Callable[[int], bytes], rounds: int, first: int = 0) -> list[float]:
    """Milliseconds of each of `rounds` requests, one after the other; what is slow is asked ten times, not for ever."""
    wire = Wire(path)
    for index in range(WARMING):
        wire.ask(requests(first + index))
    coming = itertools.count(first + WARMING)
    try:
        return _clocked(lambda: wire.ask(requests(next(coming))), rounds)
    finally:
        wire.close()


def timed(do: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each of `rounds` calls, after one that does not count."""
    do()
    return _clocked(do, rounds)


def _clocked(do: Callable[[], object], rounds: int) -> list[float]:
    found: list[float] = []
    while len(found) < rounds and (len(found) < AT_LEAST or sum(found) < PATIENCE):
        begun = time.perf_counter()
        do()
        found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


def load(path: Path, requests: Callable[[int], bytes], seconds: float, first: int, clients: int = 8) -> float:
    """Answers a second that this many clients get at once."""
    lock, state = threading.Lock(), {"next": first, "done": 0}
    until = time.perf_counter() + seconds

    def client() -> None:
        wire, done = Wire(path), 0
        while time.perf_counter() < until:
            with lock:
                index, state["next"] = state["next"], state["next"] + 1
            wire.ask(requests(index))
            done += 1
        wire.close()
        with lock:
            state["done"] += done

    begun = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return state["done"] / (time.perf_counter() - begun)
