"""Every verb on a task, taken back: what it wrote is as it was, and who may not, or not any more, is told so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from campaigns.board import actions
from campaigns.board.models import ChecklistItem, Comment, Evidence, Task, TaskDependency, TaskHelper
from campaigns.board.rules import PINYIN_LENGTH, BulkChanges
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.changes.actions import undo_change
from planner.core.errors import DomainError, Missing, NotAllowed, Refused
from planner.core.pinyin import search_words
from staff.people.models import Membership
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, depends

# To the microsecond: what the log's own encoder would round.
DUE = NOW + timedelta(days=3, microseconds=123457)
THEN = NOW + timedelta(minutes=1)
SOON = THEN + timedelta(seconds=9)


@dataclass(frozen=True)
class Scene:
    cast: Cast
    campaign: Campaign
    task: Task
    item: ChecklistItem
    other: Task
    gate: Task
    comment: Comment
    evidence: Evidence

    def does(self, verb: str, who: str = "manager", **values: Any) -> Any:
        """The verb by this person at THEN, on the task unless something else is named."""
        about = (
            {}
            if {"task_id", "item_id", "comment_id", "evidence_id", "campaign_id"} & set(values)
            else {"task_id": self.task.pk}
        )
        return getattr(actions, verb)(actor=self.cast.actor(who), now=THEN, **about, **values)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    campaign = CampaignFactory(team=cast.team, name="618 2027")
    task = TaskFactory(
        campaign=campaign,
        code="P24",
        title="主图",
        pinyin=search_words("主图", PINYIN_LENGTH),
        role="design",
        owner=cast.designer,
        due_at=DUE,
        planned_due_at=DUE,
    )
    TaskHelper.objects.create(task=task, user=cast.cs)
    gate = TaskFactory(
        campaign=campaign, title="卡点", role="design", is_gate=True, status="done", done_at=DUE, done_by=cast.designer
    )
    item = ChecklistItemFactory(task=task, ticked_at=DUE, ticked_by=cast.cs)
    ChecklistItemFactory(task=task, ticked_at=DUE, ticked_by=cast.cs)
    comment = Comment.objects.create(task=task, author=cast.cs, body="好", at=DUE)
    evidence = Evidence.objects.create(task=task, url="https://a.test/1", added_by=cast.cs, added_at=DUE)
    return Scene(cast, campaign, task, item, TaskFactory(campaign=campaign, title="上架"), gate, comment, evidence)


def state() -> dict[str, list[dict[str, Any]]]:
    """Every row of the board but what a version and the log say of it."""
    tasks = [{k: v for k, v in row.items() if k != "version"} for row in Task.everything.order_by("pk").values()]
    helpers = TaskHelper.objects.order_by("task_id", "user_id").values("task_id", "user_id")
    waiting = TaskDependency.objects.order_by("task_id", "predecessor_id")
    return {
        "tasks": tasks,
        "helpers": list(helpers),
        "comments": list(Comment.everything.order_by("pk").values()),
        "evidence": list(Evidence.everything.order_by("pk").values()),
        "items": list(ChecklistItem.everything.order_by("pk").values()),
        "waiting": list(waiting.values("task_id", "predecessor_id", "waived_by_id", "waived_reason")),
    }


def newest() -> CampaignEvent:
    event = CampaignEvent.objects.order_by("-id").first()
    assert event is not None
    return event


Act = Callable[[Scene], Any]
VERBS: dict[str, Act] = {
    "start_task": lambda s: s.does("start_task", "designer"),
    "complete_task": lambda s: s.does("complete_task", "designer", actual_hours=Decimal("1.5")),
    "send_to_review": lambda s: s.does("send_to_review", "designer", reviewer_id=s.cast.manager.pk),
    "block_task": lambda s: s.does("block_task", "designer", reason="等样品"),
    "cancel_task": lambda s: s.does("cancel_task", reason="不做了"),
    "reopen_task": lambda s: s.does("reopen_task", "designer", task_id=s.gate.pk),
    "confirm_gate": lambda s: s.does("confirm_gate", task_id=s.gate.pk),
    "move_task": lambda s: s.does("move_task", after_id=s.other.pk),
    "assign_task": lambda s: s.does("assign_task", owner_id=s.cast.cs.pk),
    "assign_nobody": lambda s: s.does("assign_task", owner_id=None),
    "take_task": lambda s: s.does("take_task", task_id=s.other.pk),
    "edit_task": lambda s: s.does("edit_task", changes={"title": "主图两版", "due_at": DUE + timedelta(days=1)}),
    "edit_flags": lambda s: s.does("edit_task", changes={"role": Role.OPS, "must_have": True, "phase": "execution"}),
    "log_hours": lambda s: s.does("log_hours", "designer", hours=Decimal(2)),
    "set_helpers": lambda s: s.does("set_helpers", user_ids=[s.cast.manager.pk]),
    "untick_item": lambda s: s.does("untick_item", "designer", item_id=s.item.pk),
    "waive_item": lambda s: s.does("waive_item", item_id=s.item.pk, reason="不适用"),
    "edit_item": lambda s: s.does("edit_item", "designer", item_id=s.item.pk, text="白底 800"),
    "remove_item": lambda s: s.does("remove_item", "designer", item_id=s.item.pk),
    "move_item": lambda s: s.does("move_item", "designer", item_id=s.item.pk, up=False),
    "edit_comment": lambda s: s.does("edit_comment", "cs", comment_id=s.comment.pk, body="改一下"),
    "remove_comment": lambda s: s.does("remove_comment", "cs", comment_id=s.comment.pk),
    "remove_evidence": lambda s: s.does("remove_evidence", evidence_id=s.evidence.pk),
    "finish_task": lambda s: s.does("finish_task", "designer"),
    "add_dependency": lambda s: s.does("add_dependency", predecessor_id=s.other.pk),
    "delete_task": lambda s: s.does("delete_task"),
    "bulk_edit": lambda s: s.does(
        "apply_bulk_edit",
        campaign_id=s.campaign.pk,
        seen={s.task.pk: 1, s.other.pk: 1},
        changes=BulkChanges(urgent=True),
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_taken_back_leaves_no_trace_but_in_the_log(scene: Scene, verb: str) -> None:
    before = state()
    VERBS[verb](scene)
    event = newest()
    assert state() != before
    undo_change(actor=_actor(scene, event), event_id=event.pk, now=SOON)
    assert state() == before
    if verb != "bulk_edit":
        assert (newest().verb, newest().undoes_id, newest().undo) == ("undo_change", event.pk, None)
        assert Task.everything.get(pk=event.subject_id).version in {1, 3}


def _actor(scene: Scene, event: CampaignEvent) -> Any:
    return scene.cast.actor(
        next(who for who in ("manager", "designer", "cs") if getattr(scene.cast, who).pk == event.actor_id)
    )


def test_a_tick_goes_and_comes(scene: Scene) -> None:
    open_item = ChecklistItemFactory(task=scene.task)
    scene.does("tick_item", "designer", item_id=open_item.pk)
    undo_change(actor=scene.cast.actor("designer"), event_id=newest().pk, now=SOON)
    open_item.refresh_from_db()
    assert (open_item.ticked_at, open_item.ticked_by) == (None, None)


def test_what_a_task_waits_for_comes_back_with_its_waiver(scene: Scene) -> None:
    depends(scene.task, scene.other, waived_by=scene.cast.manager, waived_reason="急")
    before = state()
    for verb, values in (("waive_predecessor", {"reason": "不等"}), ("remove_dependency", {})):
        scene.does(verb, predecessor_id=scene.other.pk, **values)
        assert state() != before
        undo_change(actor=scene.cast.actor("manager"), event_id=newest().pk, now=SOON)
        assert state() == before


def test_a_comment_and_a_new_task_go_into_the_bin(scene: Scene) -> None:
    comment_id = scene.does("add_comment", "viewer", body="好")
    undo_change(actor=scene.cast.actor("viewer"), event_id=newest().pk, now=SOON)
    assert not Comment.objects.filter(pk=comment_id).exists()
    assert Comment.everything.get(pk=comment_id).deleted_by == scene.cast.viewer
    task_id = scene.does("create_task", "cs", campaign_id=scene.campaign.pk, title="补图", role=Role.CS)
    undo_change(actor=scene.cast.actor("cs"), event_id=newest().pk, now=SOON)
    task = Task.everything.get(pk=task_id)
    assert (task.deleted_by, task.deleted_at) == (scene.cast.cs, SOON)


def test_two_changes_go_back_one_after_the_other(scene: Scene) -> None:
    before = state()
    scene.does("start_task", "manager")
    first = newest()
    actions.edit_task(actor=scene.cast.actor("manager"), task_id=scene.task.pk, changes={"title": "乙"}, now=SOON)
    second = newest()
    manager = scene.cast.actor("manager")
    with pytest.raises(Refused) as caught:
        undo_change(actor=manager, event_id=first.pk, now=SOON)
    assert caught.value.code == "changed_since"
    undo_change(actor=manager, event_id=second.pk, now=SOON)
    undo_change(actor=manager, event_id=first.pk, now=SOON)
    assert state() == before


@pytest.mark.parametrize(
    ("who", "after", "refusal", "code"),
    [
        ("manager", timedelta(seconds=9), NotAllowed, "not_yours"),
        ("outsider", timedelta(seconds=9), Missing, "missing"),
        ("designer", timedelta(minutes=2, seconds=1), Refused, "too_late"),
    ],
)
def test_it_is_for_who_did_it_and_for_two_minutes(
    scene: Scene, who: str, after: timedelta, refusal: type[DomainError], code: str
) -> None:
    scene.does("start_task", "designer")
    with pytest.raises(refusal) as caught:
        undo_change(actor=scene.cast.actor(who), event_id=newest().pk, now=THEN + after)
    assert caught.value.code == code
    assert Task.objects.get(pk=scene.task.pk).status == "doing"


@pytest.mark.parametrize(
    ("meanwhile", "code"),
    [
        (lambda s: s.does("edit_task", changes={"acceptance": "清楚"}), "changed_since"),
        (lambda s: s.does("delete_task"), "missing"),
        (lambda s: Campaign.objects.filter(pk=s.campaign.pk).update(archived_at=THEN), "campaign_archived"),
        (lambda s: Campaign.objects.filter(pk=s.campaign.pk).update(phase="closed"), "campaign_closed"),
        (lambda s: Membership.objects.filter(user=s.cast.designer).update(level="viewer"), "not_allowed"),
    ],
)
def test_what_happened_meanwhile_holds_it_up(scene: Scene, meanwhile: Act, code: str) -> None:
    scene.does("start_task", "designer")
    event = newest()
    meanwhile(scene)
    with pytest.raises(DomainError) as caught:
        undo_change(actor=scene.cast.actor("designer"), event_id=event.pk, now=SOON)
    assert caught.value.code == code
    if code == "changed_since":
        assert "陈主管" in str(caught.value.reasons[0])
    assert Task.everything.get(pk=scene.task.pk).status == "doing"


def test_once_and_not_itself(scene: Scene) -> None:
    scene.does("start_task", "designer")
    event, designer = newest(), scene.cast.actor("designer")
    undo_change(actor=designer, event_id=event.pk, now=SOON)
    for event_id, code in ((event.pk, "already_undone"), (newest().pk, "cannot_undo")):
        with pytest.raises(Refused) as caught:
            undo_change(actor=designer, event_id=event_id, now=SOON)
        assert caught.value.code == code


def test_the_log_itself_holds_one_undo_a_line(scene: Scene) -> None:
    scene.does("start_task", "designer")
    event = newest()
    same = {"campaign": scene.campaign, "verb": "undo_change", "subject_kind": "task", "subject_id": 1, "at": NOW}
    CampaignEvent.objects.create(undoes=event, **same)
    with pytest.raises(IntegrityError):
        CampaignEvent.objects.create(undoes=event, **same)


def test_done_does_not_come_back_over_an_open_line(scene: Scene) -> None:
    scene.does("complete_task", "designer")
    actions.reopen_task(actor=scene.cast.actor("designer"), task_id=scene.task.pk, now=SOON)
    event = newest()
    actions.untick_item(actor=scene.cast.actor("manager"), item_id=scene.item.pk, now=SOON)
    with pytest.raises(Refused) as caught:
        undo_change(actor=scene.cast.actor("designer"), event_id=event.pk, now=SOON)
    assert caught.value.code == "blocked"


def test_an_owner_who_left_does_not_come_back(scene: Scene) -> None:
    scene.does("assign_task", owner_id=scene.cast.cs.pk)
    Membership.objects.filter(user=scene.cast.designer).update(level="viewer")
    with pytest.raises(Refused) as caught:
        undo_change(actor=scene.cast.actor("manager"), event_id=newest().pk, now=SOON)
    assert caught.value.code == "owner"


def test_a_tick_that_changed_hands_stays(scene: Scene) -> None:
    scene.does("untick_item", "designer", item_id=scene.item.pk)
    event = newest()
    actions.tick_item(actor=scene.cast.actor("manager"), item_id=scene.item.pk, now=SOON)
    with pytest.raises(Refused):
        undo_change(actor=scene.cast.actor("designer"), event_id=event.pk, now=SOON)
    scene.item.refresh_from_db()
    assert scene.item.ticked_by == scene.cast.manager


def test_everything_given_in_one_go_goes_back_in_one_go(scene: Scene) -> None:
    item = ChecklistItemFactory(task=scene.task)
    before = state()
    scene.does("finish_task", "designer", task_id=scene.task.pk, item_ids=[item.pk], url="https://a.test/2")
    undo_change(actor=scene.cast.actor("designer"), event_id=newest().pk, now=SOON)
    now = state()
    assert (now["tasks"], now["items"]) == (before["tasks"], before["items"])
    assert Evidence.objects.get() == scene.evidence


def test_what_a_task_was_done_with_stays(scene: Scene) -> None:
    scene.does("remove_evidence", "designer", evidence_id=scene.evidence.pk)
    event = newest()
    actions.complete_task(actor=scene.cast.actor("designer"), task_id=scene.task.pk, now=SOON)
    with pytest.raises(Refused) as caught:
        undo_change(actor=scene.cast.actor("designer"), event_id=event.pk, now=SOON)
    assert caught.value.code == "not_now"
