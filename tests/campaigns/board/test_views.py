"""The board's pages and fragments, as each of the cast."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.board.models import ChecklistItem, Task, TaskDependency
from campaigns.board.rules import MOST_MENTIONS
from campaigns.campaign.models import Campaign
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import CampaignFactory, ChecklistItemFactory, TaskFactory, depends

HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    for person in (cast.manager, cast.designer, cast.cs, cast.viewer, cast.outsider):
        person.language = "en"
        person.save(update_fields=["language"])
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def task(cast: Cast, campaign: Campaign) -> Task:
    due_at = timezone.now() + timedelta(days=2)
    return TaskFactory(campaign=campaign, code="P24", title="主图", role="design", owner=cast.designer, due_at=due_at)


def as_(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def root(response: HttpResponse) -> str:
    """The id of the fragment's root element."""
    found = re.match(r'<\w+\s+id="([^"]+)"', text(response))
    assert found
    return found[1]


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


PAGES = ["board", "create_task", "task", "edit_task"]


def page(name: str, task: Task) -> str:
    return url(name, task.campaign_id if name in {"board", "create_task"} else task.pk)


@pytest.mark.parametrize("name", PAGES)
def test_managers_and_owners_open_every_page(cast: Cast, task: Task, name: str) -> None:
    for who in ("manager", "designer"):
        response = as_(cast, who).get(page(name, task))
        assert response.status_code == 200
        assert "618 2027" in text(response)


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("cs", {"board": 200, "create_task": 200, "task": 200, "edit_task": 403}),
        ("viewer", {"board": 200, "create_task": 403, "task": 200, "edit_task": 403}),
        ("outsider", dict.fromkeys(PAGES, 404)),
    ],
)
def test_pages_by_person(cast: Cast, task: Task, who: str, answers: dict[str, int]) -> None:
    client = as_(cast, who)
    assert {name: client.get(page(name, task)).status_code for name in PAGES} == answers


def test_strangers_are_asked_to_log_in(task: Task) -> None:
    for name in PAGES:
        response = Client().get(page(name, task))
        assert response.status_code == 302
        assert "next=" in response["Location"]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("assign_task", "owner_id"),
        ("set_helpers", "user_ids"),
        ("send_to_review", "reviewer_id"),
        ("move_task", "before_id"),
        ("add_dependency", "predecessor_id"),
    ],
)
@pytest.mark.parametrize("value", [10**30, 2**63, -1])
def test_an_id_that_no_row_can_have_is_refused_from_a_stale_page_too(
    cast: Cast, task: Task, name: str, field: str, value: int
) -> None:
    boss = as_(cast, "manager")
    assert boss.post(url("assign_task", task.pk), {"owner_id": cast.cs.pk, "version": "1"}).status_code == 302
    assert boss.post(url("set_helpers", task.pk), {"user_ids": cast.designer.pk}).status_code == 302
    assert boss.post(url(name, task.pk), {field: value, "version": "1"}).status_code == 409


def test_a_move_to_done_with_something_in_the_way_says_what(cast: Cast, task: Task) -> None:
    ChecklistItemFactory(task=task, text="无二维码")
    response = as_(cast, "designer").post(url("move_task", task.pk), {"status": "done"}, headers=HTMX)
    assert response.status_code == 409
    assert "Not ticked: 无二维码" in text(response)
    page_text = text(as_(cast, "designer").get(url("task", task.pk)))
    assert "Not ticked: 无二维码" in page_text
    # What is missing is asked for right there.
    assert re.search(rf'id="verb-complete"[^>]*href="{url("finish_task", task.pk)}"', page_text)


def test_ticking_is_answered_in_place_and_opens_the_done_button(cast: Cast, task: Task) -> None:
    item = ChecklistItemFactory(task=task, text="白底")
    client = as_(cast, "designer")
    response = client.post(url("tick_item", item.pk), headers=HTMX)
    assert root(response) == "task-work"
    assert 'id="task-history"' in text(response)
    assert not re.search(r'id="verb-complete"[^>]*disabled', text(response))
    assert client.post(url("untick_item", item.pk))["Location"] == url("task", task.pk)
    assert ChecklistItem.objects.get().ticked_at is None
    assert client.post(url("waive_item", item.pk), {"reason": "x"}).status_code == 403
    assert as_(cast, "manager").post(url("waive_item", item.pk), {"reason": "不适用"}).status_code == 302
    assert "不适用" in text(client.get(url("task", task.pk)))


def test_the_whole_life_of_a_task_through_its_page(cast: Cast, task: Task) -> None:
    designer, cs, manager = (as_(cast, who) for who in ("designer", "cs", "manager"))
    task_id = task.pk
    steps = [
        (designer, "start_task", {}, "doing"),
        (designer, "block_task", {"reason": "等样品"}, "blocked"),
        (designer, "unblock_task", {}, "doing"),
        (designer, "send_to_review", {"reviewer_id": cast.cs.pk}, "in_review"),
        (cs, "complete_task", {"actual_hours": "3.5"}, "done"),
        (designer, "reopen_task", {}, "doing"),
        (manager, "cancel_task", {"reason": "不做了"}, "cancelled"),
        (manager, "reopen_task", {}, "doing"),
    ]
    for client, name, data, status in steps:
        version = Task.objects.get(pk=task_id).version
        response = client.post(url(name, task_id), data | {"version": version}, headers=HTMX)
        assert (response.status_code, Task.objects.get(pk=task_id).status) == (200, status)
    history = text(manager.get(url("task", task_id)))
    assert "等样品" in history
    assert "不做了" in history


def test_owner_helpers_hours_and_dependencies_from_the_page(cast: Cast, task: Task) -> None:
    manager = as_(cast, "manager")
    other = TaskFactory(campaign=task.campaign, code="P19", title="文案")
    posts = [
        ("assign_task", {"owner_id": ""}),
        ("assign_task", {"owner_id": cast.cs.pk}),
        ("set_helpers", {"user_ids": [cast.designer.pk, cast.manager.pk]}),
        ("log_hours", {"hours": "1.5"}),
        ("add_dependency", {"predecessor_id": other.pk}),
        ("waive_predecessor", {"predecessor_id": other.pk, "reason": "沿用"}),
    ]
    for name, data in posts:
        response = manager.post(url(name, task.pk), data, headers=HTMX)
        assert response.status_code == 200, name
    task.refresh_from_db()
    assert (task.owner, str(task.actual_hours), task.helpers.count()) == (cast.cs, "1.5", 2)
    assert "沿用" in text(manager.get(url("task", task.pk)))
    manager.post(url("remove_dependency", task.pk), {"predecessor_id": other.pk})
    assert not TaskDependency.objects.exists()


def test_an_unowned_task_is_taken_from_its_page(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, role="design", owner=None)
    assert "Take it" not in text(as_(cast, "cs").get(url("task", task.pk)))
    client = as_(cast, "designer")
    assert "Take it" in text(client.get(url("task", task.pk)))
    client.post(url("take_task", task.pk), {"version": 1})
    task.refresh_from_db()
    assert task.owner == cast.designer


def test_a_comment_is_answered_in_place_and_escaped(cast: Cast, task: Task) -> None:
    client = as_(cast, "viewer")
    response = client.post(url("add_comment", task.pk), {"body": "<b>@小美</b>\n今天"}, headers=HTMX)
    assert root(response) == "task-comments"
    assert "&lt;b&gt;@小美&lt;/b&gt;<br>今天" in text(response)
    assert client.post(url("add_comment", task.pk), {"body": " "}, headers=HTMX).status_code == 409


def test_one_mention_too_many_is_refused_on_the_page_and_over_the_api(cast: Cast, task: Task) -> None:
    """H3: by the same words."""
    client, body = as_(cast, "viewer"), {"body": "@小美"}
    for _ in range(MOST_MENTIONS):
        assert client.post(url("add_comment", task.pk), body, headers=HTMX).status_code == 200
    page = client.post(url("add_comment", task.pk), body, headers=HTMX)
    assert page.status_code == 409
    assert "Try again in 60 minutes." in text(page)
    over_api = Caller(cast.viewer).post("comments", task.pk, body=body)
    assert (over_api.status_code, over_api.json()["code"]) == (409, "too_many")


def test_a_gate_is_confirmed_by_somebody_else_from_its_page(cast: Cast, task: Task) -> None:
    Task.objects.update(is_gate=True)
    as_(cast, "designer").post(url("complete_task", task.pk))
    assert as_(cast, "designer").post(url("confirm_gate", task.pk)).status_code == 403
    assert "somebody else still has to confirm" in text(as_(cast, "designer").get(url("task", task.pk)))
    as_(cast, "manager").post(url("confirm_gate", task.pk))
    assert Task.objects.get().confirmed_by == cast.manager


def edit_form(client: Client, task: Task) -> dict[str, str]:
    """What a browser would send from the edit form without a change."""
    form = client.get(url("edit_task", task.pk)).context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        shown = bound.field.widget.format_value(value) if hasattr(bound.field.widget, "format_value") else value
        if isinstance(shown, list):
            shown = shown[0]
        if value is not False:
            data[bound.html_name] = "on" if value is True else shown or ""
        if bound.field.show_hidden_initial:
            data[bound.html_initial_name] = str(value) if value is not None else ""
    return data


def test_the_edit_form_changes_only_what_was_changed(cast: Cast, task: Task) -> None:
    manager, designer = as_(cast, "manager"), as_(cast, "designer")
    first, second = edit_form(manager, task), edit_form(designer, task)
    assert "due_at" not in second
    response = manager.post(url("edit_task", task.pk), first | {"due_at": "2026-12-01T18:00"})
    assert response["Location"] == url("task", task.pk)
    assert designer.post(url("edit_task", task.pk), second | {"title": "主图 3:4"}).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.due_changes, task.version) == ("主图 3:4", 1, 3)
    # Typed in the reader's zone: 18:00 in Shanghai.
    assert task.due_at is not None
    assert task.due_at.isoformat() == "2026-12-01T10:00:00+00:00"


def test_the_same_field_edited_twice_is_answered_with_both_values(cast: Cast, task: Task) -> None:
    manager, designer = as_(cast, "manager"), as_(cast, "designer")
    first, second = edit_form(manager, task), edit_form(designer, task)
    manager.post(url("edit_task", task.pk), first | {"title": "主图甲"})
    response = designer.post(url("edit_task", task.pk), second | {"title": "主图乙"}, headers=HTMX)
    assert response.status_code == 409
    assert "主图甲" in text(response)
    assert "主图乙" in text(response)
    task.refresh_from_db()
    assert task.title == "主图甲"


def test_an_untouched_edit_form_changes_nothing(cast: Cast, task: Task) -> None:
    manager = as_(cast, "manager")
    assert manager.post(url("edit_task", task.pk), edit_form(manager, task)).status_code == 302
    task.refresh_from_db()
    assert task.version == 1


def test_a_new_task_from_the_form(cast: Cast, campaign: Campaign) -> None:
    data = {
        "title": "补图",
        "role": "design",
        "phase": "prep",
        "owner_id": cast.designer.pk,
        "due_at": "2026-12-01T18:00",
        "checklist": "白底\n水印\n",
    }
    response = as_(cast, "designer").post(url("create_task", campaign.pk), data, headers=HTMX)
    task = Task.objects.get()
    assert response["HX-Redirect"] == url("task", task.pk)
    assert (task.owner, task.checklist.count(), task.estimate_hours) == (cast.designer, 2, 0)
    assert "补图" in text(as_(cast, "viewer").get(url("board", campaign.pk)))


def test_a_new_task_with_faults_is_refused_by_field(cast: Cast, campaign: Campaign) -> None:
    response = as_(cast, "manager").post(url("create_task", campaign.pk), {"role": "design"}, headers=HTMX)
    assert response.status_code == 409
    assert "Title" in text(response)
    assert not Task.objects.exists()


def test_a_line_is_done_by_one_tap_and_undone_by_another(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    response = client.post(url("complete_line", task.pk), {"version": 1}, headers=HTMX)
    assert root(response) == f"line-{task.pk}"
    assert url("reopen_line", task.pk) in text(response)
    response = client.post(url("reopen_line", task.pk), {"version": 2}, headers=HTMX)
    assert url("complete_line", task.pk) in text(response)
    response = client.post(url("complete_line", task.pk), headers={"Referer": "http://testserver/?a=1"})
    assert response["Location"] == "http://testserver/?a=1"
    response = client.post(url("reopen_line", task.pk), headers={"Referer": "http://elsewhere.test/"})
    assert response["Location"] == url("task", task.pk)


POSTS = {
    "move_task": {"status": "doing"},
    "take_task": {},
    "assign_task": {"owner_id": ""},
    "set_helpers": {},
    "start_task": {},
    "send_to_review": {"reviewer_id": "1"},
    "complete_task": {},
    "block_task": {"reason": "x"},
    "cancel_task": {"reason": "x"},
    "log_hours": {"hours": "1"},
    "edit_task": {"title": "x"},
    "add_dependency": {"predecessor_id": "1"},
    "complete_line": {},
    "take_line": {},
}


@pytest.mark.parametrize("name", sorted(POSTS))
def test_viewers_change_nothing_and_outsiders_find_nothing(cast: Cast, task: Task, name: str) -> None:
    assert as_(cast, "viewer").post(url(name, task.pk), POSTS[name]).status_code == 403
    assert as_(cast, "outsider").post(url(name, task.pk), POSTS[name]).status_code == 404
    assert Client().post(url(name, task.pk), POSTS[name]).status_code == 302
    task.refresh_from_db()
    assert task.version == 1


@pytest.mark.parametrize("name", ["tick_item", "untick_item", "waive_item"])
def test_outsiders_find_no_checklist_lines(cast: Cast, task: Task, name: str) -> None:
    item = ChecklistItemFactory(task=task)
    assert as_(cast, "outsider").post(url(name, item.pk), {"reason": "x"}).status_code == 404
    assert as_(cast, "viewer").post(url(name, item.pk), {"reason": "x"}).status_code == 403


def test_verbs_are_not_for_links(cast: Cast, task: Task) -> None:
    for name in POSTS.keys() - {"edit_task", "move_task"}:
        assert as_(cast, "manager").get(url(name, task.pk)).status_code == 405


def test_every_id_on_the_pages_is_there_once(cast: Cast, task: Task) -> None:
    depends(task, TaskFactory(campaign=task.campaign))
    ChecklistItemFactory.create_batch(3, task=task)
    for name in PAGES:
        ids = re.findall(r'\sid="([^"]+)"', text(as_(cast, "manager").get(page(name, task))))
        assert len(ids) == len(set(ids)), name
