"""The rows of API tokens."""

from typing import ClassVar

from django.db import models

from staff.people.models import User


class ApiToken(models.Model):
    """A word that lets a program act as a person; the word itself is not kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    # SHA-256 of the secret, in hexadecimal.
    digest = models.CharField(max_length=64, unique=True)
    # The first characters of the secret, to tell one's tokens apart.
    start = models.CharField(max_length=12)
    may_write = models.BooleanField(default=False)
    # The person's epoch when it was made: another one since, and the token is dead.
    epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """A token ends after it began."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("created_at")), name="apitoken_ends"),
        ]

    def __str__(self) -> str:
        return self.name
