"""Answers kept for callers who are not sure that their call arrived."""

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered: the same call again within a day gets the same answer."""

    # The caller's user id: plain, because the frame stands below the users.
    user_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    # Of method, address and body, keyed with the installation's secret.
    digest = models.CharField(max_length=64)
    # Null until the call's own transaction ends; nobody else ever sees that.
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        """A caller uses a key for one call; old ones are found by their moment."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["user_id", "key"], name="kept_answer_once")]
        indexes: ClassVar = [models.Index(fields=["user_id", "created_at"], name="kept_answer_age")]

    def __str__(self) -> str:
        return self.key
