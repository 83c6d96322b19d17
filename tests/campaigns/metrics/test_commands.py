"""The import from the command line: the same verb, JSON, and an exit code."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from campaigns.campaign.models import Campaign
from campaigns.metrics.models import Order
from tests.campaigns.metrics.files import csv_bytes, order
from tests.cast import Cast
from tests.factories import CampaignFactory


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_bytes([order(1), order(2, "35.5", "35.5"), order(3, on=None)]))
    return path


def test_a_file_is_imported_and_its_figures_are_printed(
    campaign: Campaign, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_orders", str(file), "--campaign", str(campaign.pk), "--json")
    result = json.loads(capsys.readouterr().out)
    assert result["orders"] == Order.objects.count() == 3
    assert result["figures"]["paid_amount"] == "135.50"
    assert result["figures"]["net_paid_amount"] == "100.00"
    assert result["cannot_give"]
    assert "visitors" not in result["figures"]


def test_a_refusal_is_json_on_stderr_and_exit_code_1(
    campaign: Campaign, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_orders", str(file), "--campaign", str(campaign.pk), "--json")
    capsys.readouterr()
    with pytest.raises(SystemExit) as exit_:
        call_command("import_orders", str(file), "--campaign", str(campaign.pk), "--json")
    assert exit_.value.code == 1
    assert json.loads(capsys.readouterr().err)["code"] == "same_file"


@pytest.mark.parametrize(("name", "campaign_id"), [("nothing.csv", 0), ("orders.csv", 999)])
def test_a_missing_file_or_campaign_is_refused(campaign: Campaign, file: Path, name: str, campaign_id: int) -> None:
    with pytest.raises(SystemExit) as exit_:
        call_command("import_orders", str(file.with_name(name)), "--campaign", str(campaign_id or campaign.pk))
    assert exit_.value.code == 1
    assert not Order.objects.exists()
