"""Reviews over the API by each of the cast: the summary, its compiling, notes, lessons."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.reviews.actions import compile_review, edit_lesson, run_compile
from campaigns.reviews.models import CampaignReview, Lesson
from staff.people.rules import SYSTEM
from staff.runs.models import Run
from tests.callers import Caller
from tests.campaigns.metrics.files import csv_bytes, import_file, order
from tests.campaigns.reviews.test_actions import DUE, fill, lesson
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory

READERS = [("manager", 200), ("designer", 200), ("cs", 200), ("viewer", 200), ("outsider", 404), (None, 401)]
WRITERS = [("manager", 200), ("designer", 200), ("viewer", 403), ("outsider", 404), (None, 401)]


@pytest.fixture(autouse=True)
def no_broker(settings: Any) -> None:
    """The bell is a hint: without a broker nothing is rung and nothing is lost."""
    settings.CELERY_BROKER_URL = "memory://"


@pytest.fixture(autouse=True)
def clock() -> Any:
    """The day of the factories, so that a lesson's date lies ahead."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, phase="review")


def caller(cast: Cast, who: str | None) -> Caller:
    return Caller(getattr(cast, who) if who else None)


def compiled(cast: Cast, campaign: Campaign) -> dict[str, Any]:
    """The review as a viewer gets it, after everything that can be in it."""
    fill(cast, campaign)
    CampaignEvent.objects.create(
        campaign=campaign,
        actor=cast.manager,
        verb="override_phase",
        subject_kind="campaign",
        subject_id=campaign.pk,
        before={"phase": "prep"},
        after={"phase": "execution"},
        reason="平台已确认",
        at=NOW,
    )
    compile_review(actor=SYSTEM, campaign_id=campaign.pk, now=NOW)
    said: dict[str, Any] = Caller(cast.viewer).get("review", campaign.pk).json()
    return said


# --- the summary ------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["review", "write_notes", "add_lesson"])
@pytest.mark.parametrize(("who", "status"), READERS)
def test_the_team_reads_the_review(cast: Cast, campaign: Campaign, route: str, who: str | None, status: int) -> None:
    compiled(cast, campaign)
    assert caller(cast, who).get(route, campaign.pk).status_code == status


def test_goal_and_split_are_codes_and_numbers_with_units(cast: Cast, campaign: Campaign) -> None:
    said = compiled(cast, campaign)
    goal = {line["figure"]: line for line in said["goal"]}
    assert goal["paid_amount"] == {
        "figure": "paid_amount",
        "unit": "money",
        "target": "200.00",
        "actual": "150.00",
        "gap": "-50.00",
        "attained": "75.0000",
    }
    assert (goal["net"]["target"], goal["net"]["actual"], goal["net"]["gap"]) == (None, "130.00", None)
    assert (goal["visitors"]["unit"], goal["visitors"]["target"], goal["visitors"]["gap"]) == ("count", "100", "-20")
    conversion = goal["conversion"]
    assert (conversion["unit"], conversion["target"], conversion["actual"]) == ("percent", "4.0000", "2.5000")
    assert conversion["gap"] == "-1.5000"
    split = said["split"]
    assert (split["method"], split["difference"], split["missing"]) == ("lmdi", "-50.00", [])
    assert [line["factor"] for line in split["factors"]] == ["visitors", "conversion", "order_value"]
    assert sum(float(line["amount"]) for line in split["factors"]) == pytest.approx(-50)
    assert said["refunds"] == {"refunds": "20.00", "rate": "13.3333", "fully_refunded": 0, "fully_rate": "0.0000"}
    assert said["days"] == [{"on": "2026-11-21", "orders": 2, "paid_amount": "150.00", "net": "130.00", "visitors": 80}]


def test_what_the_split_lacks_is_named_by_code(cast: Cast, campaign: Campaign) -> None:
    import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(1)]))
    compile_review(actor=SYSTEM, campaign_id=campaign.pk, now=NOW)
    split = Caller(cast.viewer).get("review", campaign.pk).json()["split"]
    assert (split["method"], split["difference"], split["factors"]) == (None, None, [])
    assert split["missing"] == [{"figure": "target", "days": None}, {"figure": "visitors", "days": None}]


def test_work_is_counted_by_group_with_ids(cast: Cast, campaign: Campaign) -> None:
    said = compiled(cast, campaign)
    slipped = Task.objects.get(due_changes=1)
    named = {"id": slipped.pk, "code": slipped.code, "title": slipped.title, "title_en": slipped.title_en}
    whole = said["punctuality"]
    assert (whole["tasks"], whole["done"], whole["on_time"], whole["rate"]) == (2, 2, 1, "50.0000")
    assert (whole["slipped"], whole["slip_hours"], whole["worst"]) == (1, "1.0", named | {"slip_hours": "1.0"})
    groups = {group["kind"]: group["lines"] for group in said["punctuality_groups"]}
    assert [(line["code"], line["user_id"]) for line in groups["role"]] == [("design", None)]
    assert [(line["code"], line["user_id"], line["name"]) for line in groups["person"]] == [
        ("", cast.designer.pk, "小美")
    ]
    changes = said["due_changes"]
    assert (changes["tasks"], changes["moved"], changes["changes"]) == (2, 1, 1)
    assert changes["most"] == [named | {"changes": 1}]
    hours = {"tasks": 1, "planned": "4.0", "actual": "5.0", "ratio": "125.0000"}
    assert (said["hours"], said["hours_by_role"]) == (hours, [hours | {"role": "design"}])
    override = said["overrides"][0]
    assert (override["actor_id"], override["by"]) == (cast.manager.pk, "陈主管")
    assert (override["from_phase"], override["to_phase"], override["reason"]) == ("prep", "execution", "平台已确认")


def test_before_it_is_compiled_everything_is_null_or_empty(cast: Cast, campaign: Campaign) -> None:
    said = Caller(cast.viewer).get("review", campaign.pk).json()
    assert {name for name, value in said.items() if value} == {"campaign_id", "notes_version"}
    notes = Caller(cast.viewer).get("write_notes", campaign.pk)
    assert (notes.json(), notes.headers["ETag"][:3]) == ({"notes": "", "version": 1}, '"1.')


def test_a_task_that_is_gone_leaves_its_numbers(cast: Cast, campaign: Campaign) -> None:
    compiled(cast, campaign)
    Task.objects.filter(campaign=campaign).delete()
    said = Caller(cast.viewer).get("review", campaign.pk).json()
    assert (said["punctuality"]["done"], said["punctuality"]["worst"]) == (2, None)
    assert (said["due_changes"]["moved"], said["due_changes"]["most"]) == (1, [])


def test_the_review_costs_the_same_at_twice_the_rows(cast: Cast, campaign: Campaign) -> None:
    def cost(route: str) -> int:
        compile_review(actor=SYSTEM, campaign_id=campaign.pk, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert Caller(cast.manager).get(route, campaign.pk).status_code == 200
        return len(queries)

    fill(cast, campaign)
    lesson(cast, campaign)
    few = [cost(route) for route in ("review", "add_lesson")]
    for user in (cast.cs, cast.manager, cast.viewer):
        TaskFactory(campaign=campaign, status="done", owner=user, done_at=NOW, due_at=NOW, due_changes=2)
        lesson(cast, campaign)
    assert [cost(route) for route in ("review", "add_lesson")] == few


# --- compiling --------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [(who, 202 if code == 200 else code) for who, code in WRITERS])
def test_members_ask_for_it_and_others_do_not(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    answer = caller(cast, who).post("compile_review", campaign.pk)
    assert answer.status_code == status
    assert Run.objects.exists() is (status == 202)


def test_compiling_answers_with_the_run_and_the_review_shows_it(cast: Cast, campaign: Campaign) -> None:
    asked = Caller(cast.designer)
    run = asked.post("compile_review", campaign.pk).json()
    assert (run["kind"], run["subject_id"], run["state"]) == ("compile_review", campaign.pk, "queued")
    assert asked.post("compile_review", campaign.pk).json()["id"] == run["id"]
    run_compile(run_id=run["id"], clock=lambda: NOW)
    review = asked.get("review", campaign.pk).json()
    assert (review["run"]["state"], review["run"]["result"]) == ("done", {"changed": True})
    assert review["compiled_at"] is not None


# --- notes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), WRITERS)
def test_members_write_notes_and_others_do_not(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    answer = caller(cast, who)("put", "write_notes", campaign.pk, body={"notes": "节奏太赶"}, If_Match='"1"')
    assert answer.status_code == status
    assert CampaignReview.objects.filter(notes="节奏太赶").exists() is (status == 200)


def test_stale_notes_overwrite_nothing(cast: Cast, campaign: Campaign) -> None:
    asked = Caller(cast.designer)
    read = asked.get("write_notes", campaign.pk)
    first = asked("put", "write_notes", campaign.pk, body={"notes": "甲\r\n乙 "}, If_Match=read.headers["ETag"])
    assert first.json() == {"notes": "甲\n乙", "version": 2}
    stale = asked("put", "write_notes", campaign.pk, body={"notes": "丙"}, If_Match=read.headers["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (stale.json()["current"], stale.json()["yours"]) == ({"notes": "甲\n乙"}, {"notes": "丙"})
    missing = asked("put", "write_notes", campaign.pk, body={"notes": "丙"})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    assert CampaignReview.objects.get().notes == "甲\n乙"
    forced = asked("put", "write_notes", campaign.pk, body={"notes": "丙"}, If_Match="*")
    assert forced.json() == {"notes": "丙", "version": 3}
    assert asked("put", "write_notes", campaign.pk, body={"notes": ""}, If_Match="*").json()["notes"] == ""


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"notes"}),
        ({"notes": "x" * 20_001}, {"notes"}),
        ({"notes": "a\0b"}, {"notes"}),
        ({"notes": None}, {"notes"}),
        ({"notes": "x", "version": 1, "summary": "{}"}, {"version", "summary"}),
    ],
)
def test_notes_at_fault_say_where(cast: Cast, campaign: Campaign, body: dict[str, Any], fields: set[str]) -> None:
    answer = Caller(cast.designer)("put", "write_notes", campaign.pk, body=body, If_Match="*")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, fields)
    assert not CampaignReview.objects.exists()


# --- lessons ----------------------------------------------------------------------------------


def words(cast: Cast, **values: Any) -> dict[str, Any]:
    return {"kind": "keep", "text": "预售页提前", "owner_id": cast.designer.pk, "due_on": DUE.isoformat()} | values


@pytest.mark.parametrize(("who", "status"), WRITERS)
def test_members_keep_lessons_and_others_do_not(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    lesson_id = lesson(cast, campaign)
    asked = caller(cast, who)
    ok = {200: (201, 200, 204)}.get(status, (status,) * 3)
    answers = (
        asked.post("add_lesson", campaign.pk, body=words(cast)),
        asked("put", "edit_lesson", campaign.pk, lesson_id, body=words(cast, text="改"), If_Match='"1"'),
        asked("delete", "edit_lesson", campaign.pk, lesson_id),
    )
    assert tuple(answer.status_code for answer in answers) == ok
    assert Lesson.objects.filter(pk=lesson_id).exists() is (status != 200)
    assert Lesson.objects.count() == 1


def test_a_lesson_is_added_with_its_id_and_read_again(cast: Cast, campaign: Campaign) -> None:
    asked = Caller(cast.designer)
    said = asked.post("add_lesson", campaign.pk, body=words(cast, kind="improve")).json()
    task = Task.objects.get(pk=said["task_id"])
    assert (said["owner"], said["version"], task.owner) == ("小美", 1, cast.designer)
    assert asked.get("edit_lesson", campaign.pk, said["id"]).json() == said
    assert asked.get("add_lesson", campaign.pk).json() == {"items": [said], "next": ""}
    assert asked.get("review", campaign.pk).json()["lessons"] == [said]


def test_members_hand_no_improvements_to_others(cast: Cast, campaign: Campaign) -> None:
    answer = Caller(cast.cs).post("add_lesson", campaign.pk, body=words(cast, kind="improve"))
    assert (answer.status_code, answer.json()["code"]) == (403, "managers_fields")
    assert not Lesson.objects.exists()


def test_two_edits_of_different_fields_both_succeed(cast: Cast, campaign: Campaign) -> None:
    asked = Caller(cast.manager)
    made = asked.post("add_lesson", campaign.pk, body=words(cast))
    lesson_id, seen = made.json()["id"], made.headers["ETag"]
    other: dict[str, Any] = words(cast, text="别人改的", due_on=DUE)
    edit_lesson(actor=cast.actor("cs"), campaign_id=campaign.pk, lesson_id=lesson_id, version=1, now=NOW, **other)
    stale = asked("put", "edit_lesson", campaign.pk, lesson_id, body=words(cast, text="我改的"), If_Match=seen)
    assert (stale.status_code, stale.json()["current"]) == (412, {"text": "别人改的"})
    moved = words(cast, text="别人改的", kind="stop")
    both = asked("put", "edit_lesson", campaign.pk, lesson_id, body=moved, If_Match=seen)
    assert (both.status_code, both.json()["kind"], both.json()["version"]) == (200, "stop", 3)
    assert asked("put", "edit_lesson", campaign.pk, lesson_id, body=moved).status_code == 428


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"kind": "burn"}, {"kind"}),
        ({"text": " "}, {"text"}),
        ({"text": "x" * 301}, {"text"}),
        ({"owner_id": 2**70}, {"owner_id"}),
        ({"owner_id": 999_999}, {"owner_id"}),
        ({"due_on": "2020-01-01"}, {"due_on"}),
        ({"due_on": "soon"}, {"due_on"}),
        ({"campaign_id": 1, "task_id": 2}, {"campaign_id", "task_id"}),
    ],
)
def test_lessons_at_fault_say_where(cast: Cast, campaign: Campaign, change: dict[str, Any], fields: set[str]) -> None:
    answer = Caller(cast.manager).post("add_lesson", campaign.pk, body=words(cast, **change))
    assert (answer.status_code, set(answer.json()["fields"])) == (400, fields)
    assert not Lesson.objects.exists()


def test_nobody_of_another_team_owns_a_lesson(cast: Cast, campaign: Campaign) -> None:
    for user in (cast.outsider, cast.viewer):
        answer = Caller(cast.manager).post("add_lesson", campaign.pk, body=words(cast, owner_id=user.pk))
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"owner_id"})


def test_a_lesson_is_found_through_its_own_campaign_only(cast: Cast, campaign: Campaign) -> None:
    lesson_id = lesson(cast, campaign)
    ours, theirs = CampaignFactory(team=cast.team), CampaignFactory(team=cast.other_team)
    for who, place in [("manager", ours), ("outsider", theirs), ("outsider", campaign)]:
        asked = caller(cast, who)
        absent = asked.get("edit_lesson", place.pk, lesson_id + 1000)
        assert asked.get("edit_lesson", place.pk, lesson_id).content == absent.content
        answers = [
            asked.get("edit_lesson", place.pk, lesson_id),
            asked("put", "edit_lesson", place.pk, lesson_id, body=words(cast, text="偷"), If_Match="*"),
            asked("delete", "edit_lesson", place.pk, lesson_id),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Lesson.objects.get().text != "偷"


def test_a_closed_campaign_is_read_and_not_changed(cast: Cast, campaign: Campaign) -> None:
    lesson_id = lesson(cast, campaign)
    Campaign.objects.filter(pk=campaign.pk).update(phase="closed")
    asked = Caller(cast.manager)
    assert asked.get("review", campaign.pk).status_code == 200
    later = words(cast, due_on=(DUE + timedelta(days=1)).isoformat())
    answers = [
        asked.post("compile_review", campaign.pk),
        asked("put", "write_notes", campaign.pk, body={"notes": "x"}, If_Match="*"),
        asked.post("add_lesson", campaign.pk, body=later),
        asked("put", "edit_lesson", campaign.pk, lesson_id, body=later, If_Match="*"),
        asked("delete", "edit_lesson", campaign.pk, lesson_id),
    ]
    assert [answer.status_code for answer in answers] == [409] * len(answers)
