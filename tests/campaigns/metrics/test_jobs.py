"""The sweep hands every waiting import to a worker; a doubled message changes nothing."""

import pytest

from campaigns.campaign.models import Campaign
from campaigns.metrics import jobs
from campaigns.metrics.actions import start_import
from campaigns.metrics.models import Order
from planner.celery import app
from staff.runs.models import Run
from tests.campaigns.metrics.files import csv_bytes, order
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


@pytest.fixture
def in_place() -> None:
    """Celery runs its messages where they are sent."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_the_sweep_brings_waiting_imports_in(cast: Cast, campaign: Campaign, in_place: None) -> None:
    for n in range(2):
        start_import(
            actor=cast.actor("cs"), campaign_id=campaign.pk, file_name="a.csv", data=csv_bytes([order(n)]), now=NOW
        )
    jobs.sweep_imports()
    jobs.sweep_imports()
    assert Order.objects.count() == 2
    assert set(Run.objects.values_list("state", "attempts")) == {("done", 1)}


def test_a_message_for_a_run_that_is_gone_is_harmless(db: None) -> None:
    jobs.run_import(999)
