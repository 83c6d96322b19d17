"""Bytes to a real web server and back: what no well-behaved client would send."""

import http.cookiejar
import re
import socket
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

from tests.harness import Served


@dataclass
class Answer:
    """What came back before the server closed or fell silent."""

    raw: bytes

    @property
    def status(self) -> int:
        """0 when nothing came."""
        return int(self.raw.split(b" ", 2)[1]) if self.raw.startswith(b"HTTP/") else 0

    @property
    def headers(self) -> dict[str, str]:
        """By lower-case name."""
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> str:
        """As text."""
        return self.raw.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")


def exchange(url: str, data: bytes, seconds: float = 10) -> Answer:
    """Sends the bytes as they are and reads until the end."""
    parts = urllib.parse.urlsplit(url)
    assert parts.hostname
    assert parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as line:
        pieces = []
        try:
            line.sendall(data)
            while piece := line.recv(65536):
                pieces.append(piece)
        except OSError:
            pass
        return Answer(b"".join(pieces))


@dataclass
class Person:
    """Somebody who is signed in to a served tree."""

    tree: Served
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def _open(self, path: str, form: dict[str, str] | None = None) -> str:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        data = urllib.parse.urlencode(form).encode() if form else None
        with opener.open(f"{self.tree.url}{path}", data, timeout=20) as answer:
            return str(answer.read().decode())

    def token(self, path: str) -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._open(path))
        assert found
        return found[1]

    def sign_in(self, login: str, password: str) -> None:
        """Through the log-in page."""
        form = {"username": login, "password": password, "csrfmiddlewaretoken": self.token("/login/")}
        assert 'name="password"' not in self._open("/login/", form)

    def head(self, path: str, method: str = "POST", **headers: str) -> bytes:
        """The first lines of a request with this person's cookies."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "") or ""
        host = urllib.parse.urlsplit(self.tree.url).netloc
        known = {"Host": host, "Cookie": cookies, "X-CSRFToken": token, "Connection": "close"}
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in {**known, **headers}.items() if value]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()
