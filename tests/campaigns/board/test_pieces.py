"""Lines of a checklist, evidence and comments: written, changed, taken away; and “done” with all of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board import actions
from campaigns.board.models import ChecklistItem, Comment, CommentMention, Evidence, Task
from campaigns.board.queries import evidence_file, task_detail, task_for, task_screen
from campaigns.board.rules import MOST_COMMENTS, MOST_ITEMS, Upload
from campaigns.campaign.models import Campaign, CampaignEvent
from planner.core.errors import DomainError, Missing, NotAllowed, Refused
from staff.people.rules import Actor
from tests.cast import Cast
from tests.factories import NOW, PNG, CampaignFactory, ChecklistItemFactory, TaskFactory

LATER = NOW + timedelta(hours=1)
PICTURE = Upload("终稿.png", PNG)


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def task(cast: Cast, campaign: Campaign) -> Task:
    """小美's open task."""
    return TaskFactory(campaign=campaign, code="P24", title="主图", role="design", owner=cast.designer)


def texts(task: Task) -> list[str]:
    return list(ChecklistItem.objects.filter(task=task).values_list("text", flat=True))


def verbs() -> list[str]:
    return list(CampaignEvent.objects.order_by("id").values_list("verb", flat=True))


# --- the checklist -----------------------------------------------------------------------------


def test_lines_are_added_changed_moved_and_removed(cast: Cast, task: Task) -> None:
    ids = [
        actions.add_item(actor=cast.actor("designer"), task_id=task.pk, text=f" {text} ", now=NOW) for text in "甲乙丙"
    ]
    actions.edit_item(actor=cast.actor("designer"), item_id=ids[0], text="甲一", was="甲", now=NOW)
    actions.move_item(actor=cast.actor("designer"), item_id=ids[2], up=True, now=NOW)
    actions.move_item(actor=cast.actor("designer"), item_id=ids[0], up=True, now=NOW)  # it is the first already
    assert texts(task) == ["甲一", "丙", "乙"]
    actions.move_item(actor=cast.actor("designer"), item_id=ids[0], up=False, now=NOW)
    actions.remove_item(actor=cast.actor("designer"), item_id=ids[2], now=NOW)
    assert texts(task) == ["甲一", "乙"]
    assert verbs() == ["add_item"] * 3 + ["edit_item"] + ["move_item"] * 2 + ["remove_item"]
    gone = ChecklistItem.everything.get(pk=ids[2])
    assert (gone.deleted_at, gone.deleted_by_id) == (NOW, cast.designer.pk)


def test_a_removed_line_holds_nothing_up_and_is_counted_nowhere(cast: Cast, task: Task) -> None:
    item = ChecklistItemFactory(task=task, text="白底")
    kept = ChecklistItemFactory(task=task, text="水印", ticked_at=NOW, ticked_by=cast.designer)
    actions.remove_item(actor=cast.actor("designer"), item_id=item.pk, now=NOW)
    screen, detail = task_screen(cast.actor("designer"), task.pk, NOW), task_detail(cast.actor("designer"), task.pk)
    assert [line.id for line in screen.checklist] == [line.id for line in detail.checklist] == [kept.pk]
    assert (screen.line.checklist_done, screen.line.checklist_total, screen.blockers) == (1, 1, ())
    for verb in (actions.tick_item, actions.remove_item):
        with pytest.raises(Missing):
            verb(actor=cast.actor("designer"), item_id=item.pk, now=NOW)
    # Its place stays its own: the next line comes after it.
    new = ChecklistItem.objects.get(
        pk=actions.add_item(actor=cast.actor("designer"), task_id=task.pk, text="新", now=NOW)
    )
    assert new.position > max(item.position, kept.position)
    actions.move_item(actor=cast.actor("designer"), item_id=new.pk, up=True, now=NOW)
    assert texts(task) == ["新", "水印"]


def test_a_line_that_somebody_changed_meanwhile_keeps_both_texts(cast: Cast, task: Task) -> None:
    item = ChecklistItemFactory(task=task, text="白底", text_en="White")
    with pytest.raises(Refused) as refused:
        actions.edit_item(actor=cast.actor("designer"), item_id=item.pk, text="我的", was="旧的", now=NOW)
    assert refused.value.code == "stale"
    assert (refused.value.current, refused.value.yours) == ({"text": "白底"}, {"text": "我的"})
    actions.edit_item(actor=cast.actor("designer"), item_id=item.pk, text="白底 800", was="白底", now=NOW)
    item.refresh_from_db()
    # What was typed is what everybody reads: a translation of the old words would say something else.
    assert (item.text, item.text_en) == ("白底 800", "")


@pytest.mark.parametrize("text", ["", "   ", "字" * 201])
def test_a_line_says_something_short(cast: Cast, task: Task, text: str) -> None:
    item = ChecklistItemFactory(task=task)
    with pytest.raises(Refused):
        actions.add_item(actor=cast.actor("designer"), task_id=task.pk, text=text, now=NOW)
    with pytest.raises(Refused):
        actions.edit_item(actor=cast.actor("designer"), item_id=item.pk, text=text, now=NOW)


def test_a_checklist_holds_a_hundred_lines(cast: Cast, task: Task) -> None:
    ChecklistItem.objects.bulk_create(
        ChecklistItem(task=task, position=index, text="x") for index in range(1, MOST_ITEMS + 1)
    )
    with pytest.raises(Refused) as refused:
        actions.add_item(actor=cast.actor("designer"), task_id=task.pk, text="多一条", now=NOW)
    assert refused.value.code == "full"


# --- who ---------------------------------------------------------------------------------------


def attempts(actor: Actor, task: Task, item: ChecklistItem, shown: int) -> dict[str, type[DomainError] | None]:
    """What became of each verb."""
    tried: dict[str, type[DomainError] | None] = {}
    for name, given in {
        "add_item": {"task_id": task.pk, "text": "x"},
        "edit_item": {"item_id": item.pk, "text": "y"},
        "move_item": {"item_id": item.pk, "up": True},
        "add_evidence": {"task_id": task.pk, "url": "https://a.cn/"},
        "remove_evidence": {"evidence_id": shown},
        "remove_item": {"item_id": item.pk},
        "finish_task": {"task_id": task.pk},
    }.items():
        try:
            getattr(actions, name)(actor=actor, now=NOW, **given)
            tried[name] = None
        except DomainError as error:
            tried[name] = type(error)
    return tried


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("designer", None),
        ("manager", None),
        ("cs", NotAllowed),
        ("viewer", NotAllowed),
        ("outsider", Missing),
    ],
)
def test_owners_and_managers_change_a_task_others_do_not(
    cast: Cast, task: Task, who: str, outcome: type[DomainError] | None
) -> None:
    item = ChecklistItemFactory(task=task, text="白底")
    shown = actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, upload=PICTURE, now=NOW)
    tried = attempts(cast.actor(who), task, item, shown)
    # The line that the manager and the owner added themselves is still open.
    expected = dict.fromkeys(tried, outcome) | ({"finish_task": Refused} if outcome is None else {})
    assert tried == expected
    if outcome is not None:
        assert (texts(task), Evidence.objects.count(), len(files())) == (["白底"], 1, 1)


# --- evidence ----------------------------------------------------------------------------------


def test_a_file_is_kept_under_a_name_that_nobody_can_guess(cast: Cast, task: Task) -> None:
    upload = Upload("../../终稿.png", PNG)
    evidence_id = actions.add_evidence(
        actor=cast.actor("designer"), task_id=task.pk, upload=upload, note=" 二版 ", now=NOW
    )
    row = Evidence.objects.get(pk=evidence_id)
    assert (row.name, row.note, row.content_type, row.size) == ("终稿.png", "二版", "image/png", len(PNG))
    [path] = files()
    assert path.read_bytes() == PNG
    assert len(path.name) == 32
    assert path.suffix == ""
    assert row.file.name == f"evidence/2026/11/{path.name}"
    stored = evidence_file(cast.actor("viewer"), evidence_id)
    assert stored.file.read() == PNG
    with pytest.raises(Missing):
        evidence_file(cast.actor("outsider"), evidence_id)
    assert verbs() == ["add_evidence"]


def test_what_is_refused_or_fails_leaves_no_file(cast: Cast, task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    for upload in (Upload("a.svg", b"<svg/>"), Upload("a.png", b""), Upload("a.png", b"<html>")):
        with pytest.raises(Refused):
            actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, upload=upload, now=NOW)
    with pytest.raises(NotAllowed):
        actions.add_evidence(actor=cast.actor("cs"), task_id=task.pk, upload=PICTURE, now=NOW)

    def broken(**_: Any) -> None:
        assert len(files()) == 1  # it is written before the row
        raise OSError("the database is gone")

    monkeypatch.setattr("campaigns.board.actions.evidence.log_task", broken)
    with pytest.raises(OSError, match="gone"):
        actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, upload=PICTURE, now=NOW)
    assert (files(), Evidence.everything.count()) == ([], 0)


def test_done_asks_for_evidence_where_it_is_needed(cast: Cast, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(needs_evidence=True)
    with pytest.raises(Refused) as refused:
        actions.complete_task(actor=cast.actor("designer"), task_id=task.pk, now=NOW)
    assert [str(reason) for reason in refused.value.reasons] == ["Evidence is missing: add a link or a file"]
    shown = actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, url="https://a.cn/", now=NOW)
    actions.remove_evidence(actor=cast.actor("designer"), evidence_id=shown, now=NOW)
    assert task_for(cast.actor("designer"), task.pk).lacks_evidence
    assert Evidence.everything.get(pk=shown).deleted_by_id == cast.designer.pk
    again = actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, url="https://a.cn/", now=NOW)
    actions.complete_task(actor=cast.actor("designer"), task_id=task.pk, now=NOW)
    # What a done task rests on stays; more may come.
    with pytest.raises(Refused):
        actions.remove_evidence(actor=cast.actor("manager"), evidence_id=again, now=NOW)
    actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, upload=PICTURE, now=NOW)


def test_whether_evidence_is_needed_is_a_managers_to_say(cast: Cast, task: Task) -> None:
    with pytest.raises(NotAllowed):
        actions.edit_task(actor=cast.actor("designer"), task_id=task.pk, changes={"needs_evidence": True}, now=NOW)
    actions.edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"needs_evidence": True}, now=NOW)
    assert Task.objects.get(pk=task.pk).needs_evidence


def test_the_bin_holds_the_place_of_what_was_removed(cast: Cast, task: Task) -> None:
    rows = (
        Evidence(task=task, url="https://a.cn/", added_by=cast.designer, added_at=NOW, deleted_at=NOW)
        for _ in range(100)
    )
    Evidence.objects.bulk_create(rows)
    with pytest.raises(Refused) as refused:
        actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, upload=PICTURE, now=NOW)
    assert refused.value.code == "full"
    assert files() == []


# --- done, in one go ---------------------------------------------------------------------------


def test_lines_evidence_hours_and_done_go_in_together(cast: Cast, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(needs_evidence=True)
    items = [ChecklistItemFactory(task=task).pk for _ in range(2)]
    given: dict[str, Any] = {"actor": cast.actor("designer"), "task_id": task.pk, "now": NOW}
    for missing in (
        {"item_ids": items},
        {"item_ids": items[:1], "upload": PICTURE},
        {"item_ids": [*items, 10**9], "upload": PICTURE},
        {"item_ids": items, "url": "http://a.cn/"},
    ):
        with pytest.raises(Refused):
            actions.finish_task(**given, **missing)
        # Nothing is half done.
        assert ChecklistItem.objects.filter(ticked_at=None).count() == 2
        assert (Evidence.objects.count(), files(), verbs()) == (0, [], [])
    actions.finish_task(**given, item_ids=items, upload=PICTURE, note="终稿", actual_hours=2, version=1)
    task.refresh_from_db()
    assert (task.status, task.done_by_id, task.actual_hours) == ("done", cast.designer.pk, 2)
    assert verbs() == ["tick_item", "tick_item", "add_evidence", "complete_task"]
    assert len(files()) == 1


def test_a_line_of_another_task_is_not_ticked_on_the_way(cast: Cast, task: Task) -> None:
    other = ChecklistItemFactory(task=TaskFactory(campaign=task.campaign, owner=cast.designer))
    with pytest.raises(Refused):
        actions.finish_task(actor=cast.actor("designer"), task_id=task.pk, item_ids=[other.pk], now=NOW)
    other.refresh_from_db()
    assert other.ticked_at is None


# --- comments ----------------------------------------------------------------------------------


def test_ones_own_comment_is_put_otherwise_and_taken_back(cast: Cast, task: Task) -> None:
    comment_id = actions.add_comment(actor=cast.actor("designer"), task_id=task.pk, body="好", now=NOW)
    actions.edit_comment(actor=cast.actor("designer"), comment_id=comment_id, body=" 很好 @苏敏 ", now=LATER)
    row = Comment.objects.get(pk=comment_id)
    assert (row.body, row.at) == ("很好 @苏敏", NOW)
    assert not CommentMention.objects.exists()
    for body in ("", "字" * 4001):
        with pytest.raises(Refused):
            actions.edit_comment(actor=cast.actor("designer"), comment_id=comment_id, body=body, now=LATER)
    actions.remove_comment(actor=cast.actor("designer"), comment_id=comment_id, now=LATER)
    assert task_screen(cast.actor("designer"), task.pk, LATER).comments == ()
    assert Comment.everything.get(pk=comment_id).deleted_at == LATER
    with pytest.raises(Missing):
        actions.edit_comment(actor=cast.actor("designer"), comment_id=comment_id, body="x", now=LATER)
    assert verbs() == ["add_comment", "edit_comment", "remove_comment"]


@pytest.mark.parametrize(
    ("who", "edits", "removes"),
    [
        ("viewer", None, None),
        ("designer", NotAllowed, NotAllowed),
        ("manager", NotAllowed, None),
        ("outsider", Missing, Missing),
    ],
)
def test_nobody_puts_words_into_somebody_elses_mouth(
    cast: Cast, task: Task, who: str, edits: type[DomainError] | None, removes: type[DomainError] | None
) -> None:
    comment_id = actions.add_comment(actor=cast.actor("viewer"), task_id=task.pk, body="好", now=NOW)

    def tried(verb: Any, **values: Any) -> type[DomainError] | None:
        try:
            verb(actor=cast.actor(who), comment_id=comment_id, now=NOW, **values)
        except DomainError as error:
            return type(error)
        return None

    assert tried(actions.edit_comment, body="不好") is edits
    assert tried(actions.remove_comment) is removes


def test_to_say_and_to_take_back_is_no_way_round_the_limit(cast: Cast, task: Task) -> None:
    for _ in range(MOST_COMMENTS):
        said = actions.add_comment(actor=cast.actor("designer"), task_id=task.pk, body="好", now=NOW)
        actions.remove_comment(actor=cast.actor("designer"), comment_id=said, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.add_comment(actor=cast.actor("designer"), task_id=task.pk, body="好", now=NOW)
    assert refused.value.code == "too_many"


# --- cost --------------------------------------------------------------------------------------


def test_a_task_costs_the_same_with_more_on_it(cast: Cast, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(needs_evidence=True)

    def more() -> None:
        for n in range(3):
            ChecklistItemFactory(task=task)
            actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, url=f"https://a.cn/{n}", now=NOW)
            actions.add_comment(actor=cast.actor("designer"), task_id=task.pk, body=f"第 {n} 版", now=NOW)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            task_screen(cast.actor("designer"), task.pk, NOW)
            task_detail(cast.actor("designer"), task.pk)
        return len(caught)

    more()
    before = statements()
    more()
    assert statements() == before
