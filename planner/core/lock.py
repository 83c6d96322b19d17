"""One at a time in a data folder: a lock that its holder's death releases."""

import fcntl
from pathlib import Path
from typing import TextIO


class Held(Exception):
    """Somebody else holds it; the text is what they wrote into it, empty when they have just begun."""


def take_lock(path: Path) -> TextIO:
    """The lock of a data folder, held as long as the file stays open; what its holder writes in it, others are told."""
    file = (path / "serve.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        with file:
            file.seek(0)
            raise Held(file.read().strip()) from None
    file.truncate(0)
    return file
