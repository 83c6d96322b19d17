"""The verbs on tasks: who may, when, what is written and what the log says."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board import actions
from campaigns.board.models import ChecklistItem, Comment, CommentMention, Task, TaskDependency, TaskHelper
from campaigns.board.rules import MOST_COMMENTS, MOST_MENTIONS, Status, TaskDraft
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.rules import Phase
from planner.core.errors import DomainError, Missing, NotAllowed, Refused
from staff.people.rules import SYSTEM, Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, depends

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def task(cast: Cast, campaign: Campaign) -> Task:
    """小美's open task."""
    return TaskFactory(campaign=campaign, code="P24", title="主图", role="design", owner=cast.designer)


def last_event() -> CampaignEvent:
    event = CampaignEvent.objects.order_by("-id").first()
    assert event is not None
    return event


def draft(code: str, *depends_on: str, owner_id: int | None = None, items: tuple[str, ...] = ()) -> TaskDraft:
    return TaskDraft(
        code=code,
        title=f"任务{code}",
        title_en=f"Task {code}",
        acceptance="合格",
        acceptance_en="Fine",
        phase=Phase.PREP,
        stage="A 立项",
        stage_en="A Start",
        role=Role.OPS,
        platforms=("tmall",),
        owner_id=owner_id,
        important=True,
        urgent=False,
        must_have=True,
        is_gate=False,
        start_at=NOW,
        due_at=NOW + timedelta(days=5),
        estimate_hours=Decimal("2.5"),
        depends_on=depends_on,
        checklist=tuple((item, f"{item} en") for item in items),
    )


# --- new tasks ---------------------------------------------------------------------------------


def test_a_member_makes_a_task_of_their_own_with_a_checklist(cast: Cast, campaign: Campaign) -> None:
    task_id = actions.create_task(
        actor=cast.actor("designer"),
        campaign_id=campaign.pk,
        title=" 补图 ",
        role=Role.DESIGN,
        owner_id=cast.designer.pk,
        due_at=LATER,
        checklist=["白底", " ", "水印"],
        now=NOW,
    )
    task = Task.objects.get(pk=task_id)
    assert (task.title, task.owner, task.assigned_at, task.planned_due_at) == ("补图", cast.designer, NOW, LATER)
    assert (task.phase, task.created_by, task.version) == ("prep", cast.designer, 1)
    assert [(item.position, item.text) for item in task.checklist.all()] == [(1, "白底"), (2, "水印")]
    assert (last_event().verb, last_event().subject_id) == ("create_task", task_id)


@pytest.mark.parametrize(
    ("who", "values", "refusal"),
    [
        ("designer", {"owner": "cs"}, NotAllowed),
        ("designer", {"must_have": True}, NotAllowed),
        ("viewer", {}, NotAllowed),
        ("outsider", {}, Missing),
        ("manager", {"owner": "viewer"}, Refused),
        ("manager", {"owner": "outsider"}, Refused),
        ("manager", {"title": ""}, Refused),
    ],
)
def test_new_tasks_are_refused(
    cast: Cast, campaign: Campaign, who: str, values: dict[str, str], refusal: type[DomainError]
) -> None:
    given = {"title": "补图", "role": Role.DESIGN} | values
    owner = given.pop("owner", None)
    if owner:
        given["owner_id"] = getattr(cast, owner).pk
    with pytest.raises(refusal):
        actions.create_task(actor=cast.actor(who), campaign_id=campaign.pk, now=NOW, **given)
    assert not Task.objects.exists()


def test_a_plan_is_written_whole_with_checklists_dependencies_and_order(cast: Cast, campaign: Campaign) -> None:
    drafts = [
        draft("P01", owner_id=cast.manager.pk, items=("一", "二")),
        draft("P02", "P01"),
        draft("P03", "P02", "P01"),
    ]
    ids = actions.create_plan_tasks(actor=cast.actor("manager"), campaign_id=campaign.pk, drafts=drafts, now=NOW)
    assert list(ids) == ["P01", "P02", "P03"]
    tasks = list(Task.objects.order_by("position"))
    assert [task.code for task in tasks] == ["P01", "P02", "P03"]
    first = tasks[0]
    assert (first.owner, first.assigned_at, first.planned_due_at) == (cast.manager, NOW, first.due_at)
    assert (tasks[1].assigned_at, tasks[1].estimate_hours) == (None, Decimal("2.5"))
    assert [(item.text, item.text_en) for item in first.checklist.all()] == [("一", "一 en"), ("二", "二 en")]
    pairs = TaskDependency.objects.values_list("task__code", "predecessor__code")
    assert set(pairs) == {("P02", "P01"), ("P03", "P02"), ("P03", "P01")}
    assert last_event().after == {"tasks": 3}


def test_writing_the_same_plan_again_adds_nothing_and_a_longer_one_only_what_is_new(
    cast: Cast, campaign: Campaign
) -> None:
    manager = cast.actor("manager")
    actions.create_plan_tasks(actor=manager, campaign_id=campaign.pk, drafts=[draft("P01")], now=NOW)
    Task.objects.update(title="改过")
    again = [draft("P01"), draft("P02", "P01")]
    assert list(actions.create_plan_tasks(actor=manager, campaign_id=campaign.pk, drafts=again, now=NOW)) == ["P02"]
    events = CampaignEvent.objects.count()
    assert actions.create_plan_tasks(actor=manager, campaign_id=campaign.pk, drafts=again, now=NOW) == {}
    assert (Task.objects.count(), CampaignEvent.objects.count()) == (2, events)
    assert Task.objects.get(code="P01").title == "改过"
    assert TaskDependency.objects.get().predecessor.code == "P01"


@pytest.mark.parametrize(
    ("drafts", "code"),
    [
        ([draft("P01", "P99")], "plan"),
        ([draft("P01"), draft("P01")], "plan"),
        ([draft("")], "plan"),
        ([draft("P01", "P02"), draft("P02", "P01")], "cycle"),
        ([draft("P01", owner_id=999_999)], "owner"),
    ],
)
def test_a_plan_that_does_not_hold_together_writes_nothing(
    cast: Cast, campaign: Campaign, drafts: list[TaskDraft], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        actions.create_plan_tasks(actor=cast.actor("manager"), campaign_id=campaign.pk, drafts=drafts, now=NOW)
    assert not Task.objects.exists()


def test_a_plan_costs_the_same_queries_at_any_size(cast: Cast) -> None:
    counts = []
    for size in (10, 100):
        other = CampaignFactory(team=cast.team)
        drafts = [draft("P0", items=("一",))]
        drafts += [draft(f"P{n}", f"P{n - 1}", items=("一", "二")) for n in range(1, size)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            actions.create_plan_tasks(actor=SYSTEM, campaign_id=other.pk, drafts=drafts, now=NOW)
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 8  # only more batches
    assert Task.objects.count() == 110


def test_members_do_not_write_plans(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(NotAllowed):
        actions.create_plan_tasks(actor=cast.actor("designer"), campaign_id=campaign.pk, drafts=[draft("P1")], now=NOW)


# --- who works on it ---------------------------------------------------------------------------


def test_a_member_takes_an_unowned_task_of_their_role(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, role="design", owner=None)
    with pytest.raises(NotAllowed):
        actions.take_task(actor=cast.actor("cs"), task_id=task.pk, now=LATER)
    actions.take_task(actor=cast.actor("designer"), task_id=task.pk, version=1, now=LATER)
    task.refresh_from_db()
    assert (task.owner, task.assigned_at, task.version) == (cast.designer, LATER, 2)
    event = last_event()
    assert (event.verb, event.before) == ("take_task", {"owner_id": None})
    assert event.after == {"owner_id": cast.designer.pk, "version": 2}


def test_two_people_take_the_same_task_and_the_second_hears_who_has_it(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, role="ops", owner=None)
    actions.assign_task(actor=cast.actor("manager"), task_id=task.pk, owner_id=cast.designer.pk, version=1, now=NOW)
    with pytest.raises(Refused, match="stale") as refused:
        actions.take_task(actor=cast.actor("cs"), task_id=task.pk, version=1, now=NOW)
    assert (refused.value.current, refused.value.yours) == ({"owner_id": "小美"}, {"owner_id": "阿敏"})


@pytest.mark.parametrize(("who", "refusal"), [("designer", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)])
def test_others_owners_are_a_managers_to_change(cast: Cast, task: Task, who: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        actions.assign_task(actor=cast.actor(who), task_id=task.pk, owner_id=cast.cs.pk, now=NOW)
    actions.assign_task(actor=cast.actor("manager"), task_id=task.pk, owner_id=cast.cs.pk, now=LATER)
    task.refresh_from_db()
    assert (task.owner, task.assigned_at) == (cast.cs, LATER)
    actions.assign_task(actor=cast.actor("manager"), task_id=task.pk, owner_id=None, now=LATER)
    task.refresh_from_db()
    assert (task.owner, task.assigned_at) == (None, None)


@pytest.mark.parametrize("who", ["viewer", "outsider"])
def test_viewers_and_strangers_own_nothing(cast: Cast, task: Task, who: str) -> None:
    with pytest.raises(Refused, match="owner"):
        actions.assign_task(actor=cast.actor("manager"), task_id=task.pk, owner_id=getattr(cast, who).pk, now=NOW)


def test_a_role_is_handed_over_with_the_open_tasks_that_nobody_owns(cast: Cast, campaign: Campaign, task: Task) -> None:
    manager, unowned = cast.actor("manager"), {"campaign": campaign, "role": "cs"}
    waiting, done = TaskFactory(**unowned), TaskFactory(**unowned, status="done", done_at=NOW)
    given = {"campaign_id": campaign.pk, "role": Role.CS, "now": LATER}
    assert actions.hand_over_role(actor=manager, user_id=cast.cs.pk, **given) == 1
    owners = dict(Task.objects.values_list("pk", "owner"))
    assert owners == {waiting.pk: cast.cs.pk, done.pk: None, task.pk: cast.designer.pk}
    assert Task.objects.get(pk=waiting.pk).assigned_at == LATER
    with pytest.raises(NotAllowed):
        actions.hand_over_role(actor=cast.actor("cs"), user_id=cast.cs.pk, **given)
    with pytest.raises(Refused):
        actions.hand_over_role(actor=manager, user_id=cast.viewer.pk, **given)


def test_helpers_are_set_whole_and_may_then_work_on_it(cast: Cast, task: Task) -> None:
    manager = cast.actor("manager")
    with pytest.raises(NotAllowed):
        actions.start_task(actor=cast.actor("cs"), task_id=task.pk, now=NOW)
    actions.set_helpers(actor=manager, task_id=task.pk, user_ids=[cast.cs.pk, cast.designer.pk], now=NOW)
    assert list(TaskHelper.objects.values_list("user_id", flat=True)) == [cast.cs.pk]
    actions.start_task(actor=cast.actor("cs"), task_id=task.pk, now=NOW)
    actions.set_helpers(actor=manager, task_id=task.pk, user_ids=[], now=NOW)
    assert not TaskHelper.objects.exists()
    assert last_event().before == {"helper_ids": [cast.cs.pk]}
    with pytest.raises(Refused, match="helpers"):
        actions.set_helpers(actor=manager, task_id=task.pk, user_ids=[cast.viewer.pk], now=NOW)


def test_who_checks_a_task_cannot_help_with_it_meanwhile(cast: Cast, task: Task) -> None:
    manager, owner = cast.actor("manager"), cast.actor("designer")
    actions.assign_task(actor=manager, task_id=task.pk, owner_id=cast.designer.pk, now=NOW)
    actions.send_to_review(actor=owner, task_id=task.pk, reviewer_id=cast.cs.pk, now=NOW)
    with pytest.raises(Refused, match="helpers"):
        actions.set_helpers(actor=manager, task_id=task.pk, user_ids=[cast.cs.pk], now=NOW)
    actions.reopen_task(actor=owner, task_id=task.pk, now=NOW)
    actions.set_helpers(actor=manager, task_id=task.pk, user_ids=[cast.cs.pk], now=NOW)
    assert last_event().after["helper_ids"] == [cast.cs.pk]


def test_a_helper_who_becomes_owner_is_no_helper_any_more(cast: Cast, task: Task) -> None:
    manager = cast.actor("manager")
    actions.set_helpers(actor=manager, task_id=task.pk, user_ids=[cast.cs.pk], now=NOW)
    actions.assign_task(actor=manager, task_id=task.pk, owner_id=cast.cs.pk, now=NOW)
    assert not TaskHelper.objects.exists()


# --- its fields --------------------------------------------------------------------------------


def test_an_edit_writes_what_differs_and_logs_before_and_after(cast: Cast, task: Task) -> None:
    actions.edit_task(
        actor=cast.actor("designer"),
        task_id=task.pk,
        changes={"title": "主图 1:1", "estimate_hours": Decimal(4), "important": True},
        version=1,
        now=NOW,
    )
    task.refresh_from_db()
    assert (task.title, task.important, task.version) == ("主图 1:1", True, 2)
    event = last_event()
    assert (event.verb, event.before) == ("edit_task", {"title": "主图", "important": False})
    assert event.after == {"title": "主图 1:1", "important": True, "version": 2}


def test_an_edit_that_changes_nothing_leaves_no_trace(cast: Cast, task: Task) -> None:
    actions.edit_task(actor=cast.actor("designer"), task_id=task.pk, changes={"title": "主图"}, now=NOW)
    task.refresh_from_db()
    assert task.version == 1
    assert not CampaignEvent.objects.exists()


def test_due_dates_are_a_managers_and_their_changes_are_counted(cast: Cast, task: Task) -> None:
    planned = task.planned_due_at
    with pytest.raises(NotAllowed):
        actions.edit_task(actor=cast.actor("designer"), task_id=task.pk, changes={"due_at": LATER}, now=NOW)
    for due_at in (LATER, LATER, NOW + timedelta(days=9)):
        actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"due_at": due_at}, now=NOW)
    task.refresh_from_db()
    assert (task.due_changes, task.planned_due_at) == (2, planned)
    events = CampaignEvent.objects.filter(verb="edit_task", after__has_key="due_at")
    assert events.count() == 2


def test_the_first_due_date_is_the_plan_and_no_change(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, due_at=None)
    actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"due_at": LATER}, now=NOW)
    task.refresh_from_db()
    assert (task.due_changes, task.planned_due_at) == (0, LATER)


@pytest.mark.parametrize("changes", [{"role": Role.CS}, {"phase": Phase.REVIEW}, {"must_have": True}])
def test_what_gates_rest_on_is_a_managers(cast: Cast, task: Task, changes: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        actions.edit_task(actor=cast.actor("designer"), task_id=task.pk, changes=changes, now=NOW)  # type: ignore[arg-type]
    actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes=changes, now=NOW)  # type: ignore[arg-type]


def test_two_stale_edits_of_different_fields_both_succeed(cast: Cast, task: Task) -> None:
    actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"due_at": LATER}, version=1, now=NOW)
    actions.edit_task(actor=cast.actor("designer"), task_id=task.pk, changes={"title": "新"}, version=1, now=NOW)
    task.refresh_from_db()
    assert (task.title, task.due_at, task.version) == ("新", LATER, 3)


def test_of_two_stale_edits_of_one_field_the_second_is_refused_with_both_values(cast: Cast, task: Task) -> None:
    actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"title": "甲"}, version=1, now=NOW)
    with pytest.raises(Refused, match="stale") as refused:
        actions.edit_task(
            actor=cast.actor("designer"),
            task_id=task.pk,
            changes={"title": "乙", "urgent": True},
            version=1,
            now=NOW,
        )
    assert (refused.value.current, refused.value.yours) == ({"title": "甲"}, {"title": "乙"})
    task.refresh_from_db()
    assert (task.title, task.urgent) == ("甲", False)
    actions.edit_task(actor=cast.actor("designer"), task_id=task.pk, changes={"title": "甲"}, version=1, now=NOW)


def test_hours_add_up_and_can_be_taken_back_but_not_below_nothing(cast: Cast, task: Task) -> None:
    designer = cast.actor("designer")
    actions.log_hours(actor=designer, task_id=task.pk, hours=Decimal("2.5"), now=NOW)
    assert actions.log_hours(actor=designer, task_id=task.pk, hours=Decimal("-1"), now=NOW) == Decimal("1.5")
    with pytest.raises(Refused):
        actions.log_hours(actor=designer, task_id=task.pk, hours=Decimal(-2), now=NOW)
    with pytest.raises(NotAllowed):
        actions.log_hours(actor=cast.actor("cs"), task_id=task.pk, hours=Decimal(1), now=NOW)


# --- along the board ---------------------------------------------------------------------------


def test_a_task_is_started_and_done_with_its_hours(cast: Cast, task: Task) -> None:
    designer = cast.actor("designer")
    actions.start_task(actor=designer, task_id=task.pk, version=1, now=NOW)
    actions.complete_task(actor=designer, task_id=task.pk, actual_hours=Decimal(3), version=2, now=LATER)
    task.refresh_from_db()
    assert (task.status, task.done_by, task.done_at, task.actual_hours) == ("done", cast.designer, LATER, Decimal(3))
    event = last_event()
    assert (event.verb, event.before["status"], event.after["status"]) == ("complete_task", "doing", "done")


@pytest.mark.parametrize(("who", "refusal"), [("cs", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)])
def test_others_do_not_mark_it_done(cast: Cast, task: Task, who: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        actions.complete_task(actor=cast.actor(who), task_id=task.pk, now=NOW)
    task.refresh_from_db()
    assert task.status == "todo"


def test_done_waits_for_the_checklist_and_for_the_predecessors(cast: Cast, campaign: Campaign, task: Task) -> None:
    item = ChecklistItemFactory(task=task, text="无二维码")
    before = TaskFactory(campaign=campaign, code="P19", title="文案", status="doing", owner=cast.manager)
    depends(task, before)
    designer, manager = cast.actor("designer"), cast.actor("manager")
    for try_done in (
        lambda: actions.complete_task(actor=designer, task_id=task.pk, now=NOW),
        lambda: actions.move_task(actor=designer, task_id=task.pk, status=Status.DONE, now=NOW),
    ):
        with pytest.raises(Refused, match="blocked") as refused:
            try_done()
        assert [str(reason) for reason in refused.value.reasons] == [
            "Not ticked: 无二维码",
            "Waits for P19 文案 (Doing)",
        ]
    actions.tick_item(actor=designer, item_id=item.pk, now=NOW)
    actions.complete_task(actor=manager, task_id=before.pk, now=NOW)
    actions.complete_task(actor=designer, task_id=task.pk, now=NOW)
    task.refresh_from_db()
    assert task.status == "done"


def test_waivers_with_a_reason_open_the_way_and_are_a_managers(cast: Cast, campaign: Campaign, task: Task) -> None:
    item = ChecklistItemFactory(task=task)
    before = TaskFactory(campaign=campaign, code="P19")
    depends(task, before)
    designer, manager = cast.actor("designer"), cast.actor("manager")
    with pytest.raises(NotAllowed):
        actions.waive_item(actor=designer, item_id=item.pk, reason="赶", now=NOW)
    with pytest.raises(NotAllowed):
        actions.waive_predecessor(actor=designer, task_id=task.pk, predecessor_id=before.pk, reason="赶", now=NOW)
    with pytest.raises(Refused, match="reason_missing"):
        actions.waive_item(actor=manager, item_id=item.pk, reason=" ", now=NOW)
    actions.waive_item(actor=manager, item_id=item.pk, reason="平台不要求", now=NOW)
    assert (last_event().verb, last_event().reason) == ("waive_item", "平台不要求")
    actions.waive_predecessor(actor=manager, task_id=task.pk, predecessor_id=before.pk, reason="文案沿用", now=NOW)
    assert (last_event().verb, last_event().reason) == ("waive_predecessor", "文案沿用")
    actions.complete_task(actor=designer, task_id=task.pk, now=NOW)


def test_a_gate_is_done_by_one_and_confirmed_by_another(cast: Cast, campaign: Campaign) -> None:
    gate = TaskFactory(campaign=campaign, code="P40", role="ops", is_gate=True, owner=cast.designer)
    after = TaskFactory(campaign=campaign, owner=cast.cs)
    depends(after, gate)
    actions.complete_task(actor=cast.actor("designer"), task_id=gate.pk, now=NOW)
    with pytest.raises(Refused, match="blocked"):
        actions.complete_task(actor=cast.actor("cs"), task_id=after.pk, now=NOW)
    with pytest.raises(NotAllowed, match="two_people"):
        actions.confirm_gate(actor=cast.actor("designer"), task_id=gate.pk, now=NOW)
    with pytest.raises(NotAllowed):
        actions.confirm_gate(actor=cast.actor("cs"), task_id=gate.pk, now=NOW)
    actions.confirm_gate(actor=cast.actor("manager"), task_id=gate.pk, now=LATER)
    gate.refresh_from_db()
    assert (gate.done_by, gate.confirmed_by, gate.confirmed_at) == (cast.designer, cast.manager, LATER)
    assert last_event().verb == "confirm_gate"
    actions.complete_task(actor=cast.actor("cs"), task_id=after.pk, now=NOW)


def test_reopening_takes_the_signature_away_and_a_signed_gate_is_a_managers(cast: Cast, campaign: Campaign) -> None:
    gate = TaskFactory(campaign=campaign, is_gate=True, owner=cast.designer)
    actions.complete_task(actor=cast.actor("designer"), task_id=gate.pk, now=NOW)
    actions.confirm_gate(actor=cast.actor("manager"), task_id=gate.pk, now=NOW)
    with pytest.raises(NotAllowed):
        actions.reopen_task(actor=cast.actor("designer"), task_id=gate.pk, now=NOW)
    actions.reopen_task(actor=cast.actor("manager"), task_id=gate.pk, now=NOW)
    gate.refresh_from_db()
    assert (gate.status, gate.done_by, gate.done_at, gate.confirmed_by, gate.confirmed_at) == ("doing", *[None] * 4)


def test_a_named_second_person_checks_and_only_they_or_a_manager_finish(cast: Cast, task: Task) -> None:
    designer = cast.actor("designer")
    for nobody in (None, cast.designer.pk, cast.viewer.pk, cast.outsider.pk):
        with pytest.raises(Refused, match="reviewer"):
            actions.send_to_review(actor=designer, task_id=task.pk, reviewer_id=nobody, now=NOW)
    actions.send_to_review(actor=designer, task_id=task.pk, reviewer_id=cast.cs.pk, now=NOW)
    with pytest.raises(NotAllowed, match="being_checked"):
        actions.complete_task(actor=designer, task_id=task.pk, now=NOW)
    with pytest.raises(Refused, match="owner"):
        actions.assign_task(actor=cast.actor("manager"), task_id=task.pk, owner_id=cast.cs.pk, now=NOW)
    actions.complete_task(actor=cast.actor("cs"), task_id=task.pk, now=NOW)
    actions.reopen_task(actor=cast.actor("cs"), task_id=task.pk, now=NOW)
    task.refresh_from_db()
    assert (task.status, task.done_at) == ("doing", None)


def test_blocked_and_cancelled_carry_their_reason_until_they_end(cast: Cast, task: Task) -> None:
    designer, manager = cast.actor("designer"), cast.actor("manager")
    with pytest.raises(Refused, match="reason_missing"):
        actions.block_task(actor=designer, task_id=task.pk, reason="", now=NOW)
    actions.block_task(actor=designer, task_id=task.pk, reason="样品没到", now=NOW)
    task.refresh_from_db()
    assert (task.status, task.status_reason, last_event().reason) == ("blocked", "样品没到", "样品没到")
    with pytest.raises(Refused, match="not_now"):
        actions.complete_task(actor=designer, task_id=task.pk, now=NOW)
    actions.unblock_task(actor=designer, task_id=task.pk, now=NOW)
    task.refresh_from_db()
    assert (task.status, task.status_reason) == ("doing", "")
    with pytest.raises(NotAllowed):
        actions.cancel_task(actor=designer, task_id=task.pk, reason="不做", now=NOW)
    actions.cancel_task(actor=manager, task_id=task.pk, reason="不参加", now=NOW)
    with pytest.raises(Refused, match="not_now"):
        actions.edit_task(actor=manager, task_id=task.pk, changes={"title": "x"}, now=NOW)
    actions.reopen_task(actor=manager, task_id=task.pk, now=NOW)


def test_a_stale_status_change_is_refused_with_both_values(cast: Cast, task: Task) -> None:
    actions.block_task(actor=cast.actor("manager"), task_id=task.pk, reason="等样品", version=1, now=NOW)
    with pytest.raises(Refused, match="stale") as refused:
        actions.move_task(actor=cast.actor("designer"), task_id=task.pk, status=Status.DONE, version=1, now=NOW)
    assert set(refused.value.current) == set(refused.value.yours) == {"status"}
    assert refused.value.current != refused.value.yours


def test_a_status_change_from_before_an_edit_of_other_fields_succeeds(cast: Cast, task: Task) -> None:
    actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"due_at": LATER}, version=1, now=NOW)
    actions.complete_task(actor=cast.actor("designer"), task_id=task.pk, version=1, now=NOW)


def test_in_a_closed_campaign_nothing_changes(cast: Cast, task: Task) -> None:
    Campaign.objects.update(phase="closed")
    manager = cast.actor("manager")
    for verb in (
        lambda: actions.start_task(actor=manager, task_id=task.pk, now=NOW),
        lambda: actions.edit_task(actor=manager, task_id=task.pk, changes={"title": "x"}, now=NOW),
        lambda: actions.add_comment(actor=manager, task_id=task.pk, body="x", now=NOW),
        lambda: actions.create_task(actor=manager, campaign_id=task.campaign_id, title="x", role=Role.OPS, now=NOW),
        lambda: actions.move_task(actor=manager, task_id=task.pk, after_id=task.pk, now=NOW),
    ):
        with pytest.raises(Refused, match="campaign_closed"):
            verb()


# --- places ------------------------------------------------------------------------------------


def column(campaign: Campaign, status: str = "todo") -> list[str]:
    rows = Task.objects.filter(campaign=campaign, status=status).order_by("position", "id")
    return list(rows.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ({"before_id": "A"}, ["C", "A", "B", "D"]),
        ({"before_id": "B"}, ["A", "C", "B", "D"]),
        ({"after_id": "A"}, ["A", "C", "B", "D"]),
        ({"after_id": "D"}, ["A", "B", "D", "C"]),
        ({"before_id": "D"}, ["A", "B", "C", "D"]),
    ],
)
def test_a_card_moves_beside_a_neighbour_by_writing_one_row(
    cast: Cast, campaign: Campaign, place: dict[str, str], order: list[str]
) -> None:
    tasks = {code: TaskFactory(campaign=campaign, code=code) for code in "ABCD"}
    places = {name: tasks[code].pk for name, code in place.items()}
    positions = dict(Task.objects.values_list("code", "position"))
    actions.move_task(actor=cast.actor("manager"), task_id=tasks["C"].pk, now=NOW, **places)
    assert column(campaign) == order
    after = dict(Task.objects.values_list("code", "position"))
    assert {code for code in "ABD" if after[code] != positions[code]} == set()


def test_a_card_moves_into_a_column_and_beside_a_neighbour_at_once(cast: Cast, campaign: Campaign) -> None:
    one, two = (TaskFactory(campaign=campaign, code=code, status="doing") for code in "AB")
    card = TaskFactory(campaign=campaign, code="C")
    actions.move_task(
        actor=cast.actor("manager"), task_id=card.pk, status=Status.DOING, before_id=two.pk, version=1, now=NOW
    )
    assert column(campaign, "doing") == ["A", "C", "B"]
    assert last_event().verb == "start_task"
    with pytest.raises(Refused, match="neighbour_gone"):
        actions.move_task(actor=cast.actor("manager"), task_id=one.pk, status=Status.TODO, before_id=two.pk, now=NOW)


def test_exhausted_and_equal_positions_are_spread_anew_in_the_same_order(cast: Cast, campaign: Campaign) -> None:
    tasks = {code: TaskFactory(campaign=campaign, code=code, position=7.0) for code in "ABC"}
    other = TaskFactory(campaign=campaign, code="X", status="doing", position=3.0)
    actions.move_task(actor=cast.actor("manager"), task_id=tasks["C"].pk, before_id=tasks["B"].pk, now=NOW)
    assert column(campaign) == ["A", "C", "B"]
    other.refresh_from_db()
    assert other.position < Task.objects.get(code="A").position


def test_a_hundred_moves_into_the_same_gap_keep_the_order(cast: Cast, campaign: Campaign) -> None:
    first, *rest = (TaskFactory(campaign=campaign, code=f"T{n:02}") for n in range(8))
    manager = cast.actor("manager")
    for turn in range(100):
        card = rest[turn % len(rest)]
        actions.move_task(actor=manager, task_id=card.pk, after_id=first.pk, now=NOW)
        assert column(campaign)[:2] == [first.code, card.code]


def test_the_order_of_others_tasks_is_not_a_members(cast: Cast, campaign: Campaign, task: Task) -> None:
    other = TaskFactory(campaign=campaign, owner=cast.cs)
    with pytest.raises(NotAllowed):
        actions.move_task(actor=cast.actor("designer"), task_id=other.pk, before_id=task.pk, now=NOW)
    actions.move_task(actor=cast.actor("designer"), task_id=task.pk, after_id=other.pk, now=NOW)


# --- checklist, dependencies, comments ---------------------------------------------------------


def test_ticking_is_for_those_who_work_on_it_and_twice_is_once(cast: Cast, task: Task) -> None:
    item = ChecklistItemFactory(task=task, text="白底")
    for who, refusal in (("cs", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)):
        with pytest.raises(refusal):
            actions.tick_item(actor=cast.actor(who), item_id=item.pk, now=NOW)
    designer = cast.actor("designer")
    for moment in (NOW, LATER):
        actions.tick_item(actor=designer, item_id=item.pk, now=moment)
    item.refresh_from_db()
    assert (item.ticked_by, item.ticked_at) == (cast.designer, NOW)
    assert CampaignEvent.objects.filter(verb="tick_item").count() == 1
    actions.untick_item(actor=designer, item_id=item.pk, now=LATER)
    item.refresh_from_db()
    assert (item.ticked_by, item.ticked_at) == (None, None)


def test_a_waiver_is_taken_back_by_managers_only_and_a_tick_replaces_it(cast: Cast, task: Task) -> None:
    item = ChecklistItemFactory(task=task)
    manager = cast.actor("manager")
    actions.waive_item(actor=manager, item_id=item.pk, reason="不适用", now=NOW)
    with pytest.raises(NotAllowed):
        actions.untick_item(actor=cast.actor("designer"), item_id=item.pk, now=NOW)
    actions.tick_item(actor=cast.actor("designer"), item_id=item.pk, now=NOW)
    item.refresh_from_db()
    assert (item.waived_by, item.waived_reason, item.ticked_by) == (None, "", cast.designer)


def test_the_checklist_of_a_done_task_holds_still(cast: Cast, task: Task) -> None:
    item = ChecklistItemFactory(task=task)
    actions.tick_item(actor=cast.actor("designer"), item_id=item.pk, now=NOW)
    actions.complete_task(actor=cast.actor("designer"), task_id=task.pk, now=NOW)
    with pytest.raises(Refused, match="not_now"):
        actions.untick_item(actor=cast.actor("designer"), item_id=item.pk, now=NOW)
    assert ChecklistItem.objects.get().ticked_at == NOW


def test_a_ring_of_dependencies_is_refused_by_name(cast: Cast, campaign: Campaign) -> None:
    one, two, three = (TaskFactory(campaign=campaign, code=f"P0{n}", title=f"步{n}") for n in (1, 2, 3))
    manager = cast.actor("manager")
    actions.add_dependency(actor=manager, task_id=two.pk, predecessor_id=one.pk, now=NOW)
    actions.add_dependency(actor=manager, task_id=two.pk, predecessor_id=one.pk, now=NOW)
    actions.add_dependency(actor=manager, task_id=three.pk, predecessor_id=two.pk, now=NOW)
    assert TaskDependency.objects.count() == 2
    for predecessor in (three, one):
        with pytest.raises(Refused, match="cycle") as refused:
            actions.add_dependency(actor=manager, task_id=one.pk, predecessor_id=predecessor.pk, now=NOW)
        assert "P01 步1" in str(refused.value.reasons[0])
    with pytest.raises(NotAllowed):
        actions.remove_dependency(actor=cast.actor("cs"), task_id=two.pk, predecessor_id=one.pk, now=NOW)
    actions.remove_dependency(actor=manager, task_id=two.pk, predecessor_id=one.pk, now=NOW)
    actions.add_dependency(actor=manager, task_id=one.pk, predecessor_id=three.pk, now=NOW)


def test_dependencies_stay_inside_the_campaign(cast: Cast, campaign: Campaign, task: Task) -> None:
    stranger = TaskFactory(campaign=CampaignFactory(team=cast.team))
    manager = cast.actor("manager")
    with pytest.raises(Missing):
        actions.add_dependency(actor=manager, task_id=task.pk, predecessor_id=stranger.pk, now=NOW)
    for verb in (actions.remove_dependency, actions.waive_predecessor):
        reason = {"reason": "x"} if verb is actions.waive_predecessor else {}
        with pytest.raises(Missing):
            verb(actor=manager, task_id=task.pk, predecessor_id=stranger.pk, now=NOW, **reason)


def test_everybody_who_sees_it_comments_and_only_team_mates_are_mentioned(cast: Cast, task: Task) -> None:
    comment_id = actions.add_comment(
        actor=cast.actor("viewer"), task_id=task.pk, body="@小美 @外人 @老周 今天能好吗", now=NOW
    )
    assert Comment.objects.get(pk=comment_id).author == cast.viewer
    assert list(CommentMention.objects.values_list("user_id", flat=True)) == [cast.designer.pk]
    assert last_event().verb == "add_comment"
    with pytest.raises(Missing):
        actions.add_comment(actor=cast.actor("outsider"), task_id=task.pk, body="你好", now=NOW)
    with pytest.raises(Refused, match="invalid"):
        actions.add_comment(actor=cast.actor("cs"), task_id=task.pk, body="  ", now=NOW)


def test_nobody_floods_a_task_with_comments(cast: Cast, campaign: Campaign, task: Task) -> None:
    """H3: sixty an hour by one author in all campaigns; another author, and this one an hour later, goes on."""
    other = TaskFactory(campaign=CampaignFactory(team=cast.team))
    for index in range(MOST_COMMENTS):
        where = task if index % 2 else other
        actions.add_comment(actor=cast.actor("viewer"), task_id=where.pk, body="好", now=NOW)
    for where in (task, other):
        with pytest.raises(Refused, match="too_many"):
            actions.add_comment(actor=cast.actor("viewer"), task_id=where.pk, body="好", now=NOW)
    assert Comment.objects.count() == MOST_COMMENTS
    actions.add_comment(actor=cast.actor("cs"), task_id=task.pk, body="好", now=NOW)
    actions.add_comment(actor=cast.actor("viewer"), task_id=task.pk, body="好", now=LATER)


def test_nobody_floods_a_person_with_mentions(cast: Cast, task: Task) -> None:
    """H3: twenty an hour by one author to one person; what is refused leaves no row and no line in the log."""
    viewer = cast.actor("viewer")
    for _ in range(MOST_MENTIONS):
        actions.add_comment(actor=viewer, task_id=task.pk, body="@小美", now=NOW)
    before = CampaignEvent.objects.count()
    with pytest.raises(Refused, match="too_many"):
        actions.add_comment(actor=viewer, task_id=task.pk, body="@小美 @阿敏", now=NOW)
    assert (CommentMention.objects.count(), CampaignEvent.objects.count()) == (MOST_MENTIONS, before)
    # Without her name, to somebody else, and by somebody else it goes on.
    actions.add_comment(actor=viewer, task_id=task.pk, body="小美", now=NOW)
    actions.add_comment(actor=viewer, task_id=task.pk, body="@阿敏", now=NOW)
    actions.add_comment(actor=cast.actor("cs"), task_id=task.pk, body="@小美", now=NOW)
    actions.add_comment(actor=viewer, task_id=task.pk, body="@小美", now=LATER)


def test_every_verb_raises_the_boards_version(cast: Cast, campaign: Campaign, task: Task) -> None:
    item = ChecklistItemFactory(task=task)
    designer = cast.actor("designer")
    verbs = [
        lambda: actions.tick_item(actor=designer, item_id=item.pk, now=NOW),
        lambda: actions.add_comment(actor=designer, task_id=task.pk, body="好", now=NOW),
        lambda: actions.start_task(actor=designer, task_id=task.pk, now=NOW),
        lambda: actions.log_hours(actor=designer, task_id=task.pk, hours=Decimal(1), now=NOW),
        lambda: actions.complete_task(actor=designer, task_id=task.pk, now=NOW),
    ]
    for count, verb in enumerate(verbs, start=1):
        verb()
        campaign.refresh_from_db()
        assert campaign.board_version == count


def test_the_system_may_do_a_managers_work(campaign: Campaign, cast: Cast, task: Task) -> None:
    actions.assign_task(actor=SYSTEM, task_id=task.pk, owner_id=cast.cs.pk, now=NOW)
    actions.complete_task(actor=SYSTEM, task_id=task.pk, now=NOW)
    task.refresh_from_db()
    assert (task.status, task.done_by, last_event().actor) == ("done", None, None)


def test_drafts_may_hang_on_tasks_that_are_there_already(cast: Cast, campaign: Campaign, task: Task) -> None:
    fresh = replace(draft("P25", "P24"), is_gate=True)
    ids = actions.create_plan_tasks(actor=cast.actor("manager"), campaign_id=campaign.pk, drafts=[fresh], now=NOW)
    row = TaskDependency.objects.get()
    assert (row.task_id, row.predecessor_id, row.task.is_gate) == (ids["P25"], task.pk, True)
