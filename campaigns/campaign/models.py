"""Campaigns, stores, dated anchors, people per role, and the append-only log."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from staff.people.models import Team


class Store(models.Model):
    """A shop on one platform."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="stores")
    name = models.CharField(max_length=60)
    platform = models.CharField(max_length=12)

    class Meta:
        """A team names a store once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "name"], name="store_once")]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """A promotion with phases and gates, or routine work without."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="campaigns")
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="campaigns")
    name = models.CharField(max_length=80)
    # Full pinyin and initials of the name, written when it is.
    pinyin = models.CharField(max_length=600, blank=True)
    kind = models.CharField(max_length=10, default="promotion")
    platforms = models.JSONField(default=list)
    phase = models.CharField(max_length=10, default="prep")
    # S: the first moment buyers can pay in full. E: the last minute of the campaign.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    # Raised by every event: a board that shows the same number has not changed.
    board_version = models.PositiveIntegerField(default=0)
    # Since when it lies in the archive: out of the lists, unchanged, silent. None while it does not.
    archived_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Names are unique in a team; a campaign ends after it starts."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name"], name="campaign_name_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="campaign_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["promotion", "routine"]), name="campaign_kind_known"),
            models.CheckConstraint(
                condition=models.Q(phase__in=["prep", "execution", "wrap_up", "review", "closed"]),
                name="campaign_phase_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignStage(models.Model):
    """A dated anchor beside S and E: presale start, second wave, end of price protection."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="stages")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    # True when nobody gave the date and the default distance was taken.
    is_default = models.BooleanField(default=False)

    class Meta:
        """Each kind once a campaign."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "kind"], name="stage_kind_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class CampaignMember(models.Model):
    """Who holds a functional role in this campaign: the owner of its tasks and the address of its escalations."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="members")
    role = models.CharField(max_length=12)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        """One person a role."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "role"], name="campaign_role_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.user}"


class CampaignEvent(models.Model):
    """Who did what to what, when, before and after: appended, never changed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    # What taking it back needs beside `before`: the columns that go along unlogged. None: it cannot be taken back.
    undo = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    # The line that this one takes back.
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone")
    at = models.DateTimeField()

    class Meta:
        """Read by campaign newest first, and by subject."""

        indexes: ClassVar = [
            models.Index(fields=["campaign", "-at"], name="event_campaign_at"),
            models.Index(fields=["subject_kind", "subject_id", "at"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"
