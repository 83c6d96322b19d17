"""Commands that take minutes: they say how far they are."""

import json
import os
import time
from typing import Any

from campaigns.upkeep.rules.manifest import Manifest
from campaigns.upkeep.rules.progress import Progress
from planner.web.commands import DomainCommand

SECONDS_BETWEEN = 2.0


def summary(manifest: Manifest) -> dict[str, Any]:
    """A backup in a few words."""
    found: dict[str, Any] = {
        "version": manifest.version,
        "taken_at": manifest.taken_at,
        "engine": manifest.engine,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "uploads": len(manifest.uploads),
    }
    return found | {name: list(names) for name in ("missing", "gone") if (names := getattr(manifest, name))}


class WatchedCommand(DomainCommand):
    """A command with lines of progress, on stderr: what it prints in the end stays one result."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As every command of ours; files that it makes are nobody else's."""
        os.umask(0o077)
        self._began, self._last, self._step, self._first = time.monotonic(), time.monotonic(), "", 0
        super().handle(*args, **options)

    def tell(self, progress: Progress) -> None:
        """Says it when the last line is long enough ago."""
        now = time.monotonic()
        if progress.step != self._step:
            self._step, self._began = progress.step, now
        if now - self._last < SECONDS_BETWEEN:
            return
        self._last = now
        rate = round(progress.done / max(now - self._began, 0.001))
        percent = 100 * progress.done // max(progress.total, 1)
        if self.as_json:
            self.stderr.write(json.dumps({**vars(progress), "percent": percent, "per_second": rate}), self._plain)
        else:
            line = f"{progress.step} {percent:3} %  {progress.done}/{progress.total}  {rate}/s  {progress.part}"
            self.stderr.write(line, self._plain)

    @staticmethod
    def _plain(text: str) -> str:
        return text
