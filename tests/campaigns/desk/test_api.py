"""Today, a campaign's overview and its roles over the API: the pages' own values, for each of the cast."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import Task
from campaigns.campaign.actions import record_event
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import role_holders
from campaigns.desk.queries.overview import overview_screen
from campaigns.desk.queries.today import today_screen
from staff.people.models import User
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, depends, hold_role

DAY = timedelta(days=1)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    User.objects.update(language="en")
    return CampaignFactory(team=cast.team, name="618 2027", starts_at=NOW + 10 * DAY, ends_at=NOW + 35 * DAY)


@pytest.fixture(autouse=True)
def _then() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


# --- today ------------------------------------------------------------------------------------


def titles(section: dict[str, Any]) -> list[str]:
    return [item["title"] for item in section["items"]]


def test_my_tasks_stand_by_urgency(cast: Cast, campaign: Campaign) -> None:
    dues = {"late": -DAY, "now": timedelta(hours=1), "week": 5 * DAY, "far": 9 * DAY}
    for title, away in dues.items():
        TaskFactory(campaign=campaign, title=title, due_at=NOW + away, owner=cast.designer)
    check = TaskFactory(campaign=campaign, title="check", owner=cast.cs, status="in_review", reviewer=cast.designer)
    TaskFactory(campaign=campaign, title="another's", owner=cast.cs)
    shown = Caller(cast.designer).get("today").json()
    found = {name: titles(shown[name]) for name in ("overdue", "today", "waiting", "week", "later", "unassigned")}
    assert found == {
        "overdue": ["late"], "today": ["now"], "waiting": [check.title], "week": ["week"], "later": ["far"],
        "unassigned": [],
    }  # fmt: skip
    assert (shown["is_lead"], shown["lanes"], shown["later"]["total"]) == (False, [], 1)


@pytest.mark.parametrize(("zone", "section"), [("Asia/Shanghai", "today"), ("America/Los_Angeles", "week")])
def test_today_ends_at_the_callers_own_midnight(cast: Cast, campaign: Campaign, zone: str, section: str) -> None:
    # Monday 17:00 in Shanghai, where it is Monday 09:00 now; Monday 01:00 in Los Angeles, where it is still Sunday.
    TaskFactory(campaign=campaign, owner=cast.designer, title="x", due_at=NOW + timedelta(hours=8))
    User.objects.filter(pk=cast.designer.pk).update(zone=zone)
    shown = Caller(cast.designer).get("today").json()
    assert {name: titles(shown[name]) for name in ("today", "week")} == {"today": [], "week": []} | {section: ["x"]}


def test_a_task_says_what_the_caller_may_do_to_it(cast: Cast, campaign: Campaign) -> None:
    before = TaskFactory(campaign=campaign, code="P01", title="先", title_en="First", owner=cast.cs)
    task = TaskFactory(campaign=campaign, code="P02", title="后", title_en="Then", owner=cast.designer, role="design")
    ChecklistItemFactory(task=task, text="抠图", text_en="Cut out")
    depends(task, before)
    (item,) = Caller(cast.designer).get("today").json()["week"]["items"]
    assert (item["id"], item["code"], item["title"], item["campaign_id"]) == (task.pk, "P02", "Then", campaign.pk)
    assert (item["can_complete"], item["must_first"], item["checklist_done"], item["checklist_total"]) == (
        False,
        True,
        0,
        1,
    )
    assert [
        reason.startswith(start)
        for reason, start in zip(item["blockers"], ("Not ticked: ", "Waits for P01 First"), strict=True)
    ] == [True, True]


@pytest.mark.parametrize(
    ("who", "lanes"), [("manager", ["cs", "design"]), ("cs", []), ("viewer", []), ("outsider", [])]
)
def test_lanes_are_for_those_who_lead(cast: Cast, campaign: Campaign, who: str, lanes: list[str]) -> None:
    TaskFactory(campaign=campaign, role="cs", title="lane")
    TaskFactory(campaign=campaign, role="ops", title="nobody's")
    shown = Caller(getattr(cast, who)).get("today").json()
    assert [lane["role"] for lane in shown["lanes"]] == lanes
    assert shown["is_lead"] is bool(lanes)
    assert titles(shown["unassigned"]) == (["nobody's"] if lanes else [])
    assert [titles(lane) for lane in shown["lanes"]] == ([["lane"], []] if lanes else [])


def test_another_team_sees_nothing_of_it(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, owner=cast.outsider)
    shown = Caller(cast.outsider).get("today").json()
    assert all(shown[name]["total"] == 0 for name in ("overdue", "today", "waiting", "week", "later"))


def test_somebody_without_a_team_has_an_empty_day(cast: Cast) -> None:
    cast.designer.memberships.all().delete()
    assert Caller(cast.designer).get("today").json()["overdue"] == {"total": 0, "items": []}


def test_it_counts_as_the_page_does(cast: Cast, campaign: Campaign) -> None:
    TaskFactory.create_batch(60, campaign=campaign, owner=cast.designer, due_at=NOW - DAY)
    shown = Caller(cast.designer).get("today").json()["overdue"]
    (section,) = today_screen(cast.actor("designer"), now=NOW).sections
    assert (shown["total"], len(shown["items"])) == (section.total, len(section.lines)) == (60, 50)


# --- overview -----------------------------------------------------------------------------------


def test_the_overview_has_every_part_of_the_page(cast: Cast, campaign: Campaign) -> None:
    hold_role(campaign, "design", cast.designer)
    late = TaskFactory(campaign=campaign, code="P11", title="定品", title_en="Freeze", must_have=True, due_at=NOW - DAY)
    TaskFactory(campaign=campaign, role="design", phase="execution", owner=cast.designer, status="done", done_at=NOW)
    record_event(
        campaign_id=campaign.pk, actor=cast.actor("cs"), verb="block_task", subject_kind="task", subject_id=late.pk,
        subject_label="P11 定品", reason="waits", now=NOW,
    )  # fmt: skip
    shown = Caller(cast.viewer).get("overview", campaign.pk).json()
    assert (shown["campaign"]["id"], shown["done"], shown["total"], shown["more_risks"]) == (campaign.pk, 1, 2, 0)
    phases = shown["phases"]
    assert [(step["phase"], step["state"], step["done"], step["total"]) for step in phases["steps"]][:2] == [
        ("prep", "here", 0, 1),
        ("execution", "ahead", 0, 0),
    ]
    assert (phases["next"], phases["previous"], phases["may_move"]) == ("execution", None, False)
    assert phases["blockers"] == [
        {"task_id": late.pk, "name": "P11 Freeze", "reason": "P11 Freeze is not done, and nobody has it."}
    ]
    assert [(each["anchor"], each["away"]) for each in shown["anchors"]] == [("S", "10 d 0 h"), ("E", "35 d 0 h")]
    assert shown["next_anchor"]["anchor"] == "S"
    assert shown["risk_counts"] == {"late": 1, "blocked": 0, "gate": 0, "unassigned": 1}
    (risk,) = shown["risks"]
    assert (risk["task_id"], risk["name"], risk["risks"]) == (late.pk, "P11 Freeze", ["late", "unassigned"])
    assert {row["role"]: row["by_phase"]["execution"] for row in shown["progress"]} == {
        "ops": None,
        "design": {"done": 1, "total": 1},
    }
    assert shown["progress_sum"]["all"] == {"done": 1, "total": 2}
    design = next(line for line in shown["people"]["roles"] if line["role"] == "design")
    assert (design["holder_id"], design["holder_name"], design["open_tasks"]) == (cast.designer.pk, "小美", 0)
    assert shown["activity"] == [
        {
            "at": "2026-11-23T01:00:00Z",
            "sentence": "阿敏 reported that P11 定品 is blocked.",
            "reason": "waits",
            "task_id": late.pk,
            "changes": [],
        }
    ]


def test_the_work_of_who_left_is_a_risk_and_says_so(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, owner=cast.designer)
    cast.designer.memberships.update(left_at=NOW)
    (risk,) = Caller(cast.manager).get("overview", campaign.pk).json()["risks"]
    assert (risk["owner_name"], risk["owner_left"], risk["risks"]) == ("小美", True, ["unassigned"])


@pytest.mark.parametrize("values", [{"kind": "routine"}, {"phase": "closed"}, {"phase": "review"}])
def test_every_kind_of_campaign_has_an_overview(cast: Cast, campaign: Campaign, values: dict[str, str]) -> None:
    other = CampaignFactory(team=cast.team, **values)
    TaskFactory(campaign=other)
    answer = Caller(cast.manager).get("overview", other.pk)
    assert answer.status_code == 200
    assert len(answer.json()["risks"]) == len(overview_screen(cast.actor("manager"), other.pk, now=NOW).risks)


@pytest.mark.parametrize("route", ["overview", "set_role_holder"])
def test_the_team_sees_it_and_nobody_else(cast: Cast, campaign: Campaign, route: str) -> None:
    for who in ("manager", "designer", "cs", "viewer"):
        assert Caller(getattr(cast, who)).get(route, campaign.pk).status_code == 200
    foreign, absent = (Caller(cast.outsider).get(route, pk) for pk in (campaign.pk, 999_999))
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert Caller().get(route, campaign.pk).status_code == 401
    assert Caller().get("today").status_code == 401


# --- roles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("designer", 403), ("cs", 403), ("viewer", 403), ("outsider", 404)]
)
def test_a_manager_names_who_holds_a_role(cast: Cast, campaign: Campaign, who: str, status: int) -> None:
    task = TaskFactory(campaign=campaign, role="design")
    body = {"role": "design", "user_id": cast.designer.pk}
    answer = Caller(getattr(cast, who)).post("set_role_holder", campaign.pk, body=body)
    assert answer.status_code == status
    task.refresh_from_db()
    assert (task.owner_id == cast.designer.pk) is (status == 200)
    assert bool(role_holders(campaign.pk)) is (status == 200)
    if status == 200:
        line = next(line for line in answer.json()["roles"] if line["role"] == "design")
        assert (line["holder_id"], line["open_tasks"], line["open_hours"], line["unassigned"]) == (
            cast.designer.pk,
            1,
            "4.0",
            0,
        )


@pytest.mark.parametrize(("who", "status"), [("viewer", 400), ("outsider", 400)])
def test_only_those_who_work_in_the_team_hold_a_role(cast: Cast, campaign: Campaign, who: str, status: int) -> None:
    body = {"role": "design", "user_id": getattr(cast, who).pk}
    answer = Caller(cast.manager).post("set_role_holder", campaign.pk, body=body)
    assert (answer.status_code, role_holders(campaign.pk)) == (status, {})
    assert not CampaignEvent.objects.filter(verb="set_role_holder").exists()


@pytest.mark.parametrize(
    "body", [{}, {"role": "king", "user_id": 1}, {"role": "cs", "user_id": 0}, {"role": "cs", "user_id": 1, "x": 1}]
)
def test_nonsense_is_refused(cast: Cast, campaign: Campaign, body: dict[str, Any]) -> None:
    answer = Caller(cast.manager).post("set_role_holder", campaign.pk, body=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_more_tasks_ask_no_more_queries(cast: Cast, campaign: Campaign) -> None:
    manager = Caller(cast.manager)

    def grow() -> list[int]:
        count = Task.objects.count() or 4
        for role in ("cs", "design", "ops"):
            TaskFactory.create_batch(count, campaign=campaign, role=role, must_have=True)
        tasks = TaskFactory.create_batch(count, campaign=campaign, owner=cast.manager, due_at=NOW - DAY)
        for task in tasks:
            ChecklistItemFactory(task=task)
        counts = []
        for route, ids in (("today", ()), ("overview", (campaign.pk,)), ("set_role_holder", (campaign.pk,))):
            with CaptureQueriesContext(connection) as captured:
                assert manager.get(route, *ids).status_code == 200
            counts.append(len(captured))
        return counts

    assert grow() == grow()
