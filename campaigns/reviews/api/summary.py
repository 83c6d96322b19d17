"""The shape of a review: every section of the compiled summary as codes and numbers with units."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from rest_framework import serializers

from campaigns.campaign.rules import Phase
from campaigns.reviews.api.lessons import LessonOut
from campaigns.reviews.queries import GoalLine
from campaigns.reviews.rules.split import Method
from campaigns.reviews.rules.words import FACTOR_NAMES, GOAL_NAMES, MISSING_NAMES
from planner.web.api import Choice, Day, Hours, Id, Moment, Money, Out, Percent
from staff.people.rules import Role
from staff.runs.api import RunOut


class Unit(StrEnum):
    """What a figure of the goal is counted in."""

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"


class GroupKind(StrEnum):
    """What tasks are grouped by."""

    PHASE = "phase"
    ROLE = "role"
    PERSON = "person"


class Figure(serializers.CharField):
    """A number of the goal in its own line's unit; money with two decimal places, per cent with four."""

    scales = {"money": (1, "0.01"), "count": (1, "1"), "percent": (100, "0.0001")}  # noqa: RUF012 - never changed

    def get_attribute(self, instance: GoalLine) -> Any:
        """The number with its unit; None without one."""
        value = super().get_attribute(instance)
        return None if value is None else (instance.kind, value)

    def to_representation(self, value: Any) -> str:
        """The number as text."""
        unit, number = value
        times, places = self.scales[unit]
        return f"{(number * times).quantize(Decimal(places), ROUND_HALF_UP):f}"


class GoalLineOut(Out):
    """One figure against its target."""

    figure = serializers.ChoiceField(
        choices=list(GOAL_NAMES),
        source="code",
        help_text=(
            "`paid_amount` before refunds, `net` less refunds, `visitors` the sum of days, `conversion` paid orders per"
            " visitor, `order_value` paid amount per paid order; paid orders stand for buyers."
        ),
    )
    unit = Choice(Unit, source="kind", help_text="`money` is CNY (yuan), `count` is pieces, `percent` is per cent.")
    target = Figure(
        allow_null=True, help_text="What was to be reached, in `unit`, as a decimal string. Null where not set."
    )
    actual = Figure(
        allow_null=True, help_text="What was reached, in `unit`, as a decimal string. Null where not known."
    )
    gap = Figure(
        allow_null=True, help_text="`actual` less `target`, in `unit`, as a decimal string. Null where one of them is."
    )
    attained = Percent(allow_null=True, help_text="`actual` per `target` in per cent. Null where one of them is.")


class FactorOut(Out):
    """One factor's part of the difference."""

    factor = serializers.ChoiceField(
        choices=list(FACTOR_NAMES), source="code", help_text="Paid amount = `visitors` × `conversion` × `order_value`."
    )
    amount = Money(
        help_text="How much of `difference` comes from it, in CNY (yuan); below 0 it lowered the paid amount."
    )


class LackOut(Out):
    """A figure that the split needs and does not have."""

    figure = serializers.ChoiceField(
        choices=list(MISSING_NAMES),
        source="code",
        help_text=(
            "`target`: there is none. `target_visitors`, `target_conversion`: the target does not say them. `visitors`:"
            " given for no day. `visitors_of_days`: not given for some days with paid orders."
        ),
    )
    days = serializers.IntegerField(
        allow_null=True, help_text="For how many days, of `visitors_of_days`; null for the others."
    )


class SplitOut(Out):
    """Why the paid amount missed or beat its target; either factors or what is missing for them."""

    method = Choice(
        Method,
        allow_null=True,
        help_text=(
            "`lmdi`: split by logarithmic means. `chain`: one figure was zero, so factors were replaced one after the"
            " other. Null when the split is not possible, see `missing`."
        ),
    )
    difference = Money(
        allow_null=True,
        help_text="Paid amount less its target, in CNY (yuan): the sum of the factors. Null when not possible.",
    )
    factors = FactorOut(many=True, help_text="The parts of the difference; empty when the split is not possible.")
    missing = LackOut(many=True, help_text="Which figures the split lacks; empty when it is there.")


class ReviewDayOut(Out):
    """One day of payment."""

    on = Day(help_text="The day on which the orders were paid, in the team's time zone.")
    orders = serializers.IntegerField(help_text="Orders paid on that day.")
    paid_amount = Money(help_text="What they paid, before refunds, in CNY (yuan).")
    net = Money(
        allow_null=True, help_text="The same less refunds in CNY (yuan). Null where a file does not say refunds."
    )
    visitors = serializers.IntegerField(allow_null=True, help_text="Visitors of that day; null where nobody gave them.")


class RefundsOut(Out):
    """What went back, of the paid orders."""

    refunds = Money(help_text="What was refunded, in CNY (yuan).")
    rate = Percent(help_text="Refunded amount per paid amount in per cent.")
    fully_refunded = serializers.IntegerField(help_text="Paid orders that were refunded in full.")
    fully_rate = Percent(help_text="Orders refunded in full per paid order, in per cent.")


class TaskNameOut(Out):
    """A task by name."""

    id = Id(help_text="The task's id.")
    code = serializers.CharField(allow_blank=True, help_text="Its code in the SOP, such as `P11`; empty without one.")
    title = serializers.CharField(help_text="Its title.")
    title_en = serializers.CharField(allow_blank=True, help_text="Its English title; empty without one.")


class WorstOut(TaskNameOut):
    """The task that slipped longest."""

    slip_hours = Hours(
        max_digits=None,
        source="hours",
        help_text="How long after its first deadline it was done, in hours by the clock.",
    )


class PunctualityOut(Out):
    """Punctuality of some tasks: those that have a deadline and were not cancelled."""

    tasks = serializers.IntegerField(help_text="Tasks with a deadline.")
    done = serializers.IntegerField(help_text="Of them done.")
    on_time = serializers.IntegerField(help_text="Of the done ones those done by their present deadline.")
    rate = Percent(allow_null=True, help_text="`on_time` per `done` in per cent. Null while none is done.")
    slipped = serializers.IntegerField(
        help_text="Done after the deadline first given: a deadline that was moved shows as slip."
    )
    slip_hours = Hours(
        max_digits=None,
        help_text="How long after their first deadlines these were done, summed, in hours by the clock.",
    )
    worst = WorstOut(allow_null=True, help_text="The task that slipped longest; null when none did, or it is gone.")


class PunctualLineOut(PunctualityOut):
    """Punctuality of one phase, role or person."""

    code = serializers.CharField(allow_blank=True, help_text="The phase's or the role's code; empty for a person.")
    user_id = Id(allow_null=True, help_text="The owner's id; null for tasks of nobody, and for a phase or a role.")
    name = serializers.CharField(
        allow_blank=True, help_text="The owner's name; empty for tasks of nobody, and for a phase or a role."
    )


class PunctualGroupOut(Out):
    """The same tasks, grouped one way."""

    kind = Choice(GroupKind, help_text="What they are grouped by.")
    lines = PunctualLineOut(many=True, help_text="One line a group.")


class MovedTaskOut(TaskNameOut):
    """A task whose deadline was moved."""

    changes = serializers.IntegerField(source="number", help_text="How often its deadline was moved.")


class DueChangesOut(Out):
    """How often deadlines were moved."""

    tasks = serializers.IntegerField(help_text="Tasks with a deadline.")
    moved = serializers.IntegerField(help_text="Of them those whose deadline was moved.")
    changes = serializers.IntegerField(help_text="How often in all.")
    most = MovedTaskOut(many=True, help_text="Those moved most often, at most ten.")


class OverrideOut(Out):
    """A move into the next phase over what blocked it."""

    at = Moment(help_text="When.")
    actor_id = Id(allow_null=True, help_text="Who moved, a person's id; null for the system.")
    by = serializers.CharField(allow_blank=True, help_text="Who moved, by name; empty for the system.")
    from_phase = Choice(Phase, help_text="The phase that was left.")
    to_phase = Choice(Phase, help_text="The phase that was entered.")
    reason = serializers.CharField(allow_blank=True, help_text="Why, in the words of who moved.")


class ReminderOut(Out):
    """Messages of one kind that went out."""

    kind = serializers.CharField(
        help_text="The kind's code: `due_24h`, `due_2h`, `overdue`, `overdue_24h`, `overdue_24h_lead`, `mention`."
    )
    messages = serializers.IntegerField(help_text="Messages sent, over all channels.")
    tasks = serializers.IntegerField(help_text="Tasks that they were about.")


class HoursOut(Out):
    """Planned against actual hours of the tasks whose actual hours were noted."""

    tasks = serializers.IntegerField(help_text="Tasks whose actual hours were noted.")
    planned = Hours(max_digits=None, help_text="What was estimated for them, in person-hours.")
    actual = Hours(max_digits=None, help_text="What they took, in person-hours.")
    ratio = Percent(allow_null=True, help_text="`actual` per `planned` in per cent. Null when nothing was planned.")


class RoleHoursOut(HoursOut):
    """The same of one role."""

    role = Choice(Role, help_text="The role's code.")


class ReviewOut(Out):
    """A review: what was compiled from the facts, and what people wrote."""

    campaign_id = Id(source="campaign.id", help_text="The campaign.")
    compiled_at = Moment(
        allow_null=True,
        help_text="When what follows was compiled; null before the first time, with every section empty.",
    )
    run = RunOut(allow_null=True, help_text="The newest compiling, under way or ended; null before the first.")
    goal = GoalLineOut(many=True, help_text="Goal against result; empty without imported orders.")
    split = SplitOut(allow_null=True, help_text="Where the difference comes from; null without imported orders.")
    days = ReviewDayOut(many=True, help_text="The daily curve, in order.")
    refunds = RefundsOut(allow_null=True, help_text="Refunds; null without paid orders, or where a file does not say.")
    punctuality = PunctualityOut(
        allow_null=True, help_text="Punctuality of all tasks with a deadline; null while none of them is done."
    )
    punctuality_groups = PunctualGroupOut(
        many=True, source="punctual_groups", help_text="The same by phase, by role and by person."
    )
    due_changes = DueChangesOut(allow_null=True, help_text="Moved deadlines; null without a task that has a deadline.")
    overrides = OverrideOut(many=True, help_text="Phase moves over what blocked them, oldest first.")
    reminders = ReminderOut(many=True, help_text="What had to be reminded, by kind.")
    hours = HoursOut(
        allow_null=True,
        source="hours_of_all",
        help_text="Planned and actual hours of all roles; null while no task has its actual hours noted.",
    )
    hours_by_role = RoleHoursOut(many=True, help_text="The same by role.")
    notes = serializers.CharField(allow_blank=True, help_text="What people wrote beside the summary, plain text.")
    notes_version = serializers.IntegerField(help_text="The notes' version, to send to `write_notes` in `If-Match`.")
    lessons = LessonOut(many=True, help_text="The lessons: to keep, to stop, to improve.")
