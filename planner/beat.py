"""Celery's clock for sweeps: keeps no file, fires at once when it starts, and shows that it lives."""

import logging
import time
from typing import Any

from celery.beat import Scheduler
from django.db import Error, close_old_connections
from django.utils import timezone

from staff.runs.actions import beat_heart
from staff.runs.rules import HEART_SECONDS, Part

logger = logging.getLogger(__name__)


class SweepScheduler(Scheduler):
    """Every entry is a sweep over due rows: when it last fired need not be remembered, an early tick is harmless."""

    _beat_again = 0.0

    def setup_schedule(self) -> None:
        """The beat table, every entry due now: what fell due while nobody ticked is found at once."""
        self.merge_inplace(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at -= entry.schedule.run_every

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One round of the loop; the heartbeat follows a round that came through."""
        wait = super().tick(*args, **kwargs)
        if time.monotonic() >= self._beat_again:
            self._beat_again = time.monotonic() + HEART_SECONDS
            self._beat()
        return min(wait, HEART_SECONDS)

    def _beat(self) -> None:
        # The sweeps need no database here: a database that is gone must not stop the clock.
        try:
            close_old_connections()
            beat_heart(part=Part.BEAT, now=timezone.now())
        except Error as error:
            logger.warning("the heartbeat of beat was not written: %s", error)
        finally:
            close_old_connections()
