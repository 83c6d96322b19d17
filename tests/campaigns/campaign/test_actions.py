"""Campaigns are made whole or not at all, and every verb is logged."""

from datetime import timedelta

import pytest

from campaigns.campaign.actions import create_campaign
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import anchors_of, campaign_for, campaigns_of, role_holders
from campaigns.campaign.rules import Anchor, Kind
from planner.core.errors import Missing, NotAllowed, Refused
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory

DRAFT = {
    "name": "618 2027",
    "platforms": ("tmall", "jd"),
    "starts_at": NOW + timedelta(days=60),
    "ends_at": NOW + timedelta(days=90),
    "now": NOW,
}


def test_a_manager_makes_a_campaign_with_anchors_people_and_a_log_line(cast: Cast) -> None:
    campaign_id = create_campaign(
        actor=cast.actor("manager"), team_id=cast.team.pk, roles={Role.DESIGN: cast.designer.pk}, **DRAFT
    )
    facts = campaign_for(cast.actor("viewer"), campaign_id)
    assert (facts.name, facts.phase, facts.platforms) == ("618 2027", "prep", ("tmall", "jd"))
    assert Campaign.objects.get().pinyin == "618 2027 618 2027"
    assert role_holders(campaign_id) == {Role.DESIGN: cast.designer.pk}
    assert set(anchors_of(campaign_id)) == {"presale_start", "wave2_start", "price_protect_end"}
    event = CampaignEvent.objects.get()
    assert (event.verb, event.actor, event.after["platforms"]) == ("create_campaign", cast.manager, ["tmall", "jd"])


@pytest.mark.parametrize(("who", "refusal"), [("designer", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)])
def test_only_managers_of_the_team_make_campaigns(cast: Cast, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        create_campaign(actor=cast.actor(who), team_id=cast.team.pk, **DRAFT)
    assert not Campaign.objects.exists()


def test_every_fault_is_named_and_nothing_is_written(cast: Cast) -> None:
    faulty = {
        "name": " ",
        "platforms": ("tmall", "ebay"),
        "starts_at": NOW,
        "ends_at": NOW,
        "anchors": {Anchor.PRESALE_START: NOW + timedelta(days=1)},
        "roles": {Role.CS: cast.outsider.pk},
        "now": NOW,
    }
    with pytest.raises(Refused) as refused:
        create_campaign(actor=cast.actor("manager"), team_id=cast.team.pk, **faulty)
    assert set(refused.value.fields) == {"name", "platforms", "ends_at", "anchors.presale_start", "roles.cs"}
    assert not Campaign.objects.exists()


def test_only_routine_work_may_run_all_year(cast: Cast) -> None:
    year = DRAFT | {"ends_at": NOW + timedelta(days=425)}
    with pytest.raises(Refused) as refused:
        create_campaign(actor=cast.actor("manager"), team_id=cast.team.pk, **year)
    assert set(refused.value.fields) == {"ends_at"}
    create_campaign(actor=cast.actor("manager"), team_id=cast.team.pk, kind=Kind.ROUTINE, **year)
    assert Campaign.objects.get().kind == "routine"


def test_a_name_is_given_once_a_team(cast: Cast) -> None:
    create_campaign(actor=cast.actor("manager"), team_id=cast.team.pk, **DRAFT)
    with pytest.raises(Refused, match="name_taken"):
        create_campaign(actor=cast.actor("manager"), team_id=cast.team.pk, **DRAFT)
    create_campaign(actor=cast.actor("outsider"), team_id=cast.other_team.pk, **DRAFT)
    assert len(campaigns_of(cast.actor("manager"))) == 1


def test_another_teams_campaign_is_not_there(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.other_team)
    with pytest.raises(Missing):
        campaign_for(cast.actor("manager"), campaign.pk)
    assert campaigns_of(cast.actor("manager")) == []
