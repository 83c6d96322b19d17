"""What hangs on a task, piece by piece: lines of its checklist, evidence, comments; and “done” with all of it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.board import actions
from campaigns.board.api.shapes import MOST_LINES, CommentIn, CommentOut, TaskDetailOut, detail
from campaigns.board.queries import (
    CommentLine,
    comment_line,
    evidence_file,
    task_of_comment,
    task_of_evidence,
    task_of_item,
)
from campaigns.board.rules import ITEM_LENGTH, MOST_BYTES, NOTE_LENGTH, TYPES, URL_LENGTH, Upload
from planner.web.api import ApiView, File, Hours, Id, In, Text, operation
from planner.web.api.parsing import JsonParser
from planner.web.limits import MEGABYTE, takes
from staff.people.queries import actor_for

Values = dict[str, Any]


class ItemIn(In):
    """One line of a checklist."""

    text = Text(max_length=ITEM_LENGTH, help_text="What to tick.")


class EditItemIn(ItemIn):
    """What a line is to say."""

    was = Text(
        required=False, max_length=300, help_text="What you saw it say: when it says something else by now, 412."
    )


class MoveItemIn(In):
    """One place up or down."""

    to = serializers.ChoiceField(["up", "down"], help_text="The neighbour that it changes places with.")


class EvidenceIn(In):
    """A link or a file."""

    url = Text(required=False, max_length=URL_LENGTH, help_text="A link that begins with https://; none with a file.")
    file = File(
        required=False,
        help_text=(
            "At most 10 MB: png, jpg, webp, gif, pdf, xlsx, xls, csv, docx, txt or zip, and inside what its ending"
            " says."
        ),
    )
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH, help_text="What it shows.")


class FinishIn(In):
    """What is missing for “done”."""

    item_ids = serializers.ListField(
        child=Id(help_text="The id of a line of its checklist."),
        required=False,
        max_length=MOST_LINES,
        help_text="The lines to tick.",
    )
    url = Text(required=False, max_length=URL_LENGTH, help_text="A link that shows the work, by https.")
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH, help_text="What the link shows.")
    actual_hours = Hours(required=False, allow_null=True, min_value=0, help_text="Work it took, in person-hours.")


class ItemsView(ApiView):
    """A task's checklist."""

    @operation("add_item", takes=ItemIn, gives=TaskDetailOut, status=201)
    def post(self, request: Request, *, task_id: int, values: Values) -> Values:
        """One more line at the end of the checklist."""
        actor = actor_for(request.user)
        actions.add_item(actor=actor, task_id=task_id, now=timezone.now(), **values)
        return detail(actor, task_id)


class EditItemView(ApiView):
    """What a line says."""

    @operation("edit_item", takes=EditItemIn, gives=TaskDetailOut, refuses=(412,))
    def post(self, request: Request, *, item_id: int, values: Values) -> Values:
        """The line says something else, in every language."""
        actor = actor_for(request.user)
        task_id = actions.edit_item(actor=actor, item_id=item_id, now=timezone.now(), **values)
        return detail(actor, task_id)


class MoveItemView(ApiView):
    """A line's place."""

    @operation("move_item", takes=MoveItemIn, gives=TaskDetailOut)
    def post(self, request: Request, *, item_id: int, values: Values) -> Values:
        """The line changes places with the one above or below; at the end nothing changes."""
        actor = actor_for(request.user)
        task_id = actions.move_item(actor=actor, item_id=item_id, up=values["to"] == "up", now=timezone.now())
        return detail(actor, task_id)


class RemoveItemView(ApiView):
    """A line that is not needed."""

    @operation("remove_item", gives=TaskDetailOut)
    def post(self, request: Request, *, item_id: int) -> Values:
        """Puts the line into the bin; while it lies there it holds nothing up."""
        actor = actor_for(request.user)
        task_id = task_of_item(actor, item_id)
        actions.remove_item(actor=actor, item_id=item_id, now=timezone.now())
        return detail(actor, task_id)


@takes(MOST_BYTES + MEGABYTE)
class EvidenceView(ApiView):
    """A task's evidence."""

    parser_classes = (MultiPartParser, JsonParser)

    @operation("add_evidence", takes=EvidenceIn, gives=TaskDetailOut, status=201)
    def post(self, request: Request, *, task_id: int, values: Values) -> Values:
        """A link or a file that shows the work; a file that is not what its name says is refused."""
        actor, file = actor_for(request.user), values.pop("file", None)
        upload = Upload(file.name or "", file.read(MOST_BYTES + 1)) if file is not None else None
        actions.add_evidence(actor=actor, task_id=task_id, upload=upload, now=timezone.now(), **values)
        return detail(actor, task_id)


class EvidenceFileView(ApiView):
    """An uploaded file."""

    @operation("get_evidence_file", gives=OpenApiTypes.BINARY, kinds=tuple(sorted({*TYPES.values()})))
    def get(self, request: Request, *, evidence_id: int) -> Response:
        """The file's bytes as they were uploaded; 404 for a link."""
        stored = evidence_file(actor_for(request.user), evidence_id)
        with stored.file as file:
            data = file.read()
        return Response(data, content_type=stored.content_type, headers={"ETag": f'"{stored.tag}"'})


class RemoveEvidenceView(ApiView):
    """Evidence that does not belong here."""

    @operation("remove_evidence", gives=TaskDetailOut)
    def post(self, request: Request, *, evidence_id: int) -> Values:
        """Puts it into the bin; that of a task that is done stays."""
        actor = actor_for(request.user)
        task_id = task_of_evidence(actor, evidence_id)
        actions.remove_evidence(actor=actor, evidence_id=evidence_id, now=timezone.now())
        return detail(actor, task_id)


class FinishView(ApiView):
    """Done, with all that it asks for."""

    @operation("finish_task", takes=FinishIn, gives=TaskDetailOut, versioned=True)
    def post(self, request: Request, *, task_id: int, values: Values, version: int | None) -> Values:
        """Ticks these lines, adds this link and marks the task done: all of it, or nothing."""
        actor = actor_for(request.user)
        actions.finish_task(actor=actor, task_id=task_id, version=version, now=timezone.now(), **values)
        return detail(actor, task_id)


class EditCommentView(ApiView):
    """One's own words."""

    @operation("edit_comment", takes=CommentIn, gives=CommentOut)
    def post(self, request: Request, *, comment_id: int, values: Values) -> CommentLine:
        """Puts one's own comment otherwise; whoever is named anew hears of it only from a new comment."""
        actor = actor_for(request.user)
        actions.edit_comment(actor=actor, comment_id=comment_id, now=timezone.now(), **values)
        return comment_line(task_of_comment(actor, comment_id), comment_id)


class RemoveCommentView(ApiView):
    """Words that are taken back."""

    @operation("remove_comment")
    def post(self, request: Request, *, comment_id: int) -> None:
        """Puts a comment into the bin: one's own, or, for managers, anybody's."""
        actions.remove_comment(actor=actor_for(request.user), comment_id=comment_id, now=timezone.now())
