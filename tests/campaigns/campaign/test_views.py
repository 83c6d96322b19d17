"""The log, as each of the cast."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.campaign.actions import record_event, set_role_holder
from campaigns.campaign.models import Campaign, CampaignEvent
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory

As = Callable[[str], Client]


@pytest.fixture
def browse(cast: Cast) -> As:
    """A browser in which this member of the cast is signed in, reading English."""

    def client(name: str) -> Client:
        user = getattr(cast, name)
        user.language = "en"
        user.save(update_fields=["language"])
        browser = Client()
        browser.force_login(user)
        return browser

    return client


def many_events(campaign: Campaign, cast: Cast, count: int) -> None:
    """A log of `count` numbered lines."""
    for number in range(count):
        record_event(
            campaign_id=campaign.pk,
            actor=cast.actor("manager"),
            verb="edit_task",
            subject_kind="task",
            subject_id=1,
            subject_label=f"line {number:03}.",
            now=NOW + timedelta(minutes=number),
        )


def test_the_log_says_who_did_what_before_and_after(browse: As, cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    record_event(
        campaign_id=campaign.pk,
        actor=cast.actor("designer"),
        verb="edit_task",
        subject_kind="task",
        subject_id=1,
        subject_label="P24 主图",
        before={"due_at": NOW, "owner_id": cast.cs.pk, "version": 1},
        after={"due_at": NOW + timedelta(days=1), "owner_id": cast.designer.pk, "version": 2},
        reason="样品晚到",
        now=NOW,
    )
    page = browse("viewer").get(reverse("campaigns:log", args=[campaign.pk])).content.decode()
    for shown in ("小美", "P24 主图", "样品晚到", "<del>阿敏</del>", "<ins>小美</ins>", "Tue 24 Nov", "09:00"):
        assert shown in page
    assert "version" not in page


def test_who_holds_a_role_is_logged_in_words(browse: As, cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    set_role_holder(actor=cast.actor("manager"), campaign_id=campaign.pk, role=Role.CS, user_id=cast.cs.pk, now=NOW)
    page = browse("cs").get(reverse("campaigns:log", args=[campaign.pk])).content.decode()
    assert "Customer service: <ins>阿敏</ins>" in " ".join(page.split())


def test_the_id_of_a_comment_or_a_task_is_nobodys_name(browse: As, cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    record_event(
        campaign_id=campaign.pk,
        actor=cast.actor("manager"),
        verb="add_comment",
        subject_kind="task",
        subject_id=1,
        after={"comment_id": cast.designer.pk, "task_id": cast.cs.pk},
        now=NOW,
    )
    page = browse("viewer").get(reverse("campaigns:log", args=[campaign.pk])).content.decode()
    # Without the filter above the log, which names everybody.
    page = page.partition('id="log-title"')[2]
    assert "小美" not in page
    assert "阿敏" not in page


def test_the_log_goes_on_page_by_page(browse: As, cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    many_events(campaign, cast, 60)
    client, address = browse("manager"), reverse("campaigns:log", args=[campaign.pk])
    first = client.get(address)
    assert "line 059." in first.content.decode()
    assert "line 009." not in first.content.decode()
    older = client.get(f"{address}?before={first.context['older']}").content.decode()
    assert [f"line {number:03}." in older for number in (10, 9, 0)] == [False, True, True]
    assert client.get(f"{address}?before=x").status_code == 409


def test_another_teams_log_is_not_there(browse: As, cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    address = reverse("campaigns:log", args=[campaign.pk])
    assert browse("outsider").get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_log_is_filtered_and_taken_away_by_managers(browse: As, cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    for who, verb, label in (("manager", "edit_task", "=1+1"), ("designer", "add_comment", "P2")):
        record_event(
            campaign_id=campaign.pk,
            actor=cast.actor(who),
            verb=verb,
            subject_kind="task",
            subject_id=1,
            subject_label=label,
            now=NOW,
        )
    address, export = (reverse(f"campaigns:{name}", args=[campaign.pk]) for name in ("log", "export_log"))
    for asked, seen in (({"person": cast.designer.pk}, [False, True]), ({"verb": "edit_task"}, [True, False])):
        page = browse("viewer").get(address, asked).content.decode().partition('id="log-title"')[2]
        assert ["=1+1" in page, "P2" in page] == seen
    assert "=1+1" not in browse("viewer").get(address, {"until": "2026-11-22"}).content.decode()
    assert export not in browse("designer").get(address).content.decode()
    assert [browse(who).post(export).status_code for who in ("designer", "viewer", "outsider")] == [403, 403, 404]
    answer = browse("manager").post(export, {"verb": "edit_task"})
    assert "2026-11-23 09:00:00+08:00,陈主管,Edited,'=1+1," in answer.content.decode()
    assert "P2" not in answer.content.decode()
    taken = CampaignEvent.objects.get(verb="export_log")
    assert (taken.actor, taken.after) == (cast.manager, {"rows": 1, "verb": "edit_task"})
