"""The guide of the first steps: what is done is known by facts, and it can be put away and brought back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.desk.queries.guide import guide_screen
from campaigns.desk.rules.guide import GuideFacts, guide_steps
from campaigns.sop.models import SopTemplate, SopVersion
from staff.people.models import User
from staff.people.queries import actor_for
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, TeamFactory, UserFactory, join


def steps(user: User) -> dict[str, bool]:
    guide = guide_screen(actor_for(user))
    return {line.step: line.is_done for line in guide.lines} if guide else {}


@pytest.fixture
def founder(db: None) -> User:
    user = UserFactory(display_name="创始人")
    join(user, TeamFactory(), "manager")
    return user


@pytest.mark.parametrize(
    ("manages", "works", "names"),
    [
        (True, True, ["team", "campaign", "tick"]),
        (False, True, ["mine", "tick"]),
        (False, False, []),
    ],
)
def test_each_has_steps_of_their_own(manages: bool, works: bool, names: list[str]) -> None:
    facts = GuideFacts(
        manages=manages,
        works=works,
        has_team=True,
        has_template=True,
        has_campaign=False,
        has_owned=True,
        has_ticked=False,
    )
    assert [step for step, _ in guide_steps(facts)] == names
    assert [is_done for _, is_done in guide_steps(facts)][:1] == [True][: len(names)]


def test_a_founder_goes_step_by_step(founder: User) -> None:
    team = founder.memberships.get().team
    assert steps(founder) == {"team": False, "campaign": False, "tick": False}
    guide = guide_screen(actor_for(founder))
    assert guide is not None
    assert (guide.has_template, guide.campaign_id, guide.task_id) == (False, None, None)
    colleague = UserFactory()
    join(colleague, team, "member", "cs")
    # Routine work is no campaign from the SOP.
    CampaignFactory(team=team, kind="routine")
    assert steps(founder) == {"team": True, "campaign": False, "tick": False}
    campaign = CampaignFactory(team=team)
    ChecklistItemFactory(task=TaskFactory(campaign=campaign), ticked_by=colleague, ticked_at=NOW)
    assert steps(founder) == {"team": True, "campaign": True, "tick": False}
    task = TaskFactory(campaign=campaign, owner=founder)
    ChecklistItemFactory(task=task, ticked_by=founder, ticked_at=NOW)
    guide = guide_screen(actor_for(founder))
    assert guide is not None
    assert (guide.is_done, guide.campaign_id, guide.task_id) == (True, campaign.pk, task.pk)


def test_a_members_guide_asks_about_their_own_work(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    TaskFactory(campaign=campaign, owner=cast.cs, done_by=cast.cs, status="done", done_at=NOW)
    assert steps(cast.designer) == {"mine": False, "tick": False}
    assert steps(cast.cs) == {"mine": True, "tick": True}
    assert steps(cast.viewer) == {}


def test_other_teams_count_for_nothing(cast: Cast) -> None:
    CampaignFactory(team=cast.team)
    SopVersion.objects.create(
        template=SopTemplate.objects.create(team=cast.team, key="a", name="甲"), number=1, created_at=NOW
    )
    guide = guide_screen(cast.actor("outsider"))
    assert guide is not None
    assert (guide.has_template, guide.campaign_id, guide.done) == (False, None, 0)


def test_it_costs_one_statement_and_none_of_its_words_once_put_away(cast: Cast, client: Client) -> None:
    with CaptureQueriesContext(connection) as found:
        guide_screen(cast.actor("manager"))
    # The actor's own two, and one.
    with CaptureQueriesContext(connection) as bare:
        cast.actor("manager")
    assert len(found) - len(bare) == 1
    client.force_login(cast.manager)
    today = reverse("campaigns:today")
    assert 'id="guide"' in client.get(today).content.decode()
    answer = client.post(reverse("staff:guide"))
    assert (answer.status_code, answer["Location"]) == (302, today)
    page = client.get(today).content.decode()
    assert 'id="guide"' not in page
    assert 'name="is_open"' in page
    client.post(reverse("staff:guide"), {"is_open": "1"})
    page = client.get(today).content.decode()
    assert 'id="guide"' in page
    assert 'name="is_open"' not in page


def test_an_empty_team_is_led_to_templates_first(founder: User, client: Client) -> None:
    client.force_login(founder)
    page = client.get(reverse("campaigns:today")).content.decode()
    assert reverse("staff:access", args=[founder.memberships.get().team_id]) in page
    assert "目前还没有模板" in page
    assert "还没有进行中的活动" in page


def test_the_api_puts_it_away_too(cast: Cast) -> None:
    caller = Caller(cast.designer)
    assert caller.get("me").json()["shows_guide"] is True
    assert caller("put", "guide", body={"is_open": False}).json()["shows_guide"] is False
    cast.designer.refresh_from_db()
    assert cast.designer.guide_closed_at is not None
    assert caller.get("me").json()["shows_guide"] is False
