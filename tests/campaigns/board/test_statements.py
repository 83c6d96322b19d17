"""How many statements a program's daily calls cost, the same for a short and for a long task."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import ChecklistItem, Task, TaskHelper
from campaigns.board.queries.facts import facts_of, lock_task, task_for
from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import campaign_for, campaigns_of, lock_campaign
from planner.core.errors import Missing
from planner.web.statements import Statement
from staff.people.queries import actor_for
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, StoreFactory, TaskFactory, depends

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def a_task(campaign: Campaign, cast: Cast, size: int) -> Task:
    task = TaskFactory(campaign=campaign, owner=cast.manager, due_at=NOW + timedelta(days=2))
    for _ in range(size):
        ChecklistItemFactory(task=task)
        depends(task, TaskFactory(campaign=campaign))
    ChecklistItemFactory(task=task, ticked_at=NOW)
    TaskHelper.objects.create(task=task, user=cast.designer)
    return task


def statements(caller: Caller, name: str, *ids: int, **given: Any) -> int:
    """Of a call that succeeds; what begins and ends a transaction does not count."""
    call = caller.get if name == "task" else caller.post
    with CaptureQueriesContext(connection) as queries:
        assert call(name, *ids, **given).status_code in {200, 201}
    around = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return len([query for query in queries.captured_queries if not query["sql"].startswith(around)])


@pytest.mark.parametrize("size", [1, 4])
def test_what_a_call_costs_does_not_grow(cast: Cast, campaign: Campaign, size: int) -> None:
    manager, task = Caller(cast.manager), a_task(campaign, cast, size)
    item = ChecklistItem.objects.filter(task=task, ticked_at=None).first()
    assert item is not None
    assert statements(manager, "task", task.pk) == 6
    assert statements(manager, "tick_item", item.pk) == 15
    assert statements(manager, "tasks", campaign.pk, body={"title": "新任务", "role": "ops"}) == 9


def test_one_task_is_read_as_many_are(cast: Cast, campaign: Campaign) -> None:
    task, other, actor = a_task(campaign, cast, 3), a_task(campaign, cast, 1), actor_for(cast.manager)
    here = {campaign.pk: campaign_for(actor, campaign.pk)}
    many = facts_of([Task.objects.get(pk=task.pk), Task.objects.get(pk=other.pk)], here)
    assert task_for(actor, task.pk) == many[0]
    with transaction.atomic():
        assert lock_task(actor, task.pk) == many[0]
    assert (many[0].item_count, len(many[0].open_items), len(many[0].predecessors)) == (4, 3, 3)
    assert many[0].helper_ids == {cast.designer.pk}


def test_a_campaign_is_the_same_by_every_way(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(store=StoreFactory(team=campaign.team, name="天猫旗舰店"))
    actor = actor_for(cast.manager)
    (listed,) = [each for each in campaigns_of(actor) if each.id == campaign.pk]
    assert campaign_for(actor, campaign.pk) == listed
    with transaction.atomic():
        assert lock_campaign(actor, campaign.pk) == listed
    assert listed.store_name == "天猫旗舰店"


def test_of_another_team_there_is_nothing(cast: Cast) -> None:
    elsewhere, actor = CampaignFactory(), actor_for(cast.manager)
    task = TaskFactory(campaign=elsewhere)
    for look in (campaign_for, lock_campaign):
        with pytest.raises(Missing), transaction.atomic():
            look(actor, elsewhere.pk)
    for look in (task_for, lock_task):
        with pytest.raises(Missing), transaction.atomic():
            look(actor, task.pk)


def test_a_statement_needs_its_id() -> None:
    with pytest.raises(ValueError, match="no id"):
        Statement(lambda: Task.objects.values_list("pk")).rows(1)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_outside_a_transaction(cast: Cast, campaign: Campaign) -> None:
    actor = actor_for(cast.manager)
    with transaction.atomic():
        lock_campaign(actor, campaign.pk)
    with pytest.raises(TransactionManagementError):
        lock_campaign(actor, campaign.pk)
