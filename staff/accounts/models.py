"""One-time links and what they carry, tries that were counted, second factors. No secret stands here in the plain."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models

from staff.people.models import Team


class SetupToken(models.Model):
    """The one token (row 1) with which the first team is made; gone when there is a team."""

    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"set-up token of {self.created_at}"


class Link(models.Model):
    """A one-time link, and the mail that carries it.

    The secret is made from `key` and the installation's secret key, so that a second try of a mail is the same mail;
    here is only its SHA-256.
    """

    purpose = models.CharField(max_length=10)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    mail_state = models.CharField(max_length=8, default="none")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """The sweep reads open mails by moment."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=["invite", "reset", "address"]), name="link_purpose_known"
            ),
            models.CheckConstraint(
                condition=models.Q(mail_state__in=["none", "planned", "claimed", "sent", "dead", "held"]),
                name="link_mail_state_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mail_state", "next_try_at"], name="link_open"),
            models.Index(fields=["user", "purpose"], name="link_user"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} link {self.pk}"


class Invitation(models.Model):
    """A place in a team that is held for an address; `link` is the one that is good today."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    link = models.OneToOneField(Link, models.PROTECT, related_name="invitation")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    address = models.CharField(max_length=254)
    level = models.CharField(max_length=10)
    roles = models.JSONField(default=list)
    capacity_hours = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(6))
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """Listed by team; a day has 24 hours."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(level__in=["manager", "member", "viewer"]), name="invitation_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity_hours__gt=0, capacity_hours__lte=24), name="invitation_capacity_in_a_day"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["team", "-created_at"], name="invitation_team")]

    def __str__(self) -> str:
        return f"{self.address} → {self.team_id}"


class ResetRequest(models.Model):
    """Somebody typed this on the "forgot" page; whether it is anybody's is the sweep's business."""

    asked = models.CharField(max_length=254)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reset request {self.pk}"


class Guard(models.Model):
    """Tries that were counted for one key: key and `about` are digests, so what was typed stands nowhere."""

    key = models.CharField(max_length=64, unique=True)
    about = models.CharField(max_length=64, db_index=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"guard {self.pk}: {self.count}"


class VerifiedAddress(models.Model):
    """A person has shown that they read what is sent to this address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="verified_addresses")
    address = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        """Each address once a person; found by address."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "address"], name="verifiedaddress_once")]
        indexes: ClassVar = [models.Index(fields=["address"], name="verifiedaddress_address")]

    def __str__(self) -> str:
        return f"{self.address} of {self.user_id}"


class SecondFactor(models.Model):
    """A person's one-time codes. The key is made from `nonce` and the installation's secret key and is not stored."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    nonce = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # The time step of the last code that was taken: none is taken twice.
    last_step = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """One code for the day the phone is lost, as a digest."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """Each code once a factor."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["factor", "digest"], name="recoverycode_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
