"""Runs, signs of life, and the restores that this data has been through."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from staff.people.models import Team


class Run(models.Model):
    """Any long work: who asked, how far it is, how it ended."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=30)
    # The row that the run is about, e.g. an import batch or a campaign.
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default="queued")
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A sweep reads open runs of its kind; one open run per subject."""

        indexes: ClassVar = [models.Index(fields=["kind", "state"], name="run_kind_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running", "done", "failed", "cancelled"]),
                name="run_state_known",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="run_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.state}"


class Heartbeat(models.Model):
    """When a sweep last came through, by its name in the beat table."""

    part = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()
    version = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.part


class Restore(models.Model):
    """The data was brought back from a backup: what happened between the two moments is not in it."""

    taken_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    # Of the application that brought it back.
    version = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"restored at {self.restored_at} from {self.taken_at}"


class Process(models.Model):
    """One process of the product, and when it last showed that it works."""

    part = models.CharField(max_length=20)
    host = models.CharField(max_length=255)
    pid = models.BigIntegerField()
    since = models.DateTimeField()
    beat_at = models.DateTimeField()
    version = models.CharField(max_length=20)

    class Meta:
        """A number is one process at a time on its host."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["part", "host", "pid"], name="process_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.pid} on {self.host}"
