"""What workers do for figures."""

from celery import shared_task
from django.utils import timezone

from campaigns.metrics import actions
from campaigns.metrics.rules.orders import IMPORT_KIND
from staff.runs.queries import claimable_runs


@shared_task
def sweep_imports() -> None:
    """Hands every import that waits to a worker; a doubled hand-over meets the claim."""
    for run_id in claimable_runs(IMPORT_KIND, timezone.now()):
        run_import.apply_async((run_id,), expires=15)


# Less than the lease: a process that is cut off here has let go before another takes over.
@shared_task(time_limit=110)
def run_import(run_id: int) -> None:
    """Writes one import's orders."""
    actions.run_import(run_id=run_id, clock=timezone.now)
