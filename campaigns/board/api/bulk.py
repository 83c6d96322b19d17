"""Many tasks in one call: look, apply, take back."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.board import actions
from campaigns.board.api.shapes import REASON
from campaigns.board.queries import BulkEditLine, BulkPreview, bulk_edit_line, bulk_preview
from campaigns.board.queries.bulk import BulkLine
from campaigns.board.rules import MOST_DAYS, MOST_TASKS, BulkChanges, Kept, Status
from campaigns.campaign.rules import Phase
from planner.web.api import ApiView, Choice, Id, In, Moment, Out, Sentence, Text, operation
from staff.people.queries import actor_for
from staff.people.rules import Role


class BulkChangesIn(In):
    """What changes for all of them; only what is present."""

    owner_id = Id(required=False, allow_null=True, help_text="The new owner's user id; null for nobody.")
    due_shift_days = serializers.IntegerField(
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text=(
            "Calendar days in the team's zone by which due moments move, later when positive; a start that would then"
            " lie behind comes along."
        ),
    )
    due_at = Moment(required=False, allow_null=True, help_text="One due moment for all; not beside `due_shift_days`.")
    important = serializers.BooleanField(required=False, help_text="True when they matter much.")
    urgent = serializers.BooleanField(required=False, help_text="True when they cannot wait.")
    must_have = serializers.BooleanField(required=False, help_text="True when their phase is not to end without them.")
    role = Choice(Role, required=False, help_text="The functional role that does them.")
    phase = Choice(Phase, required=False, help_text="Their phase, not `closed`.")
    status = Choice(Status, required=False, help_text="The state that all go to: `todo`, `done` or `cancelled`.")
    reason = Text(required=False, max_length=REASON, help_text="Why; needed for `cancelled`.")


class PreviewBulkIn(In):
    """Which tasks, and what of them."""

    task_ids = serializers.ListField(
        child=Id(help_text="A task's id."),
        min_length=1,
        max_length=MOST_TASKS,
        help_text=f"1 to {MOST_TASKS} tasks of the campaign.",
    )
    changes = BulkChangesIn(help_text="What changes.")


class SeenIn(In):
    """A task and its version."""

    id = Id(help_text="The task's id.")
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The version of it that the caller saw."
    )


class ApplyBulkIn(In):
    """Which tasks as seen, and what of them."""

    tasks = serializers.ListField(
        child=SeenIn(help_text="A task and its version."),
        min_length=1,
        max_length=MOST_TASKS,
        help_text=f"1 to {MOST_TASKS} tasks of the campaign with their versions.",
    )
    changes = BulkChangesIn(help_text="What changes.")


class ChangeOut(Out):
    """One field of one task."""

    field = serializers.CharField(help_text="The field's name, as in a task.")
    before = serializers.JSONField(allow_null=True, help_text="Its value now.")
    after = serializers.JSONField(allow_null=True, help_text="Its value then.")


class BulkLineOut(Out):
    """What would happen to one task."""

    task_id = Id(help_text="The task's id.")
    version = serializers.IntegerField(help_text="Its version now: send it along when you apply.")
    name = serializers.CharField(help_text="Its code and title, in the caller's language.")
    changes = ChangeOut(many=True, help_text="What would change; empty when nothing does.")
    refused = serializers.CharField(allow_blank=True, help_text="The code of the refusal; empty without one.")
    reasons = serializers.ListField(
        child=Sentence(help_text="One reason, in the caller's language."), help_text="Why it is refused."
    )
    becomes_late = serializers.BooleanField(help_text="True when this change is what makes it late.")


class BulkPreviewOut(Out):
    """What a change of many tasks would do; nothing was written."""

    can_apply = serializers.BooleanField(help_text="True when nothing is refused and something would change.")
    tasks = BulkLineOut(many=True, help_text="Each task, in the plan's order.")


class KeptOut(Out):
    """What an undo left as it is."""

    task_id = Id(help_text="The task's id.")
    field = serializers.CharField(help_text="The field's name.")
    why = Choice(Kept, help_text="Why it stayed, for programs.")
    reason = Sentence(help_text="Why it stayed, in the caller's language.")


class BulkEditOut(Out):
    """A change of many tasks that was made."""

    id = Id(help_text="Its id.")
    campaign_id = Id(help_text="The campaign.")
    actor_name = serializers.CharField(allow_blank=True, help_text="Who made it.")
    at = Moment(help_text="When.")
    count = serializers.IntegerField(help_text="How many tasks it changed.")
    undone_at = Moment(allow_null=True, help_text="When it was taken back; null while it was not.")
    kept = KeptOut(many=True, help_text="What its undo left as it is, because somebody changed it since.")
    may_undo = serializers.BooleanField(help_text="True when the caller may take it back now.")


def _line(line: BulkLine) -> dict[str, Any]:
    facts, fault = line.plan.facts, line.plan.fault
    return {
        "task_id": facts.id,
        "version": facts.version,
        "name": facts.name,
        "changes": [
            {"field": name, "before": before, "after": after} for name, (before, after) in line.plan.changed.items()
        ],
        "refused": fault.code if fault else "",
        "reasons": line.reasons,
        "becomes_late": line.becomes_late,
    }


class PreviewBulkView(ApiView):
    """A look before a change of many tasks."""

    only_reads = True

    @operation("preview_bulk_edit", takes=PreviewBulkIn, gives=BulkPreviewOut)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> dict[str, Any]:
        """Each task's fields before and after, what is refused and why, and what becomes late."""
        changes = BulkChanges(**values["changes"])
        found: BulkPreview = bulk_preview(
            actor_for(request.user), campaign_id, values["task_ids"], changes, timezone.now()
        )
        return {"can_apply": found.can_apply, "tasks": [_line(line) for line in found.lines]}


class ApplyBulkView(ApiView):
    """A change of many tasks."""

    @operation("apply_bulk_edit", takes=ApplyBulkIn, gives=BulkEditOut, status=201, refuses=(412,))
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> BulkEditLine:
        """Changes all of them or none; one id that is not in the campaign is a 404 for the whole call."""
        actor, now = actor_for(request.user), timezone.now()
        edit_id = actions.apply_bulk_edit(
            actor=actor,
            campaign_id=campaign_id,
            seen={each["id"]: each["version"] for each in values["tasks"]},
            changes=BulkChanges(**values["changes"]),
            now=now,
        )
        return bulk_edit_line(actor, edit_id, now)


class BulkEditView(ApiView):
    """A change of many tasks that was made."""

    @operation("get_bulk_edit", gives=BulkEditOut)
    def get(self, request: Request, *, edit_id: int) -> BulkEditLine:
        """The change, and whether it was or can be taken back."""
        return bulk_edit_line(actor_for(request.user), edit_id, timezone.now())


class UndoBulkView(ApiView):
    """Taking a change of many tasks back."""

    @operation("undo_bulk_edit", gives=BulkEditOut)
    def post(self, request: Request, *, edit_id: int) -> BulkEditLine:
        """Gives every field back what it was, but those that somebody changed since: `kept` names them."""
        actor, now = actor_for(request.user), timezone.now()
        actions.undo_bulk_edit(actor=actor, edit_id=edit_id, now=now)
        return bulk_edit_line(actor, edit_id, now)
