"""People and teams over the API."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from planner.web.api import (
    ApiView,
    Choice,
    Day,
    Hours,
    Id,
    In,
    Moment,
    Out,
    Page,
    PageQuery,
    Sentence,
    Text,
    cut,
    keyset,
    operation,
    read_id_cursor,
)
from staff.people import actions
from staff.people.queries import (
    LogFilter,
    Person,
    actor_for,
    log_lines,
    my_teams,
    people_of,
    people_who_left,
    person_of,
)
from staff.people.rules import NAME_LENGTH, Level, Role

PASSWORD_LENGTH = 4096
LANGUAGES = [code for code, _ in settings.LANGUAGES]


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
    language = serializers.ChoiceField(
        LANGUAGES, help_text="The language of sentences for them: `zh-hans` Chinese, `en` English."
    )
    zone = serializers.CharField(help_text="The time zone of moments in sentences for them, an IANA name.")
    shows_guide = serializers.BooleanField(help_text="True while the guide of the first steps is on their first page.")
    seats = SeatOut(many=True, help_text="The caller's places, one a team.")


def _me(request: Request) -> dict[str, Any]:
    actor, user = actor_for(request.user), request.user
    seats = [{"team_id": seat.team_id, "level": seat.level, "roles": sorted(seat.roles)} for seat in actor.seats]
    said = {"language": getattr(user, "language", ""), "zone": getattr(user, "zone", "")}
    said["shows_guide"] = getattr(user, "guide_closed_at", None) is None
    return {"user_id": actor.user_id, "name": actor.name, "seats": seats, **said}


class MeView(ApiView):
    """The caller."""

    @operation("get_me", gives=MeOut)
    def get(self, request: Request) -> dict[str, Any]:
        """Who the caller is, and in which teams."""
        return _me(request)


class LanguageIn(In):
    """A language."""

    language = serializers.ChoiceField(LANGUAGES, help_text="`zh-hans` for Chinese, `en` for English.")


class LanguageView(ApiView):
    """The language of pages, messages and refusals for the caller."""

    @operation("set_language", takes=LanguageIn, gives=MeOut)
    def put(self, request: Request, *, values: dict[str, Any]) -> dict[str, Any]:
        """Sets the language in which the caller reads pages, messages and refusals."""
        actions.set_language(actor=actor_for(request.user), **values)
        return _me(request) | values


class GuideIn(In):
    """Whether the guide is shown."""

    is_open = serializers.BooleanField(help_text="False puts the guide away, true brings it back.")


class GuideView(ApiView):
    """The guide of the first steps on the caller's first page."""

    @operation("set_guide", takes=GuideIn, gives=MeOut)
    def put(self, request: Request, *, values: dict[str, Any]) -> dict[str, Any]:
        """Puts the guide away, or brings it back."""
        actions.set_guide(actor=actor_for(request.user), now=timezone.now(), **values)
        return _me(request) | {"shows_guide": values["is_open"]}


class TeamOut(Out):
    """A team of the caller."""

    id = Id(help_text="The team's id.")
    name = serializers.CharField(help_text="Its name, unique in this installation.")
    zone = serializers.CharField(help_text="Its time zone, an IANA name; plain dates are days in it.")
    level = Choice(Level, help_text="What the caller may do in it: `viewer`, `member` or `manager`.")


class TeamsView(ApiView):
    """The caller's teams."""

    @operation("list_teams", gives=TeamOut, pages=True)
    def get(self, request: Request, *, query: dict[str, Any]) -> Page:
        """The teams in which the caller has a place, by id."""
        return cut(my_teams(actor_for(request.user)), query)


class PersonOut(Out):
    """A person's place in a team."""

    user_id = Id(help_text="The person's id.")
    login = serializers.CharField(help_text="The name that they log in with.")
    name = serializers.CharField(help_text="The name that colleagues see.")
    email = serializers.CharField(allow_blank=True, help_text="Their e-mail address; empty when none is known.")
    level = Choice(Level, help_text="What they may do: `viewer` reads and comments, `member` works, `manager` decides.")
    roles = serializers.ListField(
        child=Choice(Role, help_text="A functional role's code."), help_text="What they do in the team."
    )
    capacity_hours = Hours(help_text="Person-hours that they have for work on a working day.")
    version = serializers.IntegerField(help_text="Raised by every change of the place; see ETag.")
    left_at = Moment(allow_null=True, help_text="Since when the place has ended; null while it holds.")


class PeopleQueryIn(PageQuery):
    """Which people."""

    left = serializers.BooleanField(
        required=False, default=False, help_text="`true` gives those whose place has ended instead; a manager's to ask."
    )


class PlaceIn(In):
    """What of a place to change; what is left out stays as it is."""

    level = Choice(Level, required=False, help_text="What they may do from now on; the last manager stays one.")
    roles = serializers.ListField(
        required=False,
        max_length=len(Role),
        child=Choice(Role, help_text="A functional role's code."),
        help_text="All of their functional roles from now on.",
    )
    capacity_hours = Hours(
        required=False,
        min_value=Decimal("0.5"),
        max_value=Decimal(24),
        help_text="Person-hours a working day, 0.5 to 24.",
    )


class NewPersonIn(In):
    """A person who is new here, with a first password to hand over."""

    login = Text(max_length=NAME_LENGTH, help_text="The name to log in with; case does not matter, and it is unique.")
    name = Text(max_length=NAME_LENGTH, help_text="The name that colleagues see.")
    password = Text(
        max_length=PASSWORD_LENGTH,
        trim_whitespace=False,
        help_text="The first password, at least 8 characters and none of the common ones.",
    )
    email = serializers.EmailField(required=False, default="", allow_blank=True, help_text="Where mails go; optional.")
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, default="zh-hans", help_text="The language that they read."
    )
    level = Choice(Level, required=False, default=Level.MEMBER, help_text="What they may do; `member` when left out.")
    roles = serializers.ListField(
        required=False,
        default=list,
        max_length=len(Role),
        child=Choice(Role, help_text="A functional role's code."),
        help_text="What they do in the team; none when left out.",
    )
    capacity_hours = Hours(
        required=False,
        default=Decimal(6),
        min_value=Decimal("0.5"),
        max_value=Decimal(24),
        help_text="Person-hours a working day, 0.5 to 24; 6 when left out.",
    )


class PeopleView(ApiView):
    """The people of a team."""

    @operation("list_people", asks=PeopleQueryIn, gives=PersonOut, pages=True)
    def get(self, request: Request, *, team_id: int, query: dict[str, Any]) -> Page:
        """The members of the team by role and name, or those who left it, the last one first."""
        listed = people_who_left if query["left"] else people_of
        return cut(listed(actor_for(request.user), team_id), query)

    @operation("add_person", takes=NewPersonIn, gives=PersonOut, status=201, only_sessions=True)
    def post(self, request: Request, *, team_id: int, values: dict[str, Any]) -> Person:
        """A new person with a place in the team; a manager's to do."""
        actor = actor_for(request.user)
        user_id = actions.add_person(actor=actor, team_id=team_id, now=timezone.now(), **values)
        return person_of(actor, team_id, user_id)


class PersonView(ApiView):
    """One person's place in a team."""

    @operation("get_person", gives=PersonOut)
    def get(self, request: Request, *, team_id: int, user_id: int) -> Person:
        """The place; who left is there for managers only."""
        return person_of(actor_for(request.user), team_id, user_id)

    @operation("change_place", takes=PlaceIn, gives=PersonOut, versioned=True)
    def patch(
        self, request: Request, *, team_id: int, user_id: int, values: dict[str, Any], version: int | None
    ) -> Person:
        """Changes level, roles or hours, felt at once; a manager's to do, by token too, as it can be undone."""
        actor = actor_for(request.user)
        actions.change_place(
            actor=actor, team_id=team_id, user_id=user_id, version=version, now=timezone.now(), **values
        )
        # Whoever lowered themselves still sees the team.
        return person_of(actor, team_id, user_id)


class DeactivateView(ApiView):
    """The end of a place."""

    @operation("deactivate_person", gives=PersonOut)
    def post(self, request: Request, *, team_id: int, user_id: int) -> Person:
        """Ends the place, at once; with the last one the account is shut. A manager's to do, and to take back."""
        actor = actor_for(request.user)
        actions.deactivate_person(actor=actor, team_id=team_id, user_id=user_id, now=timezone.now())
        return person_of(actor, team_id, user_id)


class ReactivateView(ApiView):
    """The return of a place."""

    @operation("reactivate_person", gives=PersonOut)
    def post(self, request: Request, *, team_id: int, user_id: int) -> Person:
        """Gives the place back as it was; a manager's to do."""
        actor = actor_for(request.user)
        actions.reactivate_person(actor=actor, team_id=team_id, user_id=user_id, now=timezone.now())
        return person_of(actor, team_id, user_id)


class TeamEventsQueryIn(PageQuery):
    """Which events."""

    person = Id(required=False, help_text="Only what this person did, or what was done to them.")
    verb = Text(required=False, max_length=40, help_text="Only this verb, such as `change_place`.")
    since = Day(required=False, help_text="From this day on, in the team's time zone.")
    until = Day(required=False, help_text="Up to this day, included, in the team's time zone.")


class TeamEventOut(Out):
    """One line of a team's log."""

    id = Id(help_text="The event's id; newer ones are larger.")
    at = Moment(help_text="When it happened.")
    verb = serializers.CharField(help_text="What was done, as a code.")
    sentence = Sentence(help_text="What happened, in the caller's language.")
    actor_id = Id(allow_null=True, help_text="Who did it; null for the system.")
    actor_name = serializers.CharField(allow_blank=True, help_text="Their name; empty for the system.")
    subject_kind = serializers.CharField(help_text="What it was done to: `user`, `team`, `token`, `store`, …")
    subject_id = serializers.IntegerField(help_text="The id of that thing.")
    subject_name = serializers.CharField(allow_blank=True, help_text="The name of that person; empty for other things.")
    before = serializers.DictField(
        child=serializers.JSONField(allow_null=True, help_text="The value of a field."),
        help_text="The fields that changed, as they were.",
    )
    after = serializers.DictField(
        child=serializers.JSONField(allow_null=True, help_text="The value of a field."),
        help_text="The fields that changed, as they became.",
    )


class TeamEventsView(ApiView):
    """The log of a team."""

    @operation("list_team_events", asks=TeamEventsQueryIn, gives=TeamEventOut, pages=True)
    def get(self, request: Request, *, team_id: int, query: dict[str, Any]) -> Page:
        """What happened to the team's people and settings, newest first; for its managers."""
        asked = LogFilter(query.get("person"), query.get("verb", ""), query.get("since"), query.get("until"))
        found = log_lines(
            actor_for(request.user), team_id, asked, before_id=read_id_cursor(query), limit=query["limit"] + 1
        )
        return keyset(found, query, lambda line: (line.id,))
