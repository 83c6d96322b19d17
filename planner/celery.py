"""Celery's app and its beat table: every job here is a sweep over rows, so a lost or doubled tick changes nothing."""

import os
from collections.abc import Callable
from typing import Any

from celery import Celery, Task
from celery.exceptions import InvalidTaskError
from celery.worker.strategy import default

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")


def careful(task: Any, app: Any, consumer: Any) -> Callable[..., Any]:
    """Celery's way of taking a message, which a body of the wrong shape would end together with the worker."""
    take = default(task, app, consumer)

    def take_whole(message: Any, body: Any, *rest: Any, **more: Any) -> Any:
        payload = message.payload
        match payload:
            case [list() | tuple(), dict(), dict() | None]:
                return take(message, body, *rest, **more)
        raise InvalidTaskError(f"{task.name}: a body of {type(payload).__name__} is no call")

    return take_whole


class Job(Task):
    """A job whose messages are looked at before they are believed."""

    Strategy = "planner.celery:careful"


app = Celery("planner", task_cls=Job)
app.config_from_object("django.conf:settings", namespace="CELERY")
# Called jobs, because Task is our own word.
app.autodiscover_tasks(
    [
        "planner.web",
        "staff.accounts",
        "staff.runs",
        "campaigns.metrics",
        "campaigns.reminders",
        "campaigns.reviews",
        "campaigns.changes",
    ],
    related_name="jobs",
)

# Gives a worker its heartbeat; imported by workers alone, when Django is there.
app.conf.imports = ("planner.pulse",)

SWEEP_SECONDS = 15.0


def _every_sweep(job: str) -> dict[str, object]:
    # A tick that waited a whole interval is worth nothing: the next one is there already.
    return {"task": job, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}


app.conf.beat_schedule = {
    "kept_answers": {"task": "planner.web.jobs.sweep_kept_answers", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "bin": {"task": "campaigns.changes.jobs.sweep_bin", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "accounts": _every_sweep("staff.accounts.jobs.sweep_accounts"),
    "reminders": _every_sweep("campaigns.reminders.jobs.sweep_reminders"),
    "imports": _every_sweep("campaigns.metrics.jobs.sweep_imports"),
    "reviews": _every_sweep("campaigns.reviews.jobs.sweep_reviews"),
}
