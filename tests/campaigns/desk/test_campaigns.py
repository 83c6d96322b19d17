"""The list of campaigns: its parts, how far each is, what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.campaign.models import CampaignStage
from campaigns.campaign.rules import Kind, Phase
from campaigns.desk.queries.campaigns import CLOSED_LINES, CampaignsScreen, campaigns_screen
from campaigns.desk.rules.campaigns import AHEAD, State, state_of
from staff.people.models import User
from tests.campaigns.desk.test_rules import campaign_facts
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory, UserFactory, join

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"starts_at": NOW + AHEAD}, "running"),
        ({"starts_at": NOW + AHEAD + DAY}, "upcoming"),
        ({"starts_at": NOW + AHEAD + DAY, "phase": Phase.EXECUTION}, "running"),
        ({"starts_at": NOW + AHEAD + DAY, "kind": Kind.ROUTINE}, "running"),
        ({"phase": Phase.REVIEW}, "running"),
        ({"phase": Phase.CLOSED}, "closed"),
        ({"phase": Phase.CLOSED, "archived_at": NOW}, "archived"),
        ({"starts_at": NOW + AHEAD + DAY, "archived_at": NOW}, "archived"),
    ],
)
def test_a_campaign_stands_in_one_part(values: dict[str, Any], state: str) -> None:
    assert state_of(campaign_facts(**values), now=NOW) == state


def screen(cast: Cast, who: str = "viewer", asked: State | None = None) -> CampaignsScreen:
    return campaigns_screen(cast.actor(who), asked, now=NOW)


def test_every_line_says_how_far_it_is_and_what_is_wrong(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team, starts_at=NOW + 9 * DAY)
    CampaignStage.objects.create(campaign=campaign, kind="presale_start", at=NOW + 2 * DAY)
    gone = UserFactory()
    join(gone, cast.team)
    gone.memberships.update(left_at=NOW)
    TaskFactory(campaign=campaign, owner=cast.cs, status="done", done_at=NOW)
    TaskFactory(campaign=campaign, owner=cast.cs, due_at=NOW - DAY)
    TaskFactory(campaign=campaign, owner=cast.cs, status="blocked")
    TaskFactory(campaign=campaign)
    TaskFactory(campaign=campaign, owner=gone)
    TaskFactory(campaign=campaign, status="cancelled", due_at=NOW - DAY)
    ((line,),) = [group.lines for group in screen(cast).groups]
    assert (line.done, line.total, line.late, line.blocked, line.unassigned) == (1, 5, 1, 1, 2)
    assert str(line.says) == "2 d 0 h to the presale"
    campaign.phase = "closed"
    campaign.save()
    ((line,),) = [group.lines for group in screen(cast).groups]
    assert (line.done, line.total, line.is_calm, line.says) == (1, 5, True, None)


def test_one_part_is_shown_whole_and_all_are_counted(cast: Cast) -> None:
    CampaignFactory(team=cast.team, starts_at=NOW + DAY)
    CampaignFactory(team=cast.team, starts_at=NOW + 200 * DAY)
    CampaignFactory.create_batch(CLOSED_LINES + 2, team=cast.team, phase="closed")
    CampaignFactory.create_batch(2, team=cast.team, archived_at=NOW)
    CampaignFactory(team=cast.other_team)
    whole = screen(cast)
    assert [(group.state, len(group.lines), group.more) for group in whole.groups] == [
        ("running", 1, 0), ("upcoming", 1, 0), ("closed", CLOSED_LINES, 2),
    ]  # fmt: skip
    counts = {"running": 1, "upcoming": 1, "closed": CLOSED_LINES + 2, "archived": 2}
    assert dict(whole.counts) == counts
    for state in State:
        part = screen(cast, asked=state)
        assert [(group.state, len(group.lines), group.more) for group in part.groups] == [(state, counts[state], 0)]
        assert dict(part.counts) == counts


def test_an_empty_part_says_so_and_an_unknown_one_is_refused(client: Client, cast: Cast) -> None:
    User.objects.update(language="en")
    client.force_login(cast.viewer)
    address = reverse("campaigns:campaigns")
    assert "No campaign is in this part" in client.get(address, {"state": "upcoming"}).content.decode()
    assert client.get(address, {"state": "lost"}).status_code == 409


def test_the_list_asks_the_same_for_many_campaigns_and_tasks_as_for_one(client: Client, cast: Cast) -> None:
    def grow(count: int) -> None:
        for campaign in CampaignFactory.create_batch(count, team=cast.team):
            TaskFactory.create_batch(count, campaign=campaign)

    def queries() -> int:
        with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("campaigns:campaigns")).status_code == 200
        return len(asked)

    client.force_login(cast.manager)
    grow(1)
    few = queries()
    grow(4)
    assert queries() == few <= 10


def test_the_list_shows_the_teams_campaigns_running_ones_first(client: Client, cast: Cast) -> None:
    CampaignFactory(team=cast.team, name="618 去年", phase="closed")
    CampaignFactory(team=cast.team, name="双11 今年", phase="execution")
    CampaignFactory(team=cast.team, name="日常运营", kind="routine")
    CampaignFactory(team=cast.other_team, name="别家大促")
    User.objects.update(language="en")
    client.force_login(cast.viewer)
    page = client.get(reverse("campaigns:campaigns")).content.decode()
    assert page.index("双11 今年") < page.index('id="group-closed"') < page.index("618 去年")
    assert "Execution" in page
    assert "Routine work" in page
    assert "别家大促" not in page


@pytest.mark.parametrize(("who", "offered"), [("manager", True), ("designer", False), ("cs", False), ("viewer", False)])
def test_an_empty_list_says_what_to_do_first(client: Client, cast: Cast, who: str, offered: bool) -> None:
    User.objects.update(language="en")
    client.force_login(getattr(cast, who))
    page = client.get(reverse("campaigns:campaigns")).content.decode()
    assert "There is no campaign yet." in page
    assert (reverse("campaigns:create") in page) is offered


def test_strangers_sign_in_first(db: None) -> None:
    assert Client().get(reverse("campaigns:campaigns")).status_code == 302
