"""What one tick asks of the database: nothing twice, and after it one look for the way back."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.factories import CampaignFactory, ChecklistItemFactory, TaskFactory, depends

# Savepoints of the surrounding test do not count.
MOST_BY_PAGE = 21
OFFER = 'FROM "campaigns_campaignevent" LEFT OUTER JOIN "campaigns_campaignevent"'


@pytest.fixture
def items(cast: Cast) -> list[Any]:
    task = TaskFactory(campaign=CampaignFactory(team=cast.team), owner=cast.designer)
    depends(task, TaskFactory(campaign=task.campaign))
    return ChecklistItemFactory.create_batch(3, task=task)


@pytest.fixture
def boss(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.manager)
    return client


def asked(boss: Client, name: str, *ids: int) -> tuple[int, list[str]]:
    with CaptureQueriesContext(connection) as queries:
        response = boss.post(reverse(name, args=ids), headers={"HX-Request": "true"})
    said = [str(query["sql"]) for query in queries]
    return response.status_code, [each for each in said if "SAVEPOINT" not in each]


def test_a_tick_by_page_reads_nothing_twice_and_looks_once_for_the_way_back(boss: Client, items: list[Any]) -> None:
    asked(boss, "campaigns:tick_item", items[0].pk)
    status, said = asked(boss, "campaigns:tick_item", items[1].pk)
    assert status == 200
    assert len(said) <= MOST_BY_PAGE, "\n".join(said)
    assert len([each for each in said if OFFER in each]) == 1
    assert len([each for each in said if '"staff_membership"' in each]) == 2


def test_neither_a_program_nor_a_refused_change_is_offered_a_way_back(boss: Client, items: list[Any]) -> None:
    asked(boss, "campaigns:tick_item", items[0].pk)
    for name, pk, wanted in (("api:tick_item", items[1].pk, 200), ("campaigns:tick_item", 10**9, 404)):
        status, said = asked(boss, name, pk)
        assert (status, [each for each in said if OFFER in each]) == (wanted, [])
