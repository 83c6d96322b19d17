"""The sweep compiles what nobody compiled; the command compiles in its own process."""

import json
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from campaigns.campaign.models import Campaign
from campaigns.reviews import jobs
from campaigns.reviews.models import CampaignReview
from planner.celery import app
from staff.runs.models import Run
from tests.campaigns.reviews.test_actions import fill
from tests.cast import Cast
from tests.factories import CampaignFactory


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, phase="review")


@pytest.fixture
def in_place() -> Iterator[None]:
    """Celery runs its messages where they are sent."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_the_sweep_compiles_each_review_once(cast: Cast, campaign: Campaign, in_place: None) -> None:
    fill(cast, campaign)
    jobs.sweep_reviews()
    jobs.sweep_reviews()
    assert CampaignReview.objects.get().compiled_at is not None
    assert list(Run.objects.filter(kind="compile_review").values_list("state", "attempts")) == [("done", 1)]


def test_a_message_for_a_run_that_is_gone_is_harmless(db: None) -> None:
    jobs.compile_review(999)


def test_the_command_prints_the_summary(cast: Cast, campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    fill(cast, campaign)
    call_command("compile_review", "--campaign", str(campaign.pk), "--json")
    first = json.loads(capsys.readouterr().out)
    assert (first["changed"], first["summary"]["split"]["difference"]) == (True, "-50.00")
    call_command("compile_review", "--campaign", str(campaign.pk), "--json")
    assert json.loads(capsys.readouterr().out) == first | {"changed": False}


def test_the_command_refuses_with_exit_code_1(
    cast: Cast, campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        call_command("compile_review", "--campaign", "999", "--json")
    assert exit_.value.code == 1
    assert json.loads(capsys.readouterr().err)["code"] == "missing"
