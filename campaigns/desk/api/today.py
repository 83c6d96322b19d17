"""The first page over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.board.rules import Status
from campaigns.campaign.rules import Phase
from campaigns.desk.queries.today import Section, Today, today_screen
from planner.web.api import ApiView, Choice, Id, Moment, Out, Sentence, operation
from staff.people.queries import actor_for
from staff.people.rules import Role


class TodayTaskOut(Out):
    """One task in a list, with what the caller may do to it right there."""

    id = Id(help_text="The task's id.")
    code = serializers.CharField(
        allow_blank=True, help_text="Its step in the SOP, such as `P11`; empty for tasks that came later."
    )
    title = serializers.CharField(help_text="Its title, in the caller's language.")
    campaign_id = Id(help_text="The campaign that it belongs to.")
    campaign_name = serializers.CharField(help_text="That campaign's name.")
    phase = Choice(Phase, help_text="The phase that it belongs to.")
    role = Choice(Role, help_text="The functional role that does it.")
    status = Choice(Status, help_text="Where it stands.")
    owner_id = Id(allow_null=True, help_text="Who has it; null when nobody has.")
    owner_name = serializers.CharField(allow_blank=True, help_text="That person's name; empty when nobody has it.")
    due_at = Moment(allow_null=True, help_text="When it is due; null without a date.")
    is_late = serializers.BooleanField(help_text="True when it is open and its moment has passed.")
    must_have = serializers.BooleanField(help_text="True when its phase cannot be left before it is done.")
    is_gate = serializers.BooleanField(help_text="True for a gate: one person does it, another confirms it.")
    unconfirmed = serializers.BooleanField(help_text="True for a gate that is done and waits for its confirmation.")
    checklist_done = serializers.IntegerField(help_text="How many lines of its checklist are ticked or waived.")
    checklist_total = serializers.IntegerField(help_text="How many lines its checklist has.")
    blockers = serializers.ListField(
        child=Sentence(help_text="One reason, in the caller's language."),
        help_text="Why it cannot be done yet: open checklist lines, tasks that it waits for. Empty when nothing is.",
    )
    can_complete = serializers.BooleanField(
        help_text="True when the caller may mark it done and nothing is in the way."
    )
    must_first = serializers.BooleanField(help_text="True when the caller may mark it done once its blockers are gone.")
    can_take = serializers.BooleanField(help_text="True when nobody has it and the caller may take it.")
    can_confirm = serializers.BooleanField(help_text="True when the caller may confirm it, as a gate's second person.")
    can_reopen = serializers.BooleanField(help_text="True when it is done and the caller may reopen it.")
    version = serializers.IntegerField(help_text="Its version, for If-Match on its own addresses.")


class SectionOut(Out):
    """A list of tasks, cut to what one reads."""

    total = serializers.IntegerField(help_text="How many there are in all.")
    items = TodayTaskOut(
        many=True, source="lines", help_text="The first of them, at most 50 (20 in a lane), by due moment."
    )


class LaneOut(SectionOut):
    """One crew's pressing tasks, over the campaigns that the caller leads."""

    role = Choice(Role, source="name", help_text="The crew's functional role.")


class TodayOut(Out):
    """What waits for the caller, and, for those who lead, for their crews."""

    overdue = SectionOut(help_text="The caller's own open tasks, as owner or helper, whose moment has passed.")
    today = SectionOut(help_text="Those due until the caller's midnight.")
    waiting = SectionOut(help_text="Tasks that the caller is to check, and gates that the caller may confirm.")
    week = SectionOut(help_text="The caller's own tasks due in the seven days after today.")
    later = SectionOut(help_text="The caller's own tasks due later or without a date.")
    is_lead = serializers.BooleanField(
        help_text="True when the caller manages, or leads the operations of, a team with a running campaign."
    )
    lanes = LaneOut(
        many=True,
        help_text=(
            "For those who lead, one lane for customer service and one for design: due within seven days, blocked, or"
            " due within 14 days and nobody's. Without the caller's own. Empty for others."
        ),
    )
    unassigned = SectionOut(
        help_text="For those who lead: tasks of the other roles due within 14 days or undated that nobody has."
    )


def _by_name(screen: Today) -> dict[str, Any]:
    empty = {name: Section(name, (), 0) for name in ("overdue", "today", "waiting", "week")}
    return empty | {section.name: section for section in screen.sections}


class TodayView(ApiView):
    """What the caller does next."""

    @operation("get_today", gives=TodayOut)
    def get(self, request: Request) -> dict[str, Any]:
        """What the caller does next, over all running campaigns; days end at midnight of the caller's time zone."""
        screen = today_screen(actor_for(request.user), now=timezone.now())
        rest = {"later": screen.later, "lanes": screen.lanes, "unassigned": screen.unassigned}
        return _by_name(screen) | rest | {"is_lead": screen.is_lead}
