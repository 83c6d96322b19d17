"""Lessons over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.reviews import actions
from campaigns.reviews.queries import LessonLine, lesson_for, lessons_of
from campaigns.reviews.rules.lessons import TEXT_LENGTH, LessonKind
from planner.web.api import ApiView, Choice, Day, Id, In, Out, Page, Text, cut, operation
from staff.people.queries import actor_for

KINDS = "What to do with it: `keep`, `stop` or `improve`; an `improve` becomes a task as well."


class LessonOut(Out):
    """What was learnt, in one sentence with an owner and a date."""

    id = Id(help_text="The lesson's id.")
    kind = Choice(LessonKind, help_text=KINDS)
    text = serializers.CharField(help_text="What was learnt.")
    owner_id = Id(help_text="Who sees to it: a person's id.")
    owner = serializers.CharField(help_text="Who sees to it, by name.")
    due_on = Day(help_text="By when, a day in the team's time zone.")
    task_id = Id(
        allow_null=True,
        help_text="The task that an `improve` became, in the team's routine work; null for others, or when it is gone.",
    )
    version = serializers.IntegerField(help_text="Raised by every change of the lesson; the first number of its ETag.")


class LessonIn(In):
    """A lesson."""

    kind = Choice(LessonKind, help_text=KINDS)
    text = Text(max_length=TEXT_LENGTH, help_text=f"What was learnt: 1 to {TEXT_LENGTH} characters.")
    owner_id = Id(
        help_text=(
            "Who sees to it: a manager or member of the team, by id. Of an `improve`, members name themselves only, so"
            " that nobody hands out tasks but managers."
        )
    )
    due_on = Day(help_text="By when: a day in the team's time zone, from today to three years on.")


class LessonsView(ApiView):
    """The lessons of a campaign."""

    @operation("list_lessons", gives=LessonOut, pages=True)
    def get(self, request: Request, *, campaign_id: int, query: dict[str, Any]) -> Page:
        """The lessons: first what to keep, then what to stop, then what to improve."""
        return cut(lessons_of(actor_for(request.user), campaign_id), query)

    @operation("add_lesson", takes=LessonIn, gives=LessonOut, status=201)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> LessonLine:
        """Adds a lesson; an `improve` makes a task for its owner, due at 18:00 of its day."""
        actor = actor_for(request.user)
        lesson_id = actions.add_lesson(actor=actor, campaign_id=campaign_id, now=timezone.now(), **values)
        return lesson_for(actor, campaign_id, lesson_id)


class LessonView(ApiView):
    """One lesson."""

    @operation("get_lesson", gives=LessonOut)
    def get(self, request: Request, *, campaign_id: int, lesson_id: int) -> LessonLine:
        """The lesson."""
        return lesson_for(actor_for(request.user), campaign_id, lesson_id)

    @operation("edit_lesson", takes=LessonIn, gives=LessonOut, versioned=True)
    def put(
        self, request: Request, *, campaign_id: int, lesson_id: int, values: dict[str, Any], version: int | None
    ) -> LessonLine:
        """Changes the lesson. One that becomes an `improve` becomes a task; a task that is there goes its own way."""
        actor, now = actor_for(request.user), timezone.now()
        actions.edit_lesson(
            actor=actor, campaign_id=campaign_id, lesson_id=lesson_id, version=version, now=now, **values
        )
        return lesson_for(actor, campaign_id, lesson_id)

    @operation("remove_lesson")
    def delete(self, request: Request, *, campaign_id: int, lesson_id: int) -> None:
        """Removes the lesson; its task stays."""
        actor, now = actor_for(request.user), timezone.now()
        actions.remove_lesson(actor=actor, campaign_id=campaign_id, lesson_id=lesson_id, now=now)
