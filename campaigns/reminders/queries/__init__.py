"""What is to be planned (`planning`), what is to be sent (`sending`), and the screens (`screens`)."""

from campaigns.reminders.queries.sending import database_now, due_deliveries, sweep_lag

__all__ = ["database_now", "due_deliveries", "sweep_lag"]
