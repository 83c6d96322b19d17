"""The state of the machine, gathered so that a part that is gone is a fact and not an exception."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error

from campaigns.reminders.queries import sweep_lag
from planner.web.broker import broker_answers
from staff.runs.queries import heartbeats
from staff.runs.rules import Health, Part


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else round(max(age.total_seconds(), 0.0), 1)


def machine_health(now: datetime) -> Health:
    """What each part of the machine last showed."""
    health = Health(
        database=False,
        broker=broker_answers(),
        worker_age=None,
        beat_age=None,
        sweep_lag=None,
        version=settings.VERSION,
    )
    try:
        ages = {part: now - beat_at for part, beat_at in heartbeats().items()}
        lag = sweep_lag(now)
    except Error:
        return health
    return replace(
        health,
        database=True,
        worker_age=_seconds(ages.get(Part.WORKER)),
        beat_age=_seconds(ages.get(Part.BEAT)),
        sweep_lag=_seconds(lag),
    )
