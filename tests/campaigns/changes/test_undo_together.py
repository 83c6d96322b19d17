"""Two who take back at once, and what others hang on a task before its maker takes it back."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from campaigns.board import actions
from campaigns.board.models import Task
from campaigns.board.rules import moves
from campaigns.campaign.models import CampaignEvent
from campaigns.campaign.rules import ChangeFacts
from campaigns.changes import queries
from campaigns.changes.actions import undo_change
from planner.core.errors import DomainError, Refused
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory

SOON = NOW + timedelta(seconds=9)


def newest_id() -> int:
    return CampaignEvent.objects.order_by("-id").values_list("id", flat=True)[0]


def made(cast: Cast, who: str) -> tuple[int, int]:
    """A new task of this person's, and the line of the log that takes it back."""
    campaign = CampaignFactory(team=cast.team)
    task_id = actions.create_task(
        actor=cast.actor(who), campaign_id=campaign.pk, title="补图", role=Role.DESIGN, now=NOW
    )
    return task_id, newest_id()


def test_the_second_of_two_at_once_hears_that_it_is_taken_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _, event_id = made(cast, "cs")
    cs = cast.actor("cs")
    seen_before = queries.changes_of(cs, event_id)
    undo_change(actor=cs, event_id=event_id, now=SOON)
    monkeypatch.setattr("campaigns.changes.actions.changes_of", lambda *_: seen_before)
    with pytest.raises(Refused) as caught:
        undo_change(actor=cs, event_id=event_id, now=SOON)
    assert caught.value.code == "already_undone"


def test_a_change_taken_back_between_two_looks_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _, event_id = made(cast, "cs")
    cs = cast.actor("cs")
    look = queries._facts

    def interrupted(rows: QuerySet[CampaignEvent]) -> list[ChangeFacts]:
        found = look(rows)
        monkeypatch.setattr(queries, "_facts", look)
        undo_change(actor=cs, event_id=event_id, now=SOON)
        return found

    monkeypatch.setattr(queries, "_facts", interrupted)
    with pytest.raises(Refused) as caught:
        undo_change(actor=cs, event_id=event_id, now=SOON)
    assert caught.value.code == "already_undone"


@pytest.mark.parametrize("who", ["cs", "manager"])
def test_what_others_said_about_a_new_task_keeps_it(cast: Cast, who: str) -> None:
    task_id, event_id = made(cast, who)
    actions.add_comment(actor=cast.actor("designer"), task_id=task_id, body="我来画", now=NOW)
    said = newest_id()
    with pytest.raises(DomainError) as caught:
        undo_change(actor=cast.actor(who), event_id=event_id, now=SOON)
    assert caught.value.code == "changed_since"
    assert cast.designer.display_name in str(caught.value.reasons[0])
    assert Task.objects.filter(pk=task_id).exists()
    # Unsaid, it holds nothing up any more; one's own words never did.
    undo_change(actor=cast.actor("designer"), event_id=said, now=SOON)
    actions.add_comment(actor=cast.actor(who), task_id=task_id, body="算了", now=NOW)
    undo_change(actor=cast.actor(who), event_id=event_id, now=SOON)
    assert not Task.objects.filter(pk=task_id).exists()


def test_taking_back_makes_no_checklist_longer_than_one_can_be(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MOST_ITEMS", 1)
    task = TaskFactory(campaign=CampaignFactory(team=cast.team), owner=cast.designer)
    item, manager = ChecklistItemFactory(task=task), cast.actor("manager")
    actions.remove_item(actor=manager, item_id=item.pk, now=NOW)
    event_id = newest_id()
    actions.add_item(actor=manager, task_id=task.pk, text="白底图", now=NOW + timedelta(seconds=1))
    with pytest.raises(Refused) as caught:
        undo_change(actor=manager, event_id=event_id, now=SOON)
    assert caught.value.code == "full"


def test_taking_back_makes_no_campaign_larger_than_one_can_be(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    task = TaskFactory(campaign=CampaignFactory(team=cast.team))
    manager = cast.actor("manager")
    actions.delete_task(actor=manager, task_id=task.pk, now=NOW)
    event_id = newest_id()
    TaskFactory(campaign=task.campaign)
    monkeypatch.setattr(moves, "CAMPAIGN_TASKS", 1)
    with pytest.raises(Refused) as caught:
        undo_change(actor=manager, event_id=event_id, now=SOON)
    assert caught.value.code == "full"
