"""Asking the designers, and what becomes of a rush: actions, pages, API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.board.actions import accept_rush, assign_task, create_request, decline_rush, edit_task, start_task
from campaigns.board.models import Task, TaskHelper
from campaigns.board.rules import Brief, Priority
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.changes.actions import undo_change
from campaigns.desk.rules.activity import sentence
from planner.core.errors import NotAllowed, Refused
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory

DAY = timedelta(days=1)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def ask(cast: Cast, campaign: Campaign, who: str = "cs", *, due_at: datetime = NOW + 3 * DAY, **values: Any) -> Task:
    task_id = create_request(
        actor=cast.actor(who),
        campaign_id=campaign.pk,
        title="返场主图",
        brief=Brief("首页", "800×800 A\n750×390 B", "买一送一"),
        due_at=due_at,
        priority=Priority.BOTH,
        now=NOW,
        **values,
    )
    return Task.objects.get(pk=task_id)


def test_a_request_is_a_designers_task_with_a_line_a_picture(cast: Cast, campaign: Campaign) -> None:
    task = ask(cast, campaign, due_at=NOW + 20 * DAY)
    assert (task.role, task.important, task.urgent, task.owner_id) == ("design", True, True, None)
    assert [item.text for item in task.checklist.all()] == ["800×800 A", "750×390 B"]
    assert task.acceptance == "用途：首页\n尺寸：800×800 A、750×390 B\n文案：买一送一"
    assert task.acceptance_en.startswith("Purpose: ")
    assert task.created_by_id == cast.cs.pk


@pytest.mark.parametrize(("who", "accepted"), [("cs", False), ("manager", True)])
def test_a_managers_rush_is_accepted_at_once(cast: Cast, campaign: Campaign, who: str, accepted: bool) -> None:
    task = ask(cast, campaign, who)
    assert (task.accepted_at == NOW, task.accepted_by_id == cast.manager.pk) == (accepted, accepted)


def test_what_is_asked_in_time_needs_no_acceptance(cast: Cast, campaign: Campaign) -> None:
    assert ask(cast, campaign, "manager", due_at=NOW + 14 * DAY).accepted_at is None


def test_viewers_ask_for_nothing(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(NotAllowed):
        ask(cast, campaign, "viewer")


def test_work_begins_once_a_manager_has_accepted_it(cast: Cast, campaign: Campaign) -> None:
    task = ask(cast, campaign)
    Task.objects.filter(pk=task.pk).update(owner=cast.designer)
    designer = cast.actor("designer")
    with pytest.raises(Refused, match="rush_waits"):
        start_task(actor=designer, task_id=task.pk, now=NOW)
    with pytest.raises(NotAllowed):
        accept_rush(actor=designer, task_id=task.pk, now=NOW)
    accept_rush(actor=cast.actor("manager"), task_id=task.pk, version=1, now=NOW + DAY)
    start_task(actor=designer, task_id=task.pk, now=NOW + DAY)
    task.refresh_from_db()
    assert (task.status, task.accepted_by_id, task.accepted_at) == ("doing", cast.manager.pk, NOW + DAY)
    event = CampaignEvent.objects.get(verb="accept_rush")
    assert (event.before, event.after) == (
        {"accepted_by_id": None},
        {"version": 2, "accepted_by_id": cast.manager.pk},
    )


def test_a_rush_is_accepted_and_given_to_somebody_in_one_go(cast: Cast, campaign: Campaign) -> None:
    task = ask(cast, campaign)
    TaskHelper.objects.create(task=task, user=cast.designer)
    manager = cast.actor("manager")
    accept_rush(actor=manager, task_id=task.pk, owner_id=cast.designer.pk, version=1, now=NOW)
    task.refresh_from_db()
    assert (task.owner_id, task.assigned_at, task.accepted_at, task.version) == (cast.designer.pk, NOW, NOW, 2)
    assert not task.helpers.exists()
    event = CampaignEvent.objects.get(verb="accept_rush")
    assert event.after == {"version": 2, "accepted_by_id": cast.manager.pk, "owner_id": cast.designer.pk}
    names = {cast.designer.pk: "小美"}
    said = sentence("accept_rush", actor="陈主管", subject="返场主图", after=event.after, names=names)
    assert str(said) == "陈主管 accepted the rush request 返场主图 and gave it to 小美."
    undo_change(actor=manager, event_id=event.pk, now=NOW)
    task.refresh_from_db()
    assert (task.owner_id, task.accepted_at) == (None, None)
    assert task.helpers.get().user_id == cast.designer.pk


@pytest.mark.parametrize("who", ["viewer", "outsider"])
def test_a_rush_goes_to_nobody_who_may_not_own_work_and_stays_unaccepted(
    cast: Cast, campaign: Campaign, who: str
) -> None:
    task = ask(cast, campaign)
    manager, other = cast.actor("manager"), getattr(cast, who).pk
    with pytest.raises(Refused) as assigned:
        assign_task(actor=manager, task_id=task.pk, owner_id=other, now=NOW)
    with pytest.raises(Refused) as accepted:
        accept_rush(actor=manager, task_id=task.pk, owner_id=other, now=NOW)
    assert (accepted.value.code, accepted.value.reasons) == (assigned.value.code, assigned.value.reasons)
    task.refresh_from_db()
    assert (task.accepted_at, task.owner_id, task.version) == (None, None, 1)


def test_a_rush_given_away_meanwhile_is_not_given_to_another(cast: Cast, campaign: Campaign) -> None:
    task = ask(cast, campaign)
    manager = cast.actor("manager")
    assign_task(actor=manager, task_id=task.pk, owner_id=cast.designer.pk, now=NOW)
    with pytest.raises(Refused, match="stale"):
        accept_rush(actor=manager, task_id=task.pk, owner_id=cast.cs.pk, version=1, now=NOW)
    accept_rush(actor=manager, task_id=task.pk, version=1, now=NOW)
    task.refresh_from_db()
    assert (task.owner_id, task.accepted_at) == (cast.designer.pk, NOW)


@pytest.mark.parametrize("name", ["accept_request", "accept_rush"])
def test_both_pages_accept_and_assign(cast: Cast, campaign: Campaign, client: Client, name: str) -> None:
    task = ask(cast, campaign)
    client.force_login(cast.manager)
    with time_machine.travel(NOW, tick=False):
        assert f'id="accept-owner-{task.pk}"' in client.get(reverse("campaigns:requests")).content.decode()
    client.post(reverse(f"campaigns:{name}", args=[task.pk]), {"version": 1, "owner_id": cast.designer.pk})
    task.refresh_from_db()
    assert (task.owner_id, task.accepted_by_id) == (cast.designer.pk, cast.manager.pk)


def test_a_declined_rush_is_called_off_with_the_reason(cast: Cast, campaign: Campaign) -> None:
    task = ask(cast, campaign)
    decline_rush(actor=cast.actor("manager"), task_id=task.pk, reason="排期已满", now=NOW)
    task.refresh_from_db()
    assert (task.status, task.status_reason) == ("cancelled", "排期已满")
    assert CampaignEvent.objects.get(verb="decline_rush").reason == "排期已满"
    with pytest.raises(Refused, match="not_now"):
        accept_rush(actor=cast.actor("manager"), task_id=task.pk, now=NOW)


def test_a_later_date_ends_the_rush(cast: Cast, campaign: Campaign) -> None:
    task = ask(cast, campaign)
    edit_task(actor=cast.actor("manager"), task_id=task.pk, changes={"due_at": NOW + 15 * DAY}, now=NOW)
    task.refresh_from_db()
    assert task.accepted_at is None
    with pytest.raises(Refused, match="no_rush"):
        accept_rush(actor=cast.actor("manager"), task_id=task.pk, now=NOW)


def test_the_task_says_that_it_waits_and_offers_the_decision(cast: Cast, campaign: Campaign, client: Client) -> None:
    task = ask(cast, campaign)
    client.force_login(cast.manager)
    page = client.get(reverse("campaigns:task", args=[task.pk])).content.decode()
    assert "急单：需主管接受后才能开工" in page
    assert reverse("campaigns:accept_rush", args=[task.pk]) in page
    client.force_login(cast.designer)
    page = client.get(reverse("campaigns:task", args=[task.pk])).content.decode()
    assert reverse("campaigns:accept_rush", args=[task.pk]) not in page


def test_the_list_comes_back_as_it_was_filtered(cast: Cast, campaign: Campaign, client: Client) -> None:
    task, other = ask(cast, campaign), ask(cast, campaign)
    client.force_login(cast.manager)
    address = reverse("campaigns:accept_request", args=[task.pk])
    part = client.post(address, {"version": 1, "back": "waiting=1"}, headers={"HX-Request": "true"}).content.decode()
    assert reverse("campaigns:task", args=[task.pk]) not in part
    assert reverse("campaigns:task", args=[other.pk]) in part
    sent = {"reason": "不做", "back": "waiting=1&rush=x&next=https://evil.example/"}
    answer = client.post(reverse("campaigns:decline_request", args=[other.pk]), sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('campaigns:requests')}?rush=1&waiting=1")


@time_machine.travel(NOW, tick=False)
def test_the_api_asks_accepts_and_declines(cast: Cast, campaign: Campaign) -> None:
    body = {
        "title": "返场主图",
        "purpose": "首页",
        "sizes": "800×800",
        "due_at": (NOW + 3 * DAY).isoformat(),
        "priority": "urgent",
    }
    made = Caller(cast.cs).post("create_request", campaign.pk, body=body)
    task_id = made.json()["id"]
    assert (made.status_code, made["Location"]) == (201, reverse("api:task", args=[task_id]))
    assert made.json()["blockers"][0] == "急单待主管接受"
    missing = Caller(cast.cs).post("create_request", campaign.pk, body={"title": "返场主图"})
    assert set(missing.json()["fields"]) == {"purpose", "sizes", "due_at", "priority"}
    assert Caller(cast.cs).post("accept_rush", task_id, If_Match="*").status_code == 403
    manager = Caller(cast.manager)
    given = {"owner_id": cast.designer.pk}
    assert manager.post("accept_rush", task_id, body={"owner_id": cast.viewer.pk}, If_Match="*").status_code == 400
    accepted = manager.post("accept_rush", task_id, body=given, If_Match='"1"')
    assert (accepted.json()["accepted_by_id"], accepted.json()["owner_id"]) == (cast.manager.pk, cast.designer.pk)
    assert manager.post("decline_rush", task_id, body={"reason": "晚了"}, If_Match="*").json()["code"] == "no_rush"
