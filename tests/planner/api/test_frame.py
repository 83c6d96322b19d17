"""Errors, versions, keys and pages are alike on every address; tried on campaigns and their phases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.campaign.models import Campaign, CampaignEvent
from planner.core.errors import Refused
from planner.core.words import say
from planner.web.api.errors import status_of
from planner.web.api.idempotency import KEPT_FOR
from planner.web.api.paging import write_cursor
from planner.web.jobs import sweep_kept_answers
from planner.web.models import KeptAnswer
from tests.callers import Caller
from tests.cast import Cast, make_cast
from tests.factories import CampaignFactory, TaskFactory


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


@pytest.fixture
def manager(cast: Cast) -> Caller:
    return Caller(cast.manager)


FORWARD = {"to": "execution"}


def moves() -> int:
    return CampaignEvent.objects.filter(verb="advance_phase").count()


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("blocked", say("No.")), 409),
        (Refused("stale", say("No."), fields={}), 412),
        (Refused("invalid", say("No."), fields={"title": say("No.")}), 400),
    ],
)
def test_a_refusal_has_the_status_of_what_is_at_fault(error: Refused, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({}, "invalid", {"to"}),
        ({"to": "nowhere"}, "invalid", {"to"}),
        ({"to": "execution", "team_id": 1, "__class__": 2}, "invalid", {"team_id", "__class__"}),
        ({"to": "execution", "override_reason": "a\0b"}, "invalid", {"override_reason"}),
        ({"to": ["execution"]}, "invalid", {"to"}),
    ],
)
def test_bad_input_says_where_and_changes_nothing(
    manager: Caller, campaign: Campaign, body: Any, code: str, fields: set[str]
) -> None:
    answer = manager.post("advance_phase", campaign.pk, body=body)
    assert (answer.status_code, answer.json()["code"], set(answer.json()["fields"])) == (400, code, fields)
    assert moves() == 0


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b"\xff", b'{"to": NaN}', b"[" * 100_000, b'{"a":' * 5000, b'{"to": "\\ud800"}']
)
def test_a_body_that_is_no_json_object_is_refused(cast: Cast, campaign: Campaign, body: bytes) -> None:
    client = Client()
    client.force_login(cast.manager)
    address = reverse("api:advance_phase", args=[campaign.pk])
    answer = client.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


def test_a_refused_move_gives_the_reasons_of_the_page(manager: Caller, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, code="P11", title="定品冻结", must_have=True)
    answer = manager.post("advance_phase", campaign.pk, body=FORWARD)
    assert (answer.status_code, answer.json()["code"]) == (409, "phase_blocked")
    assert any("P11" in reason for reason in answer.json()["reasons"])


def test_nobody_is_asked_who_they_are_and_strangers_find_nothing(cast: Cast, campaign: Campaign) -> None:
    anonymous = Caller().get("campaign", campaign.pk)
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "not_authenticated")
    assert anonymous.headers["WWW-Authenticate"]
    foreign = Caller(cast.outsider).get("campaign", campaign.pk)
    absent = Caller(cast.outsider).get("campaign", campaign.pk + 1000)
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_a_session_without_its_token_changes_nothing(cast: Cast, campaign: Campaign) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.manager)
    address = reverse("api:advance_phase", args=[campaign.pk])
    answer = client.post(address, FORWARD, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "no_token")
    assert moves() == 0


def test_unknown_addresses_and_methods_answer_in_json(manager: Caller, campaign: Campaign) -> None:
    unknown = manager.client.get("/api/nothing/here/")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "missing")
    wrong = manager("delete", "campaign", campaign.pk)
    assert (wrong.status_code, wrong.json()["code"], "GET" in wrong.headers["Allow"]) == (
        405,
        "method_not_allowed",
        True,
    )


def test_our_own_faults_say_nothing(manager: Caller, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """H5."""

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("SELECT secret FROM /srv/app")

    monkeypatch.setattr("campaigns.campaign.api.campaign_for", breaks)
    manager.client.raise_request_exception = False
    answer = manager.get("campaign", campaign.pk)
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert b"secret" not in answer.content


def test_refusals_speak_the_callers_language(manager: Caller, cast: Cast) -> None:
    cast.manager.language = "en"
    cast.manager.save(update_fields=["language"])
    english = manager.get("campaign", 999_999).json()["detail"]
    assert english == "There is nothing here, or it is not yours to see."


def test_answers_are_one_persons(manager: Caller, campaign: Campaign) -> None:
    answer = manager.get("campaign", campaign.pk)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "Authorization"} <= {each.strip() for each in answer.headers["Vary"].split(",")}


# --- moments ----------------------------------------------------------------------------------


def test_moments_leave_in_utc(manager: Caller, campaign: Campaign) -> None:
    shown = manager.get("campaign", campaign.pk).json()["starts_at"]
    assert shown == campaign.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")


# --- versions ---------------------------------------------------------------------------------


def test_a_read_that_is_known_is_answered_with_304(manager: Caller, campaign: Campaign) -> None:
    first = manager.get("campaign", campaign.pk)
    again = manager.get("campaign", campaign.pk, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    manager.post("advance_phase", campaign.pk, body=FORWARD)
    assert manager.get("campaign", campaign.pk, If_None_Match=first.headers["ETag"]).status_code == 200


# --- the same call again ------------------------------------------------------------------------


def test_the_same_key_and_body_get_the_same_answer_and_act_once(manager: Caller, campaign: Campaign) -> None:
    first = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    again = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
    assert (again.headers["Idempotency-Replayed"], moves()) == ("true", 1)


def test_a_refusal_is_kept_too(manager: Caller, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, must_have=True)
    first = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    task.delete()
    again = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    assert (first.status_code, again.content) == (409, first.content)


def test_a_call_that_was_wrong_leaves_its_key_for_the_corrected_one(manager: Caller, campaign: Campaign) -> None:
    wrong = manager.post("advance_phase", campaign.pk, body={"to": "nowhere"}, Idempotency_Key="k1")
    right = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    assert (wrong.status_code, right.status_code, moves()) == (400, 200, 1)


@pytest.mark.parametrize("change", ["body", "address"])
def test_the_same_key_for_another_call_is_refused(manager: Caller, cast: Cast, campaign: Campaign, change: str) -> None:
    manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    other = campaign if change == "body" else CampaignFactory(team=cast.team)
    body = FORWARD | ({"override_reason": "now"} if change == "body" else {})
    answer = manager.post("advance_phase", other.pk, body=body, Idempotency_Key="k1")
    assert (answer.status_code, answer.json()["code"], moves()) == (422, "key_reused", 1)


def test_a_key_is_its_callers_own(manager: Caller, cast: Cast, campaign: Campaign) -> None:
    manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    assert Caller(cast.cs).post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1").status_code == 403


def test_a_key_is_free_again_after_a_day(manager: Caller, campaign: Campaign) -> None:
    manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(seconds=1))
    again = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    assert "Idempotency-Replayed" not in again.headers


def test_a_call_that_broke_keeps_nothing(manager: Caller, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("campaigns.phases.api.campaign_for", lambda *_: 1 / 0)
        manager.client.raise_request_exception = False
        broken = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    assert (broken.status_code, moves(), KeptAnswer.objects.count()) == (500, 0, 0)
    assert manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1").status_code == 200


def test_answers_whose_day_is_over_are_dropped_without_their_caller(manager: Caller, campaign: Campaign) -> None:
    manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    sweep_kept_answers()
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(seconds=1))
    sweep_kept_answers()
    assert not KeptAnswer.objects.exists()


def test_what_is_kept_of_a_body_needs_the_secret_key_to_be_tried(cast: Cast, campaign: Campaign, settings: Any) -> None:
    kept = set()
    for secret in ("one", "another"):
        settings.SECRET_KEY = secret * 20
        Caller(cast.manager).post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
        kept.add(KeptAnswer.objects.get().digest)
        KeptAnswer.objects.all().delete()
    assert len(kept) == 2


@pytest.mark.parametrize("token", ["", "plt_none"])
def test_the_body_of_a_stranger_is_not_read(campaign: Campaign, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HttpRequest, "read", lambda *_: pytest.fail("was read"))
    answer = Caller(token=token).post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key="k1")
    assert (answer.status_code, KeptAnswer.objects.count()) == (401, 0)


@pytest.mark.parametrize("key", ["x" * 201, "蛋", "a b"])
def test_a_key_that_cannot_be_one_is_refused(manager: Caller, campaign: Campaign, key: str) -> None:
    answer = manager.post("advance_phase", campaign.pk, body=FORWARD, Idempotency_Key=key)
    assert (answer.status_code, moves()) == (400, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_calls_at_once_with_one_key_are_one(transactional_db: None) -> None:
    crew = make_cast()
    place = CampaignFactory(team=crew.team)
    callers = [Caller(crew.manager) for _ in range(20)]

    def call(caller: Caller) -> tuple[int, bytes]:
        try:
            answer = caller.post("advance_phase", place.pk, body=FORWARD, Idempotency_Key="k1")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(len(callers)) as pool:
        answers = list(pool.map(call, callers))
    assert {status for status, _ in answers} == {200}
    assert (len(set(answers)), moves()) == (1, 1)


# --- pages ------------------------------------------------------------------------------------


def test_a_list_comes_in_pages(manager: Caller, cast: Cast) -> None:
    wanted = {CampaignFactory(team=cast.team).pk for _ in range(5)}
    seen: list[int] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = manager.get("campaigns", query={"limit": 2, **cursor}).json()
        seen += [item["id"] for item in page["items"]]
        cursor = {"cursor": page["next"]}
    assert (page["next"], len(seen), set(seen)) == ("", 5, wanted)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0}, {"limit": 201}, {"limit": 10**30}, {"limit": "x"}, {"cursor": "!!"}, {"cursor": "WyJ4Il0"},
        {"cursor": "Wy0xXQ"}, {"cursor": "e30"}, {"cursor": "x" * 501}, {"team__name": "x"}, {"page_size": 10**9},
    ],
)  # fmt: skip
def test_what_no_list_takes_is_refused(manager: Caller, query: dict[str, Any]) -> None:
    """H1, H4."""
    answer = manager.get("campaigns", query=query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["fields"]) == set(query)


def test_a_cursor_with_a_text_that_no_database_takes_is_refused(manager: Caller) -> None:
    query = {"ordering": "name", "cursor": write_cursor("name", "a\0b", 1)}
    answer = manager.get("campaigns", query=query)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"cursor"})


# --- the schema -------------------------------------------------------------------------------


def test_the_schema_and_its_page_are_for_those_who_are_in(manager: Caller) -> None:
    assert Caller().get("schema").status_code == 401
    assert manager.get("schema").json()["openapi"].startswith("3.")
    assert manager.client.get(reverse("api:docs")).status_code == 200
    assert Client().get(reverse("api:docs")).status_code == 302


def test_the_schema_is_valid_and_no_two_shapes_share_a_name(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_everything_in_the_schema_is_described(manager: Caller) -> None:
    document = manager.get("schema").json()
    bare = [
        f"{name}.{field}"
        for name, component in document["components"]["schemas"].items()
        for field, said in component.get("properties", {}).items()
        if not said.get("description")
    ]
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            bare += [] if said.get("description") else [f"{method} {path}"]
            bare += [f"{path} {each['name']}" for each in said.get("parameters", []) if not each.get("description")]
    assert bare == []


def test_a_list_that_is_too_long_is_refused_unread(manager: Caller, campaign: Campaign) -> None:
    """H2."""
    body = {"task_ids": ["no id"] * 100_000, "changes": {"urgent": True}}
    answer = manager.post("preview_bulk_edit", campaign.pk, body=body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["task_ids"])
    assert "500" in answer.json()["fields"]["task_ids"]
    assert len(answer.content) < 1000


def test_a_key_is_offered_only_where_it_is_kept(manager: Caller) -> None:
    paths = manager.get("schema").json()["paths"]
    offered = {
        each["operationId"]: any(one["name"] == "Idempotency-Key" for one in each.get("parameters", ()))
        for methods in paths.values()
        for method, each in methods.items()
        if method == "post"
    }
    assert (offered["create_campaign"], offered["invite_person"], offered["create_token"]) == (True, False, False)
