"""Two people at the same moment: nothing is lost, nothing is done twice, nothing deadlocks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from campaigns.board import actions
from campaigns.board.models import Task, TaskDependency
from campaigns.campaign.actions import create_campaign
from campaigns.campaign.models import CampaignEvent
from campaigns.changes.actions import undo_change
from planner.core.errors import DomainError
from tests.cast import Cast, make_cast
from tests.factories import NOW, CampaignFactory, TaskFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crew(transactional_db: None) -> Cast:
    return make_cast()


def at_once(*verbs: Callable[[], object]) -> list[str]:
    """Runs the verbs on connections of their own, started together; the code of each refusal, or "ok"."""
    barrier = Barrier(len(verbs))

    def run(verb: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            verb()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def test_edits_of_different_fields_both_arrive_and_of_the_same_field_only_one(crew: Cast) -> None:
    task = TaskFactory(campaign=CampaignFactory(team=crew.team), owner=crew.designer)
    manager, designer = crew.actor("manager"), crew.actor("designer")
    answers = at_once(
        lambda: actions.edit_task(actor=manager, task_id=task.pk, changes={"title": "甲"}, version=1, now=NOW),
        lambda: actions.edit_task(actor=designer, task_id=task.pk, changes={"acceptance": "乙"}, version=1, now=NOW),
        lambda: actions.edit_task(actor=designer, task_id=task.pk, changes={"title": "丙"}, version=1, now=NOW),
    )
    assert sorted(answers) == ["ok", "ok", "stale"]
    task.refresh_from_db()
    assert (task.acceptance, task.version) == ("乙", 3)
    assert task.title in {"甲", "丙"}


def test_a_free_task_is_taken_once(crew: Cast) -> None:
    task = TaskFactory(campaign=CampaignFactory(team=crew.team), role="ops", owner=None)
    manager = crew.actor("manager")
    answers = at_once(
        *(
            lambda owner_id=owner.pk: actions.assign_task(  # type: ignore[misc]
                actor=manager, task_id=task.pk, owner_id=owner_id, version=1, now=NOW
            )
            for owner in (crew.designer, crew.cs, crew.manager)
        )
    )
    assert sorted(answers) == ["ok", "stale", "stale"]
    assert CampaignEvent.objects.filter(verb__in=["assign_task", "take_task"]).count() == 1


def test_a_ring_cannot_be_closed_from_two_sides(crew: Cast) -> None:
    campaign = CampaignFactory(team=crew.team)
    one, two = TaskFactory(campaign=campaign), TaskFactory(campaign=campaign)
    manager = crew.actor("manager")
    answers = at_once(
        lambda: actions.add_dependency(actor=manager, task_id=one.pk, predecessor_id=two.pk, now=NOW),
        lambda: actions.add_dependency(actor=manager, task_id=two.pk, predecessor_id=one.pk, now=NOW),
    )
    assert sorted(answers) == ["cycle", "ok"]
    assert TaskDependency.objects.count() == 1


def test_many_verbs_at_once_all_arrive_and_are_all_logged(crew: Cast) -> None:
    campaign = CampaignFactory(team=crew.team)
    tasks = [TaskFactory(campaign=campaign) for _ in range(6)]
    manager = crew.actor("manager")
    moves = [
        lambda task=task: actions.move_task(  # type: ignore[misc]
            actor=manager, task_id=task.pk, before_id=tasks[0].pk, now=NOW
        )
        for task in tasks[1:]
    ]
    assert at_once(*moves) == ["ok"] * 5
    campaign.refresh_from_db()
    assert campaign.board_version == 5
    positions = list(Task.objects.values_list("position", flat=True))
    assert len(set(positions)) == 6


def test_two_campaigns_of_one_name_are_one_campaign(crew: Cast) -> None:
    manager = crew.actor("manager")

    def create() -> int:
        return create_campaign(
            actor=manager,
            team_id=crew.team.pk,
            name="618",
            platforms=("tmall",),
            starts_at=NOW,
            ends_at=NOW + timedelta(days=3),
            now=NOW,
        )

    assert sorted(at_once(create, create, create)) == ["name_taken", "name_taken", "ok"]


def test_two_undos_of_one_change_are_one_undo(crew: Cast) -> None:
    task = TaskFactory(campaign=CampaignFactory(team=crew.team), owner=crew.designer)
    designer = crew.actor("designer")
    actions.start_task(actor=designer, task_id=task.pk, now=NOW)
    event_id = CampaignEvent.objects.get(verb="start_task").pk
    undo = lambda: undo_change(actor=designer, event_id=event_id, now=NOW)  # noqa: E731 - called twice at once
    answers = at_once(undo, undo)
    assert answers.count("ok") == 1
    assert set(answers) <= {"ok", "already_undone", "changed_since"}
    task.refresh_from_db()
    assert (task.status, task.version) == ("todo", 3)


def test_an_undo_and_an_edit_at_once_lose_nothing(crew: Cast) -> None:
    task = TaskFactory(campaign=CampaignFactory(team=crew.team), owner=crew.designer, title="甲")
    manager, designer = crew.actor("manager"), crew.actor("designer")
    actions.edit_task(actor=designer, task_id=task.pk, changes={"title": "乙"}, now=NOW)
    event_id = CampaignEvent.objects.get(verb="edit_task").pk
    answers = at_once(
        lambda: undo_change(actor=designer, event_id=event_id, now=NOW),
        lambda: actions.edit_task(actor=manager, task_id=task.pk, changes={"title": "丙"}, version=2, now=NOW),
    )
    task.refresh_from_db()
    # Whoever comes second is told; nobody's title is written over.
    assert (sorted(answers), task.title) in [(["changed_since", "ok"], "丙"), (["ok", "stale"], "甲")]
