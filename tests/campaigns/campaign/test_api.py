"""Campaigns over the API: the list in every order, the log, the archive, stores."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.campaign.actions import archive_campaign, record_event
from campaigns.campaign.models import Campaign, CampaignEvent, Store
from campaigns.campaign.queries import ORDERINGS
from staff.people.models import User
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, StoreFactory

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _english(cast: Cast) -> None:
    User.objects.update(language="en")


def names(answer: Any) -> list[str]:
    """The names of a page."""
    assert answer.status_code == 200, answer.json()
    return [item["name"] for item in answer.json()["items"]]


def pages(caller: Caller, limit: int, **query: Any) -> list[str]:
    """The names of all pages, one after the other."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = caller.get("campaigns", query={"limit": limit, **query, **cursor})
        found += names(answer)
        if not answer.json()["next"]:
            return found
        cursor = {"cursor": answer.json()["next"]}


# --- the list ---------------------------------------------------------------------------------


def _three(cast: Cast) -> None:
    CampaignFactory(team=cast.team, name="a 618", starts_at=NOW + 2 * DAY, ends_at=NOW + 9 * DAY)
    CampaignFactory(team=cast.team, name="c 618", starts_at=NOW + 2 * DAY, ends_at=NOW + 7 * DAY, phase="closed")
    CampaignFactory(team=cast.team, name="b 日常", starts_at=NOW, ends_at=NOW + 8 * DAY, kind="routine")
    CampaignFactory(team=cast.team, name="d 归档", starts_at=NOW, archived_at=NOW)
    CampaignFactory(team=cast.other_team, name="e 别家")


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", "cab"),
        ("-starts_at", "cab"),
        ("starts_at", "bac"),
        ("-ends_at", "abc"),
        ("ends_at", "cba"),
        ("name", "abc"),
        ("-name", "cba"),
        ("-id", "bca"),
        ("id", "acb"),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 50])
def test_every_order_over_every_size_of_page(cast: Cast, ordering: str, expected: str, limit: int) -> None:
    _three(cast)
    assert set(ORDERINGS) == {"-starts_at", "starts_at", "-ends_at", "ends_at", "name", "-name", "-id", "id"}
    found = pages(Caller(cast.viewer), limit, **({"ordering": ordering} if ordering else {}))
    assert "".join(name[0] for name in found) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"archived": "true"}, "d"),
        ({"archived": "false"}, "cab"),
        ({"phase": "closed"}, "c"),
        ({"kind": "routine"}, "b"),
        ({"text": "618"}, "ca"),
        ({"text": "618", "phase": "prep"}, "a"),
        ({"text": "%"}, ""),
        ({"text": "别家"}, ""),
    ],
)
def test_filters(cast: Cast, query: dict[str, Any], expected: str) -> None:
    _three(cast)
    assert "".join(name[0] for name in names(Caller(cast.viewer).get("campaigns", query=query))) == expected


def test_another_teams_id_finds_nothing(cast: Cast) -> None:
    _three(cast)
    assert names(Caller(cast.viewer).get("campaigns", query={"team_id": cast.other_team.pk})) == []
    assert len(names(Caller(cast.viewer).get("campaigns", query={"team_id": cast.team.pk}))) == 3


def test_a_cursor_belongs_to_its_order(cast: Cast) -> None:
    _three(cast)
    caller = Caller(cast.viewer)
    cursor = caller.get("campaigns", query={"limit": 1, "ordering": "name"}).json()["next"]
    answer = caller.get("campaigns", query={"cursor": cursor, "ordering": "starts_at"})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"cursor"})


@pytest.mark.parametrize(
    "query", [{"ordering": "team__name"}, {"phase": "later"}, {"kind": "x"}, {"archived": "perhaps"}, {"team_id": 0}]
)
def test_only_what_is_listed_is_asked(cast: Cast, query: dict[str, Any]) -> None:
    answer = Caller(cast.viewer).get("campaigns", query=query)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, set(query))


def test_the_list_asks_the_database_as_often_for_many_as_for_one(cast: Cast) -> None:
    def queries() -> int:
        caller = Caller(cast.manager)
        with CaptureQueriesContext(connection) as seen:
            caller.get("campaigns")
        return len(seen)

    CampaignFactory(team=cast.team)
    once = queries()
    CampaignFactory.create_batch(5, team=cast.team)
    assert queries() == once


# --- the archive ------------------------------------------------------------------------------


def test_into_the_archive_and_back(cast: Cast) -> None:
    campaign, manager = CampaignFactory(team=cast.team), Caller(cast.manager)
    away = manager.post("archive_campaign", campaign.pk, body={"reason": "重复"})
    assert (away.status_code, away.json()["archived_at"] is None, away.json()["version"]) == (200, False, 2)
    assert Caller(cast.viewer).get("campaign", campaign.pk).json()["archived_at"] == away.json()["archived_at"]
    again = manager.post("archive_campaign", campaign.pk)
    assert (again.status_code, again.json()["code"]) == (409, "campaign_archived")
    moved = manager.post("advance_phase", campaign.pk, body={"to": "execution", "override_reason": "x"})
    assert (moved.status_code, moved.json()["code"]) == (409, "campaign_archived")
    back = manager.post("restore_campaign", campaign.pk)
    assert (back.status_code, back.json()["archived_at"], back.json()["version"]) == (200, None, 3)
    twice = manager.post("restore_campaign", campaign.pk)
    assert (twice.status_code, twice.json()["code"]) == (409, "not_archived")
    assert list(CampaignEvent.objects.order_by("id").values_list("verb", "reason")) == [
        ("archive_campaign", "重复"),
        ("restore_campaign", ""),
    ]


def test_a_reason_without_end_is_refused(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    answer = Caller(cast.manager).post("archive_campaign", campaign.pk, body={"reason": "长" * 1001})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"reason"})
    assert Campaign.objects.get().archived_at is None


# --- the log ----------------------------------------------------------------------------------


def test_the_log_goes_on_by_cursor_and_keeps_to_what_is_asked(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    for number in range(5):
        record_event(
            campaign_id=campaign.pk,
            actor=cast.actor("designer" if number % 2 else "manager"),
            verb="edit_task",
            subject_kind="task",
            subject_id=number + 1,
            subject_label=f"任务{number}",
            before={"due_at": NOW},
            after={"due_at": NOW + DAY},
            reason="晚了",
            now=NOW,
        )
    archive_campaign(actor=cast.actor("manager"), campaign_id=campaign.pk, now=NOW)
    caller = Caller(cast.viewer)
    first = caller.get("log", campaign.pk, query={"limit": 4}).json()
    rest = caller.get("log", campaign.pk, query={"limit": 4, "cursor": first["next"]}).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [4, 2, ""]
    newest, edited = first["items"][0], rest["items"][-1]
    assert (newest["verb"], newest["actor_name"]) == ("archive_campaign", "陈主管")
    assert (edited["subject_label"], edited["reason"]) == ("任务0", "晚了")
    assert edited["before"].keys() == edited["after"].keys() == {"due_at"}
    for query, count in (
        ({"verb": "edit_task"}, 5),
        ({"actor_id": cast.designer.pk}, 2),
        ({"subject_kind": "task", "subject_id": 3}, 1),
        ({"verb": "nothing"}, 0),
    ):
        assert len(caller.get("log", campaign.pk, query=query).json()["items"]) == count, query
    assert Caller(cast.outsider).get("log", campaign.pk).status_code == 404


# --- stores -----------------------------------------------------------------------------------


def test_stores_are_listed_and_added_once(cast: Cast) -> None:
    StoreFactory(team=cast.team, name="一店")
    StoreFactory(team=cast.other_team, name="别店")
    manager, new = Caller(cast.manager), {"team_id": cast.team.pk, "name": " 二店 ", "platform": "jd"}
    made = manager.post("stores", body=new)
    assert (made.status_code, made.json()["name"], made.json()["platform"]) == (201, "二店", "jd")
    again = manager.post("stores", body=new)
    assert (made.status_code, again.status_code, again.json()) == (201, 200, made.json())
    listed = Caller(cast.viewer).get("stores", query={"team_id": cast.team.pk})
    assert set(names(listed)) == {"一店", "二店"}
    assert Caller(cast.viewer).get("stores", query={"team_id": cast.other_team.pk}).status_code == 404
    assert Caller(cast.viewer).get("stores").status_code == 400
    assert Store.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "field"), [({"name": ""}, "name"), ({"name": "长" * 61}, "name"), ({"platform": "ebay"}, "platform")]
)
def test_a_store_has_a_name_and_a_platform(cast: Cast, change: dict[str, str], field: str) -> None:
    body = {"team_id": cast.team.pk, "name": "店", "platform": "jd", **change}
    answer = Caller(cast.manager).post("stores", body=body)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {field})
    assert not Store.objects.exists()
