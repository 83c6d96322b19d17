"""Campaigns over the API."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.campaign import actions
from campaigns.campaign.queries import (
    ORDERINGS,
    CampaignFilter,
    EventFilter,
    campaign_for,
    campaigns_page,
    events_of,
    store_lines,
)
from campaigns.campaign.rules import (
    NAME_LENGTH,
    REASON_LENGTH,
    STORE_NAME_LENGTH,
    CampaignFacts,
    Kind,
    Phase,
    Platform,
)
from planner.web.api import (
    ApiView,
    Choice,
    Id,
    In,
    Moment,
    Out,
    Page,
    PageQuery,
    Text,
    cut,
    keyset,
    operation,
    read_cursor,
    read_id_cursor,
)
from planner.web.api.paging import bad_cursor
from planner.web.limits import BIGGEST_ID
from staff.people.queries import actor_for


class CampaignOut(Out):
    """A campaign: what it is, when, and where the team stands in it."""

    id = Id(help_text="The campaign's id.")
    team_id = Id(help_text="The team that owns it.")
    name = serializers.CharField(help_text="Its name, unique in the team.")
    kind = Choice(Kind, help_text="`promotion` runs through phases and gates, `routine` does not.")
    platforms = serializers.ListField(
        child=Choice(Platform, help_text="A platform's code."),
        help_text="Where it sells.",
    )
    store_name = serializers.CharField(allow_blank=True, help_text="The shop's name; empty when none is named.")
    phase = Choice(Phase, help_text="The phase that the team is in.")
    starts_at = Moment(help_text="S, the first moment buyers can pay in full.")
    ends_at = Moment(help_text="E, the last minute of the campaign.")
    zone = serializers.CharField(help_text="The team's time zone, an IANA name; plain dates are dates in it.")
    version = serializers.IntegerField(help_text="Raised by every change of the campaign itself; see ETag.")
    archived_at = Moment(
        allow_null=True, help_text="Since when it lies in the archive, where nothing in it changes; null while in use."
    )
    board_version = serializers.IntegerField(help_text="Raised by every change of anything in the campaign.")


class CampaignsQueryIn(PageQuery):
    """Which campaigns, in which order."""

    archived = serializers.BooleanField(
        required=False, default=False, help_text="`true` gives the archive; left out, the campaigns in use."
    )
    team_id = Id(required=False, help_text="Only campaigns of this team.")
    kind = Choice(Kind, required=False, help_text="Only campaigns of this kind.")
    phase = Choice(Phase, required=False, help_text="Only campaigns in this phase.")
    text = serializers.CharField(
        required=False, max_length=NAME_LENGTH, help_text="Only campaigns whose name holds this text."
    )
    ordering = serializers.ChoiceField(
        choices=ORDERINGS,
        required=False,
        default="-starts_at",
        help_text="The order of the list; a leading `-` turns it round. Left out, the newest start comes first.",
    )


def after_of(query: dict[str, Any]) -> tuple[Any, int] | None:
    """Where a page of campaigns begins; refuses a cursor that was given out for another order."""
    at = read_cursor(query.get("cursor"), 3)
    if at is None:
        return None
    ordering, value, pk = at
    if ordering != query["ordering"] or not isinstance(value, str) or "\x00" in value:
        raise bad_cursor()
    if not isinstance(pk, int) or isinstance(pk, bool) or not 0 < pk <= BIGGEST_ID:
        raise bad_cursor()
    try:
        return _typed(ordering.removeprefix("-"), value, pk), pk
    except (ValueError, OverflowError):
        raise bad_cursor() from None


def _typed(field: str, value: str, pk: int) -> Any:
    if field == "id":
        return pk
    return value if field == "name" else datetime.fromisoformat(value).astimezone(UTC)


class CampaignsView(ApiView):
    """The campaigns of the caller's teams."""

    @operation("list_campaigns", asks=CampaignsQueryIn, gives=CampaignOut, pages=True)
    def get(self, request: Request, *, query: dict[str, Any]) -> Page:
        """The campaigns of the caller's teams that are in use, or those in the archive."""
        ordering = query["ordering"]
        asked = {name: query[name] for name in ("archived", "team_id", "kind", "phase", "text") if name in query}
        found = campaigns_page(
            actor_for(request.user),
            CampaignFilter(**asked),
            ordering=ordering,
            after=after_of(query),
            limit=query["limit"] + 1,
        )
        field = ordering.removeprefix("-")
        return keyset(found, query, lambda row: (ordering, str(getattr(row, field)), row.id))


class CampaignView(ApiView):
    """One campaign."""

    @operation("get_campaign", gives=CampaignOut)
    def get(self, request: Request, *, campaign_id: int) -> CampaignFacts:
        """The campaign, archived or not."""
        return campaign_for(actor_for(request.user), campaign_id)


class OptionalReasonIn(In):
    """Why, for the log."""

    reason = Text(
        required=False, allow_blank=True, max_length=REASON_LENGTH, help_text="Why; kept in the log. May be left out."
    )


class ArchiveView(ApiView):
    """The way into the archive."""

    @operation("archive_campaign", takes=OptionalReasonIn, gives=CampaignOut)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> CampaignFacts:
        """Puts a campaign of any phase into the archive. A manager's to do.

        It leaves the lists and everybody's today, refuses every change with `campaign_archived`, and no reminder is
        sent for it. It stays readable by its address, and its name stays taken.
        """
        return actions.archive_campaign(
            actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values
        )


class RestoreView(ApiView):
    """The way out of the archive."""

    @operation("restore_campaign", takes=OptionalReasonIn, gives=CampaignOut)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> CampaignFacts:
        """Takes a campaign out of the archive as it went in. A manager's to do.

        What came due meanwhile is told as after an outage: the latest message about each task, none of the earlier.
        """
        return actions.restore_campaign(
            actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values
        )


class LogQueryIn(PageQuery):
    """Which lines of the log."""

    verb = serializers.CharField(
        required=False, max_length=40, help_text="Only what was done by this verb, such as `complete_task`."
    )
    actor_id = Id(required=False, help_text="Only what this person did.")
    subject_kind = serializers.CharField(
        required=False, max_length=20, help_text="Only what was done to things of this kind, such as `task`."
    )
    subject_id = Id(required=False, help_text="Only what was done to the thing of this id; name its kind as well.")


class EventOut(Out):
    """One line of the log: who did what to what, when, before and after."""

    id = Id(help_text="The line's id; later lines have higher ones.")
    at = Moment(help_text="When it was done.")
    actor_id = Id(allow_null=True, help_text="Who did it; null for the system.")
    actor_name = serializers.CharField(allow_blank=True, help_text="That person's name; empty for the system.")
    verb = serializers.CharField(help_text="What was done, such as `complete_task`.")
    subject_kind = serializers.CharField(help_text="What it was done to: `task`, `campaign`, `lesson` …")
    subject_id = serializers.IntegerField(help_text="The id of that thing.")
    subject_label = serializers.CharField(allow_blank=True, help_text="How that thing was called then.")
    before = serializers.DictField(
        child=serializers.JSONField(help_text="The value of one field."),
        help_text="The fields that changed, as they were; may be empty.",
    )
    after = serializers.DictField(
        child=serializers.JSONField(help_text="The value of one field."),
        help_text="The fields that changed, as they are since; may be empty.",
    )
    reason = serializers.CharField(allow_blank=True, help_text="The reason that was written down; may be empty.")


class LogView(ApiView):
    """A campaign's log."""

    @operation("list_events", asks=LogQueryIn, gives=EventOut, pages=True)
    def get(self, request: Request, *, campaign_id: int, query: dict[str, Any]) -> Page:
        """Who did what in the campaign, newest first; lines are added and never changed."""
        asked = EventFilter(
            person=query.get("actor_id"),
            verb=query.get("verb", ""),
            subject_kind=query.get("subject_kind", ""),
            subject_id=query.get("subject_id"),
        )
        found = events_of(
            actor_for(request.user), campaign_id, asked, before_id=read_id_cursor(query), limit=query["limit"] + 1
        )
        return keyset(found, query, lambda line: (line.id,))


class StoresQueryIn(PageQuery):
    """Whose stores."""

    team_id = Id(help_text="The team.")


class StoreIn(In):
    """A new store."""

    team_id = Id(help_text="The team that it belongs to; the caller manages it.")
    name = Text(max_length=STORE_NAME_LENGTH, help_text="Its name, unique in the team.")
    platform = Choice(Platform, help_text="Where it sells.")


class StoreOut(Out):
    """A shop on one platform."""

    id = Id(help_text="The store's id.")
    team_id = Id(help_text="The team that it belongs to.")
    name = serializers.CharField(help_text="Its name, unique in the team.")
    platform = Choice(Platform, help_text="Where it sells.")


class StoresView(ApiView):
    """The stores of a team."""

    @operation("list_stores", asks=StoresQueryIn, gives=StoreOut, pages=True, refuses=(404,))
    def get(self, request: Request, *, query: dict[str, Any]) -> Page:
        """The team's stores, by name."""
        return cut(store_lines(actor_for(request.user), query["team_id"]), query)

    @operation("create_store", takes=StoreIn, gives=StoreOut, status=201, or_status=200, refuses=(404,))
    def post(self, request: Request, *, values: dict[str, Any]) -> Response:
        """Adds a store to the team (201), or gives the one that has the name already (200). A manager's to do."""
        actor = actor_for(request.user)
        store_id, is_new = actions.create_store(actor=actor, now=timezone.now(), **values)
        store = next(store for store in store_lines(actor, values["team_id"]) if store.id == store_id)
        return Response(StoreOut(store).data, status=201 if is_new else 200)
