"""The review page by each of the cast, with htmx and without script."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from campaigns.reviews.actions import compile_review
from campaigns.reviews.models import CampaignReview, Lesson
from campaigns.reviews.queries import review_screen
from staff.people.rules import SYSTEM
from staff.runs.models import Run
from tests.campaigns.metrics.files import csv_bytes, import_file, order
from tests.campaigns.reviews.test_actions import fill, lesson
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, phase="review")


def page(campaign: Campaign, name: str = "review", *more: int) -> str:
    return reverse(f"campaigns:{name}", args=[campaign.pk, *more])


def flat(answer: HttpResponse) -> str:
    """The HTML with single blanks: where lines break is the formatter's business."""
    return " ".join(answer.content.decode().split())


def compiled(cast: Cast, campaign: Campaign) -> None:
    fill(cast, campaign)
    compile_review(actor=SYSTEM, campaign_id=campaign.pk, now=NOW)


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("designer", 200), ("cs", 200), ("viewer", 200), ("outsider", 404)]
)
def test_the_team_reads_the_review(cast: Cast, client: Client, campaign: Campaign, who: str, status: int) -> None:
    compiled(cast, campaign)
    lesson(cast, campaign)
    client.force_login(getattr(cast, who))
    answer = client.get(page(campaign))
    assert answer.status_code == status
    html = answer.content.decode()
    assert ("-50.00" in html) is (status == 200)
    assert ("<svg" in html and "<polyline" in html and "curve-text" in html) is (status == 200)
    assert (page(campaign, "compile_review") in html) is (who in {"manager", "designer", "cs"})
    assert (page(campaign, "add_lesson") in html) is (who in {"manager", "designer", "cs"})
    assert "style=" not in html


def test_figures_lead_to_what_they_come_from(cast: Cast, client: Client, campaign: Campaign) -> None:
    compiled(cast, campaign)
    client.force_login(cast.viewer)
    html = client.get(page(campaign)).content.decode()
    slipped = Task.objects.filter(due_changes=1).get()
    for link in (
        f"{page(campaign, 'numbers')}#day-2026-11-21",
        f"{page(campaign, 'board')}?phase=prep",
        f"{page(campaign, 'board')}?role=design",
        f"{page(campaign, 'board')}?person={cast.designer.pk}",
        reverse("campaigns:task", args=[slipped.pk]),
    ):
        assert f'href="{link}"' in html


def test_sections_without_data_are_absent(cast: Cast, client: Client, campaign: Campaign) -> None:
    client.force_login(cast.manager)
    titles = ("goal-title", "split-title", "curve-title", "refunds-title", "punctual-title", "hours-title")
    html = client.get(page(campaign)).content.decode()
    assert not any(title in html for title in titles)
    import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(1)]))
    compile_review(actor=SYSTEM, campaign_id=campaign.pk, now=NOW)
    html = client.get(page(campaign)).content.decode()
    assert [title for title in titles if f'id="{title}"' in html] == list(titles[:4])
    assert "progress" not in html.partition('id="split-title"')[2].partition("</section>")[0]


def test_a_stranger_is_sent_to_the_log_in(client: Client, campaign: Campaign) -> None:
    assert client.get(page(campaign)).status_code == 302
    assert client.post(page(campaign, "compile_review")).status_code == 302
    assert not Run.objects.exists()


def words(cast: Cast, **values: Any) -> dict[str, Any]:
    return {"kind": "keep", "text": "预售页提前", "owner_id": cast.designer.pk, "due_on": "2099-01-01"} | values


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(("who", "status"), [("designer", 302), ("viewer", 403), ("outsider", 404)])
def test_members_write_and_others_do_not(cast: Cast, client: Client, campaign: Campaign, who: str, status: int) -> None:
    far = {"due_on": "2027-01-01"}
    lesson_id = lesson(cast, campaign)
    client.force_login(getattr(cast, who))
    posts = {
        page(campaign, "compile_review"): {},
        page(campaign, "write_notes"): {"notes": "节奏太赶", "version": "1"},
        page(campaign, "add_lesson"): words(cast, **far),
        page(campaign, "edit_lesson", lesson_id): words(cast, **far, version="1"),
        page(campaign, "remove_lesson", lesson_id): {},
    }
    assert [client.post(path, data).status_code for path, data in posts.items()] == [status] * len(posts)
    is_written = CampaignReview.objects.exists() and Run.objects.exists() and Lesson.objects.get().pk != lesson_id
    assert is_written is (status == 302)


def test_htmx_gets_the_part_that_changed(cast: Cast, client: Client, campaign: Campaign) -> None:
    client.force_login(cast.designer)
    notes = client.post(page(campaign, "write_notes"), {"notes": "甲<b>", "version": "1"}, headers=HTMX)
    assert flat(notes).startswith('<section id="notes"')
    assert "甲&lt;b&gt;" in notes.content.decode()
    progress = client.post(page(campaign, "compile_review"), headers=HTMX)
    assert flat(progress).startswith('<div id="compile"')
    assert reverse("staff:run", args=[Run.objects.get().pk]) in flat(progress)
    stale = client.post(page(campaign, "write_notes"), {"notes": "乙", "version": "1"}, headers=HTMX)
    assert (stale.status_code, stale.headers["HX-Retarget"]) == (409, "#notice")
    summary = client.get(page(campaign), headers=HTMX | {"HX-Target": "summary"})
    assert flat(summary).startswith('<div id="summary"')


def test_a_faulty_lesson_names_its_faults(cast: Cast, client: Client, campaign: Campaign) -> None:
    client.force_login(cast.designer)
    answer = client.post(page(campaign, "add_lesson"), words(cast, text="", due_on="soon"), headers=HTMX)
    assert answer.status_code == 409
    assert client.post(page(campaign, "add_lesson"), words(cast, due_on="2020-01-01")).status_code == 409
    assert not Lesson.objects.exists()


def test_the_page_costs_the_same_at_twice_the_rows(cast: Cast, campaign: Campaign) -> None:
    def cost() -> int:
        compile_review(actor=SYSTEM, campaign_id=campaign.pk, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            review_screen(cast.actor("manager"), campaign.pk)
        return len(queries)

    fill(cast, campaign)
    lesson(cast, campaign)
    few = cost()
    for user in (cast.cs, cast.manager, cast.viewer):
        TaskFactory(campaign=campaign, status="done", owner=user, done_at=NOW, due_at=NOW, due_changes=2)
        lesson(cast, campaign)
    assert cost() == few


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_reads_in_both_languages(cast: Cast, client: Client, campaign: Campaign, language: str) -> None:
    compiled(cast, campaign)
    cast.manager.language = language
    cast.manager.save()
    client.force_login(cast.manager)
    answer = client.get(page(campaign))
    assert answer.headers["Content-Language"] == language
    assert "150.00" in answer.content.decode()
