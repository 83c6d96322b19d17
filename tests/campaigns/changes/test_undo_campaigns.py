"""Roles, phases, the archive, figures, notes and lessons, taken back at once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.board.actions import hand_over_role
from campaigns.board.models import Task
from campaigns.campaign.actions import archive_campaign, restore_campaign, set_role_holder
from campaigns.campaign.models import Campaign, CampaignEvent, CampaignMember
from campaigns.campaign.rules import Phase
from campaigns.changes.actions import undo_change
from campaigns.metrics.actions import set_daily_figures, set_target
from campaigns.metrics.models import DailyFigure, KpiTarget
from campaigns.phases.actions import advance_phase, close_routine, step_back
from campaigns.reviews.actions import add_lesson, edit_lesson, remove_lesson, write_notes
from campaigns.reviews.models import CampaignReview, Lesson
from planner.core.errors import Refused
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory, hold_role

THEN = NOW + timedelta(minutes=1)
SOON = THEN + timedelta(seconds=5)
DAY = (NOW + timedelta(days=2)).date()
LESSON = {"kind": "keep", "text": "早拍", "due_on": DAY}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    campaign = CampaignFactory(team=cast.team, name="618 2027", phase="execution")
    CampaignFactory(team=cast.team, name="日常", kind="routine")
    CampaignFactory(team=cast.team, name="旧", archived_at=NOW + timedelta(microseconds=7))
    hold_role(campaign, "design", cast.designer)
    TaskFactory(campaign=campaign, role="design")
    KpiTarget.objects.create(campaign=campaign, paid_amount=Decimal("1000.00"), updated_at=NOW)
    DailyFigure.objects.create(campaign=campaign, on=NOW.date(), visitors=7)
    CampaignReview.objects.create(campaign=campaign, notes="好")
    Lesson.objects.create(campaign=campaign, owner=cast.cs, created_at=NOW, **LESSON)
    return campaign


def state() -> list[Any]:
    """Every row that these verbs write, but for versions and when they were written."""
    beside = {"version", "board_version", "notes_version", "updated_at"}
    models = (Campaign, CampaignMember, KpiTarget, CampaignReview, Lesson, Task)
    rows = [row for model in models for row in model.objects.order_by("pk").values()]
    # A day that was removed and set again is another row.
    days = list(DailyFigure.objects.order_by("on").values_list("on", "visitors"))
    return [{name: value for name, value in row.items() if name not in beside} for row in rows] + days


Act = Callable[[Any, Campaign, Cast], Any]
VERBS: dict[str, Act] = {
    "archive": lambda a, c, _: archive_campaign(actor=a, campaign_id=c.pk, now=THEN),
    "restore": lambda a, _c, _: restore_campaign(actor=a, campaign_id=Campaign.objects.get(name="旧").pk, now=THEN),
    "change holder": lambda a, c, t: set_role_holder(
        actor=a, campaign_id=c.pk, role=Role.DESIGN, user_id=t.cs.pk, now=THEN
    ),
    "first holder": lambda a, c, t: set_role_holder(actor=a, campaign_id=c.pk, role=Role.CS, user_id=t.cs.pk, now=THEN),
    "hand over": lambda a, c, t: hand_over_role(actor=a, campaign_id=c.pk, role=Role.DESIGN, user_id=t.cs.pk, now=THEN),
    "advance": lambda a, c, _: advance_phase(actor=a, campaign_id=c.pk, to=Phase.WRAP_UP, now=THEN),
    "step back": lambda a, c, _: step_back(actor=a, campaign_id=c.pk, to=Phase.PREP, reason="早了", now=THEN),
    "close": lambda a, _c, _: close_routine(actor=a, campaign_id=Campaign.objects.get(name="日常").pk, now=THEN),
    "visitors": lambda a, c, _: set_daily_figures(
        actor=a, campaign_id=c.pk, visitors={NOW.date(): None, DAY: 9}, now=THEN
    ),
    "notes": lambda a, c, _: write_notes(actor=a, campaign_id=c.pk, notes="更好", version=None, now=THEN),
    "add lesson": lambda a, c, t: add_lesson(
        actor=a, campaign_id=c.pk, kind="improve", text="早点拍", owner_id=t.cs.pk, due_on=DAY, now=THEN
    ),
    "edit lesson": lambda a, c, t: edit_lesson(
        actor=a,
        campaign_id=c.pk,
        lesson_id=Lesson.objects.get().pk,
        kind="stop",
        text="晚拍",
        owner_id=t.manager.pk,
        due_on=DAY + timedelta(days=1),
        version=1,
        now=THEN,
    ),
    "remove lesson": lambda a, c, _: remove_lesson(
        actor=a, campaign_id=c.pk, lesson_id=Lesson.objects.get().pk, now=THEN
    ),
    "target": lambda a, c, _: set_target(
        actor=a,
        campaign_id=c.pk,
        paid_amount=Decimal(9000),
        visitors=900,
        conversion=Decimal(10),
        version=None,
        now=THEN,
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_everything_is_as_it_was(cast: Cast, campaign: Campaign, verb: str) -> None:
    before, actor = state(), cast.actor("manager")
    VERBS[verb](actor, campaign, cast)
    event = CampaignEvent.objects.order_by("-id").first()
    assert event is not None
    assert state() != before
    undo_change(actor=actor, event_id=event.pk, now=SOON)
    assert state() == before
    assert CampaignEvent.objects.filter(undoes=event, verb="undo_change").exists()
    with pytest.raises(Refused) as caught:
        undo_change(actor=actor, event_id=event.pk, now=SOON)
    assert caught.value.code == "already_undone"


@pytest.mark.parametrize("verb", ["change holder", "notes", "edit lesson", "target", "advance", "visitors"])
def test_a_later_change_of_the_same_thing_holds_it_up(cast: Cast, campaign: Campaign, verb: str) -> None:
    actor, other = cast.actor("manager"), cast.actor("manager")
    VERBS[verb](actor, campaign, cast)
    event = CampaignEvent.objects.order_by("-id").first()
    assert event is not None
    later: dict[str, Callable[[], Any]] = {
        "change holder": lambda: set_role_holder(
            actor=other, campaign_id=campaign.pk, role=Role.DESIGN, user_id=cast.manager.pk, now=SOON
        ),
        "notes": lambda: write_notes(actor=other, campaign_id=campaign.pk, notes="三", version=None, now=SOON),
        "edit lesson": lambda: edit_lesson(
            actor=other,
            campaign_id=campaign.pk,
            lesson_id=Lesson.objects.get().pk,
            kind="keep",
            text="三",
            owner_id=cast.cs.pk,
            due_on=DAY,
            version=None,
            now=SOON,
        ),
        "target": lambda: set_target(
            actor=other,
            campaign_id=campaign.pk,
            paid_amount=Decimal(1),
            visitors=10,
            conversion=Decimal(10),
            version=None,
            now=SOON,
        ),
        "advance": lambda: step_back(actor=other, campaign_id=campaign.pk, to=Phase.EXECUTION, reason="早", now=SOON),
        "visitors": lambda: set_daily_figures(actor=other, campaign_id=campaign.pk, visitors={DAY: 10}, now=SOON),
    }
    later[verb]()
    now = state()
    with pytest.raises(Refused) as caught:
        undo_change(actor=actor, event_id=event.pk, now=SOON)
    assert caught.value.code == "changed_since"
    assert state() == now
