"""Going back and closing over the API."""

import pytest

from campaigns.campaign.models import Campaign, CampaignEvent
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import CampaignFactory


def test_a_step_back_carries_its_reason(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team, phase="closed")
    answer = Caller(cast.manager).post("step_back", campaign.pk, body={"to": "review", "reason": "漏了退款"})
    assert (answer.status_code, answer.json()["phase"], answer.json()["version"]) == (200, "review", 2)
    assert CampaignEvent.objects.get().reason == "漏了退款"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"to": "review"}, 400, "invalid"),
        ({"to": "review", "reason": " "}, 400, "invalid"),
        ({"to": "later", "reason": "x"}, 400, "invalid"),
        ({"to": "prep", "reason": "x"}, 409, "phase_moved"),
    ],
)
def test_it_goes_one_phase_back_and_not_without_a_reason(
    cast: Cast, body: dict[str, str], status: int, code: str
) -> None:
    campaign = CampaignFactory(team=cast.team, phase="closed")
    answer = Caller(cast.manager).post("step_back", campaign.pk, body=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Campaign.objects.get().phase == "closed"


def test_routine_work_is_closed_and_a_promotion_is_not(cast: Cast) -> None:
    routine = CampaignFactory(team=cast.team, kind="routine")
    promotion = CampaignFactory(team=cast.team)
    manager = Caller(cast.manager)
    assert manager.post("close_routine", routine.pk).json()["phase"] == "closed"
    again = manager.post("close_routine", routine.pk)
    assert (again.status_code, again.json()["code"]) == (409, "campaign_closed")
    other = manager.post("close_routine", promotion.pk)
    assert (other.status_code, other.json()["code"]) == (409, "not_routine")
