"""What a task may wait for is found by a few letters; no page lists a campaign."""

from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.board.models import Task, TaskDependency
from campaigns.board.queries import predecessors_found
from campaigns.board.rules import waiting_for
from campaigns.campaign.models import Campaign
from tests.cast import Cast
from tests.factories import CampaignFactory, TaskFactory, depends

HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    cast.manager.language = "en"
    cast.manager.save(update_fields=["language"])
    return CampaignFactory(team=cast.team)


@pytest.fixture
def task(cast: Cast, campaign: Campaign) -> Task:
    return TaskFactory(campaign=campaign, code="P24", title="主图", role="design", owner=cast.designer)


@pytest.fixture
def boss(cast: Cast, campaign: Campaign) -> Client:
    client = Client()
    client.force_login(cast.manager)
    return client


def url(name: str, task: Task) -> str:
    return reverse(f"campaigns:{name}", args=[task.pk])


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({}, set()),
        ({2: {1}}, {2}),
        ({1: {2}}, set()),
        ({2: {1}, 3: {2, 9}, 4: {3}, 9: {8}}, {2, 3, 4}),
        ({2: {1}, 3: {1}, 4: {2, 3}}, {2, 3, 4}),
    ],
)
def test_what_waits_for_a_task_is_all_that_waits_through_others_too(
    edges: dict[int, set[int]], found: set[int]
) -> None:
    assert waiting_for(1, edges) == found


@pytest.mark.parametrize("typed", ["p19", "Ｐ１９", "文案", "wenan", "wa", "#{id}", "{id}"])
def test_it_is_found_by_code_number_words_and_pinyin(cast: Cast, task: Task, boss: Client, typed: str) -> None:
    wanted = TaskFactory(campaign=task.campaign, code="P19", title="文案", pinyin="wenan wa")
    TaskFactory(campaign=CampaignFactory(team=cast.team), code="P19", title="文案")
    typed = typed.format(id=wanted.pk)
    if typed != "Ｐ１９":
        found = predecessors_found(cast.actor("manager"), task.pk, typed)
        assert (found.lines, found.more) == (((wanted.pk, "P19 文案"),), 0)
    assert boss.post(url("add_dependency", task), {"text": typed}).status_code == 302
    assert list(TaskDependency.objects.values_list("task_id", "predecessor_id")) == [(task.pk, wanted.pk)]


def test_neither_itself_nor_what_it_waits_for_nor_what_would_close_a_ring(cast: Cast, task: Task) -> None:
    before, after, later, free = (TaskFactory(campaign=task.campaign, title="图") for _ in range(4))
    depends(task, before)
    depends(after, task)
    depends(later, after)
    assert [pk for pk, _ in predecessors_found(cast.actor("manager"), task.pk, "图").lines] == [free.pk]


def test_the_code_itself_comes_first_and_the_rest_is_counted(cast: Cast, task: Task, boss: Client) -> None:
    TaskFactory.create_batch(23, campaign=task.campaign, title="P2 的图", position=1)
    exact = TaskFactory(campaign=task.campaign, code="P2", title="文案", position=2)
    found = predecessors_found(cast.actor("manager"), task.pk, "p2")
    assert (found.lines[0], len(found.lines), found.more) == ((exact.pk, "P2 文案"), 20, 4)
    fragment = text(boss.get(url("find_predecessor", task), {"text": "p2"}, headers=HTMX))
    assert fragment.count('name="predecessor_id"') == 20
    assert "4 more fit" in fragment
    assert "<html" not in fragment
    assert 'name="predecessor_id"' not in text(boss.get(url("find_predecessor", task), {"text": ""}, headers=HTMX))


@pytest.mark.parametrize(
    ("typed", "said"), [("图", "Choose the one that is meant"), ("没有", "Nothing here fits “没有”")]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_not_clear_comes_back_as_typed_with_what_fits(
    task: Task, boss: Client, typed: str, said: str, headers: dict[str, str]
) -> None:
    TaskFactory.create_batch(2, campaign=task.campaign, title="图")
    response = boss.post(url("add_dependency", task), {"text": typed}, headers=headers)
    assert response.status_code == 409
    assert said in text(response)
    assert f'value="{typed}"' in text(response)
    assert not TaskDependency.objects.exists()
    assert said in text(boss.get(url("find_predecessor", task), {"text": typed}, headers=headers))


def test_a_ring_and_another_campaigns_task_are_refused_by_what_was_typed(cast: Cast, task: Task, boss: Client) -> None:
    depends(TaskFactory(campaign=task.campaign, code="P25"), task)
    other = TaskFactory(campaign=CampaignFactory(team=cast.team), code="P99")
    refused = boss.post(url("add_dependency", task), {"text": "P25"}, headers=HTMX)
    assert (refused.status_code, "for ever" in text(refused)) == (409, True)
    for typed in ("P99", f"#{other.pk}", ""):
        assert boss.post(url("add_dependency", task), {"text": typed}, headers=HTMX).status_code == 409
    assert TaskDependency.objects.count() == 1


def test_the_page_and_the_search_cost_the_same_in_a_campaign_twice_as_big(task: Task, boss: Client) -> None:
    addresses = [url("task", task), url("find_predecessor", task) + "?text=图"]

    def cost() -> list[tuple[int, int]]:
        found = []
        for address in addresses:
            boss.get(address, headers=HTMX)
            with CaptureQueriesContext(connection) as queries:
                response = boss.get(address, headers={**HTMX, "Accept-Encoding": "identity"})
            found.append((len(queries), len(response.content)))
        return found

    for _ in range(30):
        depends(TaskFactory(campaign=task.campaign, title="图"), TaskFactory(campaign=task.campaign, title="图"))
    few = cost()
    for _ in range(30):
        depends(TaskFactory(campaign=task.campaign, title="图"), TaskFactory(campaign=task.campaign, title="图"))
    many = cost()
    assert [queries for queries, _ in many] == [queries for queries, _ in few]
    # Only numbers may have become longer.
    assert all(abs(after - before) < 100 for (_, before), (_, after) in zip(few, many, strict=True))
