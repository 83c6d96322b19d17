"""Lines are written once, claimed by one sender, checked again, sent, and marked by their own token alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_string

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import translation

from campaigns.board.models import Comment, CommentMention, Task
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.reminders import actions
from campaigns.reminders.actions import (
    claim_delivery,
    dispatch_due,
    plan_deliveries,
    read_all,
    read_notice,
    retry_delivery,
    send_delivery,
)
from campaigns.reminders.models import Delivery, Notice
from campaigns.reminders.queries.planning import lines_to_plan
from campaigns.reminders.queries.screens import notices_screen, unread_count
from campaigns.reminders.rules.sending import LEASE, MAX_ATTEMPTS, State
from planner.core.errors import Missing, NotAllowed, Refused
from tests.campaigns.reminders.conftest import owned_task
from tests.cast import Cast
from tests.chaos.sinks import SmtpSink
from tests.factories import NOW

H = timedelta(hours=1)


def line(channel: str, **values: object) -> Delivery:
    return Delivery.objects.get(channel=channel, **values)


def send(channel: str, now: datetime = NOW, **values: object) -> State | None:
    return send_delivery(delivery_id=line(channel, **values).pk, now=now)


def test_planning_twice_writes_once(task: Task) -> None:
    assert plan_deliveries(now=NOW) == 2
    assert plan_deliveries(now=NOW) == 0
    assert Delivery.objects.count() == 2


def test_a_line_that_another_sweep_wrote_meanwhile_is_no_fault(task: Task) -> None:
    # Both sweeps have read before either writes.
    lines = lines_to_plan(NOW)
    plan_deliveries(now=NOW)
    actions.planning._write(lines, None, NOW)
    assert Delivery.objects.count() == 2


def test_one_sender_gets_the_line_until_the_lease_runs_out(task: Task) -> None:
    plan_deliveries(now=NOW)
    pk = line("email").pk
    first = claim_delivery(delivery_id=pk, now=NOW)
    assert first
    assert first.attempts == 1
    assert claim_delivery(delivery_id=pk, now=NOW) is None
    assert claim_delivery(delivery_id=pk, now=NOW + LEASE - timedelta(seconds=1)) is None
    second = claim_delivery(delivery_id=pk, now=NOW + LEASE)
    assert second
    assert (second.attempts, second.key) == (2, first.key)
    assert second.token != first.token


def test_a_line_is_not_claimed_before_its_moment(task: Task) -> None:
    plan_deliveries(now=NOW)
    assert claim_delivery(delivery_id=line("email").pk, now=NOW - 2 * H) is None


def test_a_notice_is_written_with_its_mark_and_only_once(cast: Cast, task: Task) -> None:
    plan_deliveries(now=NOW)
    assert send("in_app") is State.SENT
    assert send("in_app", NOW + 9 * H) is None
    notice = Notice.objects.get()
    assert (notice.recipient, notice.link, notice.at) == (cast.designer, f"/tasks/{task.pk}/", NOW)
    row = line("in_app")
    assert (row.state, row.sent_at, row.lease_token, row.lease_until) == ("sent", NOW, "", None)


def test_a_mail_is_written_in_its_readers_language_with_the_key_as_its_id(cast: Cast, task: Task) -> None:
    cast.designer.language = "en"
    cast.designer.save()
    plan_deliveries(now=NOW)
    assert send("email") is State.SENT
    (sent,) = mail.outbox
    row = line("email")
    assert sent.to == ["xiaomei@example.test"]
    assert sent.extra_headers["Message-ID"] == f"<{row.key}@localhost>"
    assert sent.subject == "Late: Due within 24 hours: Main image, Tue 24 Nov 08:00"
    assert f"http://127.0.0.1:8000/tasks/{task.pk}/" in sent.body
    (html, kind) = sent.alternatives[0]
    assert kind == "text/html"
    assert f'href="http://127.0.0.1:8000/tasks/{task.pk}/"' in html
    assert row.handed_over_at == NOW
    assert not row.possibly_twice


def test_what_people_typed_stays_text_in_a_mail(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, title="<b>主图</b>\nBcc: all@example.test")
    plan_deliveries(now=NOW)
    assert send("email") is State.SENT
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert "<b>" not in sent.alternatives[0][0]
    assert message_from_string(sent.message().as_string())["Bcc"] is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "done", "done_at": NOW}, "task_done"),
        ({"status": "cancelled"}, "task_cancelled"),
        ({"owner": None}, "reassigned"),
        ({"due_at": NOW + 99 * H}, "due_changed"),
    ],
)
@pytest.mark.parametrize("channel", ["in_app", "email"])
def test_what_changed_since_planning_is_not_told(
    task: Task, change: dict[str, object], reason: str, channel: str
) -> None:
    plan_deliveries(now=NOW)
    Task.objects.update(**change)
    assert send(channel) is State.SUPPRESSED
    assert line(channel).reason == reason
    assert not mail.outbox
    assert not Notice.objects.exists()


def test_who_left_meanwhile_is_not_told(cast: Cast, task: Task) -> None:
    plan_deliveries(now=NOW)
    cast.designer.memberships.all().delete()
    assert send("email") is State.SUPPRESSED
    assert line("email").reason == "recipient_gone"


def test_a_task_done_and_undone_is_told_after_all(task: Task) -> None:
    plan_deliveries(now=NOW)
    Task.objects.update(status="done", done_at=NOW)
    dispatch_due(now=NOW)
    plan_deliveries(now=NOW)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"suppressed"}
    Task.objects.update(status="doing", done_at=None)
    plan_deliveries(now=NOW)
    assert dispatch_due(now=NOW) == {"sent": 2}
    assert len(mail.outbox) == 1


def test_after_an_outage_one_message_is_sent_and_the_others_say_why_not(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, due_at=NOW - H)
    plan_deliveries(now=NOW)
    assert dispatch_due(now=NOW) == {"sent": 2, "suppressed": 4}
    told = dict(Delivery.objects.filter(channel="email").values_list("kind", "reason"))
    assert told == {"due_24h": "too_late", "due_2h": "superseded", "overdue": ""}
    assert len(mail.outbox) == 1


def test_a_message_a_day_late_is_still_sent_when_nothing_later_comes(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, due_at=NOW - 72 * H)
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)
    sent = set(Delivery.objects.filter(state="sent").values_list("kind", "recipient__login"))
    assert sent == {("overdue_24h", "xiaomei"), ("overdue_24h_lead", "chen")}
    with translation.override("en"):
        (notice,) = notices_screen(cast.actor("manager")).lines
    assert notice.text == "Late: Overdue by more than a day: 小美 has Main image, due Fri 20 Nov 09:00"


def test_a_sender_whose_lease_ran_out_cannot_mark(task: Task) -> None:
    plan_deliveries(now=NOW)
    pk = line("in_app").pk
    slow = claim_delivery(delivery_id=pk, now=NOW)
    assert slow
    assert send_delivery(delivery_id=pk, now=NOW + LEASE) is State.SENT
    assert actions.sending._finish(slow, State.SUPPRESSED, reason="task_done") is None
    assert line("in_app").state == "sent"


def test_a_sender_that_died_while_handing_over_leaves_a_message_that_may_come_twice(task: Task) -> None:
    plan_deliveries(now=NOW)
    row = line("email")
    claim_delivery(delivery_id=row.pk, now=NOW)
    Delivery.objects.filter(pk=row.pk).update(handed_over_at=NOW)
    assert send("email", NOW + LEASE) is State.SENT
    assert line("email").possibly_twice
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{row.key}@localhost>"


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    """A real mail server on the loopback that Django is set to."""
    with (
        SmtpSink() as sink,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=sink.port,
            EMAIL_USE_TLS=False,
            EMAIL_TIMEOUT=5,
        ),
    ):
        yield sink


def test_a_mail_server_that_is_away_is_tried_again_later(task: Task, smtp: SmtpSink) -> None:
    plan_deliveries(now=NOW)
    with override_settings(EMAIL_PORT=1):
        assert send("email") is State.PLANNED
    row = line("email")
    assert NOW + timedelta(seconds=24) <= row.next_try_at <= NOW + timedelta(seconds=36)
    assert "ConnectionRefused" in row.reason
    assert send("email", NOW + H) is State.SENT
    row.refresh_from_db()
    assert (row.reason, row.attempts, row.possibly_twice) == ("", 2, False)
    assert smtp.ids() == [f"<{row.key}@localhost>"]


@pytest.mark.parametrize(
    ("answer", "state", "possibly_twice", "copies"),
    [
        # A clear no: nothing arrived, nothing can come twice.
        ({"data": "451 try later"}, State.PLANNED, False, 1),
        ({"rcpt": "450 mailbox busy"}, State.PLANNED, False, 1),
        ({"rcpt": "550 no such user"}, State.DEAD, False, 0),
        # Taken, but the answer is lost: it is sent again under the same id, and the ledger says so.
        ({"data": "drop"}, State.PLANNED, True, 2),
    ],
)
def test_what_the_mail_server_says_decides(
    task: Task, smtp: SmtpSink, answer: dict[str, str], state: State, possibly_twice: bool, copies: int
) -> None:
    plan_deliveries(now=NOW)
    smtp.answers = answer
    assert send("email") is state
    smtp.answers = {}
    if state is State.PLANNED:
        assert send("email", NOW + H) is State.SENT
    row = line("email")
    assert row.possibly_twice is possibly_twice
    assert smtp.ids() == [f"<{row.key}@localhost>"] * copies


def test_a_message_is_given_up_after_the_last_try(task: Task, smtp: SmtpSink) -> None:
    plan_deliveries(now=NOW)
    smtp.answers = {"mail": "451 not now"}
    Delivery.objects.update(attempts=MAX_ATTEMPTS - 1)
    assert send("email") is State.DEAD
    assert "SMTPSenderRefused" in line("email").reason


def test_a_message_that_kills_its_senders_is_given_up(task: Task) -> None:
    plan_deliveries(now=NOW)
    Delivery.objects.update(attempts=MAX_ATTEMPTS)
    assert send("email") is State.DEAD
    assert line("email").reason == "broke_off"
    assert not mail.outbox


def test_an_address_nobody_can_write_to_stops_only_its_own_message(cast: Cast, campaign: Campaign, task: Task) -> None:
    cast.designer.email = "two\nlines@example.test"
    cast.designer.save()
    owned_task(cast, campaign, owner=cast.cs)
    plan_deliveries(now=NOW)
    assert dispatch_due(now=NOW) == {"sent": 3, "dead": 1}
    assert line("email", recipient=cast.designer).state == "dead"


def test_a_plan_and_a_mention_say_what_they_are_about(cast: Cast, campaign: Campaign) -> None:
    task = owned_task(cast, campaign, due_at=None)
    comment = Comment.objects.create(task=task, author=cast.cs, body="@小美 白底图呢", at=NOW)
    CommentMention.objects.create(comment=comment, user=cast.designer)
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)
    (notice,) = notices_screen(cast.actor("designer")).lines
    assert "白底图呢" in notice.text
    assert "阿敏" in notice.text
    assert notice.link == f"/tasks/{task.pk}/"


def test_reading_is_ones_own(cast: Cast, campaign: Campaign, task: Task) -> None:
    owned_task(cast, campaign)
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)
    first, second = Notice.objects.order_by("pk")
    with pytest.raises(Missing):
        read_notice(actor=cast.actor("manager"), notice_id=first.pk, now=NOW)
    read_notice(actor=cast.actor("designer"), notice_id=first.pk, now=NOW)
    read_notice(actor=cast.actor("designer"), notice_id=first.pk, now=NOW + H)
    first.refresh_from_db()
    assert first.read_at == NOW
    assert unread_count(cast.actor("designer")) == 1
    read_all(actor=cast.actor("manager"), now=NOW)
    assert unread_count(cast.actor("designer")) == 1
    read_all(actor=cast.actor("designer"), now=NOW)
    assert unread_count(cast.actor("designer")) == 0
    second.refresh_from_db()
    assert second.read_at == NOW


def test_who_left_the_team_reads_nothing_of_it(cast: Cast, task: Task) -> None:
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)
    cast.designer.memberships.all().delete()
    assert notices_screen(cast.actor("designer")).lines == []
    assert unread_count(cast.actor("designer")) == 0


def test_a_manager_sends_a_dead_message_again_and_the_log_knows(cast: Cast, campaign: Campaign, task: Task) -> None:
    plan_deliveries(now=NOW)
    row = line("email")
    again = {"campaign_id": campaign.pk, "delivery_id": row.pk, "now": NOW}
    with pytest.raises(Refused, match="not_dead"):
        retry_delivery(actor=cast.actor("manager"), **again)
    Delivery.objects.filter(pk=row.pk).update(state="dead", attempts=MAX_ATTEMPTS, reason="550")
    for who, refusal in (("designer", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)):
        with pytest.raises(refusal):
            retry_delivery(actor=cast.actor(who), **again)
    retry_delivery(actor=cast.actor("manager"), **again)
    assert send("email") is State.SENT
    event = CampaignEvent.objects.get()
    assert (event.verb, event.before, event.after) == (
        "retry_delivery",
        {"state": "dead", "reason": "550"},
        {"state": "planned"},
    )
    with pytest.raises(Missing):
        retry_delivery(actor=cast.actor("manager"), campaign_id=campaign.pk, delivery_id=0, now=NOW)
