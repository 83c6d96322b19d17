"""The numbers page by each of the cast, with htmx and without script."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from campaigns.campaign.models import Campaign
from campaigns.metrics.models import DailyFigure, ImportBatch, KpiTarget, Order
from staff.runs.models import Run
from tests.campaigns.metrics.files import csv_bytes, import_file, order
from tests.cast import Cast
from tests.factories import CampaignFactory

HTMX = {"HX-Request": "true"}
ROWS = [order(1), order(2, "35.5", "35.5")]


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


@pytest.fixture(autouse=True)
def no_broker(settings: Any) -> None:
    """The bell is a hint: without a broker nothing is rung and nothing is lost."""
    settings.CELERY_BROKER_URL = "memory://"


def page(campaign: Campaign, name: str = "numbers", *more: int) -> str:
    return reverse(f"campaigns:{name}", args=[campaign.pk, *more])


def flat(answer: HttpResponse) -> str:
    """The HTML with single blanks: where lines break is the formatter's business."""
    return " ".join(answer.content.decode().split())


def upload(rows: list[Any] | None = None) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("orders.csv", csv_bytes(ROWS if rows is None else rows))}


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("designer", 200), ("cs", 200), ("viewer", 200), ("outsider", 404)]
)
def test_the_team_reads_the_numbers(cast: Cast, client: Client, campaign: Campaign, who: str, status: int) -> None:
    import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    client.force_login(getattr(cast, who))
    answer = client.get(page(campaign))
    assert answer.status_code == status
    html = answer.content.decode()
    assert ("135.50" in html) is (status == 200)
    assert (page(campaign, "import_orders") in html) is (who in {"manager", "designer", "cs"})
    assert ("/undo/" in html) is (who == "manager")


def test_a_stranger_is_sent_to_the_log_in(client: Client, campaign: Campaign) -> None:
    assert client.get(page(campaign)).status_code == 302
    assert client.post(page(campaign, "import_orders"), upload()).status_code == 302
    assert not ImportBatch.objects.exists()


POSTS = {
    "import_orders": lambda: upload(),
    "set_target": lambda: {"paid_amount": "100", "version": "0"},
    "paste_visitors": lambda: {"pasted": "2026-11-11 5"},
    "set_visitors": lambda: {"day-2026-11-11": "5", "was-2026-11-11": ""},
}


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize(("who", "status"), [("designer", 302), ("viewer", 403), ("outsider", 404)])
def test_members_write_and_others_do_not(
    cast: Cast, client: Client, campaign: Campaign, name: str, who: str, status: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.post(page(campaign, name), POSTS[name]()).status_code == status
    written = ImportBatch.objects.exists() or KpiTarget.objects.exists() or DailyFigure.objects.exists()
    assert written is (status == 302)


@pytest.mark.parametrize(
    ("name", "root"), [("import_orders", "imports"), ("set_target", "target"), ("paste_visitors", "visitors")]
)
def test_htmx_gets_the_part_that_changed(cast: Cast, client: Client, campaign: Campaign, name: str, root: str) -> None:
    client.force_login(cast.designer)
    answer = client.post(page(campaign, name), POSTS[name](), headers=HTMX)
    assert answer.status_code == 200
    assert flat(answer).startswith(f'<section id="{root}"')
    assert answer.headers["HX-Trigger-After-Swap"] == "numbers-changed"
    alone = flat(client.get(page(campaign), headers=HTMX | {"HX-Target": root}))
    assert alone.startswith(f'<section id="{root}"')


def test_an_upload_shows_its_progress_at_once(cast: Cast, client: Client, campaign: Campaign) -> None:
    client.force_login(cast.designer)
    html = flat(client.post(page(campaign, "import_orders"), upload(), headers=HTMX))
    assert f'hx-get="{reverse("staff:run", args=[Run.objects.get().pk])}" hx-trigger="every 1s"' in html


def test_a_refused_file_says_why_and_keeps_the_page(cast: Cast, client: Client, campaign: Campaign) -> None:
    client.force_login(cast.designer)
    answer = client.post(
        page(campaign, "import_orders"), upload([order(1), ("2", "x", "", "", "", "", "")]), headers=HTMX
    )
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#notice"
    assert "总金额" in answer.content.decode()
    empty = client.post(page(campaign, "import_orders"), {"file": SimpleUploadedFile("a.csv", b"")})
    assert empty.status_code == 409
    assert client.post(page(campaign, "import_orders")).status_code == 409
    assert not ImportBatch.objects.exists()


def test_a_manager_undoes_an_import(cast: Cast, client: Client, campaign: Campaign) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    other = CampaignFactory(team=cast.other_team)
    for who, status in [("designer", 403), ("viewer", 403), ("outsider", 404)]:
        client.force_login(getattr(cast, who))
        assert client.post(page(campaign, "undo_import", batch.pk)).status_code == status
    assert client.post(page(other, "undo_import", batch.pk)).status_code == 404
    assert Order.objects.count() == 2
    client.force_login(cast.manager)
    assert client.post(page(campaign, "undo_import", batch.pk)).status_code == 302
    assert not Order.objects.exists()


def test_typed_visitors_keep_what_another_page_wrote(cast: Cast, client: Client, campaign: Campaign) -> None:
    client.force_login(cast.cs)
    first = {"day-2026-11-11": "5", "was-2026-11-11": "", "day-2026-11-12": "", "was-2026-11-12": ""}
    assert client.post(page(campaign, "set_visitors"), first).status_code == 302
    clash = client.post(page(campaign, "set_visitors"), first | {"day-2026-11-11": "6"}, headers=HTMX)
    assert clash.status_code == 409
    assert "2026-11-11" in clash.content.decode()
    for day in ("2026-02-30", "0001-01-01", "9999-12-31"):
        assert client.post(page(campaign, "set_visitors"), {f"day-{day}": "6"}).status_code == 409
    assert list(DailyFigure.objects.values_list("visitors", flat=True)) == [5]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_reads_in_both_languages(cast: Cast, client: Client, campaign: Campaign, language: str) -> None:
    import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    cast.manager.language = language
    cast.manager.save()
    client.force_login(cast.manager)
    answer = client.get(page(campaign))
    assert answer.headers["Content-Language"] == language
    assert "100.00" in answer.content.decode()
