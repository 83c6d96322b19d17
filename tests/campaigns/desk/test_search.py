"""Search over everything the reader may see: walls, order, counts, and as page, palette and API."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from campaigns.desk.queries.palette import palette
from campaigns.desk.queries.search import Found, search
from campaigns.desk.rules.search import Named, rank, read
from campaigns.sop.models import SopTemplate, SopVersion
from planner.core.pinyin import search_words
from staff.people.models import Membership
from staff.people.queries import actor_for
from staff.people.rules import SYSTEM
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory, TeamFactory, UserFactory, join


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast.team, "双11 2026")


def make_campaign(team: Any, name: str, **values: Any) -> Campaign:
    return CampaignFactory(team=team, name=name, pinyin=search_words(name), **values)


def make_task(campaign: Campaign, title: str, **values: Any) -> Task:
    return TaskFactory(campaign=campaign, title=title, pinyin=search_words(title, 800), **values)


def look(cast: Cast, who: str, typed: str) -> Found:
    return search(cast.actor(who), read(typed), NOW)


def titles(found: Found) -> list[str]:
    return [hit.title for hit in found.tasks.hits]


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["主图", "zhutu", "ztfg", "p24", "P24", "主图 小美", "zt xiaomei", "picture", "返工 双11"]
)
def test_a_task_is_found_however_it_is_remembered(cast: Cast, campaign: Campaign, typed: str) -> None:
    make_task(campaign, "主图返工", title_en="Rework the main picture", code="P24", owner=cast.designer)
    make_task(campaign, "客服话术", owner=cast.cs)
    assert titles(look(cast, "viewer", typed)) == ["主图返工"]


def test_a_task_is_found_by_its_number(cast: Cast, campaign: Campaign) -> None:
    task, other = make_task(campaign, "主图"), make_task(campaign, "话术")
    assert [hit.id for hit in look(cast, "viewer", f"#{task.pk}").tasks.hits] == [task.pk]
    other.title = f"话术 {task.pk}"
    other.save()
    # Without the # it may as well be part of a title.
    assert [hit.id for hit in look(cast, "viewer", str(task.pk)).tasks.hits] == [other.pk, task.pk]


def test_campaigns_people_and_procedures_are_found(cast: Cast, campaign: Campaign) -> None:
    template = SopTemplate.objects.create(
        key="light", name="轻量流程", name_en="Light", pinyin="qingliangliucheng qllc"
    )
    versions = [
        SopVersion.objects.create(template=template, number=number, digest=str(number), created_at=NOW)
        for number in (1, 2)
    ]
    assert [hit.name for hit in look(cast, "viewer", "s11").campaigns.hits] == ["双11 2026"]
    assert [hit.name for hit in look(cast, "viewer", "xm").people.hits] == ["小美"]
    assert [hit.name for hit in look(cast, "viewer", "xiaomei").people.hits] == ["小美"]
    for typed in ("qllc", "轻量", "light"):
        assert [hit.version_id for hit in look(cast, "viewer", typed).templates.hits] == [versions[1].pk]


def test_a_campaigns_name_finds_it_and_not_all_of_its_tasks(cast: Cast, campaign: Campaign) -> None:
    make_task(campaign, "主图")
    found = look(cast, "viewer", "双11")
    assert (found.campaigns.total, found.tasks.total) == (1, 0)


@pytest.mark.parametrize(
    "typed", ["", "   ", "'", "%", "_", "\\", "%%", "主" * 5000, "🎉", "\x00", "' OR 1=1 --", "#" * 30]
)
def test_nothing_is_found_by_what_stands_nowhere(cast: Cast, campaign: Campaign, typed: str) -> None:
    make_task(campaign, "主图返工", code="P24")
    assert look(cast, "manager", typed).groups == Found(read(typed), *[look(cast, "outsider", "主").tasks] * 4).groups


@pytest.mark.parametrize("typed", ["100%", "a_b", "c\\d", "🎉"])
def test_wildcards_are_letters_like_others(cast: Cast, campaign: Campaign, typed: str) -> None:
    make_task(campaign, f"赠品 {typed}")
    make_task(campaign, "赠品 100 aXb cd")
    assert titles(look(cast, "viewer", typed)) == [f"赠品 {typed}"]


# --- walls ----------------------------------------------------------------------------------------


def test_nothing_of_another_team_is_found(cast: Cast) -> None:
    theirs = make_campaign(cast.other_team, "别家双11")
    make_task(theirs, "别家主图", code="P24")
    SopTemplate.objects.create(team=cast.other_team, key="own", name="别家流程", pinyin="biejialiucheng bjlc")
    for who in ("manager", "designer", "viewer"):
        for typed in ("别家", "bj", "p24", f"#{Task.objects.get().pk}", "外人", "wairen", "wai"):
            assert look(cast, who, typed).groups == look(cast, who, "").groups
    assert titles(look(cast, "outsider", "别家")) == ["别家主图"]


def test_who_left_the_team_finds_nothing_and_is_not_listed_but_their_work_is_found(
    cast: Cast, campaign: Campaign
) -> None:
    make_task(campaign, "主图返工", owner=cast.designer)
    Membership.objects.filter(user=cast.designer).update(left_at=NOW)
    assert look(cast, "designer", "主图").groups == look(cast, "designer", "").groups
    found = look(cast, "manager", "小美")
    assert (found.people.total, titles(found)) == (0, ["主图返工"])


def test_what_lies_in_the_bin_is_not_found(cast: Cast, campaign: Campaign) -> None:
    make_task(campaign, "主图返工", deleted_at=NOW)
    assert look(cast, "manager", "主图").tasks.total == 0


def test_a_colleague_of_two_teams_is_found_once(cast: Cast) -> None:
    second = TeamFactory(name="二店")
    join(cast.designer, second)
    join(cast.manager, second, "manager")
    [hit] = look(cast, "manager", "小美").people.hits
    assert (hit.team_names, hit.managed_team_id) == (("青禾旗舰店", "二店"), cast.team.pk)
    [hit] = look(cast, "cs", "小美").people.hits
    assert (hit.team_names, hit.managed_team_id) == (("青禾旗舰店",), None)


def test_the_system_sees_all(cast: Cast) -> None:
    make_task(make_campaign(cast.other_team, "别家"), "别家主图")
    found = search(SYSTEM, read("别家"), NOW)
    assert (found.tasks.total, found.campaigns.total) == (1, 1)


# --- the best first -------------------------------------------------------------------------------


def test_the_database_ranks_as_the_rules_do(cast: Cast, campaign: Campaign) -> None:
    rows = [
        make_task(campaign, title, code=code, title_en=english, owner=owner)
        for title, code, english, owner in (
            ("zt", "", "", None),
            ("主图", "", "Main picture", None),
            ("主图返工", "ZT1", "", None),
            ("ZT 图", "", "", None),
            ("新主图", "", "", None),
            ("返工", "", "zt zhutu 主图", None),
            ("小美的主图", "", "", cast.cs),
            ("周报", "P24", "", cast.designer),
            ("大主图 图", "", "", None),
            ("LIVE Zhutu", "", "", None),
        )
    ]
    for typed in ("zt", "主图", "zhutu", "p24", "小美", "小美 主图", "主图 xiaomei", "zt1", "tu", "图 主图", "live zt"):
        words = read(typed).words
        ranks = {
            row.pk: rank(
                words,
                Named(
                    row.title,
                    row.pinyin,
                    row.code,
                    row.pk,
                    beside=(row.title_en, *((row.owner.display_name, row.owner.pinyin) if row.owner else ())),
                    place=(campaign.name,),
                ),
            )
            for row in rows
        }
        found = [ranks[hit.id] for hit in look(cast, "viewer", typed).tasks.hits]
        assert found == sorted(place for place in ranks.values() if place is not None), typed


def test_among_equals_open_ones_then_mine_then_those_of_running_campaigns(cast: Cast, campaign: Campaign) -> None:
    closed = make_campaign(cast.team, "618 2025", phase="closed")
    archived = make_campaign(cast.team, "618 2024", archived_at=NOW)
    make_task(campaign, "主图 做完", status="done", done_at=NOW, owner=cast.designer)
    make_task(closed, "主图 关了")
    make_task(campaign, "主图 以后", due_at=None)
    make_task(archived, "主图 归档", owner=cast.designer)
    make_task(campaign, "主图 别人的")
    make_task(campaign, "主图 我的", owner=cast.designer)
    assert titles(look(cast, "designer", "主图")) == [
        "主图 我的",
        "主图 归档",
        "主图 别人的",
        "主图 以后",
        "主图 关了",
        "主图 做完",
    ]
    assert [hit.name for hit in look(cast, "viewer", "2").campaigns.hits] == ["双11 2026", "618 2025", "618 2024"]


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "主图"), ("en", "Main picture")])
def test_it_is_shown_in_the_readers_language(cast: Cast, campaign: Campaign, language: str, shown: str) -> None:
    make_task(campaign, "主图", title_en="Main picture")
    with translation.override(language):
        assert titles(look(cast, "viewer", "zhutu")) == [shown]


# --- how much -------------------------------------------------------------------------------------


def test_the_kind_that_matches_best_goes_first(cast: Cast, campaign: Campaign) -> None:
    make_task(campaign, "小美的主图", owner=cast.designer)
    make_task(campaign, "xm 周报")
    orders = {
        typed: [kind for kind, _, group in look(cast, "viewer", typed).groups if group.hits]
        for typed in ("小美", "xm", "主图")
    }
    assert orders == {"小美": ["person", "task"], "xm": ["task", "person"], "主图": ["task"]}


def test_a_long_list_is_cut_and_says_how_many_more(cast: Cast, campaign: Campaign) -> None:
    for index in range(23):
        make_task(campaign, f"主图 {index}")
    found = look(cast, "viewer", "主图").tasks
    assert (len(found.hits), found.total, found.more) == (20, 23, 3)


@pytest.mark.parametrize("typed", ["主图", "zt", "主图 小美 双11", "#1"])
def test_four_queries_however_much_there_is(cast: Cast, campaign: Campaign, typed: str) -> None:
    counts = []
    for _ in range(2):
        for index in range(6):
            other = make_campaign(cast.team, f"双11 {Campaign.objects.count()}")
            make_task(other, f"主图 {index}", owner=cast.designer)
            join(UserFactory(display_name=f"小美{index}"), cast.team)
            SopTemplate.objects.create(team=cast.team, key=f"k{SopTemplate.objects.count()}", name="主图流程")
        actor = cast.actor("designer")
        with CaptureQueriesContext(connection) as caught:
            palette(actor, read(typed), campaign.pk, NOW)
        counts.append(len(caught))
    assert counts == [4, 4]


def test_without_words_only_campaigns_are_asked_for(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("designer")
    with CaptureQueriesContext(connection) as caught:
        shown = palette(actor, read(""), campaign.pk, NOW)
    assert len(caught) == 1
    assert shown.last[0].place is not None
    assert shown.last[0].place.name == "双11 2026"


# --- as page, palette and API ---------------------------------------------------------------------


def get(client: Client, user: Any, path: str, **headers: str) -> Any:
    client.force_login(user)
    return client.get(path, headers=headers)


def test_the_page_shows_links_by_kind(cast: Cast, campaign: Campaign, client: Client) -> None:
    task = make_task(campaign, "主图<返工>", owner=cast.designer)
    page = get(client, cast.viewer, f"{reverse('campaigns:search')}?q=主图").content.decode()
    found = page[page.index("<main") : page.index("</main>")]
    assert f'href="{reverse("campaigns:task", args=[task.pk])}"' in found
    assert re.search(r"<mark\s*>主图</mark>&lt;返工&gt;", found)
    assert 'role="option"' not in found


def test_an_empty_page_gives_examples_and_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    empty = get(client, cast.viewer, reverse("campaigns:search")).content.decode()
    assert "?q=P24" in empty
    nothing = get(client, cast.viewer, f"{reverse('campaigns:search')}?q=%E6%B2%A1%E6%9C%89").content.decode()
    assert 'value="没有"' in nothing
    assert "?q=P24" in nothing


def test_the_palette_is_a_list_of_options(cast: Cast, campaign: Campaign, client: Client) -> None:
    make_task(campaign, "主图返工")
    path = f"{reverse('campaigns:search')}?q=主图&at={campaign.pk}"
    part = get(client, cast.manager, path, HX_Request="true").content.decode()
    assert "<html" not in part
    assert part.count('role="option"') == 1
    assert 'data-q="主图"' in part
    commands = get(client, cast.manager, f"{reverse('campaigns:search')}?at={campaign.pk}", HX_Request="true")
    assert reverse("campaigns:create_task", args=[campaign.pk]) in commands.content.decode()
    for_viewer = get(client, cast.viewer, f"{reverse('campaigns:search')}?at={campaign.pk}", HX_Request="true")
    assert reverse("campaigns:create_task", args=[campaign.pk]) not in for_viewer.content.decode()


def test_another_teams_campaign_is_no_place_for_commands(cast: Cast, campaign: Campaign, client: Client) -> None:
    path = f"{reverse('campaigns:search')}?at={campaign.pk}"
    part = get(client, cast.outsider, path, HX_Request="true").content.decode()
    assert "双11 2026" not in part


def test_a_person_leads_their_manager_to_the_place_and_others_to_the_team(cast: Cast, client: Client) -> None:
    path = f"{reverse('campaigns:search')}?q=小美"
    place = reverse("campaigns:person", args=[cast.team.pk, cast.designer.pk])
    assert f'href="{place}"' in get(client, cast.manager, path).content.decode()
    for_others = get(client, cast.cs, path).content.decode()
    assert place not in for_others
    assert f'href="{reverse("campaigns:people")}#team-{cast.team.pk}"' in for_others


def test_the_api_finds_the_same(cast: Cast, campaign: Campaign, client: Client) -> None:
    task = make_task(campaign, "主图返工", owner=cast.designer, due_at=None)
    found = get(client, cast.viewer, f"{reverse('api:search')}?q=zt").json()
    assert found["tasks"]["total"] == 1
    assert found["tasks"]["items"][0] == {
        "id": task.pk,
        "code": "",
        "title": "主图返工",
        "status": "todo",
        "owner_name": "小美",
        "due_at": None,
        "is_late": False,
        "campaign_id": campaign.pk,
        "campaign_name": "双11 2026",
    }
    people = get(client, cast.viewer, f"{reverse('api:search')}?q=小美").json()["people"]
    assert [hit["name"] for hit in people["items"]] == ["小美"]


@pytest.mark.parametrize("typed", ["主" * 2600, "%25_%5C", "%F0%9F%8E%89", "%FF%FE", "%ED%A0%80", "'\"><b>"])
def test_no_input_breaks_it(cast: Cast, client: Client, typed: str) -> None:
    for name in ("campaigns:search", "api:search"):
        answer = get(client, cast.viewer, f"{reverse(name)}?q={typed}")
        assert answer.status_code == 200
    assert "<b>" not in get(client, cast.viewer, f"{reverse('campaigns:search')}?q={typed}").content.decode()


@pytest.mark.parametrize("name", ["campaigns:search", "api:search"])
def test_a_null_byte_is_refused(cast: Cast, client: Client, name: str) -> None:
    assert get(client, cast.viewer, f"{reverse(name)}?q=%00").status_code == 400


def test_a_stranger_is_sent_to_the_log_in(client: Client) -> None:
    assert client.get(reverse("campaigns:search")).status_code == 302


def test_an_actor_without_a_team_finds_only_what_is_shipped(db: None) -> None:
    SopTemplate.objects.create(key="light", name="轻量流程", pinyin="qingliangliucheng qllc")
    SopVersion.objects.create(template=SopTemplate.objects.get(), number=1, digest="1", created_at=NOW)
    found = search(actor_for(UserFactory()), read("轻量"), NOW)
    assert (found.templates.total, found.tasks.total) == (1, 0)
