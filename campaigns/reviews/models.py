"""Compiled reviews, human notes and lessons."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign


class CampaignReview(models.Model):
    """The compiled summary and, beside it, what people wrote: compiling never touches the notes."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="review")
    # Canonical JSON: unchanged facts compile to the same bytes.
    summary = models.TextField(blank=True)
    compiled_at = models.DateTimeField(null=True)
    notes = models.TextField(blank=True)
    notes_version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"review of {self.campaign_id}"


class Lesson(models.Model):
    """Keep, stop or improve: one sentence with an owner and a date."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="lessons")
    kind = models.CharField(max_length=8)
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    # The task that an improve became.
    task = models.OneToOneField(Task, models.SET_NULL, null=True, related_name="lesson")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Three kinds."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["keep", "stop", "improve"]), name="lesson_kind_known")
        ]

    def __str__(self) -> str:
        return self.text
