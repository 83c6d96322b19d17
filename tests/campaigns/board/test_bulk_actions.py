"""A change of many tasks: all or none, each with its own line in the log, and taken back once as far as it goes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board import actions
from campaigns.board.models import BulkEdit, BulkEditTask, Task, TaskHelper
from campaigns.board.queries import bulk_edit_line, bulk_preview, recent_bulk_edits
from campaigns.board.rules import BulkChanges, Status
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import Phase
from planner.core.errors import DomainError, Missing, NotAllowed, Refused
from staff.people.models import Membership
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, depends

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def tasks(cast: Cast, campaign: Campaign) -> list[Task]:
    """小美's, 阿敏's, and one that nobody owns."""
    owners = [cast.designer, cast.cs, None]
    return [
        TaskFactory(campaign=campaign, code=f"P{index}", title=f"任务{index}", role="design", owner=owner)
        for index, owner in enumerate(owners, start=1)
    ]


def seen(tasks: list[Task]) -> dict[int, int]:
    return {task.pk: task.version for task in tasks}


def apply(cast: Cast, tasks: list[Task], who: str = "manager", now: datetime = NOW, **changes: Any) -> int:
    return actions.apply_bulk_edit(
        actor=cast.actor(who),
        campaign_id=tasks[0].campaign_id,
        seen=seen(tasks),
        changes=BulkChanges(**changes),  # type: ignore[typeddict-item]
        now=now,
    )


def undo(cast: Cast, edit_id: int, who: str = "manager", now: datetime = LATER) -> int:
    return actions.undo_bulk_edit(actor=cast.actor(who), edit_id=edit_id, now=now)


def rows() -> list[dict[str, Any]]:
    """Every task as it is, but for the version that every change raises."""
    return list(Task.objects.order_by("id").values(*[f.attname for f in Task._meta.fields if f.name != "version"]))


def everything() -> tuple[Any, ...]:
    tables = (Task, TaskHelper, BulkEdit, BulkEditTask, CampaignEvent)
    return tuple(list(model._default_manager.order_by("pk").values()) for model in tables)


def refused(do: Callable[[], object]) -> DomainError:
    """The refusal, after proving that nothing at all was written."""
    before = everything()
    with pytest.raises(DomainError) as caught:
        do()
    assert everything() == before
    return caught.value


# --- what it does ------------------------------------------------------------------------------


def test_every_task_changes_and_keeps_a_line_of_its_own(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks, owner_id=cast.cs.pk, due_shift_days=3, urgent=True, now=LATER)
    for task, fresh in zip(tasks, Task.objects.order_by("pk"), strict=True):
        assert (fresh.owner_id, fresh.urgent, fresh.due_at) == (cast.cs.pk, True, task.due_at + 3 * DAY)
        assert (fresh.due_changes, fresh.planned_due_at) == (1, task.planned_due_at)
        lines = list(CampaignEvent.objects.filter(subject_kind="task", subject_id=task.pk).order_by("id"))
        expected = ["edit_task"] if task.owner_id == cast.cs.pk else ["assign_task", "edit_task"]
        assert [line.verb for line in lines] == expected
        assert [line.after["version"] for line in lines] == list(range(2, 2 + len(lines)))
        assert fresh.version == 1 + len(lines)
        assert fresh.assigned_at == (NOW if task.owner_id == cast.cs.pk else LATER)
    edit = BulkEdit.objects.get(pk=edit_id)
    assert (edit.actor_id, edit.at, edit.campaign_id, edit.count) == (cast.manager.pk, LATER, campaign.pk, 3)
    assert edit.asked == {"owner_id": cast.cs.pk, "due_shift_days": 3, "urgent": True}
    last = CampaignEvent.objects.order_by("-id")[0]
    assert (last.verb, last.subject_kind, last.subject_id) == ("bulk_edit", "bulk_edit", edit_id)
    assert last.after == {"tasks": 3, "owner_id": cast.cs.pk, "due_shift_days": 3, "urgent": True}


SINGLE: dict[str, tuple[dict[str, Any], Callable[..., object], dict[str, Any]]] = {
    "edit": (
        {"due_at": LATER, "important": True, "role": Role.CS, "phase": Phase.EXECUTION, "must_have": True},
        actions.edit_task,
        {
            "changes": {
                "due_at": LATER,
                "important": True,
                "role": Role.CS,
                "phase": Phase.EXECUTION,
                "must_have": True,
            }
        },
    ),
    "assign": ({"owner_id": None}, actions.assign_task, {"owner_id": None}),
    "cancel": ({"status": Status.CANCELLED, "reason": "不做了"}, actions.cancel_task, {"reason": "不做了"}),
    "complete": ({"status": Status.DONE}, actions.complete_task, {}),
}


@pytest.mark.parametrize("name", SINGLE)
def test_one_of_many_writes_what_the_single_verb_writes(cast: Cast, campaign: Campaign, name: str) -> None:
    asked, verb, given = SINGLE[name]
    one, other = (TaskFactory(campaign=campaign, title="主图", owner=cast.designer, position=1.0) for _ in range(2))
    apply(cast, [one], **asked)
    verb(actor=cast.actor("manager"), task_id=other.pk, now=NOW, **given)
    same, like = Task.objects.filter(pk__in=(one.pk, other.pk)).order_by("pk").values()
    assert {key: value for key, value in same.items() if key != "id"} == {
        key: value for key, value in like.items() if key != "id"
    }
    here, there = (
        CampaignEvent.objects.filter(subject_kind="task", subject_id=task.pk).values(
            "verb", "before", "after", "reason"
        )
        for task in (one, other)
    )
    assert list(here) == list(there)


def test_a_new_owner_no_longer_helps(cast: Cast, tasks: list[Task]) -> None:
    TaskHelper.objects.create(task=tasks[0], user=cast.cs)
    TaskHelper.objects.create(task=tasks[2], user=cast.designer)
    edit_id = apply(cast, tasks, owner_id=cast.cs.pk)
    assert list(TaskHelper.objects.values_list("task_id", "user_id")) == [(tasks[2].pk, cast.designer.pk)]
    undo(cast, edit_id)
    assert set(TaskHelper.objects.values_list("task_id", "user_id")) == {
        (tasks[0].pk, cast.cs.pk),
        (tasks[2].pk, cast.designer.pk),
    }


def test_a_start_comes_along_only_where_the_task_would_be_due_before_it(cast: Cast, tasks: list[Task]) -> None:
    for task, before_due in zip(tasks, (2 * DAY, 9 * DAY, None), strict=True):
        start_at = task.due_at - before_due if before_due else None
        Task.objects.filter(pk=task.pk).update(start_at=start_at)
    edit_id = apply(cast, tasks, due_shift_days=-5)
    assert list(Task.objects.order_by("pk").values_list("start_at", flat=True)) == [
        tasks[0].due_at - 7 * DAY,
        tasks[1].due_at - 9 * DAY,
        None,
    ]
    undo(cast, edit_id)
    assert Task.objects.get(pk=tasks[0].pk).start_at == tasks[0].due_at - 2 * DAY


def test_days_move_on_the_wall_clock_of_the_team(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    cast.team.zone = "America/New_York"
    cast.team.save(update_fields=["zone"])
    # Clocks there go back in the night of 1 November 2026.
    before = datetime(2026, 10, 31, 22, tzinfo=UTC)
    Task.objects.filter(pk=tasks[0].pk).update(due_at=before)
    apply(cast, tasks[:1], due_shift_days=1)
    assert Task.objects.get(pk=tasks[0].pk).due_at == before + DAY + timedelta(hours=1)


def test_tasks_that_are_like_that_already_are_left_alone(cast: Cast, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks, owner_id=cast.cs.pk)
    assert BulkEdit.objects.get(pk=edit_id).count == 2
    assert Task.objects.get(pk=tasks[1].pk).version == 1
    again = Task.objects.order_by("pk")
    assert refused(lambda: apply(cast, list(again), owner_id=cast.cs.pk)).code == "unchanged"


def test_what_waits_inside_the_selection_can_be_done_together(cast: Cast, tasks: list[Task]) -> None:
    depends(tasks[0], tasks[1])
    depends(tasks[1], tasks[2])
    assert refused(lambda: apply(cast, tasks[:2], status=Status.DONE)).code == "bulk_refused"
    apply(cast, tasks, status=Status.DONE)
    assert set(Task.objects.values_list("status", flat=True)) == {"done"}


def test_closed_tasks_are_opened_before_they_change(cast: Cast, tasks: list[Task]) -> None:
    Task.objects.filter(pk=tasks[0].pk).update(status="done", done_at=NOW, done_by=cast.designer)
    apply(cast, tasks[:1], status=Status.TODO, urgent=True)
    fresh = Task.objects.get(pk=tasks[0].pk)
    assert (fresh.status, fresh.urgent, fresh.done_at, fresh.done_by) == ("todo", True, None, None)


# --- all or none -------------------------------------------------------------------------------


@pytest.mark.parametrize("foreign", ["another team's", "another campaign's", "missing"])
def test_one_id_that_is_not_here_refuses_the_whole_call(cast: Cast, tasks: list[Task], foreign: str) -> None:
    strange = {
        "another team's": lambda: TaskFactory(campaign=CampaignFactory(team=cast.other_team)),
        "another campaign's": lambda: TaskFactory(campaign=CampaignFactory(team=cast.team)),
        "missing": lambda: Task(pk=10**9, campaign=tasks[0].campaign, version=1),
    }[foreign]()
    error = refused(lambda: apply(cast, [*tasks, strange], urgent=True))
    assert isinstance(error, Missing)
    assert error.args == Missing().args
    with pytest.raises(Missing):
        bulk_preview(
            cast.actor("manager"), tasks[0].campaign_id, [*seen(tasks), strange.pk], BulkChanges(urgent=True), NOW
        )


def test_outsiders_find_nothing_and_viewers_may_not(cast: Cast, tasks: list[Task]) -> None:
    assert isinstance(refused(lambda: apply(cast, tasks, "outsider", urgent=True)), Missing)
    assert isinstance(refused(lambda: apply(cast, tasks, "viewer", urgent=True)), NotAllowed)
    for who, error in (("outsider", Missing), ("viewer", NotAllowed)):
        with pytest.raises(error):
            bulk_preview(cast.actor(who), tasks[0].campaign_id, seen(tasks), BulkChanges(urgent=True), NOW)


def test_a_task_changed_meanwhile_refuses_all_with_both_values(cast: Cast, tasks: list[Task]) -> None:
    actions.assign_task(actor=cast.actor("manager"), task_id=tasks[0].pk, owner_id=None, now=NOW)
    error = refused(lambda: apply(cast, tasks, owner_id=cast.cs.pk))
    assert error.code == "stale"
    assert [str(reason) for reason in error.reasons] == ["P1 任务1 was changed."]
    place = f"#{tasks[0].pk} P1 任务1 · 负责人"
    assert (error.current, error.yours) == ({place: "—"}, {place: "阿敏"})


def test_a_task_whose_other_fields_changed_meanwhile_is_no_clash(cast: Cast, tasks: list[Task]) -> None:
    actions.edit_task(actor=cast.actor("designer"), task_id=tasks[0].pk, changes={"title": "新标题"}, now=NOW)
    apply(cast, tasks, owner_id=cast.cs.pk)
    assert Task.objects.get(pk=tasks[0].pk).title == "新标题"
    assert set(Task.objects.values_list("owner_id", flat=True)) == {cast.cs.pk}


def test_one_refusal_holds_up_all_and_names_its_reasons(cast: Cast, tasks: list[Task]) -> None:
    ChecklistItemFactory(task=tasks[1], text="白底")
    depends(tasks[2], TaskFactory(campaign=tasks[0].campaign, code="P9", title="先做"))
    error = refused(lambda: apply(cast, tasks, status=Status.DONE))
    assert isinstance(error, Refused)
    assert [str(reason) for reason in error.reasons] == [
        "P2 任务2: Not ticked: 白底",
        "P3 任务3: Waits for P9 先做 (To do)",
    ]


def test_members_change_their_own_and_nothing_that_is_a_managers(cast: Cast, tasks: list[Task]) -> None:
    apply(cast, tasks[:1], "designer", urgent=True)
    assert Task.objects.get(pk=tasks[0].pk).urgent
    mine = [Task.objects.get(pk=tasks[0].pk)]
    for asked in ({"due_shift_days": 1}, {"must_have": True}, {"phase": Phase.REVIEW}, {"role": Role.CS}):
        error = refused(lambda asked=asked: apply(cast, mine, "designer", **asked))  # type: ignore[misc]
        assert isinstance(error, NotAllowed)
    error = refused(lambda: apply(cast, [*mine, tasks[1]], "designer", important=True))
    assert isinstance(error, NotAllowed)
    assert len(error.reasons) == 1
    assert isinstance(refused(lambda: apply(cast, mine, "designer", status=Status.CANCELLED, reason="x")), NotAllowed)


def test_members_take_what_nobody_owns_and_give_nothing_away(cast: Cast, tasks: list[Task]) -> None:
    apply(cast, tasks[2:], "designer", owner_id=cast.designer.pk, urgent=True)
    fresh = Task.objects.get(pk=tasks[2].pk)
    assert (fresh.owner_id, fresh.urgent) == (cast.designer.pk, True)
    assert isinstance(refused(lambda: apply(cast, [fresh], "designer", owner_id=cast.cs.pk)), NotAllowed)


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({}, "changes"),
        ({"reason": "x"}, "changes"),
        ({"due_shift_days": 0}, "due_shift_days"),
        ({"due_shift_days": 366}, "due_shift_days"),
        ({"due_shift_days": 1, "due_at": NOW}, "due_at"),
        ({"status": Status.BLOCKED}, "status"),
        ({"status": Status.CANCELLED, "reason": "  "}, "reason"),
    ],
)
def test_what_cannot_be_meant_is_refused(cast: Cast, tasks: list[Task], asked: dict[str, Any], where: str) -> None:
    error = refused(lambda: apply(cast, tasks, **asked))
    assert list(error.fields) == [where]


@pytest.mark.parametrize("count", [0, 501])
def test_too_few_and_too_many_are_refused_before_anything_is_looked_at(
    cast: Cast, campaign: Campaign, count: int
) -> None:
    with CaptureQueriesContext(connection) as asked, pytest.raises(Refused) as caught:
        actions.apply_bulk_edit(
            actor=cast.actor("manager"),
            campaign_id=campaign.pk,
            seen=dict.fromkeys(range(1, count + 1), 1),
            changes={"urgent": True},
            now=NOW,
        )
    assert list(caught.value.fields) == ["tasks"]
    assert [query["sql"] for query in asked if "campaigns_task" in query["sql"]] == []


def test_a_new_owner_must_work_in_the_team(cast: Cast, tasks: list[Task]) -> None:
    for person in (cast.viewer, cast.outsider):
        error = refused(lambda person=person: apply(cast, tasks, owner_id=person.pk))  # type: ignore[misc]
        assert "P1 任务1: This person cannot own tasks: choose a member of the team." in map(str, error.reasons)


def test_a_closed_campaign_changes_no_more(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks, urgent=True)
    Campaign.objects.filter(pk=campaign.pk).update(phase="closed")
    assert refused(lambda: apply(cast, list(Task.objects.all()), urgent=False)).code == "campaign_closed"
    assert refused(lambda: undo(cast, edit_id)).code == "campaign_closed"


# --- preview -----------------------------------------------------------------------------------


def test_the_preview_says_all_and_writes_nothing(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    Task.objects.filter(pk=tasks[1].pk).update(status="done", done_at=NOW)
    before = everything()
    wish = BulkChanges(due_shift_days=-4, owner_id=cast.cs.pk)
    preview = bulk_preview(cast.actor("manager"), campaign.pk, seen(tasks), wish, NOW)
    assert everything() == before
    assert [line.becomes_late for line in preview.lines] == [True, False, True]
    assert (len(preview.changing), preview.unchanged, preview.becoming_late) == (2, 0, 2)
    first, second, _ = preview.lines
    assert next((change.field, change.before, change.after) for change in first.changes) == ("负责人", "小美", "阿敏")
    assert [str(reason) for reason in second.reasons] == ["This cannot be done while the task is: Done."]
    assert not preview.can_apply


def test_the_preview_says_what_apply_then_does(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    wish = BulkChanges(due_shift_days=2, important=True, status=Status.CANCELLED, reason="合并")
    preview = bulk_preview(cast.actor("manager"), campaign.pk, seen(tasks), wish, NOW)
    assert preview.can_apply
    apply(cast, tasks, **wish)
    for line in preview.lines:
        fresh = Task.objects.get(pk=line.plan.facts.id)
        for name, (_, after) in line.plan.changed.items():
            assert getattr(fresh, name) == after


# --- undo --------------------------------------------------------------------------------------


UNDOABLE: list[dict[str, Any]] = [
    {"owner_id": None, "due_shift_days": 5},
    {"due_at": LATER, "important": True, "urgent": True, "must_have": True},
    {"role": Role.CS, "phase": Phase.WRAP_UP},
    {"status": Status.CANCELLED, "reason": "不做", "urgent": True},
    {"status": Status.DONE},
]


@pytest.mark.parametrize("asked", UNDOABLE)
def test_an_undo_gives_every_column_back(cast: Cast, tasks: list[Task], asked: dict[str, Any]) -> None:
    Task.objects.filter(pk=tasks[0].pk).update(
        status="blocked" if asked.get("status") is not Status.DONE else "doing",
        status_reason="等样品",
        assigned_at=NOW - timedelta(microseconds=7),
        due_changes=2,
    )
    Task.objects.filter(pk=tasks[1].pk).update(due_at=None, planned_due_at=None)
    before = rows()
    edit_id = apply(cast, tasks, **asked)
    assert rows() != before
    undo(cast, edit_id)
    assert rows() == before
    edit = BulkEdit.objects.get(pk=edit_id)
    assert (edit.undone_at, edit.undone_by_id, edit.kept) == (LATER, cast.manager.pk, [])
    assert CampaignEvent.objects.filter(subject_kind="task", verb="restore_task").count() == edit.count
    assert CampaignEvent.objects.order_by("-id")[0].verb == "undo_bulk_edit"


def test_an_undo_leaves_what_somebody_changed_since_and_says_so(cast: Cast, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks, owner_id=cast.manager.pk, urgent=True)
    actor = cast.actor("manager")
    actions.assign_task(actor=actor, task_id=tasks[0].pk, owner_id=cast.cs.pk, now=LATER)
    # There and back is a change too: somebody decided so.
    for urgent in (False, True):
        actions.edit_task(actor=actor, task_id=tasks[1].pk, changes={"urgent": urgent}, now=LATER)
    actions.edit_task(actor=actor, task_id=tasks[2].pk, changes={"title": "别的"}, now=LATER)
    assert undo(cast, edit_id) == 3
    found = list(Task.objects.order_by("pk").values_list("owner_id", "urgent"))
    assert found == [(cast.cs.pk, False), (cast.cs.pk, True), (None, False)]
    line = bulk_edit_line(actor, edit_id, LATER)
    assert [(each.task, each.field, each.why) for each in line.kept] == [
        ("P1 任务1", "owner_id", "changed"),
        ("P2 任务2", "urgent", "changed"),
    ]


def test_an_undo_that_could_take_nothing_back_is_refused_with_the_reasons(cast: Cast, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks[:1], urgent=True)
    actions.edit_task(actor=cast.actor("manager"), task_id=tasks[0].pk, changes={"urgent": False}, now=LATER)
    error = refused(lambda: undo(cast, edit_id))
    assert (error.code, len(error.reasons)) == ("nothing_left", 1)
    assert BulkEdit.objects.get(pk=edit_id).undone_at is None


def test_an_owner_who_left_the_team_does_not_come_back(cast: Cast, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks[:2], owner_id=None)
    Membership.objects.filter(user=cast.designer).update(level="viewer")
    assert undo(cast, edit_id) == 1
    assert list(Task.objects.order_by("pk").values_list("owner_id", flat=True)[:2]) == [None, cast.cs.pk]
    assert [each.why for each in bulk_edit_line(cast.actor("manager"), edit_id, LATER).kept] == ["person"]


def test_an_undo_happens_once_within_a_day_by_the_one_who_did_it_or_a_manager(cast: Cast, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks[:1], "designer", urgent=True)
    assert isinstance(refused(lambda: undo(cast, edit_id, "outsider")), Missing)
    for who in ("cs", "viewer"):
        assert isinstance(refused(lambda who=who: undo(cast, edit_id, who)), NotAllowed)  # type: ignore[misc]
    assert refused(lambda: undo(cast, edit_id, now=NOW + DAY + timedelta(seconds=1))).code == "too_late"
    assert undo(cast, edit_id, "designer", now=NOW + DAY) == 1
    assert refused(lambda: undo(cast, edit_id)).code == "already_undone"
    assert undo(cast, apply(cast, [Task.objects.get(pk=tasks[0].pk)], "designer", urgent=True)) == 1
    with pytest.raises(Missing):
        undo(cast, 10**9)


def test_rights_that_shrank_since_shrink_the_undo(cast: Cast, tasks: list[Task]) -> None:
    edit_id = apply(cast, tasks, due_shift_days=1, important=True)
    Membership.objects.filter(user=cast.manager).update(level="member")
    assert refused(lambda: undo(cast, edit_id)).code == "nothing_left"
    Membership.objects.filter(user=cast.manager).update(level="viewer")
    assert isinstance(refused(lambda: undo(cast, edit_id)), NotAllowed)


def test_a_confirmed_gate_stays_done(cast: Cast, campaign: Campaign) -> None:
    gate = TaskFactory(campaign=campaign, code="P9", is_gate=True, owner=cast.designer)
    edit_id = apply(cast, [gate], "designer", status=Status.DONE, urgent=True)
    actions.confirm_gate(actor=cast.actor("manager"), task_id=gate.pk, now=LATER)
    undo(cast, edit_id)
    fresh = Task.objects.get(pk=gate.pk)
    assert (fresh.status, fresh.confirmed_by_id, fresh.urgent) == ("done", cast.manager.pk, False)


def test_recent_edits_are_shown_with_what_may_be_taken_back(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    old = apply(cast, tasks, urgent=True, now=NOW - 2 * DAY)
    new = apply(cast, list(Task.objects.order_by("pk")), owner_id=cast.cs.pk)
    facts = campaign_for(cast.actor("manager"), campaign.pk)
    lines = recent_bulk_edits(cast.actor("manager"), facts, LATER)
    assert [(line.id, line.asked, line.may_undo) for line in lines] == [(new, (("负责人", "阿敏"),), True)]
    assert not recent_bulk_edits(cast.actor("viewer"), facts, LATER)[0].may_undo
    assert not bulk_edit_line(cast.actor("manager"), old, LATER).may_undo
    with pytest.raises(Missing):
        bulk_edit_line(cast.actor("outsider"), new, LATER)


# --- what it costs -----------------------------------------------------------------------------


def cost(do: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        do()
    return len(queries)


def test_statements_do_not_grow_with_the_tasks(cast: Cast, campaign: Campaign) -> None:
    def round_trip(count: int) -> tuple[int, int, int]:
        tasks = TaskFactory.create_batch(count, campaign=campaign, owner=cast.designer)
        for task in tasks:
            TaskHelper.objects.create(task=task, user=cast.cs)
        actor, wish = cast.actor("manager"), BulkChanges(owner_id=cast.cs.pk, due_shift_days=1)
        edits: list[int] = []
        return (
            cost(lambda: bulk_preview(actor, campaign.pk, seen(tasks), wish, NOW)),
            cost(lambda: edits.append(apply(cast, tasks, **wish))),
            cost(lambda: undo(cast, edits[0])),
        )

    assert round_trip(20) == round_trip(40)
