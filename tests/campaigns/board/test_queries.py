"""What the board, the lists and the task page show, and what that costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns.board import actions
from campaigns.board.models import Task, TaskHelper
from campaigns.board.queries import BoardAsked, board_screen, line_for, task_for, task_screen
from campaigns.board.rules import Status, Verb
from campaigns.campaign.models import Campaign
from planner.core.errors import Missing
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, depends


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def fill(cast: Cast, campaign: Campaign, count: int, offset: int = 0) -> None:
    """Tasks in every state, each with a helper, two checklist lines and a predecessor."""
    before = TaskFactory(campaign=campaign, owner=cast.manager)
    for index in range(count):
        status = list(Status)[index % 6]
        task = TaskFactory(
            campaign=campaign,
            code=f"N{offset + index}",
            owner=[cast.designer, cast.cs, None][index % 3],
            status=status,
            done_at=NOW if status is Status.DONE else None,
            title_en=f"Task {index}",
        )
        TaskHelper.objects.create(task=task, user=cast.manager)
        ChecklistItemFactory.create_batch(2, task=task)
        depends(task, before)


def cost(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def test_a_task_page_costs_the_same_with_a_long_history(cast: Cast, campaign: Campaign) -> None:
    fill(cast, campaign, 3)
    task = Task.objects.get(code="N0")
    manager = cast.actor("manager")

    def live(rounds: int) -> None:
        for _ in range(rounds):
            actions.start_task(actor=manager, task_id=task.pk, now=NOW)
            actions.move_task(actor=manager, task_id=task.pk, status=Status.TODO, now=NOW)
            actions.assign_task(actor=manager, task_id=task.pk, owner_id=cast.cs.pk, now=NOW)
            actions.assign_task(actor=manager, task_id=task.pk, owner_id=cast.designer.pk, now=NOW)
            actions.add_comment(actor=manager, task_id=task.pk, body="@阿敏 看", now=NOW)

    live(1)
    few = cost(lambda: task_screen(manager, task.pk, NOW))
    live(3)
    ChecklistItemFactory.create_batch(5, task=task)
    assert cost(lambda: task_screen(manager, task.pk, NOW)) == few


@pytest.mark.parametrize(
    ("who", "values", "offers"),
    [
        ("designer", {}, {"can_complete"}),
        ("designer", {"status": "done", "done_at": NOW}, {"can_reopen"}),
        ("manager", {"owner": None}, {"can_complete", "can_take"}),
        ("viewer", {}, set()),
    ],
)
def test_a_line_offers_what_is_one_tap_away(
    cast: Cast, campaign: Campaign, who: str, values: dict[str, Any], offers: set[str]
) -> None:
    task = TaskFactory(**{"campaign": campaign, "owner": cast.designer} | values)
    line = line_for(cast.actor(who), task.pk, NOW)
    named = {"can_complete", "must_first", "can_reopen", "can_confirm", "can_take"}
    assert {name for name in named if getattr(line, name)} == offers


def test_a_line_with_something_in_the_way_says_so(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.designer, due_at=NOW)
    ChecklistItemFactory(task=task, text="白底")
    line = line_for(cast.actor("designer"), task.pk, NOW)
    assert (line.can_complete, line.must_first) == (False, True)
    assert [str(reason) for reason in line.blockers] == ["Not ticked: 白底"]


def test_the_task_page_says_everything_with_names_instead_of_ids(cast: Cast, campaign: Campaign) -> None:
    before = TaskFactory(campaign=campaign, code="P19", title="文案")
    task = TaskFactory(campaign=campaign, code="P24", title="主图", role="design")
    after = TaskFactory(campaign=campaign, code="P25", title="机检")
    depends(task, before)
    depends(after, task)
    ChecklistItemFactory(task=task, text="白底")
    manager = cast.actor("manager")
    actions.assign_task(actor=manager, task_id=task.pk, owner_id=cast.designer.pk, now=NOW)
    actions.set_helpers(actor=manager, task_id=task.pk, user_ids=[cast.cs.pk], now=NOW)
    actions.edit_task(actor=manager, task_id=task.pk, changes={"due_at": NOW}, now=NOW)
    actions.block_task(actor=manager, task_id=task.pk, reason="等样品", now=NOW)
    actions.add_comment(actor=manager, task_id=task.pk, body="快了", now=NOW)
    actions.move_task(actor=manager, task_id=task.pk, before_id=None, now=NOW)
    screen = task_screen(cast.actor("designer"), task.pk, NOW)
    assert (screen.line.owner_name, screen.helper_names, screen.facts.due_changes) == ("小美", ("阿敏",), 1)
    assert [line.name for line in screen.waits_for] == ["P19 文案"]
    assert [line.name for line in screen.needed_by] == ["P25 机检"]
    assert [line.body for line in screen.comments] == ["快了"]
    assert [str(reason) for reason in screen.blockers] == ["Not ticked: 白底", "Waits for P19 文案 (To do)"]
    newest, edited, helped, assigned = screen.history
    assert (newest.actor_name, newest.reason) == ("陈主管", "等样品")
    assert [(change.before, change.after) for change in assigned.changes] == [("—", "小美")]
    assert [(change.before, change.after) for change in helped.changes] == [("—", "阿敏")]
    assert "26" in edited.changes[0].before
    assert "23" in edited.changes[0].after


def test_what_may_be_used_now_depends_on_the_reader(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, role="design", owner=cast.designer)
    verbs = {who: task_screen(cast.actor(who), task.pk, NOW).verbs for who in ("manager", "designer", "cs", "viewer")}
    words = {Verb.COMMENT, Verb.EDIT_COMMENT, Verb.REMOVE_COMMENT}
    assert verbs["viewer"] == verbs["cs"] == words
    assert {Verb.START, Verb.COMPLETE, Verb.EDIT} < verbs["designer"]
    assert verbs["designer"] < verbs["manager"]
    assert verbs["manager"] - verbs["designer"] == {
        Verb.ASSIGN,
        Verb.SET_HELPERS,
        Verb.CANCEL,
        Verb.WAIVE_ITEM,
        Verb.WAIVE_PREDECESSOR,
        Verb.ADD_DEPENDENCY,
        Verb.REMOVE_DEPENDENCY,
        Verb.DELETE,
    }


def test_english_readers_get_the_english_text_where_there_is_one(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, code="P24", title="主图", title_en="Main images")
    ChecklistItemFactory(task=task, text="白底", text_en="White background")
    ChecklistItemFactory(task=task, text="水印")
    with translation.override("en"):
        screen = task_screen(cast.actor("viewer"), task.pk, NOW)
    assert (screen.line.title, [item.text for item in screen.checklist]) == (
        "Main images",
        ["White background", "水印"],
    )
    with translation.override("zh-hans"):
        assert task_for(cast.actor("viewer"), task.pk).name == "P24 主图"


def test_another_teams_tasks_are_not_there(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.designer)
    outsider = cast.actor("outsider")
    for read in (
        lambda: task_for(outsider, task.pk),
        lambda: task_screen(outsider, task.pk, NOW),
        lambda: board_screen(outsider, campaign.pk, BoardAsked(), NOW),
    ):
        with pytest.raises(Missing):
            read()
