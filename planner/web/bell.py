"""Ringing for the workers: a hint after a write, lost without harm."""

import logging
from typing import Any

from django.db import transaction

from planner.web.broker import broker_answers

logger = logging.getLogger(__name__)


def ring(job: Any) -> None:
    """Asks Celery to run this sweep once the open transaction commits; a lost ring costs one sweep interval."""

    def call() -> None:
        # Asked first, with a second's patience: a broker that hangs would keep this thread for half a minute.
        if not broker_answers():
            logger.warning("could not ring %s: the broker does not answer", job.name)
            return
        try:
            job.apply_async(expires=15)
        except Exception as error:  # noqa: BLE001 - whatever a broker may raise
            # The row is the truth; the next tick finds it. The user's write must not fail for a doorbell.
            logger.warning("could not ring %s: %s", job.name, error)

    transaction.on_commit(call, robust=True)
