"""Files that mean harm cost little, are refused in words, row by row, and leave nothing behind."""

import json
import subprocess
import sys
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.metrics.actions import imports
from campaigns.metrics.models import DailyFigure, ImportBatch, Order
from campaigns.metrics.rules.visitors import parse_visitors
from campaigns.sop.models import SopVersion
from planner.core.errors import Refused
from staff.runs.models import Run
from tests.campaigns.metrics.files import csv_bytes, order
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory
from tests.harness import ROOT, clean_env
from tests.walls.hostile import orders, procedures

MOST_SECONDS = 10
MOST_MIB = 512


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each file cost, read in a process whose memory is bounded."""
    env = clean_env(DATA_DIR=str(tmp_path_factory.mktemp("hostile")), DJANGO_SETTINGS_MODULE="tests.settings")
    command = [sys.executable, "-m", "tests.walls.hostile"]
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return {line["what"]: line for line in lines}


@pytest.mark.parametrize("what", orders())
def test_an_order_file_that_means_harm_is_cheap_to_refuse(measured: dict[str, dict[str, Any]], what: str) -> None:
    """F3."""
    line = measured[what]
    assert line["code"] == orders()[what][0]
    assert line["seconds"] <= MOST_SECONDS
    assert line["mib"] <= MOST_MIB
    assert line["reasons"] <= 110


@pytest.mark.parametrize("what", procedures())
def test_a_procedure_that_means_harm_is_cheap_to_refuse(measured: dict[str, dict[str, Any]], what: str) -> None:
    """F5."""
    line = measured[what]
    assert line["code"] in {"sop_unreadable", "sop_invalid"}
    assert line["seconds"] <= MOST_SECONDS
    assert line["mib"] <= MOST_MIB
    assert 1 <= line["reasons"] <= 200


@pytest.fixture
def campaign(cast: Cast, settings: Any) -> Campaign:
    settings.CELERY_BROKER_URL = "memory://"
    return CampaignFactory(team=cast.team)


def upload(client: Client, campaign: Campaign, data: bytes, name: str = "orders.csv", **headers: str) -> Any:
    form = {"file": SimpleUploadedFile(name, data)}
    return client.post(reverse("campaigns:import_orders", args=[campaign.pk]), form, headers=headers)


def nothing_written() -> bool:
    return not any(model.objects.exists() for model in (ImportBatch, Order, Run, DailyFigure, CampaignEvent))


def test_the_page_says_which_rows_were_refused_and_why(cast: Cast, client: Client, campaign: Campaign) -> None:
    """F3."""
    client.force_login(cast.cs)
    wrong = [("2", "abc", "1", "", "never", "", "0"), ("3", "1", "1", "", "2026-11-11 10:00:00", "then", "0")]
    told = upload(client, campaign, csv_bytes([order(1), *wrong, order(4)]), Accept="application/json").json()
    assert told["code"] == "bad_rows"
    assert len(told["reasons"]) == 3
    rows = [order(1), *wrong * 200]
    for headers in ({}, {"HX-Request": "true"}):
        answer = upload(client, campaign, csv_bytes(rows), **headers)
        page = " ".join(answer.content.decode().split())
        assert answer.status_code == 409
        assert "600" in page  # places
        assert "400" in page  # rows
        assert page.count("<li>") == 100 + 3 + 1  # the first hundred, three columns, the line between
        assert "订单付款时间" in page
    assert nothing_written()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"PK\x03\x04orders.csv", b"\xff\xfea\x00", csv_bytes([order(1)])[:-9], csv_bytes([order("=1+1")])],
)
def test_a_refused_file_leaves_nothing(cast: Cast, client: Client, campaign: Campaign, data: bytes) -> None:
    """F3."""
    client.force_login(cast.cs)
    assert upload(client, campaign, data).status_code == 409
    assert nothing_written()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\r\nX-Evil: 1.csv", "aX-Evil: 1.csv"),
        ("gnp.\u202evsc.csv", "gnp.vsc.csv"),
        ("订单.csv", "订单.csv"),
        ("<b>.csv", "<b>.csv"),
        ("x" * 300 + ".csv", None),
    ],
)
def test_names_of_files_are_harmless(
    cast: Cast, client: Client, campaign: Campaign, name: str, shown: str | None
) -> None:
    """E6."""
    actor = cast.actor("cs")
    imports.start_import(actor=actor, campaign_id=campaign.pk, file_name=name, data=csv_bytes([order(1)]), now=NOW)
    kept = ImportBatch.objects.get().file_name
    assert kept.isprintable()
    assert len(kept) <= 200
    if shown and "/" not in name and "\\" not in name:
        assert kept == shown
    client.force_login(cast.cs)
    assert "<b>" not in client.get(reverse("campaigns:numbers", args=[campaign.pk])).content.decode()


def test_one_file_is_read_at_a_time(cast: Cast, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "TURN_SECONDS", 0.05)
    values = {"actor": cast.actor("cs"), "campaign_id": campaign.pk, "file_name": "a.csv", "now": NOW}
    with imports._READING, pytest.raises(Refused) as refused:
        imports.start_import(data=csv_bytes([order(1)]), **values)
    assert refused.value.code == "busy"
    assert nothing_written()
    assert imports.start_import(data=csv_bytes([order(1)]), **values).batch_id


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-11 1\n" * 25_000,
        "2026-11-11" + " " * 49_000 + "1x",
        "2026-11-11 " + "9" * 49_000,
        "2026-11-11 " + "1,111" * 9_000,
        "\u2028" * 49_000,
        "2026-١١-11 5e9",
        "=cmd|x",
        ",".join(["1"] * 20_000),
    ],
)
def test_pasted_visitors_that_mean_harm_are_refused_quickly(text: str) -> None:
    """F3."""
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        parse_visitors(text)
    assert time.process_time() - began < 1
    assert len(refused.value.reasons) <= 100


def test_a_refused_procedure_leaves_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager)
    before = SopVersion.objects.count()
    for text in procedures().values():
        form = {"team": cast.team.pk, "file": SimpleUploadedFile("a.yaml", text.encode())}
        assert client.post(reverse("campaigns:load_sop"), form).status_code in {409, 413}
    assert SopVersion.objects.count() == before
