"""What a sweep finds: what has come due, once, for the right people, without reading all open tasks."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import Comment, CommentMention, Task
from campaigns.campaign.models import Campaign
from campaigns.reminders.actions import plan_deliveries
from campaigns.reminders.models import Delivery
from campaigns.reminders.queries import database_now, due_deliveries, sweep_lag
from campaigns.reminders.queries.planning import leads_of, lines_to_plan
from campaigns.reminders.queries.screens import ledger_screen
from campaigns.reminders.queries.sending import delivery_facts
from campaigns.reminders.rules.kinds import Kind
from campaigns.reminders.rules.sending import State
from campaigns.sop.models import PlanGeneration, SopTemplate, SopVersion
from planner.core.errors import Missing
from staff.people.models import Membership
from tests.campaigns.reminders.conftest import owned_task
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, hold_role

H = timedelta(hours=1)


def found(now: datetime = NOW) -> list[tuple[str, int, str]]:
    return sorted((line.kind.value, line.recipient_id, line.channel.value) for line in lines_to_plan(now))


def generate(campaign: Campaign, at: datetime = NOW) -> None:
    template = SopTemplate.objects.create(key=f"k{campaign.pk}", name="双11")
    version = SopVersion.objects.create(template=template, number=1, digest="d", created_at=at)
    PlanGeneration.objects.create(campaign=campaign, version=version, created_at=at)


def test_a_task_due_tomorrow_is_found_on_both_channels(cast: Cast, task: Task) -> None:
    assert found() == [("due_24h", cast.designer.pk, "email"), ("due_24h", cast.designer.pk, "in_app")]


def test_who_gave_no_address_is_told_inside_the_app(cast: Cast, task: Task) -> None:
    cast.designer.email = ""
    cast.designer.save()
    assert found() == [("due_24h", cast.designer.pk, "in_app")]


@pytest.mark.parametrize(
    "values",
    [
        {"status": "done", "done_at": NOW},
        {"status": "cancelled"},
        {"owner": None},
        {"due_at": None},
        {"due_at": NOW + 25 * H},
        {"due_at": NOW - 16 * 24 * H},
        {"created_at": NOW, "assigned_at": NOW},
    ],
)
def test_what_is_over_unowned_far_off_or_newer_than_its_moment_is_not_found(
    cast: Cast, campaign: Campaign, values: dict[str, object]
) -> None:
    owned_task(cast, campaign, **values)
    assert [line for line in found() if line[0] != "unowned_digest"] == []


def test_who_left_the_team_or_was_deactivated_is_not_found(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, owner=cast.outsider)
    cast.cs.is_active = False
    cast.cs.save()
    owned_task(cast, campaign, owner=cast.cs)
    # They hear nothing; that their work is nobody's now is told to the lead, who is told of all such work.
    assert {(kind, person) for kind, person, _ in found()} <= {("unowned_digest", cast.manager.pk)}


def test_a_closed_campaign_is_silent(cast: Cast, campaign: Campaign, task: Task) -> None:
    Campaign.objects.update(phase="closed")
    assert found() == []


def test_a_day_late_the_lead_hears_too(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, due_at=NOW - 25 * H)
    people = {(kind, person) for kind, person, _ in found() if kind.startswith("overdue_24h")}
    assert people == {("overdue_24h", cast.designer.pk), ("overdue_24h_lead", cast.manager.pk)}
    hold_role(campaign, "lead", cast.cs)
    assert ("overdue_24h_lead", cast.cs.pk, "in_app") in found()
    assert ("overdue_24h_lead", cast.manager.pk, "in_app") not in found()


def test_a_lead_who_left_the_team_gives_way_to_its_managers(cast: Cast, campaign: Campaign) -> None:
    hold_role(campaign, "lead", cast.outsider)
    other = CampaignFactory(team=cast.other_team)
    leads = {pk: [lead.user_id for lead in people] for pk, people in leads_of([campaign.pk, other.pk]).items()}
    assert leads == {campaign.pk: [cast.manager.pk], other.pk: [cast.outsider.pk]}


def test_what_is_in_the_ledger_is_not_found_again(cast: Cast, campaign: Campaign, task: Task) -> None:
    owned_task(cast, campaign, due_at=NOW - 25 * H)
    plan_deliveries(now=NOW)
    assert found() == []


def test_a_moved_deadline_is_a_new_occurrence_and_a_new_owner_a_new_recipient(cast: Cast, task: Task) -> None:
    plan_deliveries(now=NOW)
    Task.objects.update(due_at=NOW + 22 * H)
    assert {kind for kind, _, _ in found()} == {"due_24h"}
    Task.objects.update(owner=cast.cs)
    assert {person for _, person, _ in found()} == {cast.cs.pk}


def test_who_is_named_in_a_comment_is_told_once(cast: Cast, campaign: Campaign) -> None:
    task = owned_task(cast, campaign, due_at=None)
    comment = Comment.objects.create(task=task, author=cast.cs, body="@小美 看一下 @阿敏", at=NOW)
    for user in (cast.designer, cast.cs, cast.outsider):
        CommentMention.objects.create(comment=comment, user=user)
    assert found() == [("mention", cast.designer.pk, "email"), ("mention", cast.designer.pk, "in_app")]
    plan_deliveries(now=NOW)
    assert found() == []
    assert Delivery.objects.filter(subject=f"comment:{comment.pk}", task=task).count() == 2


def test_a_generated_plan_tells_each_owner_once_and_the_lead_of_unowned_tasks(cast: Cast, campaign: Campaign) -> None:
    for n, owner in enumerate([cast.designer, cast.designer, cast.cs, None]):
        owned_task(
            cast,
            campaign,
            owner=owner,
            code=f"P{n}",
            created_at=NOW,
            assigned_at=NOW if owner else None,
            due_at=NOW + 9 * 24 * H,
        )
    # Made by hand, not by the plan.
    owned_task(cast, campaign, owner=cast.viewer, due_at=NOW + 9 * 24 * H)
    generate(campaign)
    lines = [(kind, person) for kind, person, channel in found() if channel == "in_app"]
    assert sorted(lines) == sorted(
        [("plan_ready", cast.designer.pk), ("plan_ready", cast.cs.pk), ("unowned_digest", cast.manager.pk)]
    )
    plan_deliveries(now=NOW)
    # Who takes a task later was not given it by the plan.
    Task.objects.filter(owner=None).update(owner=cast.manager, assigned_at=NOW + H)
    assert found(NOW + 2 * H) == []


def test_unowned_tasks_due_within_a_week_come_once_a_day(cast: Cast, campaign: Campaign) -> None:
    unowned = {"owner": None, "assigned_at": None}
    owned_task(cast, campaign, due_at=NOW + 6 * 24 * H, **unowned)
    owned_task(cast, campaign, due_at=NOW + 8 * 24 * H, **unowned)
    digests = []
    for hour in range(0, 48, 3):
        now = NOW + hour * H
        digests += [(now, line.channel.value) for line in lines_to_plan(now) if line.kind is Kind.UNOWNED_DIGEST]
        plan_deliveries(now=now)
    # At nine o'clock in Shanghai, which is NOW's hour.
    assert digests == [(day, channel) for day in (NOW, NOW + 24 * H) for channel in ("in_app", "email")]


def test_a_task_made_after_nine_waits_for_the_next_digest(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, owner=None, assigned_at=None, created_at=NOW + H, due_at=NOW + 48 * H)
    assert found(NOW + 2 * H) == []
    assert {kind for kind, _, _ in found(NOW + 24 * H)} == {"unowned_digest"}


def test_the_day_of_the_generation_has_one_digest(cast: Cast, campaign: Campaign) -> None:
    at = NOW - 30 * timedelta(minutes=1)
    values = {"owner": None, "assigned_at": None, "created_at": at, "due_at": NOW + 48 * H}
    owned_task(cast, campaign, code="P1", **values)
    generate(campaign, at)
    plan_deliveries(now=NOW + H)
    assert list(Delivery.objects.filter(channel="in_app").values_list("due_at", flat=True)) == [at]
    plan_deliveries(now=NOW + 24 * H)
    assert Delivery.objects.filter(channel="in_app").count() == 2


def test_a_sweep_asks_as_often_for_many_tasks_as_for_few(cast: Cast, campaign: Campaign) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            lines_to_plan(NOW)
        return len(captured)

    for _ in range(3):
        owned_task(cast, campaign, due_at=NOW - 25 * H)
    few = queries()
    for _ in range(30):
        owned_task(cast, campaign, due_at=NOW - 25 * H)
    assert queries() == few


def test_due_lines_go_on_from_an_id_and_the_oldest_gives_the_lag(cast: Cast, campaign: Campaign) -> None:
    assert sweep_lag(NOW) == timedelta(0)
    for hours in (1, 2, 3):
        owned_task(cast, campaign, due_at=NOW + hours * H)
    plan_deliveries(now=NOW)
    ids = due_deliveries(NOW, limit=99)
    assert ids == sorted(Delivery.objects.filter(next_try_at__lte=NOW).values_list("pk", flat=True))
    assert due_deliveries(NOW, limit=2) == ids[:2]
    assert due_deliveries(NOW, limit=99, after_id=ids[1]) == ids[2:]
    assert sweep_lag(NOW) == 23 * H


def test_the_databases_clock_is_an_aware_moment_that_goes_on(db: None) -> None:
    first, second = database_now(), database_now()
    assert first.utcoffset() == timedelta(0)
    assert timedelta(0) <= second - first < timedelta(minutes=1)


def test_the_ledger_is_of_ones_own_team_and_can_be_narrowed(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, due_at=NOW + H)
    second = owned_task(cast, campaign)
    owned_task(cast, campaign, owner=cast.cs)
    plan_deliveries(now=NOW)
    everything = ledger_screen(cast.actor("viewer"), campaign.pk)
    assert len(everything.lines) == 8
    assert dict(everything.counts) == dict.fromkeys(State, 0) | {"planned": 8}
    assert {line.task_id for line in ledger_screen(cast.actor("viewer"), campaign.pk, task_id=second.pk).lines} == {
        second.pk
    }
    narrowed = ledger_screen(cast.actor("viewer"), campaign.pk, person_id=cast.designer.pk, state="planned")
    assert {line.person_name for line in narrowed.lines} == {"小美"}
    assert narrowed.also == f"&person={cast.designer.pk}"
    assert ledger_screen(cast.actor("viewer"), campaign.pk, state="twice").lines == []
    with pytest.raises(Missing):
        ledger_screen(cast.actor("outsider"), campaign.pk)


def test_a_long_ledger_comes_in_pages(cast: Cast, campaign: Campaign) -> None:
    for _ in range(30):
        owned_task(cast, campaign)
    plan_deliveries(now=NOW)
    first, second = (ledger_screen(cast.actor("viewer"), campaign.pk, page=page) for page in (1, 2))
    assert (len(first.lines), first.has_next, len(second.lines), second.has_next) == (50, True, 10, False)
    assert {line.id for line in first.lines}.isdisjoint(line.id for line in second.lines)


def test_the_lead_is_told_of_work_whose_owner_left(cast: Cast, campaign: Campaign) -> None:
    owned_task(cast, campaign, owner=cast.designer, due_at=NOW + 48 * H, created_at=NOW - 48 * H)
    day = NOW + 24 * H

    def digests() -> set[int]:
        return {person for kind, person, _ in found(day) if kind == "unowned_digest"}

    assert digests() == set()
    Membership.objects.filter(user=cast.designer).update(left_at=NOW)
    assert digests() == {cast.manager.pk}
    plan_deliveries(now=day)
    told = Delivery.objects.get(kind="unowned_digest", channel="in_app")
    assert delivery_facts(told.pk, day).count == 1
