"""Celery's clock for sweeps: keeps no file, fires at once when it starts, and shows that it lives."""

import time
from typing import Any

from celery.beat import Scheduler

from planner import pulse
from staff.runs.rules import HEART_SECONDS, Part


class SweepScheduler(Scheduler):
    """Every entry is a sweep over due rows: when it last fired need not be remembered, an early tick is harmless."""

    _beat_again = 0.0

    def setup_schedule(self) -> None:
        """The beat table, every entry due now: what fell due while nobody ticked is found at once."""
        self.merge_inplace(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at -= entry.schedule.run_every
        self.life = pulse.new_life(Part.BEAT)
        pulse.begin(self.life)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One round of the loop; the heartbeat follows a round that came through."""
        wait = super().tick(*args, **kwargs)
        if time.monotonic() >= self._beat_again:
            self._beat_again = time.monotonic() + HEART_SECONDS
            # The sweeps need no database here: one that is gone does not stop the clock.
            pulse.beat(self.life)
        return min(wait, HEART_SECONDS)

    def close(self) -> None:
        """Ends, and says farewell."""
        super().close()
        pulse.end(self.life)
