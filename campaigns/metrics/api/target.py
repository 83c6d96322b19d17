"""The target over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.metrics import actions
from campaigns.metrics.queries import TargetShown, target_for
from planner.web.api import ApiView, In, Money, Out, Percent, operation
from staff.people.queries import actor_for


class TargetOut(Out):
    """What the campaign should reach: paid amount = visitors × conversion × order value."""

    paid_amount = Money(
        allow_null=True,
        help_text="The paid amount to reach, before refunds, in CNY (yuan). Null while no target is set.",
    )
    visitors = serializers.IntegerField(
        allow_null=True, help_text="Visitors to reach, the sum of days. Null where the target does not say."
    )
    conversion = Percent(
        allow_null=True,
        help_text="Buyers per visitor in per cent: 3.2500 is 3.25 %. Null where the target does not say.",
    )
    order_value = Money(
        allow_null=True, help_text="Paid amount per buyer in CNY (yuan). Null where the target does not say."
    )
    version = serializers.IntegerField(
        help_text="Raised by every change of the target, 0 while none is set; the first number of this answer's ETag."
    )


class TargetIn(In):
    """Any three figures give the fourth; all four must agree. The paid amount may stand alone, or beside one other."""

    paid_amount = Money(
        max_digits=16,
        required=False,
        allow_null=True,
        help_text="The paid amount to reach, before refunds, in CNY (yuan). More than 0, less than 10¹².",
    )
    visitors = serializers.IntegerField(
        required=False, allow_null=True, help_text="Visitors to reach, the sum of days. More than 0."
    )
    conversion = serializers.DecimalField(
        max_digits=10,
        decimal_places=4,
        required=False,
        allow_null=True,
        help_text="Buyers per visitor in per cent: 3.25 is 3.25 %. More than 0, at most 100.",
    )
    order_value = Money(
        max_digits=16,
        required=False,
        allow_null=True,
        help_text="Paid amount per buyer in CNY (yuan). More than 0, less than 10¹².",
    )


class TargetView(ApiView):
    """A campaign's target."""

    @operation("get_target", gives=TargetOut)
    def get(self, request: Request, *, campaign_id: int) -> TargetShown:
        """The target; before one is set, figures of null and version 0."""
        return target_for(actor_for(request.user), campaign_id)

    @operation("set_target", takes=TargetIn, gives=TargetOut, versioned=True)
    def put(self, request: Request, *, campaign_id: int, values: dict[str, Any], version: int | None) -> TargetShown:
        """Sets the target; what is left out is worked out from the rest. The first one is set with `If-Match: "0"`.

        The four figures are one statement: a target that anybody changed meanwhile is refused with 412.
        """
        actor = actor_for(request.user)
        actions.set_target(actor=actor, campaign_id=campaign_id, version=version, now=timezone.now(), **values)
        return target_for(actor, campaign_id)
