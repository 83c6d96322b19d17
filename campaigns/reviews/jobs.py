"""What workers do for reviews."""

from celery import shared_task
from django.utils import timezone

from campaigns.reviews import actions
from campaigns.reviews.rules.facts import REVIEW_KIND
from staff.runs.queries import claimable_runs


@shared_task
def sweep_reviews() -> None:
    """Finds reviews that nobody compiled since they opened, and hands every waiting run to a worker."""
    now = timezone.now()
    actions.queue_due_reviews(now=now)
    for run_id in claimable_runs(REVIEW_KIND, now):
        compile_review.apply_async((run_id,), expires=15)


@shared_task
def compile_review(run_id: int) -> None:
    """Compiles one review."""
    actions.run_compile(run_id=run_id, clock=timezone.now)
