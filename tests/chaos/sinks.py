"""A mail server on the loopback that takes everything and remembers it, unless told to misbehave."""

import socketserver
import threading
from email import message_from_bytes
from types import TracebackType
from typing import Self


class SmtpSink:
    """A context manager; `answers` maps mail, rcpt or data to another answer; `data: drop` takes and hangs up."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answers: dict[str, str] = {}
        sink = self

        class Conversation(socketserver.StreamRequestHandler):
            timeout = 30

            def handle(self) -> None:
                self.say("220 sink")
                while line := self.rfile.readline():
                    verb = line.split(b":")[0].split()[0].decode().lower()
                    if verb == "quit":
                        return self.say("221 bye")
                    if verb == "data":
                        self.say("354 go on")
                        if not sink.take(self.rfile.readline):
                            return None
                        self.say(sink.answers.get("data", "250 taken"))
                    else:
                        self.say(sink.answers.get(verb, "250 ok"))
                return None

            def say(self, text: str) -> None:
                self.wfile.write(text.encode() + b"\r\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def take(self, readline: object) -> bool:
        """Reads a body; keeps it unless `data` is refused. False: hang up without an answer."""
        lines = []
        while (line := readline()) not in {b".\r\n", b""}:  # type: ignore[operator]
            lines.append(line)
        answer = self.answers.get("data", "250")
        if line and answer.startswith(("250", "drop")):
            self.mails.append(b"".join(lines))
        return bool(line) and answer != "drop"

    def ids(self) -> list[str]:
        """The Message-IDs in the order they came."""
        return [message_from_bytes(mail)["Message-ID"] for mail in self.mails]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
