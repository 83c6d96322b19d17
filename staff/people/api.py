"""People and teams over the API."""

from rest_framework import serializers
from rest_framework.request import Request

from planner.web.api import ApiView, Choice, Id, Out, operation
from staff.people.queries import actor_for
from staff.people.rules import Actor, Level, Role


class SeatOut(Out):
    """The caller's place in one team."""

    team_id = Id(help_text="The team's id.")
    level = Choice(Level, help_text="What the caller may do: `viewer` reads, `member` works, `manager` decides.")
    roles = serializers.ListField(
        child=Choice(Role, help_text="A functional role's code."), help_text="What the caller does in the team."
    )


class MeOut(Out):
    """The person behind the session or the token."""

    user_id = Id(help_text="The person's id.")
    name = serializers.CharField(help_text="The name that others see.")
    seats = SeatOut(many=True, help_text="The caller's places, one a team.")


class MeView(ApiView):
    """The caller."""

    @operation("get_me", gives=MeOut)
    def get(self, request: Request) -> Actor:
        """Who the caller is, and in which teams."""
        return actor_for(request.user)
