"""What the web server itself answers, before Django sees a request: as little, and as strict, as everything else."""

import socket
from http import HTTPStatus

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from planner.web.strict import STRICT

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
    """Gunicorn's worker of threads with our answers to what is no request."""

    def init_process(self) -> None:
        """Starts with our words for errors."""
        util.write_error = write_error
        super().init_process()
