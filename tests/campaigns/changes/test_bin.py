"""The bin: what goes in is nowhere else, comes out as it was, and is gone after thirty days."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from campaigns.board import actions
from campaigns.board.models import ChecklistItem, Comment, CommentMention, Evidence, Task, TaskDependency, TaskHelper
from campaigns.board.queries import bin_screen, task_for, task_screen
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import campaign_for
from campaigns.changes.actions import empty_bin
from campaigns.phases.queries import phase_facts
from campaigns.reminders.models import Delivery, Notice
from campaigns.reminders.queries.planning import lines_to_plan
from campaigns.reminders.queries.sending import delivery_facts
from campaigns.reminders.rules.sending import Reason, verdict
from campaigns.reviews.models import Lesson
from planner.core.errors import DomainError, Missing, NotAllowed, Refused
from tests.campaigns.board.test_actions import draft
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, depends
from tests.walls.routes import found_routes

# On whatever page one of these is, the page shows what lies in the bin.
SECRET = "绝密旧稿"


@dataclass(frozen=True)
class Scene:
    cast: Cast
    campaign: Campaign
    task: Task
    waiting: Task

    def delete(self, **values: Any) -> None:
        actions.delete_task(actor=self.cast.actor("manager"), task_id=self.task.pk, now=timezone.now(), **values)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    now = timezone.now()
    campaign = CampaignFactory(team=cast.team, name="618 2027", starts_at=now + timedelta(days=60))
    task = TaskFactory(
        campaign=campaign,
        code="P24",
        title=SECRET,
        title_en=SECRET,
        role="design",
        owner=cast.designer,
        due_at=now - timedelta(hours=1),
    )
    waiting = TaskFactory(campaign=campaign, title="上架", owner=cast.designer, due_at=now + timedelta(days=1))
    depends(waiting, task)
    depends(task, TaskFactory(campaign=campaign, title="定品"))
    ChecklistItemFactory(task=task, text=f"{SECRET}行")
    TaskHelper.objects.create(task=task, user=cast.cs)
    comment = Comment.objects.create(task=task, author=cast.manager, body=f"{SECRET} @小美", at=now)
    CommentMention.objects.create(comment=comment, user=cast.designer)
    Evidence.objects.create(task=task, url=f"https://a.test/{SECRET}", added_by=cast.designer, added_at=now)
    sent = Delivery.objects.create(
        campaign=campaign,
        task=task,
        recipient=cast.manager,
        kind="overdue",
        channel="in_app",
        subject=f"task:{task.pk}",
        occurrence="x",
        due_at=now,
        next_try_at=now,
        created_at=now,
        state="sent",
    )
    Notice.objects.create(delivery=sent, recipient=cast.manager, text=SECRET, link=f"/tasks/{task.pk}/", at=now)
    Lesson.objects.create(
        campaign=campaign, kind="improve", text="早点拍", owner=cast.designer, due_on=now, task=task, created_at=now
    )
    return Scene(cast, campaign, task, waiting)


def as_(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


READS = sorted(
    route.name
    for route in found_routes()
    if set(route.args) <= {"campaign_id", "team_id", "user_id", "task_id"} and not route.name.endswith(":bin")
)


@pytest.mark.parametrize("name", READS)
def test_nothing_shows_what_lies_in_the_bin(scene: Scene, name: str) -> None:
    route = next(each for each in found_routes() if each.name == name)
    ids = {
        "campaign_id": scene.campaign.pk,
        "team_id": scene.cast.team.pk,
        "user_id": scene.cast.designer.pk,
        "task_id": scene.waiting.pk,
    }
    try:
        address = reverse(name, kwargs={arg: ids[arg] for arg in route.args})
    except NoReverseMatch:
        pytest.fail(f"no address of {name}")
    Task.objects.filter(pk=scene.task.pk).update(deleted_at=timezone.now(), deleted_by=scene.cast.manager)
    for who in ("manager", "designer"):
        answer = as_(scene.cast, who).get(address)
        shown = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined, arg-type]
        assert SECRET not in shown.decode()
        assert rf"{SECRET.encode('unicode_escape').decode()}" not in shown.decode()


def test_what_shows_it_before_is_among_what_is_asked(scene: Scene) -> None:
    """Without this the test above could pass because nothing ever showed it."""
    client = as_(scene.cast, "manager")
    for name, pk in {"board": scene.campaign.pk, "tasks": scene.campaign.pk, "task": scene.waiting.pk}.items():
        assert f"campaigns:{name}" in READS
        assert SECRET in client.get(reverse(f"campaigns:{name}", args=[pk])).content.decode()
    for name in ("campaigns:notices", "api:notices"):
        assert name in READS
        assert SECRET in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("route", [route.name for route in found_routes() if route.args == ("task_id",)])
def test_no_verb_reaches_it_but_restore(scene: Scene, route: str) -> None:
    Task.objects.filter(pk=scene.task.pk).update(deleted_at=timezone.now(), deleted_by=scene.cast.manager)
    client = as_(scene.cast, "manager")
    for method in ("get", "post"):
        answer = getattr(client, method)(reverse(route, args=[scene.task.pk]), content_type="application/json")
        reached = route.endswith(":restore_task") and method == "post"
        assert answer.status_code in ({200, 302} if reached else {400, 404, 405, 409, 428})
    assert Task.everything.get(pk=scene.task.pk).version == scene.task.version + route.endswith(":restore_task")


def test_nobody_waits_for_it_and_nobody_hears_of_it(scene: Scene) -> None:
    actor = scene.cast.actor("manager")
    planned = Delivery.objects.create(
        campaign=scene.campaign,
        task=scene.task,
        recipient=scene.cast.designer,
        kind="overdue",
        channel="in_app",
        subject=f"task:{scene.task.pk}",
        occurrence="y",
        due_at=scene.task.due_at,
        next_try_at=scene.task.due_at,
        created_at=NOW,
    )
    assert [each.name for each in task_for(actor, scene.waiting.pk).waits_for] == [f"P24 {SECRET}"]
    assert any(line.task_id == scene.task.pk for line in lines_to_plan(timezone.now()))
    scene.delete()
    assert task_for(actor, scene.waiting.pk).predecessors == ()
    assert task_screen(actor, scene.waiting.pk, NOW).waits_for == ()
    assert not [line for line in lines_to_plan(timezone.now()) if line.task_id == scene.task.pk]
    assert verdict(delivery_facts(planned.pk, timezone.now()), timezone.now()) is Reason.TASK_DELETED


def test_no_phase_waits_for_a_gate_in_the_bin(scene: Scene) -> None:
    Task.objects.filter(pk=scene.task.pk).update(is_gate=True)
    campaign = campaign_for(scene.cast.actor("manager"), scene.campaign.pk)
    assert [task.id for task in phase_facts(campaign).tasks] == [scene.task.pk]
    with pytest.raises(Refused) as caught:
        scene.delete()
    assert caught.value.code == "reason_missing"
    scene.delete(reason="改由总部把关")
    assert phase_facts(campaign).tasks == ()
    assert CampaignEvent.objects.get(verb="delete_task").reason == "改由总部把关"


def test_it_comes_back_as_it_went_in(scene: Scene) -> None:
    before = Task.objects.filter(pk=scene.task.pk).values().get()
    pieces = [model.objects.filter(task=scene.task).count() for model in (ChecklistItem, Comment, Evidence, TaskHelper)]
    scene.delete()
    actions.restore_task(actor=scene.cast.actor("manager"), task_id=scene.task.pk, now=timezone.now())
    after = Task.objects.filter(pk=scene.task.pk).values().get()
    assert {**after, "version": 1} == before
    again = [model.objects.filter(task=scene.task).count() for model in (ChecklistItem, Comment, Evidence, TaskHelper)]
    assert again == pieces == [1, 1, 1, 1]
    assert task_for(scene.cast.actor("manager"), scene.waiting.pk).waits_for[0].task_id == scene.task.pk


@pytest.mark.parametrize(
    ("who", "refusal"), [("designer", NotAllowed), ("cs", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)]
)
def test_a_step_of_the_plan_is_a_managers_to_delete(scene: Scene, who: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        actions.delete_task(actor=scene.cast.actor(who), task_id=scene.task.pk, now=NOW)
    assert Task.objects.filter(pk=scene.task.pk).exists()


def test_a_member_deletes_an_own_task_until_somebody_else_touches_it(scene: Scene) -> None:
    designer = scene.cast.actor("designer")
    new = {"actor": designer, "campaign_id": scene.campaign.pk, "role": "design", "now": NOW}
    mine, ours = (actions.create_task(title=title, **new) for title in ("草稿", "合稿"))
    actions.add_comment(actor=scene.cast.actor("manager"), task_id=ours, body="好", now=NOW)
    actions.delete_task(actor=designer, task_id=mine, now=NOW)
    with pytest.raises(NotAllowed) as caught:
        actions.delete_task(actor=designer, task_id=ours, now=NOW)
    assert caught.value.code == "touched_by_others"
    actions.restore_task(actor=designer, task_id=mine, now=NOW)
    assert set(Task.objects.filter(pk__in=[mine, ours]).values_list("pk", flat=True)) == {mine, ours}


def test_a_plan_written_again_neither_brings_it_back_nor_breaks(scene: Scene) -> None:
    scene.delete()
    drafts = [draft("P24"), draft("P25", "P24")]
    ids = actions.create_plan_tasks(
        actor=scene.cast.actor("manager"), campaign_id=scene.campaign.pk, drafts=drafts, now=NOW
    )
    assert list(ids) == ["P25"]
    assert Task.everything.get(code="P24").deleted_at is not None
    assert task_for(scene.cast.actor("manager"), ids["P25"]).predecessors == ()


def test_a_change_of_many_goes_back_but_for_what_lies_in_the_bin(scene: Scene) -> None:
    manager = scene.cast.actor("manager")
    seen = {scene.task.pk: 1, scene.waiting.pk: 1}
    edit_id = actions.apply_bulk_edit(
        actor=manager, campaign_id=scene.campaign.pk, seen=seen, changes={"urgent": True}, now=timezone.now()
    )
    scene.delete()
    assert actions.undo_bulk_edit(actor=manager, edit_id=edit_id, now=timezone.now()) == 1
    assert not Task.objects.get(pk=scene.waiting.pk).urgent
    assert Task.everything.get(pk=scene.task.pk).urgent
    page = as_(scene.cast, "manager").get(reverse("campaigns:tasks", args=[scene.campaign.pk]), {"edit": edit_id})
    assert page.status_code == 200


def test_pieces_come_back_one_by_one(scene: Scene) -> None:
    manager, now = scene.cast.actor("manager"), timezone.now()
    item, comment, evidence = (model.objects.get() for model in (ChecklistItem, Comment, Evidence))
    for name, row in (("item", item), ("comment", comment), ("evidence", evidence)):
        about = {f"{name}_id": row.pk}
        getattr(actions, f"remove_{name}")(actor=manager, now=now, **about)
        assert not type(row).objects.exists()
        lines = bin_screen(scene.cast.actor("viewer"), scene.campaign.pk, now).lines
        assert [(line.kind, line.id, line.days_left, line.may_restore) for line in lines] == [(name, row.pk, 30, False)]
        getattr(actions, f"restore_{name}")(actor=manager, now=now, **about)
        assert type(row).objects.get() == row
        with pytest.raises(Missing):
            getattr(actions, f"restore_{name}")(actor=manager, now=now, **about)


def test_words_that_a_manager_took_away_are_a_managers_to_put_back(scene: Scene) -> None:
    comment = Comment.objects.create(task=scene.task, author=scene.cast.cs, body="气话", at=NOW)
    actions.remove_comment(actor=scene.cast.actor("manager"), comment_id=comment.pk, now=timezone.now())
    with pytest.raises(NotAllowed):
        actions.restore_comment(actor=scene.cast.actor("cs"), comment_id=comment.pk, now=timezone.now())


def test_the_page_says_what_goes_along_and_the_bin_leads_back(scene: Scene) -> None:
    scene.cast.manager.language = "en"
    scene.cast.manager.save(update_fields=["language"])
    client = as_(scene.cast, "manager")
    page = client.get(reverse("campaigns:delete_task", args=[scene.task.pk])).content.decode()
    for words in ("1 line of its checklist", "1 comment", "1 piece of evidence", "上架"):
        assert words in page
    gone = client.post(reverse("campaigns:delete_task", args=[scene.task.pk]), headers={"HX-Request": "true"})
    assert gone.headers["HX-Redirect"] == reverse("campaigns:board", args=[scene.campaign.pk])
    board = client.get(gone.headers["HX-Redirect"]).content.decode()
    assert "Put into the bin" in board
    assert "/undo/" in board
    address = reverse("campaigns:bin", args=[scene.campaign.pk])
    assert SECRET in client.get(address).content.decode()
    back = client.post(
        reverse("campaigns:restore_task", args=[scene.task.pk]), headers={"Referer": f"http://testserver{address}"}
    )
    assert back.headers["Location"].endswith(address)
    assert "The bin is empty." in client.get(address).content.decode()


def test_after_thirty_days_it_is_gone_with_its_files(scene: Scene, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    stored = default_storage.save("evidence/2026/11/a", ContentFile(b"x"))
    Evidence.objects.create(task=scene.task, file=stored, name="a.png", added_by=scene.cast.designer, added_at=NOW)
    kept = ChecklistItemFactory(task=scene.waiting, deleted_at=timezone.now(), deleted_by=scene.cast.manager)
    scene.delete()
    now = timezone.now()
    assert empty_bin(now=now + timedelta(days=29)) == 0
    assert default_storage.exists(stored)
    later = now + timedelta(days=30, minutes=1)
    with pytest.raises(Refused):
        actions.restore_task(actor=scene.cast.actor("manager"), task_id=scene.task.pk, now=later)
    ChecklistItem.everything.filter(pk=kept.pk).update(deleted_at=later)
    # As after a sweep that broke off between the files and the rows.
    default_storage.delete(stored)
    assert empty_bin(now=later) == 1
    assert empty_bin(now=later) == 0
    assert not Task.everything.filter(pk=scene.task.pk).exists()
    assert not default_storage.exists(stored)
    assert Lesson.objects.get().task is None
    assert not Delivery.objects.filter(task_id=scene.task.pk).exists()
    assert not TaskDependency.objects.filter(predecessor_id=scene.task.pk).exists()
    assert ChecklistItem.everything.filter(pk=kept.pk).exists()
    assert CampaignEvent.objects.filter(verb="delete_task", subject_id=scene.task.pk).exists()


def test_many_go_batch_by_batch(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.changes.actions.BATCH", 2)
    old = timezone.now() - timedelta(days=31)
    for _ in range(5):
        TaskFactory(campaign=scene.campaign, deleted_at=old, deleted_by=scene.cast.manager)
        ChecklistItemFactory(task=scene.waiting, deleted_at=old, deleted_by=scene.cast.manager)
    assert empty_bin(now=timezone.now()) == 10
    assert not Task.everything.exclude(deleted_at=None).exists()
