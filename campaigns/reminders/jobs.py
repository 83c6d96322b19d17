"""The sweep and the single delivery, for Celery. The rows are the truth: a lost message costs one sweep."""

from celery import shared_task

from campaigns.reminders.actions import plan_deliveries, send_delivery
from campaigns.reminders.queries import database_now, due_deliveries

SWEEP_SECONDS = 15
# What workers cannot take in one interval the next sweep finds again.
BATCH = 2000


@shared_task
def sweep_reminders() -> None:
    """Writes what has come due and rings once for each line that can be sent."""
    now = database_now()
    plan_deliveries(now=now)
    for delivery_id in due_deliveries(now, limit=BATCH):
        deliver.apply_async((delivery_id,), expires=SWEEP_SECONDS)


@shared_task
def deliver(delivery_id: int) -> None:
    """Sends one line of the ledger, unless somebody else does."""
    send_delivery(delivery_id=delivery_id, now=database_now())
