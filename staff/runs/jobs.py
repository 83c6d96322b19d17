"""What the worker does for this slice."""

from celery import shared_task
from django.utils import timezone

from staff.runs import actions
from staff.runs.rules import Part


@shared_task
def beat_heart() -> None:
    """Shows that jobs travel through the broker and are worked: only a worker that consumes can write this."""
    actions.beat_heart(part=Part.WORKER, now=timezone.now())
