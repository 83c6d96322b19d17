"""The state of the machine, gathered so that a part that is gone is a fact and not an exception."""

from datetime import datetime

from django.db import Error

from campaigns.reminders.queries import sweep_lag
from campaigns.upkeep.rules.health import Health, oldest_ages
from planner.web.broker import broker_answers
from staff.runs.queries import signs


def machine_health(now: datetime) -> Health:
    """What each part of the machine last showed."""
    broker = broker_answers()
    try:
        ages = oldest_ages(signs(now), now)
        lag = sweep_lag(now)
    except Error:
        return Health(database=False, broker=broker, ages={}, sweep_lag=None)
    return Health(
        database=True,
        broker=broker,
        ages=ages,
        sweep_lag=None if lag is None else round(max(lag.total_seconds(), 0.0), 1),
    )
