"""A campaign whose designer owns a task."""

from datetime import timedelta

import pytest

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    """A running campaign of the cast's team."""
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def task(cast: Cast, campaign: Campaign) -> Task:
    """Owned for a month by the designer, due in 23 hours."""
    return owned_task(cast, campaign)


def owned_task(cast: Cast, campaign: Campaign, **values: object) -> Task:
    """A task that the designer has had for a month, due in 23 hours."""
    before = NOW - timedelta(days=30)
    given = {"owner": cast.designer, "due_at": NOW + timedelta(hours=23), "created_at": before, "assigned_at": before}
    return TaskFactory(campaign=campaign, **{"title": "主图", "title_en": "Main image", **given, **values})
