"""Log lines that hold what they were given on one line."""

import logging
import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """The text with line ends, control and direction characters escaped: nobody's name can forge a line."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class OneLine(logging.Formatter):
    """Writes each message on one line; a traceback follows on its own lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line, whatever stands in the message's arguments."""
        record.message = one_line(record.message)
        return super().formatMessage(record)
