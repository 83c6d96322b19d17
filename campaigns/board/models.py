"""Tasks and what hangs on them."""

from typing import ClassVar, TypeVar

from django.conf import settings
from django.db import models

from campaigns.campaign.models import Campaign

OPEN = models.Q(status__in=["todo", "doing", "in_review", "blocked"])


RowT = TypeVar("RowT", bound=models.Model)


class Kept(models.Manager[RowT]):
    """The rows that do not lie in the bin."""

    def get_queryset(self) -> models.QuerySet[RowT]:
        """Without what was deleted and not yet restored."""
        return super().get_queryset().filter(deleted_at=None)


class Everything(models.Manager[RowT]):
    """All rows, those in the bin too."""


class Task(models.Model):
    """One piece of work with an owner and a deadline."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    # The step's code in the SOP (P24); blank for a task made by hand.
    code = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    # Full pinyin and initials of the title, written when it is: "zhutufangong ztfg".
    pinyin = models.CharField(max_length=800, blank=True)
    acceptance = models.TextField(blank=True)
    acceptance_en = models.TextField(blank=True)
    phase = models.CharField(max_length=10, default="prep")
    stage = models.CharField(max_length=40, blank=True)
    stage_en = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=12)
    platforms = models.JSONField(default=list)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="owned_tasks")
    # When the present owner got it: a reminder whose moment had passed before is not planned.
    assigned_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, default="todo")
    status_reason = models.TextField(blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    important = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    must_have = models.BooleanField(default=False)
    is_gate = models.BooleanField(default=False)
    # Done only with a piece of evidence beside it.
    needs_evidence = models.BooleanField(default=False)
    start_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_changes = models.PositiveSmallIntegerField(default=0)
    # The due moment first given: slip in the review is measured against it.
    planned_due_at = models.DateTimeField(null=True)
    estimate_hours = models.DecimalField(max_digits=6, decimal_places=1, default=0)
    actual_hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    # A gate is done by one person and confirmed by another.
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # A design request raised too late for its date (急单): a manager accepts it before anybody works on it.
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    # Since when it lies in the bin, and who put it there.
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Sparse: a move writes this row alone.
    position = models.FloatField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = Kept["Task"]()
    everything = Everything["Task"]()

    class Meta:
        """A step gives one task a campaign; open tasks are found by owner and by due moment."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "code"], condition=~models.Q(code=""), name="task_code_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["todo", "doing", "in_review", "done", "blocked", "cancelled"]),
                name="task_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(phase__in=["prep", "execution", "wrap_up", "review"]), name="task_phase_known"
            ),
            models.CheckConstraint(
                condition=models.Q(estimate_hours__gte=0)
                & (models.Q(actual_hours__isnull=True) | models.Q(actual_hours__gte=0)),
                name="task_hours_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("done_by")),
                name="task_gate_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(done_at__isnull=False), name="task_done_has_moment"
            ),
        ]
        # Whole, not partial: SQLite takes no partial index when the condition comes as a bound parameter.
        indexes: ClassVar = [
            models.Index(fields=["campaign", "status", "position"], name="task_board"),
            models.Index(fields=["owner", "status", "due_at"], name="task_owner"),
            models.Index(fields=["due_at"], name="task_due"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class TaskHelper(models.Model):
    """Someone who works on a task beside its owner."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="helpers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        """Each helper once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "user"], name="helper_once")]

    def __str__(self) -> str:
        return str(self.user)


class TaskDependency(models.Model):
    """`task` waits for `predecessor`, unless somebody waived that with a reason."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="dependencies")
    predecessor = models.ForeignKey(Task, models.CASCADE, related_name="successors")
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    waived_reason = models.TextField(blank=True)

    class Meta:
        """Each pair once, never on itself."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "predecessor"], name="dependency_once"),
            models.CheckConstraint(condition=~models.Q(task=models.F("predecessor")), name="dependency_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} after {self.predecessor_id}"


class ChecklistItem(models.Model):
    """A line to tick, or to waive with a reason."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300, blank=True)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ticked_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    waived_reason = models.TextField(blank=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = Kept["ChecklistItem"]()
    everything = Everything["ChecklistItem"]()

    class Meta:
        """In order."""

        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "position"], name="checklist_position_once")]

    def __str__(self) -> str:
        return self.text


class Comment(models.Model):
    """What somebody said about a task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = Kept["Comment"]()
    everything = Everything["Comment"]()

    class Meta:
        """Oldest first."""

        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.body[:40]


class Evidence(models.Model):
    """What shows that a task was done: a link, or a file kept in the uploads."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="evidence")
    # What it shows, in the words of who added it.
    note = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    # Kept under a random name; `name` is what the uploader called it.
    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = Kept["Evidence"]()
    everything = Everything["Evidence"]()

    class Meta:
        """Oldest first; a link or a file, never both."""

        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(url="", file__gt="") | models.Q(file="", url__gt=""), name="evidence_link_or_file"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.url


class CommentMention(models.Model):
    """Somebody named with @ in a comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        """Each person once a comment."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]

    def __str__(self) -> str:
        return str(self.user)


class BulkEdit(models.Model):
    """One change of many tasks of a campaign: what was asked, by whom, and whether it was taken back."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="bulk_edits")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # What was asked, by the names of `BulkChanges`.
    asked = models.JSONField(default=dict)
    # How many tasks it changed.
    count = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # What the undo could not take back: a list of {task_id, field, why}.
    kept = models.JSONField(default=list)

    class Meta:
        """The newest of a campaign are found at once."""

        indexes: ClassVar = [models.Index(fields=["campaign", "-at"], name="bulk_edit_campaign_at")]

    def __str__(self) -> str:
        return f"{self.count} tasks of {self.campaign_id} at {self.at}"


class BulkEditTask(models.Model):
    """One task's part of a bulk edit: each written column before and after, and the version that it made."""

    edit = models.ForeignKey(BulkEdit, models.CASCADE, related_name="tasks")
    task = models.ForeignKey(Task, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        """Each task once an edit."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["edit", "task"], name="bulk_edit_task_once")]

    def __str__(self) -> str:
        return f"{self.task_id} in {self.edit_id}"
