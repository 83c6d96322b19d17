"""What is told when, what stops a message at the last moment, and how it travels: all without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from campaigns.reminders.rules.kinds import (
    LEAD_KINDS,
    OFFSETS,
    Addressee,
    Channel,
    DueTask,
    Kind,
    digest_day,
    digest_moment,
    due_lines,
    has_come,
    later_kinds,
    occurrence_key,
)
from campaigns.reminders.rules.messages import KIND_WORDS, TEXTS, message_for, shortened, titled_for
from campaigns.reminders.rules.sending import (
    LEASE,
    MAX_ATTEMPTS,
    REASON_WORDS,
    TRANSITIONS,
    DeliveryFacts,
    Reason,
    Recipient,
    State,
    TaskFacts,
    is_late,
    retry_delay,
    sources,
    state_when_planned,
    verdict,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
H = timedelta(hours=1)
OWNER, LEAD = Addressee(1, has_address=True), Addressee(2, has_address=False)


def due_task(
    due_in: timedelta, *, created_ago: timedelta = 30 * 24 * H, assigned_ago: timedelta | None = None
) -> DueTask:
    assigned_at = NOW - (created_ago if assigned_ago is None else assigned_ago)
    return DueTask(17, 3, NOW + due_in, OWNER, NOW - created_ago, assigned_at)


@pytest.mark.parametrize(
    ("due_in", "come"),
    [
        (25 * H, set()),
        (24 * H + timedelta(seconds=1), set()),
        (24 * H, {Kind.DUE_24H}),
        (3 * H, {Kind.DUE_24H}),
        (2 * H, {Kind.DUE_24H, Kind.DUE_2H}),
        (timedelta(0), {Kind.DUE_24H, Kind.DUE_2H, Kind.OVERDUE}),
        (-23 * H, {Kind.DUE_24H, Kind.DUE_2H, Kind.OVERDUE}),
        (-24 * H, set(OFFSETS)),
    ],
)
def test_each_kind_comes_at_its_distance_from_the_deadline(due_in: timedelta, come: set[Kind]) -> None:
    assert {kind for kind in OFFSETS if has_come(kind, due_task(due_in), NOW)} == come


@pytest.mark.parametrize(
    ("due_in", "created_ago", "assigned_ago", "come"),
    [
        # Made an hour ago for tomorrow evening: the day before had passed already.
        (10 * H, H, H, set()),
        (1.5 * H, H, H, {Kind.DUE_2H}),
        # Old task, handed over an hour ago: the new owner hears of nothing that was before their time.
        (1.5 * H, 99 * H, H, {Kind.DUE_2H}),
        (H / 2, 99 * H, H, set()),
        (-H / 2, 99 * H, H, {Kind.OVERDUE}),
        (-5 * H, 99 * H, H, set()),
        # Exactly then counts.
        (-H, 99 * H, H, {Kind.OVERDUE}),
    ],
)
def test_a_moment_before_the_task_or_its_owner_is_not_planned(
    due_in: timedelta, created_ago: timedelta, assigned_ago: timedelta, come: set[Kind]
) -> None:
    task = due_task(due_in, created_ago=created_ago, assigned_ago=assigned_ago)
    assert {kind for kind in OFFSETS if has_come(kind, task, NOW)} == come


def test_an_owner_with_an_address_gets_a_line_a_channel() -> None:
    lines = due_lines(Kind.DUE_2H, due_task(H), (), NOW)
    assert [(line.channel, line.recipient_id, line.subject) for line in lines] == [
        (Channel.IN_APP, 1, "task:17"),
        (Channel.EMAIL, 1, "task:17"),
    ]
    assert {line.due_at for line in lines} == {NOW - H}
    assert {line.occurrence for line in lines} == {"2026-11-23T02:00:00+00:00"}


def test_the_lead_is_told_a_day_late_unless_they_own_the_task() -> None:
    late = due_task(-25 * H)
    assert [line.recipient_id for line in due_lines(Kind.OVERDUE_24H_LEAD, late, (LEAD,), NOW)] == [2]
    assert due_lines(Kind.OVERDUE_24H_LEAD, late, (OWNER,), NOW) == []
    assert {line.recipient_id for line in due_lines(Kind.OVERDUE_24H, late, (LEAD,), NOW)} == {1}


def test_a_deadline_is_the_same_occurrence_in_every_zone() -> None:
    shanghai = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    assert occurrence_key(shanghai) == occurrence_key(NOW)
    assert occurrence_key(NOW + H) != occurrence_key(NOW)


def test_later_kinds_follow_the_owner_only() -> None:
    assert later_kinds(Kind.DUE_24H) == (Kind.DUE_2H, Kind.OVERDUE, Kind.OVERDUE_24H)
    assert later_kinds(Kind.OVERDUE_24H) == ()
    assert all(later_kinds(kind) == () for kind in LEAD_KINDS)


@pytest.mark.parametrize(
    ("utc", "moment"),
    [
        ("2026-11-23T00:59", None),
        ("2026-11-23T01:00", "2026-11-23T01:00"),
        ("2026-11-23T15:59", "2026-11-23T01:00"),
        ("2026-11-23T16:01", None),
    ],
)
def test_the_daily_digest_is_of_nine_in_the_morning_where_the_team_is(utc: str, moment: str | None) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None
    assert digest_moment(datetime.fromisoformat(utc).replace(tzinfo=UTC), zone) == expected
    assert digest_day(NOW, zone) == "day:2026-11-23"


PERSON = Recipient(
    1, "小美", "xm@example.test", "zh-hans", "Asia/Shanghai", is_active=True, is_member=True, is_lead=False
)
TASK = TaskFacts(17, "主图", "Main image", "todo", 1, "小美", NOW + H)
DUE = DeliveryFacts(
    id=1,
    kind=Kind.DUE_2H,
    channel=Channel.EMAIL,
    due_at=NOW - H,
    campaign_id=3,
    campaign_name="双11",
    campaign_closed=False,
    campaign_archived=False,
    recipient=PERSON,
    task=TASK,
)


def overdue(hours: float, kind: Kind, **values: object) -> DeliveryFacts:
    due_at = NOW - hours * H
    return replace(DUE, kind=kind, task=replace(TASK, due_at=due_at), due_at=due_at + OFFSETS[kind], **values)


LEAD_PERSON = replace(PERSON, user_id=2, is_lead=True)
NO_TASK = replace(DUE, task=None)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (DUE, None),
        (replace(DUE, task=replace(TASK, status="blocked")), None),
        (replace(DUE, task=replace(TASK, status="done")), Reason.TASK_DONE),
        (replace(DUE, task=replace(TASK, status="cancelled")), Reason.TASK_CANCELLED),
        (replace(DUE, task=replace(TASK, owner_id=9)), Reason.REASSIGNED),
        (replace(DUE, task=replace(TASK, owner_id=None)), Reason.REASSIGNED),
        (replace(DUE, task=replace(TASK, due_at=NOW + 9 * H)), Reason.DUE_CHANGED),
        (replace(DUE, task=replace(TASK, due_at=None)), Reason.DUE_CHANGED),
        (replace(DUE, recipient=replace(PERSON, is_active=False)), Reason.RECIPIENT_GONE),
        (replace(DUE, recipient=replace(PERSON, is_member=False)), Reason.RECIPIENT_GONE),
        (replace(DUE, recipient=replace(PERSON, email="")), Reason.NO_ADDRESS),
        (replace(DUE, recipient=replace(PERSON, email=""), channel=Channel.IN_APP), None),
        (replace(DUE, campaign_closed=True), Reason.CAMPAIGN_CLOSED),
        (replace(DUE, campaign_archived=True), Reason.CAMPAIGN_ARCHIVED),
        (replace(DUE, campaign_archived=True, campaign_closed=True), Reason.CAMPAIGN_ARCHIVED),
        (replace(DUE, campaign_archived=True, has_later_line=True), Reason.CAMPAIGN_ARCHIVED),
        (replace(DUE, campaign_archived=True, kind=Kind.MENTION), Reason.CAMPAIGN_ARCHIVED),
        (replace(DUE, has_later_line=True), Reason.SUPERSEDED),
        # After an outage the latest is told and the earlier give way, written down or not yet.
        (overdue(1, Kind.DUE_24H), Reason.TOO_LATE),
        (overdue(1, Kind.DUE_2H), Reason.SUPERSEDED),
        (overdue(1, Kind.OVERDUE), None),
        (overdue(25, Kind.DUE_2H), Reason.TOO_LATE),
        (overdue(25, Kind.OVERDUE), Reason.TOO_LATE),
        (overdue(25, Kind.OVERDUE_24H), None),
        # Days late, but nothing later comes: it is told all the same.
        (overdue(99, Kind.OVERDUE_24H), None),
        (overdue(24 * 20, Kind.OVERDUE), None),
        (overdue(24 * 20, Kind.OVERDUE, has_later_line=True), Reason.TOO_LATE),
        # The lead's line stands beside the owner's.
        (overdue(25, Kind.OVERDUE_24H_LEAD, recipient=LEAD_PERSON), None),
        (overdue(25, Kind.OVERDUE_24H_LEAD, recipient=replace(LEAD_PERSON, is_lead=False)), Reason.REASSIGNED),
        (replace(NO_TASK, kind=Kind.PLAN_READY, count=5), None),
        (replace(NO_TASK, kind=Kind.PLAN_READY, count=0), Reason.REASSIGNED),
        (replace(NO_TASK, kind=Kind.UNOWNED_DIGEST, recipient=LEAD_PERSON, count=5), None),
        (replace(NO_TASK, kind=Kind.UNOWNED_DIGEST, recipient=LEAD_PERSON, count=0), Reason.ALL_OWNED),
        (replace(NO_TASK, kind=Kind.UNOWNED_DIGEST, count=5), Reason.REASSIGNED),
        # What somebody said is told even about a finished task of a closed campaign.
        (replace(DUE, kind=Kind.MENTION, task=replace(TASK, status="done"), campaign_closed=True), None),
        (replace(DUE, kind=Kind.MENTION, due_at=NOW - 99 * H), None),
    ],
)
def test_what_stops_a_message_at_the_last_moment(facts: DeliveryFacts, reason: Reason | None) -> None:
    assert verdict(facts, NOW) is reason


def test_exactly_one_of_the_owners_messages_about_a_deadline_is_sent_at_any_moment() -> None:
    kinds = (Kind.DUE_24H, Kind.DUE_2H, Kind.OVERDUE, Kind.OVERDUE_24H)
    for quarter in range(-24 * 4, 14 * 24 * 4):
        hours = quarter / 4
        come = [kind for kind in kinds if has_come(kind, due_task(-hours * H, created_ago=99 * 24 * H), NOW)]
        assert [verdict(overdue(hours, kind), NOW) for kind in come].count(None) == 1, hours


def test_states_go_only_where_the_table_says() -> None:
    assert set(TRANSITIONS) == set(State)
    assert sources(State.SENT) == (State.CLAIMED,)
    assert set(sources(State.CLAIMED)) == {State.PLANNED, State.CLAIMED}
    assert set(sources(State.PLANNED)) == {State.CLAIMED, State.DEAD, State.SUPPRESSED}
    assert not TRANSITIONS[State.SENT]


def test_delays_double_up_to_an_hour_and_are_spread() -> None:
    assert [retry_delay(n, 0.5).total_seconds() for n in (1, 2, 3, 8, 99)] == [30, 60, 120, 3600, 3600]
    assert retry_delay(1, 0) == timedelta(seconds=24)
    assert retry_delay(1, 1) == timedelta(seconds=36)
    in_all = sum((retry_delay(n, 0) for n in range(1, MAX_ATTEMPTS)), timedelta())
    assert in_all > 7 * H, "a mail server may be down for a night"


def test_a_lease_outlasts_the_longest_send_and_ends_before_the_broker_gives_up() -> None:
    seconds = LEASE.total_seconds()
    assert seconds > 3 * settings.EMAIL_TIMEOUT
    assert settings.CELERY_TASK_TIME_LIMIT < seconds < settings.CELERY_VISIBILITY_TIMEOUT


@pytest.mark.parametrize(
    ("restored", "state"),
    [(None, State.PLANNED), (-H, State.PLANNED), (timedelta(0), State.QUARANTINED), (H, State.QUARANTINED)],
)
def test_what_was_due_before_the_last_restore_is_held_back(restored: timedelta | None, state: State) -> None:
    assert state_when_planned(NOW, None if restored is None else NOW + restored) is state


def test_ten_minutes_are_not_late() -> None:
    assert not is_late(NOW, NOW + timedelta(minutes=10))
    assert is_late(NOW, NOW + timedelta(minutes=11))


def test_every_kind_and_reason_has_words_whose_places_are_filled() -> None:
    assert set(KIND_WORDS) == set(TEXTS) == set(Kind)
    assert set(REASON_WORDS) == set(Reason)
    for kind in Kind:
        message = message_for(replace(DUE, kind=kind, count=3, count_soon=1, by_name="阿敏", excerpt="看一下"))
        assert message.text % message.params


def test_a_title_is_chosen_by_language_and_a_comment_is_cut() -> None:
    params = message_for(DUE).params
    assert titled_for(params, "en")["title"] == "Main image"
    assert titled_for(params, "zh-hans")["title"] == "主图"
    assert titled_for({**params, "title_en": ""}, "en")["title"] == "主图"
    assert shortened("一\n 二  三") == "一 二 三"
    assert len(shortened("字" * 500)) == 120
