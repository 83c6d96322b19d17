"""The numbers of a campaign over the API."""

from rest_framework import serializers
from rest_framework.request import Request

from campaigns.metrics.api.imports import ImportOut
from campaigns.metrics.api.target import TargetOut
from campaigns.metrics.queries import DAYS_SHOWN, IMPORTS_SHOWN, NumbersScreen, numbers_screen
from planner.web.api import ApiView, Day, Id, Money, Out, Percent, operation
from staff.people.queries import actor_for


class DayOut(Out):
    """One day of payment."""

    on = Day(help_text="The day on which the orders were paid, in the team's time zone.")
    orders = serializers.IntegerField(help_text="Orders paid on that day.")
    paid_amount = Money(help_text="What they paid, before refunds, in CNY (yuan).")
    refunds = Money(
        allow_null=True,
        help_text="What was refunded of these orders, whenever it was, in CNY (yuan). Null where a file does not say.",
    )
    net = Money(allow_null=True, help_text="`paid_amount` less `refunds` in CNY (yuan). Null where `refunds` is.")
    visitors = serializers.IntegerField(allow_null=True, help_text="Visitors of that day; null where nobody gave them.")
    conversion = Percent(
        allow_null=True,
        help_text="`orders` per visitor in per cent; paid orders stand for buyers. Null without visitors.",
    )


class FiguresOut(Out):
    """Sums and rates over all imported orders; what a file does not say is null, not 0."""

    orders = serializers.IntegerField(help_text="Orders in the imported files, paid or not.")
    total_amount = Money(help_text="What all of them are worth, in CNY (yuan).")
    paid_orders = serializers.IntegerField(help_text="Orders that were paid.")
    paid_amount = Money(help_text="What the paid orders paid, before refunds, in CNY (yuan).")
    refunds = Money(
        allow_null=True,
        help_text="What was refunded of the paid orders, in CNY (yuan). Null when one imported file does not say.",
    )
    net = Money(allow_null=True, help_text="`paid_amount` less `refunds` in CNY (yuan). Null where `refunds` is.")
    refund_rate = Percent(
        allow_null=True,
        help_text="`refunds` per `paid_amount` in per cent. Null where `refunds` is, or nothing was paid.",
    )
    fully_refunded = serializers.IntegerField(
        allow_null=True, help_text="Paid orders that were refunded in full. Null where `refunds` is."
    )
    received = Money(help_text="What the files say was received for the paid orders, in CNY (yuan).")
    mismatched = serializers.IntegerField(
        help_text="Paid orders that do not add up: total is not received plus refunded."
    )
    order_value = Money(
        allow_null=True, help_text="`paid_amount` per paid order in CNY (yuan). Null without a paid order."
    )
    visitors = serializers.IntegerField(
        allow_null=True, help_text="Visitors, the sum of the days for which they were given. Null when for none."
    )
    days_without_visitors = serializers.IntegerField(
        help_text="Days with paid orders for which nobody gave visitors; while there is one, `conversion` is null."
    )
    conversion = Percent(
        allow_null=True,
        help_text=(
            "`paid_orders` per visitor in per cent; paid orders stand for buyers. Null until every day with paid orders"
            " has its visitors."
        ),
    )
    best_day = DayOut(
        allow_null=True,
        help_text="The day with the highest `paid_amount`, the first of equals; null without paid orders.",
    )


class OutsideOut(Out):
    """Orders paid before the campaign's first or after its last day; they are part of the figures."""

    orders = serializers.IntegerField(help_text="How many orders.")
    days = serializers.IntegerField(help_text="On how many days they were paid.")
    paid_amount = Money(help_text="What they paid, before refunds, in CNY (yuan).")
    net = Money(
        allow_null=True, help_text="The same less refunds in CNY (yuan). Null where a file does not say refunds."
    )


class NumbersOut(Out):
    """Figures, target, days and the newest imports of a campaign."""

    campaign_id = Id(source="campaign.id", help_text="The campaign.")
    first_on = Day(help_text="The campaign's first day, in the team's time zone.")
    last_on = Day(help_text="The campaign's last day, in the team's time zone.")
    figures = FiguresOut(allow_null=True, help_text="Sums and rates; null until orders are imported.")
    target = TargetOut(source="versioned_target", help_text="What to reach.")
    attained = Percent(
        allow_null=True,
        help_text="Paid amount reached per paid amount to reach, in per cent. Null without figures or target.",
    )
    outside = OutsideOut(allow_null=True, help_text="What was paid outside the campaign's days; null when nothing was.")
    days = DayOut(
        many=True,
        help_text=f"Days with paid orders or visitors, in order; of more than {DAYS_SHOWN}, the last {DAYS_SHOWN}.",
    )
    imports = ImportOut(many=True, help_text=f"The newest imports, at most {IMPORTS_SHOWN}; `list_imports` has all.")


class NumbersView(ApiView):
    """A campaign's numbers."""

    @operation("get_numbers", gives=NumbersOut)
    def get(self, request: Request, *, campaign_id: int) -> NumbersScreen:
        """The numbers: what the imported orders say, against the target."""
        return numbers_screen(actor_for(request.user), campaign_id)
