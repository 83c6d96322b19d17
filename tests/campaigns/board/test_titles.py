"""A title and a line of a checklist are one visible line, however they come in."""

import pytest

from campaigns.board import actions
from campaigns.board.models import ChecklistItem, Task
from planner.core.errors import Refused
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory


def test_signs_that_hide_or_turn_are_left_out(cast: Cast) -> None:
    manager, campaign = cast.actor("manager"), CampaignFactory(team=cast.team)
    task_id = actions.create_task(
        actor=manager,
        campaign_id=campaign.pk,
        title="主图\r\n\u202e两版",
        role=Role.DESIGN,
        checklist=["白\x1b底", "\u200b"],
        now=NOW,
    )
    assert Task.objects.get(pk=task_id).title == "主图 两版"
    assert [item.text for item in ChecklistItem.objects.filter(task_id=task_id)] == ["白底"]
    actions.edit_task(actor=manager, task_id=task_id, changes={"title": "详情\n页"}, now=NOW)
    assert Task.objects.get(pk=task_id).title == "详情 页"


def test_what_shows_nothing_is_no_title_and_no_line(cast: Cast) -> None:
    manager, task = cast.actor("manager"), TaskFactory(campaign=CampaignFactory(team=cast.team))
    with pytest.raises(Refused):
        actions.edit_task(actor=manager, task_id=task.pk, changes={"title": "\u200b\ufeff"}, now=NOW)
    with pytest.raises(Refused):
        actions.add_item(actor=manager, task_id=task.pk, text="\u202e", now=NOW)
    with pytest.raises(Refused):
        actions.create_task(actor=manager, campaign_id=task.campaign_id, title="\u200b", role=Role.DESIGN, now=NOW)
