"""What the worker does for the frame."""

from celery import shared_task
from django.utils import timezone

from planner.web.api.idempotency import drop_old_answers


@shared_task
def sweep_kept_answers() -> None:
    """Drops answers whose day is over, also those of callers who never come again."""
    drop_old_answers(timezone.now())
