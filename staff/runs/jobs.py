"""What the worker does for this slice."""

import os
from datetime import datetime
from pathlib import Path

from celery import shared_task
from django.utils import timezone

from staff.runs import actions
from staff.runs.rules import Life, Part


@shared_task
def beat_heart(host: str = "", pid: int = 0, since: str = "") -> None:
    """Shows that this worker takes messages and works on them: its heartbeat comes to it as a job of its own."""
    show_alive()
    if pid:
        life = Life(Part.WORKER, host, pid, datetime.fromisoformat(since))
        actions.beat_heart(life=life, now=timezone.now())


def show_alive() -> None:
    """Touches the file that `planner/alive.py` looks at, where ALIVE_FILE names one."""
    if path := os.environ.get("ALIVE_FILE"):
        Path(path).touch()
