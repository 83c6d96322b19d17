"""Lines become tasks by the verbs that everybody uses, all of them or none."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.actions import quick_add
from campaigns.board.models import Task, TaskHelper
from campaigns.board.queries import quick_screen
from campaigns.campaign.models import Campaign
from planner.core.errors import Missing, NotAllowed, Refused
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, UserFactory, hold_role, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="双11 大促", phase="execution")


def test_a_line_becomes_a_task(cast: Cast, campaign: Campaign) -> None:
    hold_role(campaign, "design", cast.designer)
    made = quick_add(actor=cast.actor("manager"), lines="主图返工 @小美 @阿敏 周五18点 #双11 !重要 ~2h", now=NOW)
    task = Task.objects.get()
    assert made == (task.pk,)
    assert (task.title, task.owner, task.role, task.phase) == ("主图返工", cast.designer, "design", "execution")
    assert task.due_at == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert (task.important, task.urgent, task.estimate_hours) == (True, False, 2)
    assert list(TaskHelper.objects.values_list("user_id", flat=True)) == [cast.cs.pk]


def test_all_lines_or_none(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("manager")
    with pytest.raises(Refused) as refused:
        quick_add(actor=actor, lines="主图\n海报 @谁呀\n详情页", campaign_id=campaign.pk, now=NOW)
    assert list(refused.value.fields) == ["lines.2.owner"]
    assert not Task.objects.exists()
    made = quick_add(actor=actor, lines="主图\n\n海报 @小美\n详情页", campaign_id=campaign.pk, now=NOW)
    assert [Task.objects.get(pk=pk).title for pk in made] == ["主图", "海报", "详情页"]


def test_more_lines_than_one_paste_takes(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(Refused) as refused:
        quick_add(actor=cast.actor("manager"), lines="\n".join(["主图"] * 51), campaign_id=campaign.pk, now=NOW)
    assert refused.value.code == "too_many_lines"


def test_a_members_line_is_refused_at_the_right_word(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("designer")
    for line, part in (("主图 @阿敏", "owner"), ("主图 @我 @阿敏", "owner"), ("主图 !必做", "priority")):
        with pytest.raises(Refused) as refused:
            quick_add(actor=actor, lines=line, campaign_id=campaign.pk, now=NOW)
        assert list(refused.value.fields) == [f"lines.1.{part}"]
    quick_add(actor=actor, lines="主图", campaign_id=campaign.pk, now=NOW)
    task = Task.objects.get()
    assert (task.owner, task.role) == (cast.designer, "design")


def test_who_may_not(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(NotAllowed):
        quick_add(actor=cast.actor("viewer"), lines="主图", now=NOW)
    with pytest.raises(Missing):
        quick_add(actor=cast.actor("outsider"), lines="主图", campaign_id=campaign.pk, now=NOW)
    Campaign.objects.update(phase="closed")
    with pytest.raises(Refused) as refused:
        quick_add(actor=cast.actor("manager"), lines="主图", campaign_id=campaign.pk, now=NOW)
    assert refused.value.code == "campaign_closed"


def test_what_was_shown_before_midnight_is_what_is_saved_after_it(cast: Cast, campaign: Campaign) -> None:
    actor, late = cast.actor("manager"), datetime(2026, 11, 27, 15, 59, tzinfo=UTC)
    shown = quick_screen(actor, "主图 明天", campaign_id=campaign.pk, now=late)
    quick_add(
        actor=actor,
        lines=shown.text,
        campaign_id=campaign.pk,
        as_of=shown.as_of,
        seen=shown.tag,
        now=late + timedelta(minutes=5),
    )
    assert Task.objects.get().due_at == datetime(2026, 11, 28, 10, tzinfo=UTC)


def test_a_reading_that_holds_no_longer_is_refused(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("manager")
    shown = quick_screen(actor, "主图 明天", campaign_id=campaign.pk, now=NOW)
    for moment in (NOW + timedelta(hours=16), NOW - timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            quick_add(
                actor=actor,
                lines="主图 明天",
                campaign_id=campaign.pk,
                as_of=shown.as_of,
                seen=shown.tag,
                now=moment,
            )
        assert refused.value.code == "read_anew"


def test_the_campaign_last_used_is_meant_where_none_is_named(cast: Cast, campaign: Campaign) -> None:
    actor, other = cast.actor("manager"), CampaignFactory(team=cast.team, name="年货节")
    with pytest.raises(Refused) as refused:
        quick_add(actor=actor, lines="主图", now=NOW)
    assert list(refused.value.fields) == ["lines.1.campaign"]
    quick_add(actor=actor, lines="主图 #nhj", now=NOW)
    quick_add(actor=actor, lines="海报", now=NOW)
    assert list(Task.objects.values_list("campaign_id", flat=True)) == [other.pk, other.pk]


def test_the_queries_do_not_grow_with_people_and_campaigns(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("manager")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            quick_screen(actor, "主图 @小美 周五 #双11", now=NOW)
        return len(asked)

    few = count()
    for index in range(5):
        CampaignFactory(team=cast.team, name=f"活动{index}")
        join(UserFactory(), cast.team, "member", "ops")
    assert count() == few <= 9
