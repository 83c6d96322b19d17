"""The page of a task and its fragment: editing in place, conflicts that lose nothing, what is missing before done."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.board import actions
from campaigns.board.models import ChecklistItem, Comment, Evidence, Task
from campaigns.campaign.models import Campaign
from tests.cast import Cast
from tests.factories import NOW, PNG, CampaignFactory, ChecklistItemFactory, TaskFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    for person in (cast.manager, cast.designer, cast.cs, cast.viewer, cast.outsider):
        person.language = "en"
        person.save(update_fields=["language"])
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def task(cast: Cast, campaign: Campaign) -> Task:
    due_at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
    return TaskFactory(campaign=campaign, code="P24", title="主图", role="design", owner=cast.designer, due_at=due_at)


def as_(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def root(response: HttpResponse) -> str:
    found = re.match(r'\s*<\w+\s+id="([^"]+)"', text(response))
    assert found
    return found[1]


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def form_of(response: HttpResponse, column: str) -> dict[str, str]:
    """What the browser would send from the form of one fact, as it came."""
    page = response.content.decode()
    found = re.search(rf'<form[^>]*data-draft="task-\d+-{column}".*?</form>', page, re.DOTALL)
    assert found
    fields = re.findall(r"<input[^>]*>", found[0])
    sent = {}
    for field in fields:
        given = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', field))
        sent[given["name"]] = unescape(given.get("value", ""))
    return sent


# --- the fragment ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "designer", "cs", "viewer"])
def test_the_drawer_gets_the_task_alone_the_page_all_around_it(cast: Cast, task: Task, who: str) -> None:
    whole, part = (as_(cast, who).get(url("task", task.pk), headers=headers) for headers in ({}, HTMX))
    assert root(part) == "task"
    assert "<html" in text(whole)
    assert "<html" not in text(part)
    assert text(whole).count('id="task"') == text(part).count('id="task"') == 1
    for identity in re.findall(r'\sid="([^"]+)"', text(part)):
        assert text(part).count(f' id="{identity}"') == 1, identity


def test_nothing_new_is_a_204_and_any_change_is_news(cast: Cast, task: Task) -> None:
    client = as_(cast, "viewer")
    item = ChecklistItemFactory(task=task)
    live = re.search(r'data-live="([^"]+)"', text(client.get(url("task", task.pk), headers=HTMX)))
    assert live
    assert client.get(live[1], headers=HTMX).status_code == 204
    assert as_(cast, "outsider").get(live[1], headers=HTMX).status_code == 404
    actions.tick_item(actor=cast.actor("designer"), item_id=item.pk, now=NOW)
    assert root(client.get(live[1], headers=HTMX)) == "task"


def test_a_reader_is_offered_only_what_is_theirs(cast: Cast, task: Task) -> None:
    pages = {who: text(as_(cast, who).get(url("task", task.pk))) for who in ("manager", "designer", "viewer")}
    assert "fact-due_at-edit" in pages["manager"]
    assert "flag-needs_evidence" in pages["manager"]
    assert "fact-title-edit" in pages["designer"]
    for managers in ("fact-due_at-edit", "fact-role-edit", "flag-must_have", "flag-needs_evidence", "fact-owner-edit"):
        assert managers not in pages["designer"]
    for workers in ("fact-title-edit", "new-item", "add-evidence", "flag-important"):
        assert workers not in pages["viewer"]
    assert "comment-body" in pages["viewer"]


# --- in place ----------------------------------------------------------------------------------


def test_one_fact_is_changed_and_nothing_else(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    sent = form_of(client.get(url("task", task.pk)), "title")
    assert set(sent) == {"csrfmiddlewaretoken", "only", "version", "title", "initial-title"}
    answer = client.post(url("edit_task", task.pk), {**sent, "title": "主图两版", "urgent": "on"}, headers=HTMX)
    assert root(answer) == "task-work"
    task.refresh_from_db()
    assert (task.title, task.urgent, task.version) == ("主图两版", False, 2)
    plain = client.post(url("edit_task", task.pk), {**sent, "title": "主图三版", "version": 2})
    assert plain.url == url("task", task.pk)


def test_a_flag_is_one_tap(cast: Cast, task: Task) -> None:
    client = as_(cast, "manager")
    given = {"only": "needs_evidence", "initial-needs_evidence": "False", "needs_evidence": "on", "version": 1}
    answer = client.post(url("edit_task", task.pk), given, headers=HTMX)
    assert re.search(r'id="flag-needs_evidence"[^>]*aria-pressed="true"', text(answer))
    off = {"only": "needs_evidence", "initial-needs_evidence": "True", "version": 2}
    client.post(url("edit_task", task.pk), off, headers=HTMX)
    task.refresh_from_db()
    assert not task.needs_evidence


def test_a_members_form_holds_no_managers_field(cast: Cast, task: Task) -> None:
    due_at = task.due_at
    for column, value in (("due_at", "2027-01-01T10:00"), ("needs_evidence", "on"), ("phase", "review")):
        given = {"only": column, column: value, f"initial-{column}": "", "version": 1}
        as_(cast, "designer").post(url("edit_task", task.pk), given)
    task.refresh_from_db()
    assert (task.due_at, task.needs_evidence, task.phase, task.version) == (due_at, False, "prep", 1)


# --- conflicts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_both_values_come_back_and_one_more_press_saves(cast: Cast, task: Task, headers: dict[str, str]) -> None:
    client = as_(cast, "designer")
    sent = form_of(client.get(url("task", task.pk)), "title") | {"title": "我的标题"}
    actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"title": "她的标题"}, version=1, now=NOW)
    refused = client.post(url("edit_task", task.pk), sent, headers=headers)
    assert refused.status_code == 409
    assert "Theirs: <strong>她的标题</strong>" in text(refused)
    again = form_of(refused, "title")
    assert again["title"] == "我的标题"
    assert task.title == "主图"
    # Keep mine: the form as it came.
    kept = client.post(url("edit_task", task.pk), again, headers=headers)
    assert kept.status_code == (200 if headers else 302)
    task.refresh_from_db()
    assert (task.title, task.version) == ("我的标题", 3)
    # Take theirs: nothing is written.
    client.post(url("edit_task", task.pk), {**sent, "title": "x"}, headers=headers)
    taken = client.post(url("edit_task", task.pk), {**again, "version": 3, "settle-title": "theirs"}, headers=headers)
    assert taken.status_code == (200 if headers else 302)
    task.refresh_from_db()
    assert (task.title, task.version) == ("我的标题", 3)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_whole_form_keeps_every_word_and_asks_field_by_field(
    cast: Cast, task: Task, headers: dict[str, str]
) -> None:
    client = as_(cast, "manager")
    page = client.get(url("edit_task", task.pk)).content.decode()
    seen = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(initial-[\w]+)"(?: value="([^"]*)")?', page)
    }
    mine = {**seen, "version": "1", "role": "design", "phase": "prep", "estimate_hours": "7.5", "title": "我的标题"}
    mine |= {"acceptance": "写了很久的一段话", "due_at": timezone.localtime(task.due_at).strftime("%Y-%m-%dT%H:%M")}
    other = {"title": "她的标题", "estimate_hours": 9, "urgent": True}
    actions.edit_task(actor=cast.actor("designer"), task_id=task.pk, changes=other, version=1, now=NOW)
    refused = client.post(url("edit_task", task.pk), mine, headers=headers)
    assert refused.status_code == 409
    assert text(refused).count("Theirs:") == 2
    for typed in ("我的标题", "7.5", "写了很久的一段话"):
        assert typed in text(refused)
    if headers:
        assert root(refused) == "edit-task"
    # Mine for one, theirs for the other.
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', refused.content.decode()))
    settled = {**mine, **hidden, "settle-title": "mine", "settle-estimate_hours": "theirs"}
    client.post(url("edit_task", task.pk), settled, headers=headers)
    task.refresh_from_db()
    assert (task.title, task.estimate_hours, task.acceptance, task.urgent) == ("我的标题", 9, "写了很久的一段话", True)


def test_a_line_that_two_people_changed_shows_both_texts(cast: Cast, task: Task) -> None:
    item = ChecklistItemFactory(task=task, text="她的")
    client = as_(cast, "designer")
    refused = client.post(url("edit_item", item.pk), {"text": "我的", "was": "旧的"}, headers=HTMX)
    assert (refused.status_code, root(refused)) == (409, "task-work")
    assert "Theirs: <strong>她的</strong>" in text(refused)
    assert 'value="我的"' in text(refused)
    was = re.search(r'name="was" value="([^"]*)"', text(refused))
    assert was
    assert client.post(url("edit_item", item.pk), {"text": "我的", "was": was[1]}, headers=HTMX).status_code == 200
    assert ChecklistItem.objects.get(pk=item.pk).text == "我的"


# --- before done -------------------------------------------------------------------------------


def test_what_is_missing_is_asked_for_and_done_in_one_go(cast: Cast, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(needs_evidence=True)
    items = [ChecklistItemFactory(task=task, text=name).pk for name in ("白底", "水印")]
    client = as_(cast, "designer")
    part = client.get(url("finish_task", task.pk), headers=HTMX)
    assert root(part) == "task-finish"
    for item in items:
        assert f'name="item_ids" value="{item}"' in re.sub(r"\s+", " ", text(part))
    half = client.post(url("finish_task", task.pk), {"item_ids": items}, headers=HTMX)
    assert half.status_code == 409
    assert "Evidence is missing" in text(half)
    sent = {"item_ids": items, "file": SimpleUploadedFile("终稿.png", PNG), "actual_hours": "1.5", "version": 1}
    done = client.post(url("finish_task", task.pk), sent, headers=HTMX)
    assert root(done) == "task"
    task.refresh_from_db()
    assert (task.status, str(task.actual_hours), Evidence.objects.count()) == ("done", "1.5", 1)


def test_what_it_waits_for_cannot_be_ticked_away(cast: Cast, task: Task) -> None:
    first = TaskFactory(campaign=task.campaign, title="拍摄")
    actions.add_dependency(actor=cast.actor("manager"), task_id=task.pk, predecessor_id=first.pk, now=NOW)
    page = re.sub(r"\s+", " ", text(as_(cast, "designer").get(url("finish_task", task.pk))))
    assert "It still waits for:" in page
    assert 'class="button primary" disabled' in page


def test_a_viewer_sees_what_is_missing_and_has_no_button(cast: Cast, task: Task) -> None:
    ChecklistItemFactory(task=task, text="白底")
    page = text(as_(cast, "viewer").get(url("finish_task", task.pk)))
    assert "白底" in page
    assert "It cannot be marked done now." in page


# --- comments ----------------------------------------------------------------------------------


def test_only_ones_own_words_have_a_form(cast: Cast, task: Task) -> None:
    own = actions.add_comment(actor=cast.actor("designer"), task_id=task.pk, body="我的话", now=NOW)
    other = actions.add_comment(actor=cast.actor("cs"), task_id=task.pk, body="她的话", now=NOW)
    page = text(as_(cast, "designer").get(url("task", task.pk)))
    assert f"edit-comment-{own}" in page
    assert f"edit-comment-{other}" not in page
    assert url("remove_comment", other) not in page
    assert url("remove_comment", other) in text(as_(cast, "manager").get(url("task", task.pk)))
    client = as_(cast, "designer")
    assert root(client.post(url("edit_comment", own), {"body": "改过"}, headers=HTMX)) == "task-comments"
    assert "改过" not in text(client.post(url("remove_comment", own), headers=HTMX))
    assert Comment.objects.count() == 1


# --- cost --------------------------------------------------------------------------------------


def test_the_page_costs_the_same_with_more_on_it(cast: Cast, task: Task) -> None:
    client = as_(cast, "manager")

    def more() -> None:
        for n in range(4):
            ChecklistItemFactory(task=task)
            actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, url=f"https://a.cn/{n}", now=NOW)
            actions.add_comment(actor=cast.actor("designer"), task_id=task.pk, body="好", now=NOW)

    def statements(name: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(name, task.pk), headers=HTMX).status_code == 200
        return len(caught)

    more()
    before = [statements("task"), statements("finish_task")]
    more()
    assert [statements("task"), statements("finish_task")] == before
