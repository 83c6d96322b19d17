"""After a restore nothing old goes out unasked; what falls due later goes out as ever."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from campaigns.board.models import Comment, CommentMention, Task
from campaigns.campaign.models import Campaign
from campaigns.reminders.actions import claim_delivery, dispatch_due, plan_deliveries, quarantine_due
from campaigns.reminders.models import Delivery, Notice
from campaigns.reminders.queries import due_deliveries, sweep_lag
from campaigns.reminders.rules.sending import State
from campaigns.sop.models import PlanGeneration, SopTemplate, SopVersion
from staff.runs.actions import record_restore
from tests.campaigns.reminders.conftest import owned_task
from tests.cast import Cast
from tests.factories import NOW, TaskFactory

H = timedelta(hours=1)
WEEK = timedelta(days=7)


def restore(now: datetime) -> int:
    """What the restore of a backup that was taken at NOW does to its rows."""
    record_restore(taken_at=NOW, restored_at=now, version="1")
    return quarantine_due(now=now)


def sweep(now: datetime) -> dict[str, int]:
    plan_deliveries(now=now)
    return dispatch_due(now=now)


@pytest.fixture
def lost_week(cast: Cast, campaign: Campaign) -> list[Task]:
    """A backup of NOW: messages planned, being sent and after a failed try, and a week still to come."""
    hours = (-30, -1, 1, 20, 50, 100, 160)
    tasks = [owned_task(cast, campaign, due_at=NOW + n * H, title=f"任务 {n}") for n in hours]
    comment = Comment.objects.create(task=tasks[0], author=cast.manager, body="@小美 看一下", at=NOW - H)
    CommentMention.objects.create(comment=comment, user=cast.designer)
    plan_deliveries(now=NOW)
    waiting, claimed, failed = Delivery.objects.filter(channel="email").order_by("pk")[:3]
    assert claim_delivery(delivery_id=claimed.pk, now=NOW)
    Delivery.objects.filter(pk=claimed.pk).update(handed_over_at=NOW)
    Delivery.objects.filter(pk=failed.pk).update(attempts=3, next_try_at=NOW + 200 * H, reason="451")
    assert waiting.state == "planned"
    return tasks


def test_a_backup_that_is_a_week_old_sends_nothing_old(lost_week: list[Task]) -> None:
    back = NOW + WEEK
    in_backup = Delivery.objects.count()
    assert restore(back) == in_backup
    for late in (0 * H, H / 4, H, 5 * H):
        assert sweep(back + late) == {}
    assert (mail.outbox, Notice.objects.count()) == ([], 0)
    held = Delivery.objects.filter(state="quarantined", reason="restored")
    # The week that was lost is written down too.
    assert held.count() == Delivery.objects.count() > in_backup
    assert not held.filter(due_at__gt=back).exists()
    assert not held.exclude(lease_token="", lease_until=None).exists()
    assert due_deliveries(back + WEEK, limit=9) == []
    assert sweep_lag(back + WEEK) == timedelta(0)


def test_what_falls_due_after_the_restore_goes_out(cast: Cast, campaign: Campaign, lost_week: list[Task]) -> None:
    back = NOW + WEEK
    owned_task(cast, campaign, due_at=back + 3 * H, title="之后")
    restore(back)
    # Its first reminder lay in the lost time, its second comes now.
    assert sweep(back + H) == {"sent": 2}
    assert Notice.objects.get().delivery.kind == "due_2h"
    assert [sent.subject for sent in mail.outbox if "之后" in sent.subject] == [mail.outbox[0].subject]


def test_plans_digests_and_mentions_of_the_lost_time_are_held(cast: Cast, campaign: Campaign) -> None:
    back = NOW + WEEK
    template = SopTemplate.objects.create(key="k", name="双11")
    version = SopVersion.objects.create(template=template, number=1, digest="d", created_at=NOW)
    PlanGeneration.objects.create(campaign=campaign, version=version, created_at=back - 2 * H)
    before = {"due_at": back + 30 * H, "created_at": NOW, "assigned_at": NOW}
    mine = TaskFactory(campaign=campaign, owner=cast.designer, code="P01", **before)
    TaskFactory(campaign=campaign, owner=None, code="P02", **before)
    comment = Comment.objects.create(task=mine, author=cast.manager, body="@小美", at=back - H)
    CommentMention.objects.create(comment=comment, user=cast.designer)
    restore(back)
    assert sweep(back + H / 60) == {}
    held = Delivery.objects.filter(state="quarantined").values_list("kind", flat=True).distinct()
    assert set(held) == {"plan_ready", "unowned_digest", "mention"}
    # The digest of the day after comes as on any day.
    assert sweep(back + 24 * H)["sent"] >= 2
    assert set(Notice.objects.values_list("delivery__kind", flat=True)) >= {"unowned_digest"}


def test_what_becomes_due_again_but_lay_before_the_restore_is_held_too(task: Task) -> None:
    plan_deliveries(now=NOW)
    Task.objects.filter(pk=task.pk).update(status="done", done_at=NOW)
    assert dispatch_due(now=NOW) == {"suppressed": 2}
    restore(NOW + 2 * H)
    Task.objects.filter(pk=task.pk).update(status="todo", done_at=None)
    assert sweep(NOW + 3 * H) == {}
    assert set(Delivery.objects.values_list("state", "reason")) == {("quarantined", "restored")}


def test_what_was_sent_given_up_or_not_needed_stays_as_it_was(task: Task) -> None:
    plan_deliveries(now=NOW)
    for state in (State.SENT, State.DEAD, State.SUPPRESSED):
        Delivery.objects.update(state=state)
        assert quarantine_due(now=NOW + H) == 0
        assert set(Delivery.objects.values_list("state", flat=True)) == {state}


def test_only_the_last_restore_counts_and_without_one_nothing_is_held(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, due_at=NOW + 23 * H)
    record_restore(taken_at=NOW - WEEK, restored_at=NOW - 3 * H, version="1")
    assert sweep(NOW) == {"sent": 2}
    record_restore(taken_at=NOW - 2 * H, restored_at=NOW + 22 * H, version="1")
    assert sweep(NOW + 22 * H) == {}
    assert Delivery.objects.filter(state="quarantined", kind="due_2h").count() == 2
