"""Procedures and new campaigns over the API: the pages' own values and refusals."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignStage
from campaigns.campaign.queries import role_holders
from campaigns.sop.actions import Loaded, load_sop
from campaigns.sop.models import SopVersion
from campaigns.sop.queries import plan_preview
from staff.people.models import User
from staff.people.rules import SYSTEM, Role
from tests.callers import Caller
from tests.campaigns.sop.conftest import shipped_text, variant_text
from tests.campaigns.sop.test_actions import DRAFT
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory


@pytest.fixture(autouse=True)
def _english(cast: Cast) -> None:
    User.objects.update(language="en")


def draft(cast: Cast, loaded: Loaded, **values: Any) -> dict[str, Any]:
    """A body that makes the campaign of 2025."""
    return {
        "team_id": cast.team.pk,
        "name": "双11 2025",
        "platforms": ["tmall", "jd", "douyin", "pdd"],
        "version_id": loaded.version_id,
        "starts_at": "2025-10-20T20:00:00+08:00",
        "ends_at": "2025-11-14T23:59:00+08:00",
        **values,
    }


# --- preview and create -----------------------------------------------------------------------


def test_the_preview_tells_the_plan_and_writes_nothing(cast: Cast, loaded: Loaded) -> None:
    answer = Caller(cast.manager).post("preview_campaign", body=draft(cast, loaded))
    shown = answer.json()
    assert answer.status_code == 200, shown
    assert shown["total"] == {"tasks": 109, "hours": "710.0"}
    assert {row["phase"]: row["total"]["tasks"] for row in shown["phases"]} == {
        "prep": 66, "execution": 22, "wrap_up": 11, "review": 10,
    }  # fmt: skip
    assert {row["role"]: row["total"]["hours"] for row in shown["roles"]}["design"] == "175.0"
    expected = plan_preview(actor=cast.actor("manager"), team_id=cast.team.pk, version_id=loaded.version_id, **DRAFT)
    assert [row["code"] for row in shown["collisions"]] == [line.code for line in expected.collisions]
    assert len(shown["collisions"]) == 16
    assert [row["anchor"] for row in shown["anchors"]] == [
        "S",
        "E",
        "presale_start",
        "wave2_start",
        "price_protect_end",
    ]
    assert shown["collisions"][0]["holiday"] == "National Day"
    assert not Campaign.objects.exists()


def test_a_campaign_is_made_whole(cast: Cast, loaded: Loaded) -> None:
    body = draft(
        cast,
        loaded,
        anchors={"presale_start": "2025-10-14T12:00:00Z"},
        roles={"cs": None, "ads": cast.designer.pk},
        new_store="青禾天猫店",
    )
    answer = Caller(cast.manager).post("campaigns", body=body)
    made = answer.json()
    assert answer.status_code == 201, made
    assert (made["name"], made["store_name"], made["starts_at"]) == (
        "双11 2025", "青禾天猫店", "2025-10-20T12:00:00Z",
    )  # fmt: skip
    assert Task.objects.filter(campaign_id=made["id"]).count() == 109
    stage = CampaignStage.objects.get(kind="presale_start")
    assert (stage.at.isoformat(), stage.is_default) == ("2025-10-14T12:00:00+00:00", False)
    held = role_holders(made["id"])
    assert (held[Role.ADS], held[Role.LEAD], Role.CS in held) == (cast.designer.pk, cast.manager.pk, False)


def test_a_key_makes_it_once(cast: Cast, loaded: Loaded) -> None:
    manager, body = Caller(cast.manager), draft(cast, loaded)
    first = manager.post("campaigns", body=body, Idempotency_Key="k1")
    again = manager.post("campaigns", body=body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Campaign.objects.count() == 1
    other = manager.post("campaigns", body={**body, "name": "另"}, Idempotency_Key="k1")
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "开过了"}, "name"),
        ({"platforms": []}, "platforms"),
        ({"platforms": ["ebay"]}, "platforms.0"),
        ({"starts_at": "2025-10-20T20:00:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59Z"}, "ends_at"),
        ({"ends_at": "2025-10-01T00:00:00Z"}, "ends_at"),
        ({"version_id": 999_999}, "version_id"),
        ({"version_id": None}, "version_id"),
        ({"anchors": {"presale_start": "2025-10-30T20:00:00Z"}}, "anchors.presale_start"),
        ({"anchors": {"wave3": "2025-10-30T20:00:00Z"}}, "anchors.wave3"),
        ({"roles": {"cs": 999_999}}, "roles.cs"),
        ({"roles": {"boss": 1}}, "roles.boss"),
        ({"colour": "red"}, "colour"),
        # What is spelled like a text is none.
        ({"name": 618}, "name"),
        ({"platforms": [1688]}, "platforms.0"),
    ],
)
@pytest.mark.parametrize("route", ["preview_campaign", "campaigns"])
def test_what_cannot_be_meant_is_named_by_its_field(
    cast: Cast, loaded: Loaded, change: dict[str, Any], field: str, route: str
) -> None:
    CampaignFactory(team=cast.team, name="开过了")
    answer = Caller(cast.manager).post(route, body=draft(cast, loaded, **change))
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {field}), answer.json()
    assert Campaign.objects.count() == 1


def test_people_and_stores_of_others_are_not_there(cast: Cast, loaded: Loaded) -> None:
    manager = Caller(cast.manager)
    stranger = manager.post("campaigns", body=draft(cast, loaded, roles={"cs": cast.outsider.pk}))
    assert (stranger.status_code, set(stranger.json()["fields"])) == (400, {"roles.cs"})
    store = manager.post("campaigns", body=draft(cast, loaded, store_id=4711))
    assert (store.status_code, set(store.json()["fields"])) == (400, {"store_id"})
    assert manager.post("campaigns", body=draft(cast, loaded, team_id=cast.other_team.pk)).status_code == 404
    assert not Campaign.objects.exists()


# --- templates --------------------------------------------------------------------------------


def test_templates_are_listed_with_what_they_are_for(cast: Cast, loaded: Loaded) -> None:
    load_sop(actor=SYSTEM, text=variant_text("light"), now=NOW)
    own = load_sop(actor=cast.actor("manager"), text=shipped_text(), team_id=cast.team.pk, now=NOW)
    shown = Caller(cast.viewer).get("sop").json()["items"]
    assert [(item["key"], item["team_id"]) for item in shown] == [
        ("double11", cast.team.pk), ("double11", None), ("light", None),
    ]  # fmt: skip
    assert shown[2]["purpose"].startswith("Three people and one store")
    assert [version["id"] for version in shown[0]["versions"]] == [own.version_id]
    assert [item["team_id"] for item in Caller(cast.outsider).get("sop").json()["items"]] == [None, None]


def test_a_version_comes_with_its_steps_and_what_it_is_derived_from(cast: Cast, loaded: Loaded) -> None:
    variant = load_sop(actor=SYSTEM, text=variant_text("b2b_1688"), now=NOW)
    shown = Caller(cast.viewer).get("sop_version", variant.version_id).json()
    assert (shown["total"]["tasks"], len(shown["steps"]), shown["derived"]["base_id"]) == (110, 110, loaded.version_id)
    assert [step["code"] for step in shown["derived"]["left_out"]] == ["P33", "P38", "P41"]
    first = shown["steps"][0]
    assert (first["code"], first["phase"], first["due"], first["hours"]) == ("P01", "prep", "S-60d", "3.0")
    assert (first["title"], first["title_en"]) == ("大促立项与作战小组", "Kick-off and war-room roster")
    assert len(first["checklist"]) == 4
    whole = Caller(cast.viewer).get("sop_version", loaded.version_id)
    assert whole.json()["derived"] is None
    again = Caller(cast.viewer).get("sop_version", loaded.version_id, If_None_Match=whole.headers["ETag"])
    assert again.status_code == 304


def test_a_manager_loads_a_procedure_as_text(cast: Cast, loaded: Loaded) -> None:
    manager = Caller(cast.manager)
    body = {"team_id": cast.team.pk, "yaml": variant_text("light")}
    answer = manager.post("sop", body=body)
    assert (answer.status_code, answer.json()["steps"], answer.json()["is_new"]) == (200, 40, True)
    assert manager.post("sop", body=body).json()["is_new"] is False
    assert SopVersion.objects.filter(template__team=cast.team).count() == 1


def test_a_faulty_procedure_is_refused_with_every_fault(cast: Cast, loaded: Loaded) -> None:
    text = variant_text("light").replace("P01, P02", "Z1, Z2")
    answer = Caller(cast.manager).post("sop", body={"team_id": cast.team.pk, "yaml": text})
    assert (answer.status_code, answer.json()["code"]) == (409, "sop_invalid")
    assert [reason[:3] for reason in answer.json()["reasons"]] == ["Z1:", "Z2:"]
    assert not SopVersion.objects.filter(template__team=cast.team).exists()


@pytest.mark.parametrize("text", ["", "x" * 1_000_001])
def test_a_text_without_measure_is_refused(cast: Cast, text: str) -> None:
    answer = Caller(cast.manager).post("sop", body={"team_id": cast.team.pk, "yaml": text})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"yaml"})


def test_the_list_asks_the_database_as_often_for_many_templates_as_for_one(cast: Cast, loaded: Loaded) -> None:
    def queries() -> int:
        caller = Caller(cast.manager)
        with CaptureQueriesContext(connection) as seen:
            caller.get("sop")
        return len(seen)

    once = queries()
    for key in ("light", "no_presale", "single_wave"):
        load_sop(actor=SYSTEM, text=variant_text(key), now=NOW)
    assert queries() == once
