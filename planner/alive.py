"""`python -I planner/alive.py`: whether this container's process has shown life lately; cheap, for a health check.

Reads the age of the file that ALIVE_FILE names. Run as a file, not as a module: so neither the package nor Celery is
loaded. A worker whose database is gone is not ill itself.
"""

import os
import sys
import time
from pathlib import Path

# As long as staff.runs.rules.OLDEST_HEARTBEAT, which only Django's surroundings could tell.
OLDEST = 40.0


def main() -> int:
    """0 when the file is young; else 1 and one line that says why."""
    path = os.environ.get("ALIVE_FILE", "")
    if not path:
        return _ill("ALIVE_FILE is not set: name the file that this container's process touches")
    try:
        age = time.time() - Path(path).stat().st_mtime
    except OSError as error:
        return _ill(f"no sign of life yet: {path}: {error.strerror}")
    return 0 if age <= OLDEST else _ill(f"the last sign of life is {age:.0f} s old: it hangs or waits for the broker")


def _ill(line: str) -> int:
    print(line)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
