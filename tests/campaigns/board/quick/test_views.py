"""The line on the page: read below while it is written, saved as it was shown."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from tests.cast import Cast
from tests.factories import CampaignFactory

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="双11 大促")


@pytest.fixture
def browser_of_manager(cast: Cast, client: Client) -> Client:
    client.force_login(cast.manager)
    return client


def test_the_reading_is_shown_and_nothing_is_written(browser_of_manager: Client, campaign: Campaign) -> None:
    answer = browser_of_manager.post(
        reverse("campaigns:preview_quick_add"), {"lines": "主图返工 @小美 !重要 ~2h\n海报 @阿"}, headers=SCRIPT
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("主图返工", "小美", "双11 大促", "2 h", "海报"):
        assert shown in text
    assert not Task.objects.exists()


def test_without_script_the_first_time_shows_and_the_second_saves(
    browser_of_manager: Client, campaign: Campaign
) -> None:
    address = reverse("campaigns:quick_add")
    first = browser_of_manager.post(address, {"lines": "主图 明天"})
    text = first.content.decode()
    assert first.status_code == 200
    assert not Task.objects.exists()
    sent = dict(re.findall(r'name="(as_of|seen)" value="([^"]+)"', text))
    second = browser_of_manager.post(address, {"lines": "主图 明天", **sent})
    task = Task.objects.get()
    assert second.headers["Location"] == reverse("campaigns:task", args=[task.pk])
    # Other words than those that were shown are shown first.
    third = browser_of_manager.post(address, {"lines": "主图 后天", **sent})
    assert third.status_code == 200
    assert Task.objects.count() == 1


def test_with_script_it_is_saved_at_once_and_told(browser_of_manager: Client, campaign: Campaign) -> None:
    answer = browser_of_manager.post(reverse("campaigns:quick_add"), {"lines": "主图 @小美"}, headers=SCRIPT)
    task = Task.objects.get()
    text = answer.content.decode()
    assert reverse("campaigns:task", args=[task.pk]) in text
    assert 'name="seen"' not in text


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_a_question_saves_nothing_and_keeps_the_words(
    browser_of_manager: Client, campaign: Campaign, headers: dict[str, str]
) -> None:
    line = "主图 @谁呀"
    answer = browser_of_manager.post(reverse("campaigns:quick_add"), {"lines": line}, headers=headers)
    assert answer.status_code == 409
    assert "谁呀" in answer.content.decode()
    assert not Task.objects.exists()


def test_an_answer_writes_the_exact_name_into_the_line(
    cast: Cast, browser_of_manager: Client, campaign: Campaign
) -> None:
    cast.cs.display_name = "小妹"
    cast.cs.save()
    address = reverse("campaigns:preview_quick_add")
    text = browser_of_manager.post(address, {"lines": "主图 @小 明天"}, headers=SCRIPT).content.decode()
    assert 'value="主图 @小美 明天"' in text
    assert 'value="主图 @小妹 明天"' in text


def test_the_line_stands_on_today_and_on_the_board_of_those_who_may(cast: Cast, campaign: Campaign) -> None:
    for name, stands in (("manager", True), ("designer", True), ("viewer", False)):
        client = Client()
        client.force_login(getattr(cast, name))
        for address in (reverse("campaigns:today"), reverse("campaigns:board", args=[campaign.pk])):
            assert ('id="quick-lines"' in client.get(address).content.decode()) is stands


def test_quick_add_is_offered_to_those_who_may_add(client: Client, cast: Cast) -> None:
    shown = {}
    for name in ("manager", "designer", "viewer"):
        client.force_login(getattr(cast, name))
        shown[name] = "data-quick-open" in client.get(reverse("campaigns:notices")).content.decode()
    assert shown == {"manager": True, "designer": True, "viewer": False}
