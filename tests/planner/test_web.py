"""The edge: refusals in the asker's shape, ended sessions, strict headers, and values as their reader writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from planner.web import bell
from planner.web.middleware import HeadMiddleware
from planner.web.templatetags.words import due, hours, label, moment, money, percent, shown
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/campaigns/"}


def test_a_refusal_is_a_page_a_fragment_or_json(client: Client, cast: Cast) -> None:
    foreign = reverse("campaigns:overview", args=[CampaignFactory(team=cast.other_team).pk])
    client.force_login(cast.manager)
    page = client.get(foreign)
    assert (page.status_code, b"<html" in page.content) == (404, True)
    fragment = client.get(foreign, headers=HTMX)
    assert (fragment.status_code, fragment["HX-Retarget"]) == (404, "#notice")
    # A form that selects #content from its answer would find nothing in a notice and take its place away.
    assert fragment["HX-Reselect"] == "#notice"
    assert fragment.content.strip().startswith(b'<div id="notice"')
    told = client.get(foreign, headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (404, "missing")


def test_another_teams_thing_and_no_thing_look_the_same(client: Client, cast: Cast) -> None:
    foreign = CampaignFactory(team=cast.other_team).pk
    client.force_login(cast.manager)
    answers = [client.get(reverse("campaigns:overview", args=[pk])) for pk in (foreign, 10**12)]
    assert {answer.status_code for answer in answers} == {404}
    bodies = {answer.content.split(b'<div id="notice"')[1].split(b"</div>")[0] for answer in answers}
    assert len(bodies) == 1


def test_an_ended_session_sends_the_whole_page_to_the_log_in(client: Client, cast: Cast) -> None:
    answer = client.get(reverse("campaigns:bell"), headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"{reverse('staff:login')}?next=%2Fcampaigns%2F")
    assert client.get(reverse("campaigns:bell")).status_code == 302
    lost = client.get(reverse("campaigns:bell"), headers=HTMX | {"HX-Current-URL": "http://["})
    assert lost["HX-Redirect"] == f"{reverse('staff:login')}?next=%2F"


def test_a_form_without_a_token_is_refused_in_the_askers_shape(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.designer)
    page = strict.post(reverse("campaigns:read_all"))
    assert (page.status_code, b'<div id="notice"' in page.content) == (403, True)
    assert strict.post(reverse("campaigns:read_all"), headers=HTMX)["HX-Retarget"] == "#notice"


@pytest.mark.parametrize(("method", "body"), [("HEAD", b""), ("GET", b"page")])
def test_head_has_the_headers_of_get_and_no_body(method: str, body: bytes) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"page", headers={"Content-Length": "4"})

    answer = HeadMiddleware(page)(RequestFactory().generic(method, "/login/"))
    assert (answer.content, answer["Content-Length"]) == (body, "4")


def test_a_broker_that_does_not_answer_is_not_waited_for(db: None, django_capture_on_commit_callbacks: Any) -> None:
    class Job:
        name = "job"
        rung = 0

        def apply_async(self, **_: object) -> None:
            self.rung += 1

    job = Job()
    for answers in (False, True):
        asked = patch.object(bell, "broker_answers", return_value=answers)
        with asked, django_capture_on_commit_callbacks(execute=True):
            bell.ring(job)
        assert job.rung == answers


@pytest.mark.parametrize("path", ["/", "/login/", "/nowhere/"])
def test_every_answer_carries_strict_headers(client: Client, cast: Cast, path: str) -> None:
    if path != "/login/":
        client.force_login(cast.manager)
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
    if path != "/login/":
        assert "no-store" in answer["Cache-Control"]


def test_pages_travel_compressed(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) * 3 < len(client.get("/").content)


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("zh-hans", datetime(2024, 6, 12, 10, 0, tzinfo=UTC), "2024年6月12日 周三 18:00"),
        ("en", datetime(2024, 6, 12, 10, 0, tzinfo=UTC), "Wed 12 Jun 2024 18:00"),
        ("zh-hans", date(2024, 6, 12), "2024年6月12日 周三"),
        ("en", None, "—"),
    ],
)
def test_moments_are_written_as_their_reader_writes_them(language: str, value: date | None, text: str) -> None:
    with translation.override(language):
        assert moment(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ([], "—"),
        (True, "Yes"),
        ("in_review", "Being checked"),
        (["tmall", "jd"], "Tmall, JD"),
        ("2024-06-12T10:00:00+00:00", "Wed 12 Jun 2024 18:00"),
        ("2024-06-12", "Wed 12 Jun 2024"),
        ({"due_at": None}, "Due —"),
        ("free text", "free text"),
        ("2026-02-30", "2026-02-30"),
        ("9999-12-31T23:59", "9999-12-31T23:59"),
        ("0001-01-01T00:00:00+00:00 etc.", "0001-01-01T00:00:00+00:00 etc."),
        (7, "7"),
    ],
)
def test_logged_values_are_shown_in_words(value: object, text: str) -> None:
    with translation.override("en"):
        assert shown(value) == text


def test_figures_are_written_alike_everywhere() -> None:
    assert money(Decimal("1902487.15")) == "1,902,487.15"
    assert percent(Decimal("0.2313")) == "23.13 %"
    assert [hours(value) for value in (Decimal("3.0"), Decimal("1.5"), Decimal(10), None)] == ["3", "1.5", "10", "—"]
    with translation.override("en"):
        assert label("no such code") == "no such code"


@pytest.mark.parametrize(
    ("away", "english", "chinese"),
    [
        (timedelta(minutes=-59), "Just late", "刚逾期"),
        (timedelta(hours=-23), "23 h late", "逾期 23 小时"),
        (timedelta(hours=-49), "2 d late", "逾期 2 天"),
        (timedelta(hours=14), "Today 23:00", "今天 23:00"),
        (timedelta(hours=15), "Tomorrow 00:00", "明天 00:00"),
        (timedelta(hours=39), "Wed 00:00", "周三 00:00"),
        (timedelta(days=7), "30 Nov", "11月30日"),
        (timedelta(days=60), "22 Jan 2027", "2027年1月22日"),
    ],
)
def test_a_due_moment_is_said_from_where_its_reader_stands(away: timedelta, english: str, chinese: str) -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Asia/Shanghai"):
        for language, words in (("en", english), ("zh-hans", chinese)):
            with translation.override(language):
                assert due(NOW + away) == words
