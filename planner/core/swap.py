"""Several files of a data folder change at once: made ready in a folder of their own, placed by whoever comes next.

The folder's appearance is the moment of change. A process that is killed before it leaves the old files, one that is
killed after it leaves the rest of the work to the next: every process of ours does it before it reads anything.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from planner.core.crash import crash_point

READY, DATABASE = "restored", "planner.sqlite3"


def make_ready(staged: Path) -> None:
    """From here on the files in `staged`, a folder inside the data folder, are the new ones."""
    for path in (*staged.iterdir(), staged):
        sync(path)
    staged.rename(staged.with_name(READY))
    sync(staged.parent)


def put_in_place(data_dir: Path) -> None:
    """Gives the files that are ready their places; does nothing where there are none."""
    ready = data_dir / READY
    try:
        descriptor = os.open(ready, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # of two processes, the second finds nothing left to do
        if (ready / DATABASE).exists():
            # What the old database did not finish must not be finished in the new one.
            for ending in ("-journal", "-wal", "-shm"):
                (data_dir / f"{DATABASE}{ending}").unlink(missing_ok=True)
        for path in sorted(ready.iterdir()) if ready.is_dir() else []:
            path.replace(data_dir / path.name)
            crash_point(f"restore.placed.{path.name}")
        sync(data_dir)
        with suppress(FileNotFoundError):
            ready.rmdir()
    finally:
        os.close(descriptor)


def sync(path: Path) -> None:
    """Waits until a file, or what was renamed in a folder, has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
