"""Notices and the ledger over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.reminders import actions
from campaigns.reminders.queries.screens import (
    LedgerLine,
    NoticeLine,
    deliveries_of,
    delivery_for,
    notice_for,
    notices_of,
    unread_count,
)
from campaigns.reminders.rules.kinds import Channel, Kind
from campaigns.reminders.rules.sending import Reason, State
from planner.web.api import (
    ApiView,
    Choice,
    Id,
    Moment,
    Out,
    Page,
    PageQuery,
    Sentence,
    keyset,
    operation,
    read_id_cursor,
    read_moment_cursor,
)
from staff.people.queries import actor_for


class NoticesQueryIn(PageQuery):
    """Which of one's own notices."""

    unread = serializers.BooleanField(
        required=False, default=False, help_text="`true` gives only those that were not read; left out, all."
    )


class NoticeOut(Out):
    """What the caller was told in the app."""

    id = Id(help_text="The notice's id.")
    kind = Choice(Kind, help_text="What it is about: a deadline that comes or passed, a plan, a digest, a mention.")
    text = serializers.CharField(help_text="The sentence, in the caller's language, with moments in their time zone.")
    link = serializers.CharField(help_text="The path of the page that it leads to.")
    campaign_id = Id(help_text="The campaign that it belongs to.")
    campaign_name = serializers.CharField(help_text="That campaign's name.")
    task_id = Id(allow_null=True, help_text="The task that it is about; null when it is about the whole campaign.")
    at = Moment(help_text="When the caller was told.")
    read_at = Moment(allow_null=True, help_text="When the caller read it; null while it is unread.")


class UnreadOut(Out):
    """How much waits to be read."""

    unread = serializers.IntegerField(help_text="How many of the caller's notices are unread.")


class NoticesView(ApiView):
    """The caller's notices."""

    @operation("list_notices", asks=NoticesQueryIn, gives=NoticeOut, pages=True)
    def get(self, request: Request, *, query: dict[str, Any]) -> Page:
        """The caller's own notices, newest first.

        Listing does not mark them as read. Notices of teams that the caller has left are not among them.
        """
        found = notices_of(
            actor_for(request.user),
            before_id=read_id_cursor(query),
            unread=query["unread"],
            limit=query["limit"] + 1,
        )
        return keyset(found, query, lambda line: (line.id,))


class BellView(ApiView):
    """The number on the bell."""

    @operation("count_unread_notices", gives=UnreadOut)
    def get(self, request: Request) -> dict[str, int]:
        """How many of the caller's notices are unread; cheap enough to be asked every half minute."""
        return {"unread": unread_count(actor_for(request.user))}


class ReadNoticeView(ApiView):
    """The reading of one notice."""

    @operation("read_notice", gives=NoticeOut)
    def post(self, request: Request, *, notice_id: int) -> NoticeLine:
        """Marks one of the caller's own notices as read; the first reading counts."""
        actor = actor_for(request.user)
        actions.read_notice(actor=actor, notice_id=notice_id, now=timezone.now())
        return notice_for(actor, notice_id)


class ReadAllView(ApiView):
    """The reading of all notices."""

    @operation("read_all_notices", gives=UnreadOut)
    def post(self, request: Request) -> dict[str, int]:
        """Marks every notice of the caller as read and says how many are unread now."""
        actor = actor_for(request.user)
        actions.read_all(actor=actor, now=timezone.now())
        return {"unread": unread_count(actor)}


class LedgerQueryIn(PageQuery):
    """Which lines of the ledger."""

    state = Choice(State, required=False, help_text="Only lines in this state.")
    possibly_twice = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="`true`: only mails that may have arrived twice; `false`: only the others; left out, all.",
    )
    task_id = Id(required=False, help_text="Only messages about this task.")
    person_id = Id(required=False, help_text="Only messages to this person.")


class DeliveryOut(Out):
    """One message to one person by one channel."""

    id = Id(help_text="The line's id.")
    kind = Choice(Kind, help_text="What the message is about.")
    channel = Choice(Channel, help_text="How it travels: `in_app` or `email`.")
    person_id = Id(help_text="Whom it is for.")
    person_name = serializers.CharField(help_text="That person's name.")
    task_id = Id(allow_null=True, help_text="The task that it is about; null when it is about the whole campaign.")
    task_title = serializers.CharField(
        allow_blank=True, help_text="That task's title, in the caller's language; empty without a task."
    )
    state = Choice(
        State,
        help_text=(
            "`planned` waits for its moment or its next try, `claimed` is being sent, `sent` went out, `dead` was given"
            " up, `suppressed` was not needed any more, `quarantined` was due before the data was restored from a"
            " backup and is held back until a manager decides."
        ),
    )
    reason_code = Choice(
        Reason,
        allow_null=True,
        help_text="Why it was not sent; null when it was, or when the mail server gave the reason in its own words.",
    )
    reason = Sentence(
        allow_blank=True,
        help_text="The same in words: a sentence in the caller's language, or what the mail server said. May be empty.",
    )
    due_at = Moment(help_text="The moment that it was planned for.")
    sent_at = Moment(allow_null=True, help_text="When it went out; null when it did not.")
    is_late = serializers.BooleanField(help_text="True when it went out more than ten minutes after its moment.")
    possibly_twice = serializers.BooleanField(
        help_text="True when a sender died in the middle: the mail may have arrived twice, with the same Message-ID."
    )
    attempts = serializers.IntegerField(help_text="How many times it was tried.")
    next_try_at = Moment(allow_null=True, help_text="When a failed message is tried again; null when none is waiting.")


class LedgerView(ApiView):
    """Who was told what in a campaign."""

    @operation("list_deliveries", asks=LedgerQueryIn, gives=DeliveryOut, pages=True)
    def get(self, request: Request, *, campaign_id: int, query: dict[str, Any]) -> Page:
        """The ledger of a campaign: every message, planned, sent or not, newest moment first."""
        found = deliveries_of(
            actor_for(request.user),
            campaign_id,
            state=query.get("state", ""),
            twice=query["possibly_twice"],
            task_id=query.get("task_id"),
            person_id=query.get("person_id"),
            after=read_moment_cursor(query),
            limit=query["limit"] + 1,
        )
        return keyset(found, query, lambda line: (line.due_at, line.id))


class RetryView(ApiView):
    """Another try."""

    @operation("retry_delivery", gives=DeliveryOut)
    def post(self, request: Request, *, campaign_id: int, delivery_id: int) -> LedgerLine:
        """Plans a message again that was given up (`dead`); before it goes out it is checked like any other."""
        actor = actor_for(request.user)
        actions.retry_delivery(actor=actor, campaign_id=campaign_id, delivery_id=delivery_id, now=timezone.now())
        return delivery_for(actor, campaign_id, delivery_id)
