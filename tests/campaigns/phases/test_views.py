"""Phase moves through the pages, as each kind of person."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.rules import Kind, Phase
from campaigns.phases.queries import phase_screen
from planner.core.errors import Missing
from staff.people.models import User
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def phase_of(campaign: Campaign) -> str:
    return Campaign.objects.values_list("phase", flat=True).get(pk=campaign.pk)


def move(client: Client, campaign: Campaign, route: str = "advance_phase", *, headers: Any = None, **data: str) -> Any:
    return client.post(reverse(f"campaigns:{route}", args=[campaign.pk]), data, headers=headers)


def test_a_manager_moves_on_and_lands_on_the_overview(client: Client, cast: Cast, campaign: Campaign) -> None:
    client.force_login(cast.manager)
    answer = move(client, campaign, to="execution")
    assert (answer.status_code, answer.url) == (302, reverse("campaigns:overview", args=[campaign.pk]))
    assert phase_of(campaign) == "execution"


def test_htmx_is_sent_to_the_overview_as_a_whole_page(client: Client, cast: Cast, campaign: Campaign) -> None:
    client.force_login(cast.manager)
    answer = move(client, campaign, to="execution", headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse("campaigns:overview", args=[campaign.pk])


def test_the_refusal_names_each_task_and_the_reason_lets_it_through(
    client: Client, cast: Cast, campaign: Campaign
) -> None:
    TaskFactory(campaign=campaign, code="P11", title="定品冻结", must_have=True)
    User.objects.filter(pk=cast.manager.pk).update(language="en")
    client.force_login(cast.manager)
    answer = move(client, campaign, to="execution", headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "phase_blocked")
    assert answer.json()["reasons"] == ["P11 定品冻结 is not done, and nobody has it."]
    assert move(client, campaign, to="execution", headers=HTMX).headers["HX-Retarget"] == "#notice"
    assert phase_of(campaign) == "prep"
    move(client, campaign, to="execution", override_reason="平台提前开售")
    assert phase_of(campaign) == "execution"
    assert CampaignEvent.objects.get().reason == "平台提前开售"


def test_a_second_click_and_a_nonsense_phase_are_refused(client: Client, cast: Cast, campaign: Campaign) -> None:
    client.force_login(cast.manager)
    assert move(client, campaign, to="execution").status_code == 302
    assert move(client, campaign, to="execution").status_code == 409
    assert move(client, campaign, to="party", headers=JSON).json()["code"] == "invalid"
    assert phase_of(campaign) == "execution"


def test_going_back_takes_a_reason(client: Client, cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team, phase="execution")
    client.force_login(cast.manager)
    assert move(client, campaign, "step_back", to="prep", headers=JSON).json()["code"] == "reason_missing"
    assert move(client, campaign, "step_back", to="prep", reason="平台改期").status_code == 302
    assert phase_of(campaign) == "prep"


def test_routine_work_is_closed(client: Client, cast: Cast) -> None:
    routine = CampaignFactory(team=cast.team, kind="routine")
    client.force_login(cast.manager)
    assert move(client, routine, to="execution", headers=JSON).json()["code"] == "no_phases"
    assert move(client, routine, "close_routine").status_code == 302
    assert phase_of(routine) == "closed"


@pytest.mark.parametrize(
    ("who", "status"), [("designer", 403), ("cs", 403), ("viewer", 403), ("outsider", 404), (None, 302)]
)
def test_nobody_else_moves_phases(client: Client, cast: Cast, who: str | None, status: int) -> None:
    campaign = CampaignFactory(team=cast.team, phase="execution")
    routine = CampaignFactory(team=cast.team, kind="routine")
    if who:
        client.force_login(getattr(cast, who))
    answers = [
        move(client, campaign, to="wrap_up", override_reason="急"),
        move(client, campaign, "step_back", to="prep", reason="急"),
        move(client, routine, "close_routine"),
    ]
    assert [answer.status_code for answer in answers] == [status] * 3
    assert (phase_of(campaign), phase_of(routine)) == ("execution", "prep")


@pytest.mark.parametrize("route", ["advance_phase", "step_back", "close_routine"])
def test_a_link_moves_nothing(client: Client, cast: Cast, campaign: Campaign, route: str) -> None:
    client.force_login(cast.manager)
    assert client.get(reverse(f"campaigns:{route}", args=[campaign.pk])).status_code == 405


def test_the_stepper_counts_what_each_phase_must_have(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(phase="execution")
    TaskFactory.create_batch(2, campaign=campaign, must_have=True, status="done", done_at=NOW)
    TaskFactory(campaign=campaign, phase="execution", must_have=True, owner=cast.cs)
    TaskFactory(campaign=campaign, phase="execution", is_gate=True, status="done", done_at=NOW)
    TaskFactory(campaign=campaign, phase="execution", must_have=True, status="cancelled")
    TaskFactory(campaign=campaign, phase="review")
    screen = phase_screen(cast.actor("designer"), campaign.pk)
    assert [(step.state, step.done, step.total) for step in screen.steps] == [
        ("past", 2, 2), ("here", 0, 2), ("ahead", 0, 0), ("ahead", 0, 0), ("ahead", 0, 0),
    ]  # fmt: skip
    assert (screen.ready_done, screen.ready_total, len(screen.blockers)) == (0, 2, 2)
    assert (screen.previous, screen.next, screen.may_move) == (Phase.PREP, Phase.WRAP_UP, False)
    assert phase_screen(cast.actor("manager"), campaign.pk).may_move
    with pytest.raises(Missing):
        phase_screen(cast.actor("outsider"), campaign.pk)


def test_routine_work_shows_no_steps(cast: Cast) -> None:
    routine = CampaignFactory(team=cast.team, kind=Kind.ROUTINE)
    screen = phase_screen(cast.actor("manager"), routine.pk)
    assert (screen.is_routine, screen.steps, screen.next, screen.previous) == (True, (), None, None)
