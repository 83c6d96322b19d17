"""The ledger of what was, is and will be told to whom."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign


class Delivery(models.Model):
    """One message to one person by one channel about one occurrence."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="deliveries")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="deliveries")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    channel = models.CharField(max_length=10)
    # What the message is about ("task:17", "campaign:3", "comment:9") and which occurrence of it: the due moment in
    # UTC, a day …
    subject = models.CharField(max_length=40)
    occurrence = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=16, default="planned")
    reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)
    # The same on every try: Message-ID of the mail, so that a channel can tell a repeat.
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    # Set when the message is being handed over: found set after a crash, it may have arrived.
    handed_over_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    possibly_twice = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        """Each occurrence once a person and channel; the sweep reads open rows by moment."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject", "occurrence", "recipient", "channel"], name="delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "claimed", "sent", "dead", "suppressed", "quarantined"]),
                name="delivery_state_known",
            ),
        ]
        indexes: ClassVar = [
            # Not a partial index: SQLite cannot match its condition with bound parameters.
            models.Index(fields=["state", "next_try_at"], name="delivery_open"),
            models.Index(fields=["campaign", "-due_at"], name="delivery_campaign"),
            models.Index(fields=["task"], name="delivery_task"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} → {self.recipient_id} ({self.channel}): {self.state}"


class Notice(models.Model):
    """An in-app message; written in the transaction that marks its delivery sent, so exactly once."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="notice")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    # A Said sentence and its parameters: shown in the language its reader has today.
    text = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """A person's newest first; unread counted by index."""

        indexes: ClassVar = [
            models.Index(fields=["recipient", "-at"], name="notice_recipient"),
            models.Index(fields=["recipient"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text
