"""What was said about a task."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from campaigns.board.models import Comment
from planner.core.errors import Missing


@dataclass(frozen=True)
class CommentLine:
    """What somebody said."""

    id: int
    author_id: int
    author_name: str
    at: datetime
    body: str


def comments_of(task_id: int) -> tuple[CommentLine, ...]:
    """The task's comments, oldest first; the caller has checked that the actor may see the task."""
    return _comment_lines(Comment.objects.filter(task_id=task_id))


def comments_page(task_id: int, *, after_id: int | None = None, limit: int) -> tuple[CommentLine, ...]:
    """As `comments_of` for one page; `after_id` goes on from a comment."""
    return _comment_lines(Comment.objects.filter(task_id=task_id, pk__gt=after_id or 0).order_by("pk")[:limit])


def comment_line(task_id: int, comment_id: int) -> CommentLine:
    """One comment of the task, or `Missing`; the caller has checked that the actor may see the task."""
    found = _comment_lines(Comment.objects.filter(task_id=task_id, pk=comment_id))
    if not found:
        raise Missing
    return found[0]


def _comment_lines(rows: QuerySet[Comment]) -> tuple[CommentLine, ...]:
    found = rows.select_related("author")
    return tuple(CommentLine(row.pk, row.author_id, row.author.display_name, row.at, row.body) for row in found)
