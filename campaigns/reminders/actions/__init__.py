"""Writing the ledger (`planning`), sending from it (`sending`), holding back after a restore (`holding`), reading."""

from campaigns.reminders.actions.holding import quarantine_due
from campaigns.reminders.actions.planning import plan_deliveries
from campaigns.reminders.actions.reading import forget_tasks, read_all, read_notice, retry_delivery
from campaigns.reminders.actions.sending import claim_delivery, dispatch_due, send_delivery

__all__ = [
    "claim_delivery",
    "dispatch_due",
    "forget_tasks",
    "plan_deliveries",
    "quarantine_due",
    "read_all",
    "read_notice",
    "retry_delivery",
    "send_delivery",
]
