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

from campaigns.board.actions import edit_task
from campaigns.campaign.models import Campaign, CampaignStage
from campaigns.desk.queries.today import LANE_LINES, SECTION_LINES, Today, today_screen, today_section
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


def test_many_tasks_ask_no_more_than_fourteen_times(client: Client, cast: Cast, campaign: Campaign) -> None:
    for owner, role in ((cast.manager, "ops"), (cast.designer, "design"), (None, "cs"), (None, "warehouse")):
        TaskFactory.create_batch(50, campaign=campaign, owner=owner, role=role)
    client.force_login(cast.manager)
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as asked:
        client.get(reverse("campaigns:today"))
    assert len(asked) <= 14


def test_a_long_list_loads_on_where_it_was_cut(client: Client, cast: Cast, campaign: Campaign) -> None:
    TaskFactory.create_batch(SECTION_LINES + 3, campaign=campaign, owner=cast.manager)
    # Without a moment it stands behind all others, in another list.
    TaskFactory(campaign=campaign, owner=cast.manager, due_at=None)
    (section,) = screen(cast, "manager").sections
    rest = today_section(cast.actor("manager"), "week", section.next, now=NOW)
    assert (len(rest.lines), rest.more, rest.next) == (3, 0, "")
    assert not {line.id for line in rest.lines} & {line.id for line in section.lines}
    client.force_login(cast.manager)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("campaigns:today"), headers={"HX-Request": "true"}).content.decode()
        assert f"?section=week&amp;after={section.next}" in page
        asked = {"section": "week", "after": section.next}
        part = client.get(reverse("campaigns:today"), asked, headers={"HX-Request": "true"}).content.decode()
        whole = client.get(reverse("campaigns:today"), asked).content.decode()
    assert part.lstrip().startswith("<li>")
    assert part.count('class="task-line"') == whole.count('class="task-line"') == 3


def test_later_is_shown_when_it_is_asked_for(client: Client, cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, title="明年的", owner=cast.designer, due_at=NOW + 90 * DAY)
    client.force_login(cast.designer)
    with time_machine.travel(NOW, tick=False):
        assert "明年的" not in client.get(reverse("campaigns:today")).content.decode()
        assert "明年的" in client.get(reverse("campaigns:today"), {"section": "later"}).content.decode()


@pytest.mark.parametrize("asked", [{"section": "others"}, {"section": "week", "after": "1"}, {"after": "x.1"}])
def test_what_is_no_list_or_place_is_refused(client: Client, cast: Cast, asked: dict[str, str]) -> None:
    client.force_login(cast.designer)
    assert client.get(reverse("campaigns:today"), asked).status_code == 409


@pytest.mark.parametrize(("name", "who"), [("design", "designer"), ("unassigned", "cs")])
def test_a_lane_is_not_there_for_those_who_do_not_lead(cast: Cast, campaign: Campaign, name: str, who: str) -> None:
    TaskFactory(campaign=campaign, role="design", due_at=NOW + DAY)
    TaskFactory(campaign=campaign, role="warehouse", due_at=NOW + DAY)
    assert today_section(cast.actor(who), name, "", now=NOW).lines == ()
    assert len(today_section(cast.actor("manager"), name, "", now=NOW).lines) == 1


def test_what_i_have_just_done_stays_in_its_place_with_its_way_back(
    client: Client, cast: Cast, campaign: Campaign
) -> None:
    task = TaskFactory(campaign=campaign, title="主图", owner=cast.designer, due_at=NOW - DAY)
    client.force_login(cast.designer)
    with time_machine.travel(NOW, tick=False) as clock:
        client.post(reverse("campaigns:complete_line", args=[task.pk]), {"version": 1})
        page = client.get(reverse("campaigns:today")).content.decode()
        assert reverse("campaigns:reopen_line", args=[task.pk]) in page
        clock.shift(timedelta(minutes=11))
        assert "主图" not in client.get(reverse("campaigns:today")).content.decode()
    (section,) = today_screen(cast.actor("designer"), now=NOW, with_done=True).sections
    assert (section.name, section.total, len(section.lines)) == ("overdue", 0, 1)
    assert screen(cast, "designer").is_free


def test_a_crews_load_stands_above_its_lane(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, role="design", owner=cast.designer, due_at=NOW - DAY)
    TaskFactory(campaign=campaign, role="design", owner=cast.designer)
    TaskFactory(campaign=campaign, role="design", owner=cast.designer, due_at=NOW + 8 * DAY, status="blocked")
    (lane,) = [lane for lane in screen(cast, "manager").lanes if lane.name == "design"]
    assert (lane.total, lane.late, lane.hours, lane.people, lane.hours_a_day) == (3, 1, 8, 1, 6)


def test_news_is_only_sent_when_there_is_some(client: Client, cast: Cast, campaign: Campaign) -> None:
    client.force_login(cast.designer)
    task = TaskFactory(campaign=campaign, title="主图", owner=cast.designer)
    with time_machine.travel(NOW, tick=False) as clock:
        seen = {"version": screen(cast, "designer").version}

        def ask() -> Any:
            return client.get(reverse("campaigns:today"), seen, headers={"HX-Request": "true"})

        with CaptureQueriesContext(connection) as asked:
            assert ask().status_code == 204
        assert len(asked) <= 5
        edit_task(actor=cast.actor("manager"), task_id=task.pk, version=1, changes={"title": "主图两版"}, now=NOW)
        news = ask()
        assert news.status_code == 200
        assert news.content.decode().lstrip().startswith('<div\n  id="today"')
        assert "主图两版" in news.content.decode()
        seen = {"version": screen(cast, "designer").version}
        assert ask().status_code == 204
        clock.shift(DAY)
        assert ask().status_code == 200


def test_running_campaigns_count_down_to_their_next_date(cast: Cast) -> None:
    soon = CampaignFactory(team=cast.team, starts_at=NOW + 9 * DAY)
    CampaignStage.objects.create(campaign=soon, kind="presale_start", at=NOW + 3 * DAY + timedelta(hours=4))
    runs = CampaignFactory(team=cast.team, starts_at=NOW - DAY, ends_at=NOW + 2 * DAY)
    CampaignFactory(team=cast.team, starts_at=NOW - 9 * DAY, ends_at=NOW - DAY)
    CampaignFactory(team=cast.team, kind="routine")
    CampaignFactory(team=cast.other_team)
    assert [(each.campaign_id, str(each.says)) for each in screen(cast, "viewer").countdowns] == [
        (runs.pk, "2 d 0 h to the end"), (soon.pk, "3 d 4 h to the presale"),
    ]  # fmt: skip
