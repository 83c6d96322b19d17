"""Compiling writes only what is new, notes and lessons survive it, and an improve becomes a task."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.board.actions import complete_task
from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.rules import Phase
from campaigns.metrics.actions import set_daily_figures, set_target
from campaigns.phases.actions import advance_phase
from campaigns.reminders.models import Delivery
from campaigns.reviews.actions import (
    add_lesson,
    ask_compile,
    compile_review,
    edit_lesson,
    queue_due_reviews,
    remove_lesson,
    run_compile,
    write_notes,
)
from campaigns.reviews.models import CampaignReview, Lesson
from planner.core.errors import Missing, NotAllowed, Refused
from staff.people.rules import SYSTEM
from staff.runs.actions import ask_cancel, claim_run
from staff.runs.models import Run
from staff.runs.rules import LEASE
from tests.campaigns.metrics.files import csv_bytes, import_file, order
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory

D = Decimal
LATER = NOW + timedelta(hours=1)
STRANGERS = [("viewer", NotAllowed), ("outsider", Missing)]
DUE = date(2026, 12, 1)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, phase="review")


def summary() -> dict[str, Any]:
    return json.loads(CampaignReview.objects.get().summary)


def compile_it(campaign: Campaign, now: datetime = NOW) -> bool:
    return compile_review(actor=SYSTEM, campaign_id=campaign.pk, now=now)


def fill(cast: Cast, campaign: Campaign) -> None:
    """Orders, a target, visitors and two done tasks."""
    actor = cast.actor("cs")
    import_file(actor, campaign.pk, csv_bytes([order(1), order(2, "50.0", "20.0")]))
    set_target(actor=actor, campaign_id=campaign.pk, paid_amount=D(200), visitors=100, order_value=D(50), now=NOW)
    set_daily_figures(actor=actor, campaign_id=campaign.pk, visitors={date(2026, 11, 21): 80}, now=NOW)
    done = {"campaign": campaign, "status": "done", "owner": cast.designer, "role": "design"}
    TaskFactory(**done, due_at=NOW, done_at=NOW, actual_hours=D(5))
    TaskFactory(**done, due_at=NOW, done_at=LATER, due_changes=1)
    TaskFactory(campaign=campaign, status="cancelled", due_at=NOW)


def test_a_review_is_compiled_from_every_slice(cast: Cast, campaign: Campaign) -> None:
    fill(cast, campaign)
    task = Task.objects.filter(campaign=campaign).earliest("id")
    for channel in ("in_app", "email"):
        Delivery.objects.create(
            campaign=campaign,
            task=task,
            recipient=cast.designer,
            kind="overdue",
            channel=channel,
            subject=f"task:{task.pk}",
            occurrence="now",
            due_at=NOW,
            next_try_at=NOW,
            created_at=NOW,
            state="sent",
        )
    CampaignEvent.objects.create(
        campaign=campaign,
        actor=cast.manager,
        verb="override_phase",
        subject_kind="campaign",
        subject_id=campaign.pk,
        before={"phase": "prep"},
        after={"phase": "execution"},
        reason="平台已确认",
        at=NOW,
    )
    assert compile_it(campaign)
    said = summary()
    assert said["goal"]["actual"]["net"] == "130.00"
    assert said["split"]["difference"] == "-50.00"
    assert [line["on"] for line in said["daily"]] == ["2026-11-21"]
    assert said["refunds"]["refunds"] == "20.00"
    assert (said["punctuality"]["all"]["done"], said["punctuality"]["all"]["on_time"]) == (2, 1)
    assert said["due_changes"]["tasks"] == 2
    assert [line["reason"] for line in said["overrides"]] == ["平台已确认"]
    assert said["reminders"] == [{"kind": "overdue", "messages": 2, "tasks": 1}]
    assert said["hours"]["all"] == {"key": None, "tasks": 1, "planned": "4", "actual": "5"}


def test_unchanged_facts_compile_to_the_same_bytes_and_write_nothing(cast: Cast, campaign: Campaign) -> None:
    fill(cast, campaign)
    assert compile_it(campaign)
    review, events = CampaignReview.objects.get(), CampaignEvent.objects.count()
    version = Campaign.objects.get().board_version
    assert not compile_it(campaign, LATER)
    again = CampaignReview.objects.get()
    assert (again.summary, again.compiled_at) == (review.summary, NOW)
    assert (CampaignEvent.objects.count(), Campaign.objects.get().board_version) == (events, version)
    import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(3)]))
    assert compile_it(campaign, LATER)
    assert CampaignReview.objects.get().compiled_at == LATER


def test_an_empty_campaign_compiles_to_nothing_said(cast: Cast, campaign: Campaign) -> None:
    assert compile_it(campaign)
    assert summary() == {}
    assert not compile_it(campaign)


@pytest.mark.parametrize(("who", "refusal"), STRANGERS)
def test_viewers_and_outsiders_change_nothing(
    cast: Cast, campaign: Campaign, who: str, refusal: type[Exception]
) -> None:
    lesson_id = lesson(cast, campaign)
    common: dict[str, Any] = {"actor": cast.actor(who), "campaign_id": campaign.pk, "now": NOW}
    words: dict[str, Any] = {"kind": "keep", "text": "x", "owner_id": cast.cs.pk, "due_on": DUE}
    for verb in (
        lambda: compile_review(**common),
        lambda: ask_compile(**common),
        lambda: write_notes(notes="x", version=1, **common),
        lambda: add_lesson(**words, **common),
        lambda: edit_lesson(lesson_id=lesson_id, version=1, **words, **common),
        lambda: remove_lesson(lesson_id=lesson_id, **common),
    ):
        with pytest.raises(refusal):
            verb()
    assert not CampaignReview.objects.exists()
    assert not Run.objects.exists()
    assert Lesson.objects.get().text == "预售页提前上线"


def test_a_closed_campaign_keeps_its_review(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.update(phase="closed")
    with pytest.raises(Refused, match="campaign_closed"):
        compile_it(campaign)


def test_the_sweep_finds_reviews_that_nobody_compiled(cast: Cast, campaign: Campaign) -> None:
    CampaignFactory(team=cast.team, phase="execution")
    done = CampaignFactory(team=cast.team, phase="review")
    compile_review(actor=SYSTEM, campaign_id=done.pk, now=NOW)
    assert queue_due_reviews(now=NOW) == 1
    assert queue_due_reviews(now=NOW) == 1
    run = Run.objects.get()
    assert (run.kind, run.subject_id, run.state) == ("compile_review", campaign.pk, "queued")
    run_compile(run_id=run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    assert (run.state, run.result) == ("done", {"changed": True})
    assert queue_due_reviews(now=NOW) == 0


def test_a_look_taken_before_the_review_opens_does_not_stand_for_it(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team, phase="wrap_up")
    early = ask_compile(actor=cast.actor("cs"), campaign_id=campaign.pk, now=NOW)
    run_compile(run_id=early, clock=lambda: NOW)
    assert queue_due_reviews(now=NOW) == 0
    advance_phase(actor=cast.actor("manager"), campaign_id=campaign.pk, to=Phase.REVIEW, now=LATER)
    assert queue_due_reviews(now=LATER) == 1
    run_compile(run_id=Run.objects.latest("id").pk, clock=lambda: LATER)
    assert queue_due_reviews(now=LATER) == 0


def test_notes_do_not_count_as_compiled(cast: Cast, campaign: Campaign) -> None:
    write_notes(actor=cast.actor("cs"), campaign_id=campaign.pk, notes="还没复盘", version=1, now=NOW)
    assert queue_due_reviews(now=NOW) == 1


def test_a_review_that_failed_or_was_stopped_is_not_tried_for_ever(cast: Cast, campaign: Campaign) -> None:
    queue_due_reviews(now=NOW)
    run = Run.objects.get()
    ask_cancel(actor=cast.actor("cs"), run_id=run.pk, now=NOW)
    run_compile(run_id=run.pk, clock=lambda: NOW)
    assert Run.objects.get().state == "cancelled"
    assert not CampaignReview.objects.exists()
    assert queue_due_reviews(now=NOW) == 0
    again = ask_compile(actor=cast.actor("cs"), campaign_id=campaign.pk, now=NOW)
    run_compile(run_id=again, clock=lambda: NOW)
    assert CampaignReview.objects.get().compiled_at == NOW


def test_a_run_that_meets_a_closed_campaign_fails_with_the_reason(cast: Cast, campaign: Campaign) -> None:
    run_id = ask_compile(actor=cast.actor("cs"), campaign_id=campaign.pk, now=NOW)
    Campaign.objects.update(phase="closed")
    run_compile(run_id=run_id, clock=lambda: NOW)
    run = Run.objects.get()
    assert run.state == "failed"
    assert "closed" in run.error


def test_only_the_holder_of_the_lease_compiles(cast: Cast, campaign: Campaign) -> None:
    run_id = ask_compile(actor=cast.actor("cs"), campaign_id=campaign.pk, now=NOW)
    assert claim_run(run_id=run_id, kind="compile_review", now=NOW)
    run_compile(run_id=run_id, clock=lambda: NOW)
    assert not CampaignReview.objects.exists()
    run_compile(run_id=run_id, clock=lambda: NOW + LEASE + timedelta(seconds=1))
    assert CampaignReview.objects.exists()


def test_notes_survive_compiling(cast: Cast, campaign: Campaign) -> None:
    assert write_notes(actor=cast.actor("cs"), campaign_id=campaign.pk, notes=" 节奏太赶\r\n", version=1, now=NOW) == 2
    fill(cast, campaign)
    compile_it(campaign)
    review = CampaignReview.objects.get()
    assert (review.notes, review.notes_version) == ("节奏太赶", 2)


def test_stale_notes_are_answered_with_both(cast: Cast, campaign: Campaign) -> None:
    write_notes(actor=cast.actor("cs"), campaign_id=campaign.pk, notes="甲", version=1, now=NOW)
    assert write_notes(actor=cast.actor("cs"), campaign_id=campaign.pk, notes="甲", version=1, now=NOW) == 2
    with pytest.raises(Refused, match="stale") as refused:
        write_notes(actor=cast.actor("manager"), campaign_id=campaign.pk, notes="乙", version=1, now=NOW)
    assert (refused.value.current, refused.value.yours) == ({"notes": "甲"}, {"notes": "乙"})
    assert CampaignEvent.objects.filter(verb="write_notes").count() == 1


def lesson(cast: Cast, campaign: Campaign, who: str = "designer", **values: Any) -> int:
    words: dict[str, Any] = {"kind": "keep", "text": "预售页提前上线", "owner_id": cast.designer.pk, "due_on": DUE}
    return add_lesson(actor=cast.actor(who), campaign_id=campaign.pk, now=NOW, **(words | values))


def test_an_improve_becomes_a_task_of_its_owner_in_the_teams_routine_work(cast: Cast, campaign: Campaign) -> None:
    lesson_id = lesson(cast, campaign, kind="improve")
    task = Task.objects.get()
    assert Lesson.objects.get(pk=lesson_id).task == task
    assert (task.title, task.owner, task.role) == ("预售页提前上线", cast.designer, "design")
    assert task.due_at == datetime.fromisoformat("2026-12-01T18:00:00+08:00")
    assert (task.campaign.team, task.campaign.kind) == (campaign.team, "routine")
    assert set(CampaignEvent.objects.values_list("verb", flat=True)) == {"add_lesson", "create_campaign", "create_task"}
    lesson(cast, campaign, kind="improve", text="第二条改进")
    assert Campaign.objects.filter(kind="routine").count() == 1
    compile_it(campaign)
    assert summary() == {}


def test_an_improvement_is_worked_on_after_its_campaign_is_closed(cast: Cast, campaign: Campaign) -> None:
    lesson(cast, campaign, kind="improve")
    Campaign.objects.filter(pk=campaign.pk).update(phase="closed")
    complete_task(actor=cast.actor("designer"), task_id=Task.objects.get().pk, now=NOW)
    assert Task.objects.get().status == "done"


def test_keep_and_stop_stay_words(cast: Cast, campaign: Campaign) -> None:
    lesson(cast, campaign)
    lesson(cast, campaign, kind="stop")
    assert not Task.objects.exists()


def test_members_improve_themselves_and_managers_hand_out(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(NotAllowed, match="managers_fields"):
        lesson(cast, campaign, kind="improve", owner_id=cast.cs.pk)
    assert not Lesson.objects.exists()
    lesson(cast, campaign, who="manager", kind="improve", owner_id=cast.cs.pk)
    assert Task.objects.get().owner == cast.cs
    with pytest.raises(Refused):
        lesson(cast, campaign, who="manager", owner_id=cast.outsider.pk)


def edit(cast: Cast, campaign: Campaign, lesson_id: int, version: int, who: str = "designer", **values: Any) -> None:
    row = Lesson.objects.get(pk=lesson_id)
    words: dict[str, Any] = {"kind": row.kind, "text": row.text, "owner_id": row.owner_id, "due_on": row.due_on}
    edit_lesson(
        actor=cast.actor(who),
        campaign_id=campaign.pk,
        lesson_id=lesson_id,
        version=version,
        now=NOW,
        **(words | values),
    )


def test_a_lesson_is_changed_and_may_become_a_task_once(cast: Cast, campaign: Campaign) -> None:
    lesson_id = lesson(cast, campaign)
    edit(cast, campaign, lesson_id, 1, kind="improve", text="预售页再提前")
    edit(cast, campaign, lesson_id, 2, text="预售页提前一周")
    edit(cast, campaign, lesson_id, 3)
    row = Lesson.objects.get()
    assert (row.kind, row.text, row.version) == ("improve", "预售页提前一周", 3)
    assert Task.objects.get().title == "预售页再提前"
    event = CampaignEvent.objects.latest("id")
    assert (event.before, event.after["text"]) == ({"text": "预售页再提前"}, "预售页提前一周")


def test_two_edits_of_different_fields_both_hold_and_of_the_same_do_not(cast: Cast, campaign: Campaign) -> None:
    lesson_id = lesson(cast, campaign)
    edit(cast, campaign, lesson_id, 1, due_on=DUE + timedelta(days=1))
    edit(cast, campaign, lesson_id, 1, who="cs", text="换一句")
    row = Lesson.objects.get()
    assert (row.text, row.due_on, row.version) == ("换一句", DUE + timedelta(days=1), 3)
    with pytest.raises(Refused, match="stale") as refused:
        edit(cast, campaign, lesson_id, 1, text="又一句")
    assert (refused.value.current, refused.value.yours) == ({"text": "换一句"}, {"text": "又一句"})


def test_a_removed_lesson_leaves_its_words_in_the_log_and_its_task_on_the_board(cast: Cast, campaign: Campaign) -> None:
    lesson_id = lesson(cast, campaign, kind="improve")
    with pytest.raises(Missing):
        elsewhere = CampaignFactory(team=cast.team).pk
        remove_lesson(actor=cast.actor("manager"), campaign_id=elsewhere, lesson_id=lesson_id, now=NOW)
    remove_lesson(actor=cast.actor("designer"), campaign_id=campaign.pk, lesson_id=lesson_id, now=NOW)
    assert not Lesson.objects.exists()
    assert Task.objects.count() == 1
    assert CampaignEvent.objects.latest("id").before["text"] == "预售页提前上线"
