"""The demonstration is played through to its end, whatever the date, and only into an empty database."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from campaigns.demo.actions import build_demo
from campaigns.metrics.models import Order
from campaigns.reviews.models import CampaignReview, Lesson
from planner.core.errors import Refused
from staff.people.models import Membership
from staff.people.rules import SYSTEM

# In 2027 the holidays before last year's Double 11 put a postponed step behind one that waits for it.
AWKWARD = datetime(2027, 3, 1, 23, tzinfo=UTC)


def test_the_demonstration_is_played_to_its_end(db: None) -> None:
    call_command("load_sop", json=True)
    made = build_demo(actor=SYSTEM, now=AWKWARD)
    assert Membership.objects.count() == 9
    assert [Campaign.objects.get(pk=pk).phase for pk in made.campaigns] == ["prep", "execution", "closed"]
    closed = made.campaigns[2]
    assert not Task.objects.filter(campaign_id=closed, lesson__isnull=True).exclude(status="done").exists()
    assert Order.objects.filter(campaign_id=closed).count() > 1000
    assert CampaignReview.objects.get(campaign_id=closed).compiled_at is not None
    assert Lesson.objects.filter(campaign_id=closed).count() == 4
    with pytest.raises(Refused, match="not_empty"):
        build_demo(actor=SYSTEM, now=AWKWARD)
