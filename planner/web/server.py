"""What the web server itself answers, before Django sees a request: as little, and as strict, as everything else."""

import socket
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from planner.web.strict import STRICT

# A thread reads one request at a time and waits for its bytes. Whoever sends a head drop by drop, or half a body and
# then nothing, would keep it for ever; a proxy in front waits instead of us, but not every house has one.
HEAD_SECONDS = 8.0
BODY_SECONDS = 300.0


_HEADERS = {
    "Connection": "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    **STRICT,
}


def answer_of(status: int) -> bytes:
    """A whole answer with the status in words; nothing of what was sent comes back in it."""
    known = {entry.value: entry.phrase for entry in HTTPStatus}
    phrase = known.get(status, "Error")
    body = f"{phrase}\n".encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in _HEADERS.items())
    return f"HTTP/1.1 {status} {phrase}\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def write_error(client: socket.socket, status: int, *_: str) -> None:
    """In place of gunicorn's own page, which repeats the faulty line."""
    util.write_nonblock(client, answer_of(status))


class Worker(ThreadWorker):
    """Gunicorn's worker of threads with our answers to what is no request, and an end to waiting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._until: dict[Any, float] = {}

    def init_process(self) -> None:
        """Starts with our words for errors."""
        util.write_error = write_error
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """One request, whose head has to come in time."""
        self._until[conn] = monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The same request with its head read: its body has to come in time, and its answer to be taken."""
        self._until[conn] = monotonic() + BODY_SECONDS
        return super().handle_request(req, conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Ends, every second, what the base class ends, and connections that are waited for too long."""
        super().murder_keepalived(force)
        now = monotonic()
        for conn, until in list(self._until.items()):
            if until < now:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
