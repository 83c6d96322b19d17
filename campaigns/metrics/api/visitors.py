"""Visitors by day over the API."""

from collections import Counter
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.metrics import actions
from campaigns.metrics.forms import MAX_DAYS
from campaigns.metrics.queries import DayVisitors, visitors_of
from campaigns.metrics.rules.visitors import MAX_VISITORS, YEARS
from planner.web.api import ApiView, Day, In, Out, Page, cut, operation
from staff.people.queries import actor_for


class DayVisitorsOut(Out):
    """The visitors of one day."""

    on = Day(help_text="The day, in the team's time zone.")
    visitors = serializers.IntegerField(allow_null=True, help_text="Visitors of that day; null where nobody gave them.")


class DayVisitorsIn(In):
    """The visitors of one day, and what the caller had read."""

    on = Day(help_text="The day, in the team's time zone; once a call.")
    visitors = serializers.IntegerField(
        min_value=0,
        max_value=MAX_VISITORS,
        allow_null=True,
        help_text="Visitors of that day, 0 to 2,000,000,000; null takes the day's figure away.",
    )
    was = serializers.IntegerField(
        min_value=0,
        max_value=MAX_VISITORS,
        required=False,
        allow_null=True,
        help_text=(
            "The visitors that you read for that day, null for none: when somebody changed the day meanwhile, the call"
            " is refused with 412. Given for every day of the call or for none; without it, the call overwrites."
        ),
    )

    def validate_on(self, on: date) -> date:
        """A day that figures may speak of."""
        if on.year not in YEARS:
            raise serializers.ValidationError(_("There is no such day."))
        return on


class VisitorsIn(In):
    """Days to set."""

    days = serializers.ListField(
        child=DayVisitorsIn(help_text="One day."),
        min_length=1,
        max_length=MAX_DAYS,
        help_text=f"The days to set, 1 to {MAX_DAYS}; others stay.",
    )

    def validate_days(self, days: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each day once, and what was read for all of them or for none."""
        twice = [on for on, times in Counter(day["on"] for day in days).items() if times > 1]
        if twice:
            raise serializers.ValidationError(_("%(day)s is given twice.") % {"day": twice[0].isoformat()})
        if len({"was" in day for day in days}) > 1:
            raise serializers.ValidationError(_("Give “was” for every day or for none."))
        return days


class VisitorsOut(Out):
    """The days of the call as they are now."""

    changed = serializers.IntegerField(help_text="How many of them the call changed.")
    days = DayVisitorsOut(many=True, help_text="The days of the call, in order.")


class VisitorsView(ApiView):
    """A campaign's visitors by day: order files do not have them, so people give them."""

    @operation("list_visitors", gives=DayVisitorsOut, pages=True)
    def get(self, request: Request, *, campaign_id: int, query: dict[str, Any]) -> Page:
        """The days that have visitors, in order."""
        return cut(visitors_of(actor_for(request.user), campaign_id), query)

    @operation("set_daily_figures", takes=VisitorsIn, gives=VisitorsOut, refuses=(412,))
    def patch(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> dict[str, Any]:
        """Sets the visitors of these days, all or none; other days stay."""
        days: list[dict[str, Any]] = sorted(values["days"], key=lambda day: day["on"])
        changed = actions.set_daily_figures(
            actor=actor_for(request.user),
            campaign_id=campaign_id,
            visitors={day["on"]: day["visitors"] for day in days},
            seen={day["on"]: day["was"] for day in days} if "was" in days[0] else None,
            now=timezone.now(),
        )
        return {"changed": changed, "days": [DayVisitors(day["on"], day["visitors"]) for day in days]}
