"""Into the bin and out of it again, over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.board import actions
from campaigns.board.api.shapes import REASON, TaskDetailOut, detail
from campaigns.board.queries import BinScreen, bin_screen, task_of_comment, task_of_evidence, task_of_item
from campaigns.board.rules import Piece
from planner.web.api import ApiView, Choice, Id, In, Moment, Out, Text, operation
from staff.people.queries import actor_for

Values = dict[str, Any]


class DeleteIn(In):
    """Why it goes."""

    reason = Text(required=False, allow_blank=True, max_length=REASON, help_text="Why; gates and must-haves need it.")


class BinLineOut(Out):
    """One thing in the bin."""

    kind = Choice(Piece, help_text="What it is.")
    id = Id(help_text="Its id.")
    name = serializers.CharField(help_text="What it says, in the caller's language.")
    task_id = Id(help_text="The task that it belongs to; of a task its own id.")
    task_name = serializers.CharField(help_text="That task's code and title.")
    by_name = serializers.CharField(allow_blank=True, help_text="Who put it there.")
    at = Moment(help_text="When.")
    days_left = serializers.IntegerField(help_text="Days until it goes for good, rounded up.")
    may_restore = serializers.BooleanField(help_text="True when the caller may take it out.")


class BinOut(Out):
    """A campaign's bin, what went in last first."""

    lines = BinLineOut(many=True, help_text="The newest hundred things in it.")
    hidden = serializers.IntegerField(help_text="How many more there are.")


class BinView(ApiView):
    """The bin of a campaign."""

    @operation("campaign_bin", gives=BinOut)
    def get(self, request: Request, *, campaign_id: int) -> BinScreen:
        """What was deleted in the last 30 days and not restored."""
        return bin_screen(actor_for(request.user), campaign_id, timezone.now())


class DeleteTaskView(ApiView):
    """Deleting."""

    @operation("delete_task", takes=DeleteIn)
    def post(self, request: Request, *, task_id: int, values: Values) -> None:
        """Puts the task into the bin with all that hangs on it, for 30 days."""
        reason = values.get("reason", "")
        actions.delete_task(actor=actor_for(request.user), task_id=task_id, reason=reason, now=timezone.now())


class RestoreTaskView(ApiView):
    """Restoring."""

    @operation("restore_task", gives=TaskDetailOut)
    def post(self, request: Request, *, task_id: int) -> Values:
        """Takes the task out of the bin as it went in."""
        actor = actor_for(request.user)
        actions.restore_task(actor=actor, task_id=task_id, now=timezone.now())
        return detail(actor, task_id)


class RestoreItemView(ApiView):
    """A line of a checklist, restored."""

    @operation("restore_item", gives=TaskDetailOut)
    def post(self, request: Request, *, item_id: int) -> Values:
        """Takes the line out of the bin, into its place."""
        actor = actor_for(request.user)
        actions.restore_item(actor=actor, item_id=item_id, now=timezone.now())
        return detail(actor, task_of_item(actor, item_id))


class RestoreCommentView(ApiView):
    """A comment, restored."""

    @operation("restore_comment", gives=TaskDetailOut)
    def post(self, request: Request, *, comment_id: int) -> Values:
        """Takes the comment out of the bin, into its place."""
        actor = actor_for(request.user)
        actions.restore_comment(actor=actor, comment_id=comment_id, now=timezone.now())
        return detail(actor, task_of_comment(actor, comment_id))


class RestoreEvidenceView(ApiView):
    """A piece of evidence, restored."""

    @operation("restore_evidence", gives=TaskDetailOut)
    def post(self, request: Request, *, evidence_id: int) -> Values:
        """Takes the evidence out of the bin, with its file."""
        actor = actor_for(request.user)
        actions.restore_evidence(actor=actor, evidence_id=evidence_id, now=timezone.now())
        return detail(actor, task_of_evidence(actor, evidence_id))
