"""Moving into one place again and again: the order holds, and hardly any other card is written."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board import actions
from campaigns.board.actions.places import NEAR
from campaigns.board.models import Task
from campaigns.board.rules import GAP, LEAST_GAP, between, spread
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.changes.actions import undo_change
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def plan(campaign: Campaign) -> list[int]:
    return list(Task.objects.filter(campaign=campaign).order_by("position", "pk").values_list("pk", flat=True))


def positions(campaign: Campaign) -> dict[int, float]:
    return dict(Task.objects.filter(campaign=campaign).values_list("pk", "position"))


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (None, None, [GAP, 2 * GAP, 3 * GAP]),
        (7.0, None, [7 + GAP, 7 + 2 * GAP, 7 + 3 * GAP]),
        (None, 7.0, [7 - 3 * GAP, 7 - 2 * GAP, 7 - GAP]),
        (0.0, 4 * LEAST_GAP, [LEAST_GAP, 2 * LEAST_GAP, 3 * LEAST_GAP]),
        (0.0, 3.9 * LEAST_GAP, None),
        (5.0, 5.0, None),
    ],
)
def test_cards_are_spread_between_their_neighbours_or_not_at_all(
    low: float | None, high: float | None, wanted: list[float] | None
) -> None:
    assert spread(3, low, high) == wanted


def test_room_is_made_by_a_few_cards_of_a_long_plan(cast: Cast, campaign: Campaign) -> None:
    ids = [task.pk for task in TaskFactory.create_batch(40 * NEAR, campaign=campaign)]
    middle, manager, written = ids[20 * NEAR], cast.actor("manager"), []
    for turn in range(400):
        # By turns from before and from behind, out of both columns.
        card, was = ids[(turn * 7) % (20 * NEAR)], positions(campaign)
        place: dict[str, Any] = {"before_id": middle} if turn % 2 else {"after_id": middle}
        actions.move_task(actor=manager, task_id=card, now=NOW, **place)
        order, now = plan(campaign), positions(campaign)
        assert order.index(card) - order.index(middle) == (-1 if turn % 2 else 1)
        assert [pk for pk in order if pk != card] == [
            pk for pk, _ in sorted(was.items(), key=lambda e: (e[1], e[0])) if pk != card
        ]
        written.append(sum(now[pk] != was[pk] for pk in now))
    assert max(written) <= 8 * NEAR + 2
    assert sum(written) / len(written) < 4
    assert len([count for count in written if count > 1]) < 20


def test_where_all_stand_in_one_place_the_whole_plan_makes_room(cast: Cast, campaign: Campaign) -> None:
    ids = [task.pk for task in TaskFactory.create_batch(4 * NEAR, campaign=campaign, position=5.0)]
    middle = 2 * NEAR
    actions.move_task(actor=cast.actor("manager"), task_id=ids[-1], before_id=ids[middle], now=NOW)
    assert plan(campaign) == [*ids[:middle], ids[-1], *ids[middle:-1]]
    found = sorted(positions(campaign).values())
    assert all(between(one, other) is not None for one, other in pairwise(found))


def test_a_move_that_made_room_is_taken_back_to_where_the_card_stood(cast: Cast, campaign: Campaign) -> None:
    ids = [task.pk for task in TaskFactory.create_batch(3, campaign=campaign, position=5.0)]
    actions.move_task(actor=cast.actor("manager"), task_id=ids[2], before_id=ids[1], now=NOW)
    assert plan(campaign) == [ids[0], ids[2], ids[1]]
    undo_change(actor=cast.actor("manager"), event_id=CampaignEvent.objects.latest("id").pk, now=NOW)
    assert plan(campaign) == ids


@pytest.mark.parametrize("size", [10, 20])
def test_a_move_asks_the_same_of_a_long_column(cast: Cast, campaign: Campaign, size: int) -> None:
    ids = [task.pk for task in TaskFactory.create_batch(size, campaign=campaign)]
    manager, places = cast.actor("manager"), ({"before_id": ids[0]}, {"after_id": ids[-2]})
    for place in places:
        with CaptureQueriesContext(connection) as queries:
            actions.move_task(actor=manager, task_id=ids[size // 2], now=NOW, **place)
        said = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
        assert len([sql for sql in said if sql.startswith("UPDATE")]) == 2
        assert len(said) == 8, "\n".join(said)
