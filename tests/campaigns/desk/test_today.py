"""The first page: what I do next by my own calendar, and the crews' lanes for those who lead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.campaign.models import Campaign
from campaigns.desk.queries.today import LANE_LINES, SECTION_LINES, Today, today_screen
from staff.people.models import User
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, UserFactory, depends

DAY = timedelta(days=1)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027")


def screen(cast: Cast, who: str) -> Today:
    return today_screen(cast.actor(who), now=NOW)


def names(lists: Any) -> dict[str, list[str]]:
    return {section.name: [line.title for line in section.lines] for section in lists}


def test_my_tasks_stand_by_urgency(cast: Cast, campaign: Campaign) -> None:
    for title, due in {
        "迟": NOW - DAY,
        "今": NOW + timedelta(hours=1),
        "周": NOW + 5 * DAY,
        "远": NOW + 9 * DAY,
    }.items():
        TaskFactory(campaign=campaign, title=title, due_at=due, owner=cast.designer)
    TaskFactory(campaign=campaign, title="别人的", owner=cast.cs)
    TaskFactory(campaign=campaign, title="做完的", owner=cast.designer, status="done", done_at=NOW)
    mine = screen(cast, "designer")
    assert names(mine.sections) == {"overdue": ["迟"], "today": ["今"], "week": ["周"]}
    assert names([mine.later]) == {"later": ["远"]}
    assert (mine.lanes, mine.is_lead, mine.unassigned.total) == ((), False, 0)


@pytest.mark.parametrize(("zone", "section"), [("Asia/Shanghai", "week"), ("America/Los_Angeles", "today")])
def test_today_ends_at_the_readers_own_midnight(cast: Cast, campaign: Campaign, zone: str, section: str) -> None:
    # 23:00 on the 22nd in Shanghai, 07:00 in Los Angeles; what is due on the 23rd there is due on the 22nd here.
    TaskFactory(campaign=campaign, owner=cast.designer, due_at=datetime(2026, 11, 23, 7, 30, tzinfo=UTC))
    late_evening = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    with timezone.override(zone):
        found = today_screen(cast.actor("designer"), now=late_evening)
    assert [part.name for part in found.sections] == [section]


def test_work_in_closed_campaigns_and_other_teams_waits_for_nobody(cast: Cast) -> None:
    TaskFactory(campaign=CampaignFactory(team=cast.team, phase="closed"), owner=cast.designer)
    TaskFactory(campaign=CampaignFactory(team=cast.other_team), owner=cast.designer)
    mine = screen(cast, "designer")
    assert (mine.is_free, mine.has_campaigns) == (True, False)


def test_a_second_signature_waits_for_me_and_not_for_the_one_who_did_it(cast: Cast, campaign: Campaign) -> None:
    gate = {"is_gate": True, "status": "done", "done_at": NOW, "role": "design"}
    TaskFactory(campaign=campaign, title="上线冻结", done_by=cast.designer, owner=cast.designer, **gate)
    assert names(screen(cast, "manager").sections) == {"waiting": ["上线冻结"]}
    assert screen(cast, "designer").is_free


def test_those_who_lead_see_two_crews_and_what_nobody_has(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, title="主图", role="design", owner=cast.designer)
    TaskFactory(campaign=campaign, title="不急", role="design", owner=cast.designer, due_at=NOW + 20 * DAY)
    TaskFactory(campaign=campaign, title="缺素材", role="design", owner=cast.designer, due_at=None, status="blocked")
    TaskFactory(campaign=campaign, title="话术", role="cs", due_at=NOW + 13 * DAY)
    TaskFactory(campaign=campaign, title="明年的话术", role="cs", due_at=NOW + 15 * DAY)
    TaskFactory(campaign=campaign, title="备货", role="warehouse", due_at=None)
    TaskFactory(campaign=campaign, title="明年备货", role="warehouse", due_at=NOW + 15 * DAY)
    TaskFactory(campaign=campaign, title="我的", role="cs", owner=cast.manager)
    TaskFactory(campaign=CampaignFactory(team=cast.other_team), title="别家", role="cs")
    led = screen(cast, "manager")
    assert names(led.lanes)["cs"] == ["话术"]
    assert sorted(names(led.lanes)["design"]) == ["主图", "缺素材"]
    assert names([led.unassigned]) == {"unassigned": ["备货"]}
    assert names(led.sections) == {"week": ["我的"]}
    for who in ("designer", "cs", "viewer"):
        assert screen(cast, who).lanes == ()


def test_long_lists_are_cut_and_counted(cast: Cast, campaign: Campaign) -> None:
    TaskFactory.create_batch(SECTION_LINES + 3, campaign=campaign, owner=cast.manager)
    TaskFactory.create_batch(LANE_LINES + 2, campaign=campaign, role="cs")
    led = screen(cast, "manager")
    assert (len(led.sections[0].lines), led.sections[0].more) == (SECTION_LINES, 3)
    assert (len(led.lanes[0].lines), led.lanes[0].total, led.lanes[0].more) == (LANE_LINES, LANE_LINES + 2, 2)


@pytest.mark.parametrize("who", ["manager", "designer", "cs", "viewer", "outsider"])
def test_the_page_opens_for_everyone_with_what_is_theirs(
    client: Client, cast: Cast, campaign: Campaign, who: str
) -> None:
    TaskFactory(campaign=campaign, title="话术更新", role="cs")
    client.force_login(getattr(cast, who))
    with time_machine.travel(NOW, tick=False):
        answer = client.get(reverse("campaigns:today"))
    assert answer.status_code == 200
    assert ("话术更新" in answer.content.decode()) is (who == "manager")


def test_an_empty_day_says_what_to_do_first(client: Client, cast: Cast) -> None:
    User.objects.update(language="en")
    said = {"manager": "Create one from the SOP", "designer": "A manager creates one"}
    for who, words in said.items():
        client.force_login(getattr(cast, who))
        assert words in client.get(reverse("campaigns:today")).content.decode()
    CampaignFactory(team=cast.team)
    assert "Nothing waits for you." in client.get(reverse("campaigns:today")).content.decode()


def test_strangers_log_in_and_people_without_a_team_are_told(client: Client, cast: Cast) -> None:
    assert client.get(reverse("campaigns:today")).url == f"{reverse('staff:login')}?next=/"
    client.force_login(UserFactory(language="en"))
    assert "You are in no team yet." in client.get(reverse("campaigns:today")).content.decode()


def test_the_page_asks_the_same_for_many_tasks_as_for_few(client: Client, cast: Cast, campaign: Campaign) -> None:
    def grow() -> None:
        for owner, role in ((cast.manager, "ops"), (cast.designer, "design"), (None, "cs"), (None, "warehouse")):
            first, second = TaskFactory.create_batch(2, campaign=campaign, owner=owner, role=role)
            ChecklistItemFactory.create_batch(2, task=first)
            depends(second, first)
        gate = {"is_gate": True, "status": "done", "done_at": NOW, "done_by": cast.cs}
        TaskFactory(campaign=campaign, **gate)

    def queries() -> int:
        with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("campaigns:today")).status_code == 200
        return len(asked)

    client.force_login(cast.manager)
    grow()
    few = queries()
    for _ in range(3):
        grow()
    assert queries() == few > 5
