"""Logs of the parts: plain files, kept short, whose warnings are repeated on the console."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

LONGEST = 10 * 2**20
# Our own lines and gunicorn's; not the broker's advice about kernel settings.
_LOUD = re.compile(
    r"^\d{4}-\d\d-\d\d \S+ (WARNING|ERROR|CRITICAL) |^\[\d{4}-[^\]]+\] \[\d+\] \[(WARNING|ERROR|CRITICAL)\]"
)


class Log:
    """One part's log; writers append, so it can be shortened under them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self.keep_short()
        self._read = path.stat().st_size

    def loud_lines(self) -> Iterator[str]:
        """Warnings and errors written since the last look."""
        if self.path.stat().st_size <= self._read:
            return
        with self.path.open("rb") as file:
            file.seek(self._read)
            fresh = file.read(2**20)
        whole = fresh[: fresh.rfind(b"\n") + 1] or (fresh if len(fresh) == 2**20 else b"")
        self._read += len(whole)
        yield from (line for line in whole.decode("utf-8", "replace").splitlines() if _LOUD.match(line))

    def keep_short(self) -> None:
        """Past its limit, the log moves to `<name>.log.1` and starts anew."""
        if self.path.stat().st_size > LONGEST:
            shutil.copyfile(self.path, self.path.with_name(f"{self.path.name}.1"))
            with self.path.open("r+b") as file:
                file.truncate()
            self._read = 0
