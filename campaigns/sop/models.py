"""Templates, their versions and steps, and which version made a campaign's plan."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from campaigns.campaign.models import Campaign
from staff.people.models import Team


class SopTemplate(models.Model):
    """A procedure with a history; without a team it is shipped with the product and seen by all."""

    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="sop_templates")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    # Full pinyin and initials of the name, written when it is.
    pinyin = models.CharField(max_length=600, blank=True)
    # One line on what it is for.
    purpose = models.CharField(max_length=200, blank=True)
    purpose_en = models.CharField(max_length=300, blank=True)

    class Meta:
        """A key names one template per team, and one shipped template."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "key"], name="sop_key_once_per_team"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(team__isnull=True), name="sop_key_once_shipped"),
        ]

    def __str__(self) -> str:
        return self.name


class SopVersion(models.Model):
    """One state of a template; never changed once written."""

    template = models.ForeignKey(SopTemplate, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # The version that this one was derived from; none when its file stands alone.
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    # SHA-256 of the canonical steps: loading the same file again finds it and writes nothing.
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Numbered 1, 2, 3 within a template."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["template", "number"], name="sop_version_once")]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"


class SopStep(models.Model):
    """One step: who, when relative to an anchor, how long, after what, and how it is accepted."""

    version = models.ForeignKey(SopVersion, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    phase = models.CharField(max_length=10)
    stage = models.CharField(max_length=40, blank=True)
    stage_en = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=12)
    # Grammar of campaigns.sop.rules.Offset: S-45d, E+3d, presale_start-4d, X+1h.
    due = models.CharField(max_length=30)
    # Own time of day for a day offset; 18:00 when blank.
    due_time = models.TimeField(null=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1)
    depends_on = models.JSONField(default=list)
    # Empty means every platform.
    platforms = models.JSONField(default=list)
    important = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    must_have = models.BooleanField(default=False)
    is_gate = models.BooleanField(default=False)
    needs_evidence = models.BooleanField(default=False)
    acceptance = models.TextField(blank=True)
    acceptance_en = models.TextField(blank=True)
    # [{"zh": …, "en": …}]
    checklist = models.JSONField(default=list)

    class Meta:
        """In the order of the file; a code once a version."""

        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "code"], name="sop_step_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PlanGeneration(models.Model):
    """Which version made this campaign's plan, by whom, when: the row that the plan message is found by."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="generation")
    version = models.ForeignKey(SopVersion, models.PROTECT, related_name="generations")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.campaign} ← {self.version}"
