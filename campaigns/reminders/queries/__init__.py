"""What is to be planned (`planning`), what is to be sent (`sending`), and the screens (`screens`)."""

from campaigns.reminders.queries.sending import (
    database_now,
    due_deliveries,
    sweep_lag,
    waiting_deliveries,
)

__all__ = ["database_now", "deliveries_by_state", "due_deliveries", "sweep_lag", "waiting_deliveries"]
