"""Tasks in a line each: look how they are read, then make them."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.board import actions
from campaigns.board.queries import QuickScreen, quick_screen
from campaigns.board.rules.quick import MOST_LINES, TEXT_LENGTH, Part, Weight
from planner.web.api import ApiView, Choice, Hours, Id, In, Moment, Out, Sentence, Text, operation
from staff.people.queries import actor_for
from staff.people.rules import Role

GRAMMAR = (
    f"One task a line, at most {MOST_LINES}. @ names the owner, further ones helpers; # the campaign; ! how important"
    " it is (!重要, !紧急, !高, !1 to !4, !必做); dates and times as people write them (周五18点, 6/12, 明天下午, T-3,"
    " tomorrow 6pm); ~2h the work. Quotes and a backslash protect words. The rest is the title."
)


class PreviewQuickAddIn(In):
    """Lines to read."""

    lines = Text(max_length=TEXT_LENGTH, help_text=GRAMMAR)
    campaign_id = Id(
        required=False,
        allow_null=True,
        help_text="The campaign meant where a line names none; without it the only one, or the one last used.",
    )


class QuickAddIn(PreviewQuickAddIn):
    """Lines to make tasks of."""

    as_of = Moment(
        required=False,
        allow_null=True,
        help_text="The moment of the preview: words like 明天 are read as of it, for twelve hours.",
    )
    seen = Text(
        required=False,
        allow_blank=True,
        max_length=40,
        help_text="The preview's tag: when the lines would be read otherwise by now, nothing is made (409).",
    )


class QuickChoiceOut(Out):
    """One answer to a question."""

    name = serializers.CharField(help_text="What it is called.")
    line = serializers.CharField(help_text="The line as it is written with this answer.")
    is_words = serializers.BooleanField(help_text="True when the answer is that the words belong to the title.")


class QuickIssueOut(Out):
    """What there is to say about a piece of a line."""

    part = Choice(Part, help_text="The part of the task that it is about.")
    weight = Choice(Weight, help_text="A `question` or a `fault` stands in the way; a `note` does not.")
    detail = Sentence(source="said", help_text="One sentence for people.")
    start = serializers.IntegerField(help_text="Where the piece begins in the line, in characters.")
    end = serializers.IntegerField(help_text="Where it ends.")
    choices = QuickChoiceOut(many=True, help_text="Answers to choose from; may be empty.")


class QuickLineOut(Out):
    """A line as it was read."""

    line = serializers.CharField(help_text="The line.")
    title = serializers.CharField(help_text="What is left of it: the task's title.")
    campaign_id = Id(source="campaign.id", default=None, allow_null=True, help_text="The campaign; null when asked.")
    owner_id = Id(source="owner.id", default=None, allow_null=True, help_text="The owner's user id; null for nobody.")
    helper_ids = serializers.SerializerMethodField(help_text="The user ids of those who help.")
    role = Choice(Role, help_text="The functional role, from what the owner does in the campaign.")
    due_at = Moment(allow_null=True, help_text="When it is due; null when no date was named.")
    important = serializers.BooleanField(help_text="True when it matters much.")
    urgent = serializers.BooleanField(help_text="True when it cannot wait.")
    must_have = serializers.BooleanField(help_text="True when its phase does not end without it.")
    estimate_hours = Hours(help_text="Estimated work, in person-hours.")
    issues = QuickIssueOut(many=True, help_text="Questions, faults and notes; may be empty.")

    def get_helper_ids(self, reading: Any) -> list[int]:
        """The ids in order of naming."""
        return [helper.id for helper in reading.helpers]


class QuickPreviewOut(Out):
    """How the lines are read."""

    is_clear = serializers.BooleanField(help_text="True when they can be made as they are.")
    as_of = Moment(help_text="The moment as of which they were read; send it back when making them.")
    seen = serializers.CharField(source="tag", help_text="A word for exactly this reading; send it back.")
    lines = QuickLineOut(source="readings", many=True, help_text="One entry a line.")


class QuickAddedOut(Out):
    """What was made."""

    task_ids = serializers.ListField(child=Id(help_text="A task's id."), help_text="The tasks, one a line.")
    lines = QuickLineOut(many=True, help_text="How the lines were read.")


class PreviewQuickAddView(ApiView):
    """Reading."""

    only_reads = True

    @operation("preview_quick_add", takes=PreviewQuickAddIn, gives=QuickPreviewOut, refuses=(404,))
    def post(self, request: Request, *, values: dict[str, Any]) -> QuickScreen:
        """How lines would be read as tasks; writes nothing."""
        text = values.pop("lines")
        return quick_screen(actor_for(request.user), text, **values, now=timezone.now())


class QuickAddView(ApiView):
    """Making."""

    @operation("quick_add", takes=QuickAddIn, gives=QuickAddedOut, status=201, refuses=(404,))
    def post(self, request: Request, *, values: dict[str, Any]) -> dict[str, Any]:
        """Makes a task of every line, all of them or none; a question or a fault in one line refuses all."""
        actor, now = actor_for(request.user), timezone.now()
        made = actions.quick_add(actor=actor, **values, now=now)
        read = {"campaign_id": values.get("campaign_id"), "as_of": values.get("as_of")}
        return {"task_ids": made, "lines": quick_screen(actor, values["lines"], **read, now=now).readings}
