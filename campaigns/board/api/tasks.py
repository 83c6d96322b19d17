"""Tasks of a campaign, one of them, its comments, and the whole board in one read."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.board import actions
from campaigns.board.api.shapes import (
    CommentIn,
    CommentOut,
    CreateTaskIn,
    EditTaskIn,
    TaskDetailOut,
    TaskOut,
    TasksQueryIn,
    WindowQueryIn,
    detail,
)
from campaigns.board.queries import (
    BoardFilters,
    CommentLine,
    TaskFilters,
    board_window_bytes,
    comment_line,
    comments_page,
    task_facts_page,
    task_for,
    whole_board,
    whole_board_bytes,
)
from campaigns.board.rules import Status
from planner.web.api import ApiView, Choice, Out, Page, keyset, operation, read_id_cursor
from planner.web.api.conditions import is_known
from staff.people.queries import actor_for


class TasksView(ApiView):
    """The tasks of one campaign."""

    @operation("list_tasks", asks=TasksQueryIn, gives=TaskOut, pages=True)
    def get(self, request: Request, *, campaign_id: int, query: dict[str, Any]) -> Page:
        """The campaign's tasks that fit, sorted, page by page."""
        known = {name: query.pop(name) for name in ("cursor", "limit", "ordering") if name in query}
        facts, following = task_facts_page(
            actor_for(request.user),
            campaign_id,
            TaskFilters(**query),
            order=known["ordering"],
            cursor=known.get("cursor", ""),
            size=known["limit"],
            now=timezone.now(),
        )
        return Page(facts, following)

    @operation("create_task", takes=CreateTaskIn, gives=TaskDetailOut, status=201)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> Response:
        """A new task at the end of the plan; members make them for themselves or for nobody yet."""
        actor = actor_for(request.user)
        task_id = actions.create_task(actor=actor, campaign_id=campaign_id, now=timezone.now(), **values)
        shown = TaskDetailOut(detail(actor, task_id)).data
        return Response(shown, status=201, headers={"Location": reverse("api:task", args=[task_id])})


class TaskView(ApiView):
    """One task."""

    @operation("get_task", gives=TaskDetailOut)
    def get(self, request: Request, *, task_id: int) -> dict[str, Any]:
        """The task; its ETag is what a change of it sends as If-Match."""
        return detail(actor_for(request.user), task_id)

    @operation("edit_task", takes=EditTaskIn, gives=TaskDetailOut, versioned=True)
    def patch(self, request: Request, *, task_id: int, values: dict[str, Any], version: int | None) -> dict[str, Any]:
        """Changes the fields that are named; two changes of different fields both succeed."""
        actor, changes = actor_for(request.user), values
        actions.edit_task(
            actor=actor,
            task_id=task_id,
            changes=changes,  # type: ignore[arg-type]  # the serializer's fields are those of `TaskChanges`
            version=version,
            now=timezone.now(),
        )
        return detail(actor, task_id)


class CommentsView(ApiView):
    """What was said about a task."""

    @operation("list_comments", gives=CommentOut, pages=True)
    def get(self, request: Request, *, task_id: int, query: dict[str, Any]) -> Page:
        """The task's comments, oldest first."""
        task_for(actor_for(request.user), task_id)
        found = comments_page(task_id, after_id=read_id_cursor(query), limit=query["limit"] + 1)
        return keyset(found, query, lambda line: (line.id,))

    @operation("add_comment", takes=CommentIn, gives=CommentOut, status=201)
    def post(self, request: Request, *, task_id: int, values: dict[str, Any]) -> CommentLine:
        """Says something about the task."""
        actor = actor_for(request.user)
        comment_id = actions.add_comment(actor=actor, task_id=task_id, now=timezone.now(), **values)
        return comment_line(task_id, comment_id)


class WholeBoardOut(Out):
    """A whole board as a table: far smaller and faster than a list of objects."""

    version = serializers.IntegerField(help_text="The board's version, raised by every change in the campaign.")
    columns = serializers.ListField(
        child=serializers.CharField(help_text="A column's name, as in the list of tasks."),
        help_text="The names of the values in each row, in their order.",
    )
    rows = serializers.ListField(
        child=serializers.ListField(
            child=serializers.JSONField(allow_null=True, help_text="One value."), help_text="One task."
        ),
        help_text=(
            "Every task in the plan's order: ids, codes, moments in UTC, and at the end the lines of its checklist that"
            " are closed, all of its lines, and the user ids of its helpers. Titles are in the caller's language."
        ),
    )
    people = serializers.DictField(
        child=serializers.CharField(help_text="A person's name."), help_text="Names by user id, of all who are named."
    )


class WholeBoardView(ApiView):
    """The whole board of a campaign."""

    @operation("whole_board", gives=WholeBoardOut)
    def get(self, request: Request, *, campaign_id: int) -> Response:
        """Every task of the campaign in one read; 304 while nothing in it and nobody's name has changed."""
        board = whole_board(actor_for(request.user), campaign_id)
        known = is_known(request, board.tag)
        body = b"" if known else whole_board_bytes(board)
        return Response(body, status=304 if known else 200, headers={"ETag": board.tag})


class BoardStateOut(Out):
    """One state of a board: how many tasks it has, and the first of them."""

    status = Choice(Status, help_text="The state.")
    count = serializers.IntegerField(help_text="How many tasks in this state fit.")
    late = serializers.IntegerField(help_text="How many of them are late.")
    rows = serializers.ListField(
        child=serializers.ListField(
            child=serializers.JSONField(allow_null=True, help_text="One value."), help_text="One task."
        ),
        help_text="The first of them in the plan's order, moments in UTC, titles in the caller's language.",
    )
    next = serializers.CharField(
        allow_blank=True,
        help_text="The `cursor` with which `list_tasks`, asked for this `status`, goes on; empty when these are all.",
    )


class BoardWindowOut(Out):
    """The beginning of a board: small and quick, however many tasks there are."""

    version = serializers.IntegerField(help_text="The board's version, raised by every change in the campaign.")
    columns = serializers.ListField(
        child=serializers.CharField(help_text="A column's name."),
        help_text="The names of the values in each row, in their order.",
    )
    states = BoardStateOut(many=True, help_text="Every state, in the board's order.")
    people = serializers.DictField(
        child=serializers.CharField(help_text="A person's name."), help_text="Names by user id, of all owners shown."
    )


class BoardWindowView(ApiView):
    """The beginning of a campaign's board."""

    @operation("board_window", asks=WindowQueryIn, gives=BoardWindowOut)
    def get(self, request: Request, *, campaign_id: int, query: dict[str, Any]) -> Response:
        """The first tasks of every state and how many there are; what it costs follows what it shows."""
        limit = query.pop("limit")
        filters = BoardFilters(**query)
        body = board_window_bytes(actor_for(request.user), campaign_id, filters, size=limit, now=timezone.now())
        return Response(body)
