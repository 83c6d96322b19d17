"""Tasks over the API: what goes in and out, versions, and what those get who reach for what is not theirs."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import BulkEdit, Comment, Task, TaskHelper
from campaigns.board.queries import whole_board, whole_board_bytes
from campaigns.campaign.models import Campaign, CampaignEvent
from staff.people.models import Membership, User
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, UserFactory, depends, join


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def task(cast: Cast, campaign: Campaign) -> Task:
    """小美's open task."""
    return TaskFactory(campaign=campaign, code="P24", title="主图", title_en="Main image", owner=cast.designer)


@pytest.fixture
def foreign(cast: Cast) -> Task:
    """A task of the other team, with one of everything."""
    task = TaskFactory(campaign=CampaignFactory(team=cast.other_team), owner=cast.outsider, title="别家的")
    ChecklistItemFactory(task=task)
    depends(task, TaskFactory(campaign=task.campaign))
    Comment.objects.create(task=task, author=cast.outsider, body="别家的话", at=NOW)
    return task


@pytest.fixture
def manager(cast: Cast) -> Caller:
    return Caller(cast.manager)


@pytest.fixture
def designer(cast: Cast) -> Caller:
    return Caller(cast.designer)


def everything() -> tuple[Any, ...]:
    return tuple(list(model._default_manager.order_by("pk").values()) for model in (Task, BulkEdit, CampaignEvent))


# --- one task ----------------------------------------------------------------------------------


def test_a_task_comes_with_what_hangs_on_it_and_what_may_be_done(designer: Caller, task: Task) -> None:
    ChecklistItemFactory(task=task, text="白底")
    depends(task, TaskFactory(campaign=task.campaign, code="P11", title="定品"))
    answer = designer.get("task", task.pk)
    body = answer.json()
    assert (body["id"], body["campaign_id"], body["title_en"], body["version"]) == (
        task.pk,
        task.campaign_id,
        "Main image",
        1,
    )
    assert (body["due_at"], body["estimate_hours"]) == ("2026-11-26T01:00:00Z", "4.0")
    assert [item["text"] for item in body["checklist"]] == ["白底"]
    assert [each["name"] for each in body["waits_for"]] == ["P11 定品"]
    assert len(body["blockers"]) == 2
    assert "start_task" in body["verbs"]
    assert "cancel_task" not in body["verbs"]
    assert answer.headers["ETag"].startswith('"1.')


def test_an_edit_needs_the_version_that_was_seen(designer: Caller, task: Task) -> None:
    """P10: 428 without, 412 stale with both values, and two changes of different fields both succeed."""
    etag = designer.get("task", task.pk).headers["ETag"]
    assert designer("patch", "task", task.pk, body={"title": "A"}).status_code == 428
    first = designer("patch", "task", task.pk, body={"title": "A"}, If_Match=etag)
    assert (first.status_code, first.json()["title"], first.json()["version"]) == (200, "A", 2)
    stale = designer("patch", "task", task.pk, body={"title": "B"}, If_Match=etag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (stale.json()["current"], stale.json()["yours"]) == ({"title": "A"}, {"title": "B"})
    other = designer("patch", "task", task.pk, body={"acceptance": "清楚"}, If_Match=etag)
    assert (other.status_code, other.json()["version"]) == (200, 3)
    assert Task.objects.get(pk=task.pk).title == "A"


def test_a_version_that_nobody_can_have_seen_is_stale(designer: Caller, task: Task) -> None:
    answer = designer("patch", "task", task.pk, body={"title": "A"}, If_Match='"9"')
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    task.refresh_from_db()
    assert task.title != "A"


@pytest.mark.parametrize("tag", ["1", '"x"', '"1', '"-1"', '"1", "2"', '"99999999999"'])
def test_a_version_that_cannot_be_one_changes_nothing(designer: Caller, task: Task, tag: str) -> None:
    answer = designer("patch", "task", task.pk, body={"title": "A"}, If_Match=tag)
    assert answer.status_code in {400, 412}
    assert Task.objects.get(pk=task.pk).title == "主图"


VERSIONED = {
    "start_task": {},
    "block_task": {"reason": "等样品"},
    "complete_task": {},
    "move_task": {"status": "doing"},
    "assign_task": {"owner_id": None},
    "cancel_task": {"reason": "不做"},
}


@pytest.mark.parametrize("name", VERSIONED)
def test_a_verb_from_a_stale_screen_is_refused(manager: Caller, task: Task, name: str, cast: Cast) -> None:
    manager.post("send_to_review", task.pk, body={"reviewer_id": cast.cs.pk}, If_Match='"1"')
    manager.post("assign_task", task.pk, body={"owner_id": cast.manager.pk}, If_Match="*")
    assert manager.post(name, task.pk, body=VERSIONED[name]).status_code == 428
    before = everything()
    stale = manager.post(name, task.pk, body=VERSIONED[name], If_Match='"1"')
    assert (stale.status_code, set(stale.json()["current"]), set(stale.json()["yours"])) == (
        412,
        {"owner_id"} if name == "assign_task" else {"status"},
        {"owner_id"} if name == "assign_task" else {"status"},
    )
    assert everything() == before


@pytest.mark.parametrize(
    "body",
    [
        {"id": 9}, {"campaign_id": 9}, {"team_id": 9}, {"version": 9}, {"created_by_id": 9}, {"is_gate": True},
        {"done_by_id": 9}, {"confirmed_by_id": 9}, {"owner_id": 9}, {"status": "done"}, {"position": 1},
        {"due_changes": 0}, {"planned_due_at": None}, {"assigned_at": None}, {"is_staff": True}, {"sent_at": None},
        {"checklist": [{"id": 1, "is_ticked": True}]}, {"campaign": {"phase": "closed"}},
        {"owner": {"level": "manager"}},
        {"__class__": "x"}, {"delete": True}, {"password": "x"}, {"title": {"__class__": "x"}}, {"phase": "closed"},
        {"title": ""}, {"title": "a\0"}, {"estimate_hours": "NaN"}, {"estimate_hours": -1},
        {"due_at": "2027-06-18T20:00"},
        {"due_at": "0001-01-01T00:00:00Z"}, {"title": "x" * 121},
    ],
)  # fmt: skip
def test_fields_that_nobody_may_set_are_refused(manager: Caller, task: Task, body: dict[str, Any]) -> None:
    """B4, B5, B7."""
    before = everything()
    answer = manager("patch", "task", task.pk, body=body, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["fields"]
    assert everything() == before


def test_managers_fields_are_a_managers(designer: Caller, task: Task) -> None:
    for body in ({"due_at": "2027-01-01T00:00:00Z"}, {"role": "cs"}, {"phase": "review"}, {"must_have": True}):
        assert designer("patch", "task", task.pk, body=body, If_Match="*").status_code == 403


def test_no_state_is_skipped(designer: Caller, manager: Caller, task: Task, cast: Cast) -> None:
    """B8."""
    ChecklistItemFactory(task=task, text="白底")
    blocked = designer.post("complete_task", task.pk, If_Match="*")
    assert (blocked.status_code, blocked.json()["code"]) == (409, "blocked")
    assert len(blocked.json()["reasons"]) == 1
    assert designer.post("move_task", task.pk, body={"status": "done"}, If_Match="*").json()["code"] == "blocked"
    assert designer.post("unblock_task", task.pk, If_Match="*").json()["code"] == "not_now"
    gate = TaskFactory(campaign=task.campaign, is_gate=True, owner=cast.designer)
    assert manager.post("confirm_gate", gate.pk, If_Match="*").status_code == 409
    designer.post("complete_task", gate.pk, If_Match="*")
    assert designer.post("confirm_gate", gate.pk, If_Match="*").status_code == 403
    confirmed = manager.post("confirm_gate", gate.pk, If_Match="*")
    assert (confirmed.status_code, confirmed.json()["confirmed_by_id"]) == (200, cast.manager.pk)


def test_the_life_of_a_task(cast: Cast, campaign: Campaign, manager: Caller, designer: Caller) -> None:
    made = manager.post(
        "tasks",
        campaign.pk,
        body={"title": "补图", "role": "design", "checklist": ["白底", "水印"], "due_at": "2027-06-18T20:00:00+08:00"},
    )
    assert (made.status_code, made.json()["due_at"]) == (201, "2027-06-18T12:00:00Z")
    pk = made.json()["id"]
    assert made.headers["Location"] == f"/api/tasks/{pk}/"
    assert designer.post("take_task", pk, If_Match=made.headers["ETag"]).json()["owner_id"] == cast.designer.pk
    assert designer.post("start_task", pk, If_Match="*").json()["status"] == "doing"
    first, second = [item["id"] for item in made.json()["checklist"]]
    assert designer.post("tick_item", first).json()["checklist"][0]["is_ticked"]
    assert not designer.post("untick_item", first).json()["checklist"][0]["is_ticked"]
    designer.post("tick_item", first)
    waived = manager.post("waive_item", second, body={"reason": "不用"}).json()
    assert (waived["checklist"][1]["waived_reason"], waived["blockers"]) == ("不用", [])
    helped = manager.post("set_helpers", pk, body={"user_ids": [cast.cs.pk]}, If_Match="*")
    assert helped.json()["helper_ids"] == [cast.cs.pk]
    assert designer.post("log_hours", pk, body={"hours": "1.5"}).json()["actual_hours"] == "1.5"
    done = designer.post("complete_task", pk, body={"actual_hours": "2"}, If_Match="*").json()
    assert (done["status"], done["done_by_id"], done["actual_hours"]) == ("done", cast.designer.pk, "2.0")
    assert designer.post("reopen_task", pk, If_Match="*").json()["status"] == "doing"
    assert designer.post("block_task", pk, body={"reason": "等"}, If_Match="*").json()["status_reason"] == "等"
    assert designer.post("unblock_task", pk, If_Match="*").json()["status"] == "doing"
    assert manager.post("cancel_task", pk, body={"reason": "不做"}, If_Match="*").json()["status"] == "cancelled"


def test_dependencies(manager: Caller, task: Task) -> None:
    other = TaskFactory(campaign=task.campaign)
    body = {"predecessor_id": other.pk}
    assert len(manager.post("add_dependency", task.pk, body=body).json()["waits_for"]) == 1
    ring = manager.post("add_dependency", other.pk, body={"predecessor_id": task.pk})
    assert (ring.status_code, ring.json()["code"]) == (409, "cycle")
    waived = manager.post("waive_predecessor", task.pk, body={**body, "reason": "不等"}).json()
    assert (waived["waits_for"][0]["is_passed"], waived["blockers"]) == (True, [])
    assert manager.post("remove_dependency", task.pk, body=body).json()["waits_for"] == []


def test_comments(cast: Cast, designer: Caller, task: Task) -> None:
    said = Caller(cast.viewer).post("comments", task.pk, body={"body": "@小美 看一下"})
    assert (said.status_code, said.json()["author_id"]) == (201, cast.viewer.pk)
    designer.post("comments", task.pk, body={"body": "好"})
    page = designer.get("comments", task.pk, query={"limit": 1}).json()
    assert [each["body"] for each in page["items"]] == ["@小美 看一下"]
    rest = designer.get("comments", task.pk, query={"cursor": page["next"]}).json()
    assert [each["body"] for each in rest["items"]] == ["好"]


def test_the_same_key_makes_one_task(manager: Caller, campaign: Campaign) -> None:
    body = {"title": "一次", "role": "ops"}
    first, again = (manager.post("tasks", campaign.pk, body=body, Idempotency_Key="k") for _ in range(2))
    assert (first.content, Task.objects.count()) == (again.content, 1)


# --- lists -------------------------------------------------------------------------------------


def test_a_list_walks_by_cursor_in_the_asked_order(manager: Caller, campaign: Campaign) -> None:
    for index in range(7):
        TaskFactory(campaign=campaign, due_at=NOW + timedelta(hours=index % 3) if index % 4 else None)
    found: list[int] = []
    query: dict[str, Any] = {"ordering": "-due", "limit": 3}
    while True:
        page = manager.get("tasks", campaign.pk, query=query).json()
        found += [item["id"] for item in page["items"]]
        if not page["next"]:
            break
        query["cursor"] = page["next"]
    assert sorted(found) == sorted(Task.objects.values_list("pk", flat=True))
    whole = manager.get("tasks", campaign.pk, query={"ordering": "-due", "limit": 200}).json()["items"]
    assert found == [item["id"] for item in whole]


def test_filters(manager: Caller, cast: Cast, campaign: Campaign, task: Task) -> None:
    TaskFactory(campaign=campaign, role="cs", phase="review", due_at=NOW - timedelta(days=90))
    for query, count in (
        ({}, 2), ({"role": "cs"}, 1), ({"phase": "review"}, 1), ({"person": "nobody"}, 1), ({"late": "true"}, 1),
        ({"person": cast.designer.pk}, 1), ({"person": "mine"}, 0), ({"status": "open", "text": "主图"}, 1),
        ({"status": "done"}, 0),
    ):  # fmt: skip
        assert len(manager.get("tasks", campaign.pk, query=query).json()["items"]) == count, query


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 10**9}, {"limit": 0}, {"limit": -1}, {"limit": 201}, {"page": 0}, {"offset": 10**12},
        {"page_size": 10**9}, {"ordering": "owner__password"}, {"ordering": "?"}, {"ordering": "--due"},
        {"ordering": "due,title"}, {"ordering": "due" * 10_000}, {"owner__team__name": "x"},
        {"owner__password__startswith": "m"},
        {"person": "1 OR 1=1"}, {"person": 10**12}, {"role": "king"}, {"phase": "closed"}, {"status": "gone"},
        {"text": "x" * 81}, {"text": "(a+)+$" * 20}, {"cursor": "x" * 501}, {"late": "maybe"},
    ],
)  # fmt: skip
def test_what_no_list_takes_is_refused(manager: Caller, campaign: Campaign, task: Task, query: dict[str, Any]) -> None:
    """H1, H4, and A6 by `__` look-ups."""
    answer = manager.get("tasks", campaign.pk, query=query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["fields"]) == set(query)


def test_a_filter_by_a_foreign_id_gives_no_row_and_no_hint(
    manager: Caller, cast: Cast, campaign: Campaign, task: Task, foreign: Task
) -> None:
    """A6."""
    answers = [
        manager.get("tasks", campaign.pk, query={"person": pk}).content for pk in (cast.outsider.pk, 999_999_999)
    ]
    assert orjson.loads(answers[0]) == {"items": [], "next": ""}
    assert answers[0] == answers[1]
    assert manager.get("tasks", campaign.pk, query={"text": "别家的"}).json()["items"] == []


# --- walls -------------------------------------------------------------------------------------


def test_foreign_things_are_answered_like_things_that_are_not_there(manager: Caller, foreign: Task) -> None:
    """A1, A11."""
    item = foreign.checklist.get().pk
    for method, route, pk in (
        ("get", "task", foreign.pk), ("patch", "task", foreign.pk), ("get", "comments", foreign.pk),
        ("post", "comments", foreign.pk), ("post", "complete_task", foreign.pk), ("post", "move_task", foreign.pk),
        ("post", "tick_item", item), ("get", "tasks", foreign.campaign_id), ("get", "board", foreign.campaign_id),
    ):  # fmt: skip
        body = {"body": "x"} if route == "comments" else {}
        real = manager(method, route, pk, body=body, If_Match="*") if method != "get" else manager.get(route, pk)
        none = manager(method, route, 10**9, body=body, If_Match="*") if method != "get" else manager.get(route, 10**9)
        assert (real.status_code, real.content) == (404, none.content), (method, route)


def test_foreign_ids_in_a_body_reach_nothing(
    manager: Caller, cast: Cast, campaign: Campaign, task: Task, foreign: Task
) -> None:
    """A2, A3, A4: another team's person, task, neighbour; and another campaign's of one's own team."""
    sibling = TaskFactory(campaign=CampaignFactory(team=cast.team))
    before = everything()
    owner = manager.post("assign_task", task.pk, body={"owner_id": cast.outsider.pk}, If_Match="*")
    assert (owner.status_code, set(owner.json()["fields"])) == (400, {"owner"})
    made = manager.post("tasks", campaign.pk, body={"title": "x", "role": "ops", "owner_id": cast.outsider.pk})
    assert (made.status_code, set(made.json()["fields"])) == (400, {"owner"})
    helpers = manager.post("set_helpers", task.pk, body={"user_ids": [cast.outsider.pk]}, If_Match="*")
    assert helpers.status_code == 400
    reviewer = manager.post("send_to_review", task.pk, body={"reviewer_id": cast.outsider.pk}, If_Match="*")
    assert reviewer.status_code == 400
    for other in (foreign, sibling):
        body = {"predecessor_id": other.pk}
        assert manager.post("add_dependency", task.pk, body=body).status_code == 404
        assert manager.post("remove_dependency", task.pk, body=body).status_code == 404
        beside = manager.post("move_task", task.pk, body={"before_id": other.pk}, If_Match="*")
        gone = manager.post("move_task", task.pk, body={"before_id": 10**9}, If_Match="*")
        assert (beside.status_code, beside.content) == (409, gone.content)
    assert everything() == before


# --- many at once ------------------------------------------------------------------------------


def chosen(tasks: list[Task]) -> list[dict[str, int]]:
    return [{"id": task.pk, "version": task.version} for task in tasks]


def test_preview_apply_undo(manager: Caller, cast: Cast, campaign: Campaign, task: Task) -> None:
    other = TaskFactory(campaign=campaign, code="P25", title="详情页")
    changes = {"owner_id": cast.cs.pk, "due_shift_days": 2}
    before = everything()
    look = manager.post(
        "preview_bulk_edit", campaign.pk, body={"task_ids": [task.pk, other.pk], "changes": changes}
    ).json()
    assert everything() == before
    assert look["can_apply"]
    assert look["tasks"][0]["changes"][0] == {"field": "owner_id", "before": cast.designer.pk, "after": cast.cs.pk}
    tasks = [{"id": line["task_id"], "version": line["version"]} for line in look["tasks"]]
    made = manager.post("apply_bulk_edit", campaign.pk, body={"tasks": tasks, "changes": changes})
    assert (made.status_code, made.json()["count"], made.json()["may_undo"]) == (201, 2, True)
    assert set(Task.objects.values_list("owner_id", flat=True)) == {cast.cs.pk}
    manager("patch", "task", task.pk, body={"due_at": None}, If_Match="*")
    undone = manager.post("undo_bulk_edit", made.json()["id"])
    assert undone.status_code == 200
    assert [(each["task_id"], each["field"], each["why"]) for each in undone.json()["kept"]] == [
        (task.pk, "due_at", "changed")
    ]
    assert list(Task.objects.order_by("pk").values_list("owner_id", flat=True)) == [cast.designer.pk, None]
    assert manager.get("bulk_edit", made.json()["id"]).json()["undone_at"]
    assert manager.post("undo_bulk_edit", made.json()["id"]).json()["code"] == "already_undone"


def test_one_foreign_id_among_own_refuses_the_whole_call(
    manager: Caller, cast: Cast, campaign: Campaign, task: Task, foreign: Task
) -> None:
    """A5."""
    sibling = TaskFactory(campaign=CampaignFactory(team=cast.team))
    before = everything()
    for other in (foreign.pk, sibling.pk, 10**9):
        tasks = [*chosen([task]), {"id": other, "version": 1}]
        apply = manager.post("apply_bulk_edit", campaign.pk, body={"tasks": tasks, "changes": {"urgent": True}})
        look = manager.post(
            "preview_bulk_edit", campaign.pk, body={"task_ids": [task.pk, other], "changes": {"urgent": True}}
        )
        assert (apply.status_code, apply.json()["code"]) == (404, "missing")
        assert look.content == apply.content
    assert everything() == before


def test_a_stale_task_refuses_all_with_both_values(manager: Caller, cast: Cast, campaign: Campaign, task: Task) -> None:
    other = TaskFactory(campaign=campaign)
    tasks = chosen([task, other])
    manager.post("assign_task", task.pk, body={"owner_id": cast.manager.pk}, If_Match="*")
    body = {"tasks": tasks, "changes": {"owner_id": cast.cs.pk}}
    answer = manager.post("apply_bulk_edit", campaign.pk, body=body)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert list(answer.json()["current"].values()) == ["陈主管"]
    assert list(answer.json()["yours"].values()) == ["阿敏"]
    assert Task.objects.get(pk=other.pk).owner_id is None


@pytest.mark.parametrize(
    "change",
    [
        {"changes": {}}, {"changes": {"password": "x"}}, {"changes": {"status": "doing"}},
        {"changes": {"phase": "closed"}},
        {"changes": {"status": "cancelled"}}, {"changes": {"due_shift_days": 0}},
        {"changes": {"due_shift_days": 10**30}},
        {"changes": {"urgent": "maybe"}}, {"changes": []}, {"tasks": []}, {"tasks": [1]}, {"tasks": {}},
        {"tasks": [{"id": 1}]}, {"tasks": [{"id": 1, "version": 0}]}, {"tasks": [{"id": 2**63, "version": 1}]},
        {"tasks": [{"id": pk, "version": 1} for pk in range(1, 502)]}, {"team_id": 1},
    ],
)  # fmt: skip
def test_what_no_change_of_many_takes_is_refused(
    manager: Caller, campaign: Campaign, task: Task, change: dict[str, Any]
) -> None:
    """H2, B4."""
    before = everything()
    body = {"tasks": chosen([task]), "changes": {"urgent": True}} | change
    answer = manager.post("apply_bulk_edit", campaign.pk, body=body)
    # A closed phase is refused task by task.
    status = 409 if change == {"changes": {"phase": "closed"}} else 400
    assert answer.status_code == status, answer.content
    assert everything() == before


def test_lists_that_nobody_could_mean_are_refused(manager: Caller, campaign: Campaign, task: Task) -> None:
    """H2."""
    many = manager.post("set_helpers", task.pk, body={"user_ids": list(range(1, 20_000))}, If_Match="*")
    lines = manager.post("tasks", campaign.pk, body={"title": "x", "role": "ops", "checklist": ["x"] * 20_000})
    assert (many.status_code, lines.status_code) == (400, 400)
    assert Task.objects.count() == 1


def test_a_board_holds_so_many_tasks_and_no_more(
    manager: Caller, campaign: Campaign, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H2."""
    monkeypatch.setattr("campaigns.board.rules.moves.CAMPAIGN_TASKS", 2)
    first, second = (manager.post("tasks", campaign.pk, body={"title": "x", "role": "ops"}) for _ in range(2))
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "full")


def test_nothing_is_taken_back_in_the_archive(manager: Caller, campaign: Campaign, task: Task) -> None:
    made = manager.post("apply_bulk_edit", campaign.pk, body={"tasks": chosen([task]), "changes": {"urgent": True}})
    Campaign.objects.filter(pk=campaign.pk).update(archived_at=NOW)
    before = everything()
    assert manager.post("undo_bulk_edit", made.json()["id"]).status_code == 409
    assert not manager.get("bulk_edit", made.json()["id"]).json()["may_undo"]
    body = {"tasks": [{"id": task.pk, "version": 2}], "changes": {"urgent": False}}
    assert manager.post("apply_bulk_edit", campaign.pk, body=body).status_code == 409
    assert everything() == before


# --- the whole board ---------------------------------------------------------------------------


def test_the_whole_board_is_every_task_as_a_row(cast: Cast, campaign: Campaign, task: Task, foreign: Task) -> None:
    ChecklistItemFactory(task=task)
    ChecklistItemFactory(task=task, ticked_at=NOW, ticked_by=cast.cs)
    ChecklistItemFactory(task=task, waived_reason="不用", waived_by=cast.cs)
    TaskHelper.objects.create(task=task, user=cast.cs)
    later = TaskFactory(campaign=campaign, title="没有英文", start_at=NOW + timedelta(microseconds=5), due_at=None)
    cast.viewer.language = "en"
    cast.viewer.save(update_fields=["language"])
    body = Caller(cast.viewer).get("board", campaign.pk).json()
    first, second = (dict(zip(body["columns"], row, strict=True)) for row in body["rows"])
    assert (first["id"], first["code"], first["title"], first["owner_id"]) == (
        task.pk,
        "P24",
        "Main image",
        cast.designer.pk,
    )
    assert (first["due_at"], first["start_at"], first["version"]) == ("2026-11-26T01:00:00Z", None, 1)
    assert (first["checklist_done"], first["checklist_total"], first["helper_ids"]) == (2, 3, [cast.cs.pk])
    assert (second["id"], second["title"], second["checklist_total"], second["helper_ids"]) == (
        later.pk,
        "没有英文",
        0,
        [],
    )
    assert (second["start_at"], second["due_at"]) == ("2026-11-23T01:00:00Z", None)
    assert body["people"] == {str(cast.designer.pk): "小美", str(cast.cs.pk): "阿敏"}
    assert Caller(cast.manager).get("board", campaign.pk).json()["rows"][0][2] == "主图"


def test_the_whole_board_is_304_until_something_changes(manager: Caller, campaign: Campaign, task: Task) -> None:
    etag = manager.get("board", campaign.pk).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = manager.get("board", campaign.pk, If_None_Match=etag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    # Who asks (the session; its person with their seats); then two: the board's version, the team's names.
    asked = [query["sql"] for query in queries if "django_session" not in query["sql"]]
    assert len([sql for sql in asked if "campaigns_" in sql]) == 1
    assert len(asked) == 3
    manager.post("start_task", task.pk, If_Match="*")
    changed = manager.get("board", campaign.pk, If_None_Match=etag)
    assert (changed.status_code, changed.headers["ETag"] == etag) == (200, False)


def test_the_whole_board_shows_another_name_at_once(
    cast: Cast, manager: Caller, campaign: Campaign, task: Task
) -> None:
    def board(etag: str) -> Any:
        return manager.get("board", campaign.pk, If_None_Match=etag)

    etag = manager.get("board", campaign.pk).headers["ETag"]
    # Of another team: nothing to see here.
    User.objects.filter(pk=cast.outsider.pk).update(display_name="外人二")
    assert board(etag).status_code == 304
    User.objects.filter(pk=cast.designer.pk).update(display_name="小美美")
    renamed = board(etag)
    assert (renamed.status_code, renamed.json()["people"]) == (200, {str(cast.designer.pk): "小美美"})
    assert board(renamed.headers["ETag"]).status_code == 304
    # Who has left keeps the name that their work shows.
    Membership.objects.filter(user=cast.designer).update(left_at=NOW)
    assert manager.get("board", campaign.pk).json()["people"] == {str(cast.designer.pk): "小美美"}
    join(UserFactory(display_name="新人"), cast.team)
    assert board(renamed.headers["ETag"]).status_code == 200


def test_a_board_that_is_known_is_still_its_teams_alone(cast: Cast, manager: Caller, campaign: Campaign) -> None:
    etag = manager.get("board", campaign.pk).headers["ETag"]
    assert Caller(cast.outsider).get("board", campaign.pk, If_None_Match=etag).status_code == 404
    assert Caller(cast.outsider).get("board", campaign.pk, If_None_Match="*").status_code == 404


def test_the_whole_board_costs_four_statements_and_few_bytes_at_any_size(cast: Cast, campaign: Campaign) -> None:
    def cost() -> int:
        actor = cast.actor("manager")
        with CaptureQueriesContext(connection) as queries:
            body = whole_board_bytes(whole_board(actor, campaign.pk))
        rows = orjson.loads(body)["rows"]
        assert len(rows) == Task.objects.count()
        assert len(body) / len(rows) <= 230
        return len(queries)

    for count in (50, 100):
        for index, task in enumerate(TaskFactory.create_batch(count, campaign=campaign, owner=cast.designer)):
            ChecklistItemFactory(task=task)
            if index % 10 == 0:
                TaskHelper.objects.create(task=task, user=cast.cs)
        assert cost() == 4


def test_a_list_costs_the_same_at_any_size(manager: Caller, cast: Cast, campaign: Campaign) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("tasks", campaign.pk, query={"limit": 200}).status_code == 200
        return len(queries)

    costs = []
    for count in (20, 40):
        for task in TaskFactory.create_batch(count, campaign=campaign, owner=cast.designer):
            ChecklistItemFactory(task=task)
        costs.append(cost())
    assert costs[0] == costs[1]
