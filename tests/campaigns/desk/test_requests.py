"""The design requests over all campaigns: sections, filters, share and load, and the form."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.board.models import Task
from campaigns.board.queries import facts_of
from campaigns.board.queries.rush import is_rush, rush_waits
from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import campaigns_of
from campaigns.desk.queries.requests import (
    SECTION_CARDS,
    RequestFilters,
    RequestsScreen,
    new_request_screen,
    requests_screen,
)
from campaigns.desk.rules.requests import Share, When, when_of
from planner.core.errors import NotAllowed
from staff.people.models import Team
from staff.people.rules import SYSTEM
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, UserFactory, join

DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027")


def ask(campaign: Campaign, title: str, days: int | None = 3, **values: Any) -> Task:
    due_at = None if days is None else NOW + days * DAY
    return TaskFactory(campaign=campaign, title=title, role="design", due_at=due_at, **values)


def screen(cast: Cast, who: str = "manager", **filters: Any) -> RequestsScreen:
    return requests_screen(cast.actor(who), RequestFilters(**filters), NOW)


def titles(found: RequestsScreen) -> dict[str, list[str]]:
    return {part.when: [each.line.title for each in part.requests] for part in found.sections}


# NOW is Monday the 23rd at nine in the morning in Shanghai.
@pytest.mark.parametrize(
    ("due_at", "when"),
    [
        (None, When.NO_DATE),
        (NOW - timedelta(minutes=1), When.OVERDUE),
        (NOW, When.THIS_WEEK),
        (datetime(2026, 11, 29, 15, 59, tzinfo=UTC), When.THIS_WEEK),
        (datetime(2026, 11, 29, 16, 0, tzinfo=UTC), When.NEXT_WEEK),
        (datetime(2026, 12, 6, 15, 59, tzinfo=UTC), When.NEXT_WEEK),
        (datetime(2026, 12, 6, 16, 0, tzinfo=UTC), When.LATER),
    ],
)
def test_weeks_end_with_sunday_where_the_reader_is(due_at: datetime | None, when: When) -> None:
    assert when_of(due_at, NOW, SHANGHAI) is when


@pytest.mark.parametrize(("rush", "percent", "is_high"), [(0, 0, False), (2, 20, False), (3, 30, True)])
def test_a_fifth_may_be_rush(rush: int, percent: int, is_high: bool) -> None:
    share = Share(rush=rush, total=10, waiting=0)
    assert (share.percent, share.most_percent, share.is_high) == (percent, 20, is_high)
    assert Share(rush=0, total=0, waiting=0).percent == 0


def test_open_design_work_of_every_campaign_stands_by_need_date(cast: Cast, campaign: Campaign) -> None:
    ask(campaign, "本周")
    ask(CampaignFactory(team=cast.team), "下周", 8)
    ask(campaign, "无期", None)
    ask(campaign, "迟了", -1)
    ask(campaign, "做完", status="done", done_at=NOW)
    TaskFactory(campaign=campaign, title="不是设计")
    ask(CampaignFactory(team=cast.team, phase="closed"), "已收")
    ask(CampaignFactory(team=cast.team, archived_at=NOW), "归档")
    ask(CampaignFactory(team=cast.other_team), "别家")
    expected = {"overdue": ["迟了"], "this_week": ["本周"], "next_week": ["下周"], "no_date": ["无期"]}
    assert titles(screen(cast)) == titles(screen(cast, "viewer")) == expected
    assert titles(screen(cast, "outsider")) == {"this_week": ["别家"]}


def test_share_and_load_are_over_everything_whatever_is_filtered(cast: Cast, campaign: Campaign) -> None:
    ask(campaign, "急", created_by=cast.cs, estimate_hours=Decimal("2.5"))
    ask(campaign, "接了", created_by=cast.cs, accepted_at=NOW, accepted_by=cast.manager, owner=cast.designer)
    ask(campaign, "从容", 30, created_by=cast.cs, owner=cast.designer)
    found = screen(cast, waiting=True)
    assert titles(found) == {"this_week": ["急"]}
    assert (found.share.rush, found.share.total, found.share.waiting) == (2, 3, 1)
    assert [(each.name, each.count, each.hours) for each in found.load] == [("小美", 2, 8), ("", 1, Decimal("2.5"))]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"急", "接了", "从容", "计划"}),
        ({"rush": True}, {"急", "接了"}),
        ({"waiting": True}, {"急"}),
        ({"mine": True}, {"接了", "从容"}),
        ({"designer": "nobody"}, {"急", "计划"}),
        ({"designer": "designer"}, {"接了", "从容"}),
        ({"for_campaign": 0}, {"急", "接了", "从容"}),
        ({"for_campaign": 0, "designer": "nobody"}, {"急"}),
    ],
)
def test_filters_add_up(cast: Cast, campaign: Campaign, filters: dict[str, Any], found: set[str]) -> None:
    ask(campaign, "急", created_by=cast.cs)
    ask(campaign, "接了", created_by=cast.cs, accepted_at=NOW, accepted_by=cast.manager, owner=cast.designer)
    ask(campaign, "从容", 30, created_by=cast.cs, owner=cast.designer)
    ask(CampaignFactory(team=cast.team), "计划", code="P24")
    if filters.get("designer") == "designer":
        filters = {"designer": str(cast.designer.pk)}
    if "for_campaign" in filters:
        filters = filters | {"for_campaign": campaign.pk}
    assert {title for part in titles(screen(cast, "designer", **filters)).values() for title in part} == found


def test_a_card_says_who_asked_how_early_and_who_accepted(cast: Cast, campaign: Campaign) -> None:
    ask(campaign, "接了", created_by=cast.cs, accepted_at=NOW, accepted_by=cast.manager, urgent=True)
    ask(campaign, "急", created_by=cast.cs)
    accepted, waiting = screen(cast).sections[0].requests
    assert (accepted.rush, accepted.accepted_by_name, accepted.priority) == ("accepted", "陈主管", "urgent")
    assert (waiting.rush, waiting.requester_name, waiting.lead_days) == ("waiting", "阿敏", 3)
    assert (accepted.may_decide, waiting.may_decide) == (False, True)
    assert not screen(cast, "designer").sections[0].requests[1].may_decide


@pytest.mark.parametrize("days", [3, None])
def test_a_long_section_loads_on_from_where_it_was_cut(cast: Cast, campaign: Campaign, days: int | None) -> None:
    made = [ask(campaign, f"图{number}", days).pk for number in range(SECTION_CARDS + 3)]
    ask(campaign, "别的", 8)
    first = screen(cast).sections[0 if days else 1]
    assert (len(first.requests), first.total, first.more) == (SECTION_CARDS, SECTION_CARDS + 3, 3)
    (rest,) = screen(cast, show=first.when, after=first.next).sections
    assert (len(rest.requests), rest.total, rest.more, rest.more_query) == (3, SECTION_CARDS + 3, 0, "")
    assert [each.line.id for each in (*first.requests, *rest.requests)] == made


def test_the_page_loads_on_in_place_and_without_script(cast: Cast, campaign: Campaign, client: Client) -> None:
    for number in range(SECTION_CARDS + 1):
        ask(campaign, f"图{number}", created_by=cast.cs)
    client.force_login(cast.manager)
    address = reverse("campaigns:requests")
    with time_machine.travel(NOW, tick=False):
        more = screen(cast, rush=True).sections[0].more_query
        assert f"{address}?{more}".replace("&", "&amp;") in client.get(address, {"rush": "1"}).content.decode()
        part = client.get(f"{address}?{more}", headers={"HX-Request": "true"}).content.decode()
        whole = client.get(f"{address}?{more}").content.decode()
    assert part.count("<article") == whole.count("<article") == 1
    assert 'value="rush=1"' in part  # what is decided there comes back to the list that it stood in
    assert "<h1>" not in part
    assert f'<span class="count" >{SECTION_CARDS + 1}</span>' in whole


@pytest.mark.parametrize("after", ["9999999999999999999.1", "1.1", "x", "1"])
def test_any_place_in_an_address_is_answered(cast: Cast, campaign: Campaign, client: Client, after: str) -> None:
    client.force_login(cast.manager)
    asked = {"show": "this_week", "after": after}
    for headers in ({}, {"HX-Request": "true"}):
        assert client.get(reverse("campaigns:requests"), asked, headers=headers).status_code == 200


def test_the_database_and_the_rule_call_the_same_tasks_rush(cast: Cast, campaign: Campaign) -> None:
    far = CampaignFactory(team=cast.other_team)
    Team.objects.filter(pk=cast.other_team.pk).update(zone="America/Los_Angeles")
    for place in (campaign, far):
        # Around the lead by the campaign's days, not by hours.
        for hours in (13 * 24, 13 * 24 + 14, 13 * 24 + 16, 14 * 24, 14 * 24 + 8, 30 * 24):
            for values in ({}, {"code": f"P{hours}"}, {"owner": cast.cs}, {"created_by": None}, {"accepted_at": NOW}):
                given = {"created_by": cast.cs, "created_at": NOW, **values}
                TaskFactory(campaign=place, role="design", due_at=NOW + timedelta(hours=hours), **given)
        ask(place, "无期", None, created_by=cast.cs)
        ask(place, "无期接了", None, created_by=cast.cs, accepted_at=NOW)
        ask(place, "做完", created_by=cast.cs, status="done", done_at=NOW)
        TaskFactory(campaign=place, role="ops", due_at=NOW + DAY, created_by=cast.cs)
    campaigns = {each.id: each for each in campaigns_of(SYSTEM)}
    facts = facts_of(list(Task.objects.all()), campaigns)
    rush = set(Task.objects.filter(is_rush(campaigns.values())).values_list("pk", flat=True))
    waits = set(Task.objects.filter(rush_waits(campaigns.values())).values_list("pk", flat=True))
    assert rush == {each.id for each in facts if each.is_rush}
    assert waits == {each.id for each in facts if each.rush_waits}
    assert 0 < len(waits) < len(rush) < len(facts)


def test_queries_do_not_grow_with_requests(cast: Cast, campaign: Campaign) -> None:
    def asked(**filters: Any) -> int:
        with CaptureQueriesContext(connection) as found:
            screen(cast, **filters)
        return len(found)

    def more() -> None:
        for each in (campaign, CampaignFactory(team=cast.team)):
            person = UserFactory()
            join(person, cast.team, "member", "design")
            for _ in range(3):
                ChecklistItemFactory(task=ask(each, "图", owner=person, created_by=cast.cs))

    more()
    before = asked(), asked(waiting=True, mine=True)
    more()
    assert (asked(), asked(waiting=True, mine=True)) == before


def test_who_decides_sees_to_whom_it_may_go_and_what_they_have(cast: Cast, campaign: Campaign) -> None:
    ask(campaign, "急", created_by=cast.cs)
    ask(campaign, "小美的", 30, created_by=cast.cs, owner=cast.designer, estimate_hours=Decimal("2.5"))
    waiting, calm = (part.requests[0] for part in screen(cast).sections)
    assert [(each.name, each.hours) for each in waiting.designers] == [("小美", Decimal("2.5"))]
    assert calm.designers == screen(cast, "designer").sections[0].requests[0].designers == ()


def test_the_page_polls_cheaply_and_shows_what_is_new(cast: Cast, campaign: Campaign, client: Client) -> None:
    client.force_login(cast.manager)
    ask(campaign, "急", created_by=cast.cs)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("campaigns:requests")).content.decode()
        live = f"{reverse('campaigns:requests')}?version={screen(cast).version}"
        assert f'data-live="{live}"' in page
        assert client.get(live, headers={"HX-Request": "true"}).status_code == 204
        Campaign.objects.filter(pk=campaign.pk).update(board_version=9)
        part = client.get(live, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.content.decode().lstrip().startswith('<div\n  id="requests"')


@pytest.mark.parametrize(("who", "sees"), [("manager", True), ("cs", True), ("viewer", False)])
def test_an_empty_list_says_what_to_do_first(
    cast: Cast, campaign: Campaign, client: Client, who: str, sees: bool
) -> None:
    client.force_login(getattr(cast, who))
    page = client.get(reverse("campaigns:requests")).content.decode()
    assert "目前没有设计需求" in page
    assert (reverse("campaigns:create_request") in page) is sees


@time_machine.travel(NOW, tick=False)
def test_the_form_asks_and_says_what_a_date_means(cast: Cast, campaign: Campaign, client: Client) -> None:
    client.force_login(cast.cs)
    address = reverse("campaigns:create_request")
    assert "设计需提前 14 天提报" in client.get(address).content.decode()
    sent = {"for_campaign": campaign.pk, "due_at": "2026-12-02T18:00"}
    hint = client.get(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert "距截止 9 天：急单，需主管接受" in hint
    assert "<form" not in hint
    request = {**sent, "title": "主图", "purpose": "首页", "sizes": "800×800", "priority": "important_urgent"}
    for missing in ("due_at", "priority", "purpose", "sizes", "title"):
        assert client.post(address, {**request, missing: ""}).status_code == 409
    answer = client.post(address, request)
    assert (answer.status_code, answer["Location"]) == (302, reverse("campaigns:requests"))
    task = Task.objects.get()
    assert (task.title, task.created_by_id, task.accepted_at) == ("主图", cast.cs.pk, None)


def test_a_manager_names_the_designer_and_a_viewer_gets_no_form(cast: Cast, campaign: Campaign) -> None:
    assert new_request_screen(cast.actor("manager"), NOW).owners == ((cast.designer.pk, "小美"),)
    assert new_request_screen(cast.actor("cs"), NOW).owners == ()
    with pytest.raises(NotAllowed, match="no_campaign"):
        new_request_screen(cast.actor("viewer"), NOW)


def test_the_api_tells_the_same(cast: Cast, campaign: Campaign) -> None:
    ask(campaign, "急", created_by=cast.cs)
    with time_machine.travel(NOW, tick=False):
        found = Caller(cast.viewer).get("requests", query={"rush": True}).json()
    (section,) = found["sections"]
    (request,) = section["items"]
    assert (section["when"], request["task"]["title"], request["rush"]) == ("this_week", "急", "waiting")
    assert (found["share"]["percent"], found["share"]["is_high"]) == (100, True)
    assert found["load"] == [{"user_id": None, "name": "", "count": 1, "hours": "4.0"}]
