"""Emptying the bin, for Celery."""

from celery import shared_task
from django.utils import timezone

from campaigns.changes.actions import empty_bin


@shared_task
def sweep_bin() -> None:
    """Removes for good what has lain in a bin for 30 days."""
    empty_bin(now=timezone.now())
