"""A campaign's first page over the API, and who holds its roles."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.board.actions import hand_over_role
from campaigns.campaign.api import CampaignOut
from campaigns.campaign.rules import Anchor, Phase
from campaigns.desk.queries.overview import Overview, PeopleScreen, overview_screen, people_screen
from campaigns.desk.rules.overview import Risk
from planner.web.api import ApiView, Choice, Day, Hours, Id, In, Moment, Out, Sentence, operation
from staff.people.queries import actor_for
from staff.people.rules import Role


class PhaseStepOut(Out):
    """One phase on the campaign's way."""

    phase = Choice(Phase, help_text="The phase.")
    state = serializers.ChoiceField(
        choices=["past", "here", "ahead"], help_text="`past` it, `here` in it, or it is still `ahead`."
    )
    done = serializers.IntegerField(help_text="How many of its must-have and gate tasks are done (gates: confirmed).")
    total = serializers.IntegerField(help_text="How many must-have and gate tasks it has.")


class BlockerOut(Out):
    """One task that holds the phase."""

    task_id = Id(help_text="The task in the way.")
    name = serializers.CharField(source="label", help_text="Its code and title, in the caller's language.")
    reason = Sentence(help_text="Why it is in the way, in the caller's language.")


class PhasesOut(Out):
    """Where the campaign stands and what keeps it there."""

    steps = PhaseStepOut(many=True, help_text="Every phase in order; empty for routine work, which has none.")
    next = Choice(Phase, allow_null=True, help_text="The phase that `advance_phase` leads to; null at the end.")
    previous = Choice(Phase, allow_null=True, help_text="The phase that `step_back` leads to; null at the start.")
    ready_done = serializers.IntegerField(help_text="How many of the tasks that the next move asks about are done.")
    ready_total = serializers.IntegerField(help_text="How many tasks the next move asks about.")
    blockers = BlockerOut(many=True, help_text="What stands between the campaign and its next phase; empty when ready.")
    may_move = serializers.BooleanField(help_text="True when the caller may move the phase.")


class AnchorOut(Out):
    """A dated moment that tasks hang on."""

    anchor = Choice(Anchor, help_text="Which one: `S` start, `E` end, and the optional ones.")
    at = Moment(help_text="When it is.")
    is_default = serializers.BooleanField(help_text="True when nobody gave it: it has its usual distance from S or E.")
    away = Sentence(allow_null=True, help_text="How far away it is, in words; null once it has passed.")


class RiskCountsOut(Out):
    """How many tasks have which risk; a task may have several."""

    late = serializers.IntegerField(help_text="Open tasks whose moment has passed.")
    blocked = serializers.IntegerField(help_text="Tasks reported as blocked.")
    gate = serializers.IntegerField(help_text="Gates of the present phase, due within seven days, not yet confirmed.")
    unassigned = serializers.IntegerField(help_text="Open tasks that nobody has.")

    def to_representation(self, instance: Iterable[tuple[Risk, int]]) -> dict[str, Any]:
        """From pairs of risk and number."""
        return super().to_representation(dict(instance))


class RiskLineOut(Out):
    """A task that deserves a look."""

    task_id = Id(help_text="The task's id.")
    name = serializers.CharField(source="label", help_text="Its code and title, in the caller's language.")
    role = Choice(Role, help_text="The functional role that does it.")
    owner_name = serializers.CharField(allow_blank=True, help_text="Who has it; empty when nobody has.")
    owner_left = serializers.BooleanField(help_text="True when that person has left the team: nobody sees to it.")
    due_at = Moment(allow_null=True, help_text="When it is due; null without a date.")
    risks = serializers.ListField(
        child=Choice(Risk, help_text="A risk."), help_text="Every reason to look at it, gravest first."
    )


class ShareOut(Out):
    """How many of how many tasks are done; cancelled ones do not count."""

    done = serializers.IntegerField(help_text="How many are done.")
    total = serializers.IntegerField(help_text="How many there are.")


class CellsOut(Out):
    """Tasks per phase; null where there are none."""

    prep = ShareOut(allow_null=True, help_text="In preparation.")
    execution = ShareOut(allow_null=True, help_text="In execution.")
    wrap_up = ShareOut(allow_null=True, help_text="In wrap-up.")
    review = ShareOut(allow_null=True, help_text="In the review.")

    def to_representation(self, instance: Iterable[Any]) -> dict[str, Any]:
        """From the cells in the order of the phases."""
        return super().to_representation(dict(zip(Phase, instance, strict=False)))


class ProgressSumOut(Out):
    """How far the tasks are."""

    by_phase = CellsOut(source="cells", help_text="Phase by phase.")
    all = ShareOut(help_text="Over all phases.")


class ProgressOut(ProgressSumOut):
    """How far one role's tasks are."""

    role = Choice(Role, help_text="The functional role.")


class RoleLineOut(Out):
    """Who holds a role in the campaign and what is still to do in it."""

    role = Choice(Role, help_text="The functional role.")
    holder_id = Id(allow_null=True, help_text="Who holds it in this campaign; null when nobody does.")
    holder_name = serializers.CharField(allow_blank=True, help_text="That person's name; empty when nobody does.")
    open_tasks = serializers.IntegerField(help_text="How many of its tasks are open.")
    open_hours = Hours(max_digits=9, help_text="Their estimated person-hours.")
    unassigned = serializers.IntegerField(help_text="How many of the open ones nobody has.")


class RolesOut(Out):
    """The roles of a campaign."""

    campaign_id = Id(help_text="The campaign.")
    may_change = serializers.BooleanField(help_text="True when the caller may name who holds a role.")
    roles = RoleLineOut(many=True, help_text="One line a role, every role.")


class BurnDayOut(Out):
    """The sums of tasks at the end of a day."""

    on = Day(help_text="The day, in the team's time zone.")
    planned = serializers.IntegerField(help_text="How many were first due until then.")
    done = serializers.IntegerField(allow_null=True, help_text="How many were done; null for a day still to come.")
    scope = serializers.IntegerField(help_text="How many there were at all.")


class BurnUpOut(Out):
    """Done work against the plan."""

    says = Sentence(help_text="Where it stands now, in the caller's language.")
    days = BurnDayOut(many=True, help_text="The days on which a sum changed, in order.")


class PersonLoadOut(Out):
    """What somebody has to do within seven days, over all running campaigns of the team."""

    user_id = Id(help_text="Who.")
    name = serializers.CharField(help_text="That person's name.")
    hours = Hours(max_digits=9, help_text="Estimated hours of their open tasks that are due until then.")
    fits = Hours(max_digits=9, help_text="Hours that fit into the working days until then.")


class ActivityChangeOut(Out):
    """A field of a thing before and after."""

    field = serializers.CharField(help_text="Its name, in the caller's language.")
    before = serializers.CharField(help_text="What it was.")
    after = serializers.CharField(help_text="What it is since.")

    def to_representation(self, instance: tuple[str, str, str]) -> dict[str, Any]:
        """From the three in a row."""
        return super().to_representation(dict(zip(("field", "before", "after"), instance, strict=True)))


class ActivityOut(Out):
    """One thing that happened."""

    at = Moment(help_text="When.")
    sentence = Sentence(help_text="What, in the caller's language.")
    reason = serializers.CharField(allow_blank=True, help_text="The reason that was written down; may be empty.")
    task_id = Id(allow_null=True, help_text="The task that it is about; null when it is about something else.")
    changes = ActivityChangeOut(many=True, help_text="What it changed, where the sentence does not say it all.")


class OverviewOut(Out):
    """A campaign on one screen."""

    campaign = CampaignOut(help_text="The campaign itself.")
    phases = PhasesOut(help_text="Where it stands, and what keeps it from going on.")
    anchors = AnchorOut(many=True, help_text="Its dated moments, in order.")
    next_anchor = AnchorOut(allow_null=True, help_text="The first of them that is still to come; null when none is.")
    done = serializers.IntegerField(help_text="How many of its tasks are done.")
    total = serializers.IntegerField(help_text="How many tasks it has, without cancelled ones.")
    risk_counts = RiskCountsOut(help_text="How many tasks have which risk.")
    risks = RiskLineOut(many=True, help_text="The first 10 tasks that deserve a look, gravest first.")
    more_risks = serializers.IntegerField(help_text="How many more there are than are listed.")
    over = PersonLoadOut(many=True, help_text="Those who have more to do within seven days than fits in.")
    burn_up = BurnUpOut(
        allow_null=True, help_text="Done work against the plan; null for routine work and without dated tasks."
    )
    done_in_week = serializers.IntegerField(help_text="How many of its tasks were done in the last seven days.")
    progress = ProgressOut(many=True, help_text="How far each role is that has tasks.")
    progress_sum = ProgressSumOut(help_text="How far all roles are together.")
    people = RolesOut(help_text="Who holds which role.")
    activity = ActivityOut(
        many=True, help_text="The last 20 things that happened, newest first, without ticks; the log has everything."
    )
    provisional_years = serializers.ListField(
        child=serializers.IntegerField(help_text="A year."),
        help_text="Years of its dates whose official calendar of holidays and make-up workdays is not known yet.",
    )


class OverviewView(ApiView):
    """A campaign on one screen."""

    @operation("get_overview", gives=OverviewOut)
    def get(self, request: Request, *, campaign_id: int) -> Overview:
        """Phase and readiness with reasons, countdown, risks, progress, people and the last activity."""
        return overview_screen(actor_for(request.user), campaign_id, now=timezone.now())


class RoleHolderIn(In):
    """A role and the person who holds it from now on."""

    role = Choice(Role, help_text="The functional role.")
    user_id = Id(help_text="A member or manager of the campaign's team.")


class RolesView(ApiView):
    """Who holds which role in a campaign."""

    @operation("get_roles", gives=RolesOut)
    def get(self, request: Request, *, campaign_id: int) -> PeopleScreen:
        """Who holds which role in the campaign, and what is open in it."""
        return people_screen(actor_for(request.user), campaign_id)

    @operation("set_role_holder", takes=RoleHolderIn, gives=RolesOut)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> PeopleScreen:
        """Names who holds a role and gives them its open tasks that nobody has. A manager's to do."""
        actor = actor_for(request.user)
        hand_over_role(actor=actor, campaign_id=campaign_id, now=timezone.now(), **values)
        return people_screen(actor, campaign_id)
