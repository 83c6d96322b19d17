"""Evidence as it comes in and goes out: hostile uploads, other people's files, and what a browser is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.board import actions
from campaigns.board.models import Evidence, Task
from campaigns.board.rules import MOST_BYTES, Upload
from campaigns.board.views.evidence import FORM_BYTES
from tests.cast import Cast
from tests.factories import NOW, PNG, CampaignFactory, TaskFactory

HTMX = {"HX-Request": "true"}
HOSTILE = [
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.html", b"<script>alert(1)</script>"),
    ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.gif", b"GIF89a<script>alert(1)</script>"),
    ("a.png", b""),
    ("a.txt", b"x" * (MOST_BYTES + 1)),
    ("shell.php.png", b"<?php system($_GET[0]); ?>"),
]


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def task(cast: Cast) -> Task:
    campaign = CampaignFactory(team=cast.team, name="618 2027")
    return TaskFactory(campaign=campaign, title="主图", role="design", owner=cast.designer)


@pytest.fixture
def shown(cast: Cast, task: Task) -> int:
    return add(cast, task, "终稿.png", PNG)


def add(cast: Cast, task: Task, name: str, data: bytes) -> int:
    return actions.add_evidence(actor=cast.actor("designer"), task_id=task.pk, upload=Upload(name, data), now=NOW)


def as_(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


@pytest.mark.parametrize(("name", "data"), HOSTILE)
@pytest.mark.parametrize("way", ["page", "api", "finish"])
def test_a_hostile_file_comes_in_by_no_door(cast: Cast, task: Task, way: str, name: str, data: bytes) -> None:
    address = {
        "page": url("add_evidence", task.pk),
        "api": reverse("api:add_evidence", args=[task.pk]),
        "finish": url("finish_task", task.pk),
    }[way]
    answer = as_(cast, "designer").post(address, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code in {400, 409}
    assert (files(), Evidence.everything.count()) == ([], 0)
    task.refresh_from_db()
    assert task.status == "todo"


def test_a_body_that_is_too_large_is_refused_unread(cast: Cast, task: Task) -> None:
    big = SimpleUploadedFile("a.zip", b"PK\x03\x04" + b"0" * FORM_BYTES)
    answer = as_(cast, "designer").post(url("add_evidence", task.pk), {"file": big}, headers=HTMX)
    assert answer.status_code == 413
    # Only these addresses take so much.
    usual = as_(cast, "designer").post(url("add_comment", task.pk), {"file": SimpleUploadedFile("a", b"0" * 3_000_000)})
    assert usual.status_code == 413


def test_a_path_in_a_name_leads_nowhere(cast: Cast, task: Task, uploads: Path) -> None:
    for name in ("../../../etc/cron.d/x.txt", "..\\..\\x.txt", "/etc/passwd.txt", "%2e%2e%2fx.txt", "a\x00b.txt"):
        client = as_(cast, "designer")
        client.post(url("add_evidence", task.pk), {"file": SimpleUploadedFile(name, b"hello")})
    kept = {path.parent.relative_to(uploads).as_posix() for path in files()}
    assert len(kept) == 1
    assert kept.pop().startswith("evidence/")
    assert not any("/" in name or ".." in name for name in Evidence.objects.values_list("name", flat=True))


@pytest.mark.parametrize(("who", "status"), [("designer", 200), ("cs", 200), ("viewer", 200), ("outsider", 404)])
def test_a_file_is_for_those_who_see_the_task(cast: Cast, shown: int, who: str, status: int) -> None:
    for address in (url("evidence", shown), reverse("api:evidence", args=[shown])):
        answer = as_(cast, who).get(address)
        assert answer.status_code == status
        assert (answer.content == PNG) is (status == 200)
    assert Client().get(url("evidence", shown)).status_code == 302


def test_what_a_browser_is_told_about_a_file(cast: Cast, task: Task, shown: int) -> None:
    client = as_(cast, "viewer")
    kept = client.get(url("evidence", shown))
    assert kept.headers["Content-Disposition"].startswith("attachment; filename")
    looked_at = client.get(url("evidence", shown) + "?shown")
    assert looked_at.headers["Content-Disposition"].startswith("inline")
    for answer in (kept, looked_at):
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    again = client.get(url("evidence", shown) + "?shown", headers={"If-None-Match": looked_at.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # Nothing but a picture is ever shown in its place.
    text = add(cast, task, "a.txt", "做完了".encode())
    assert client.get(url("evidence", text) + "?shown").headers["Content-Disposition"].startswith("attachment")


def test_neither_a_link_nor_what_was_removed_nor_what_is_lost_has_a_file(cast: Cast, task: Task, shown: int) -> None:
    client = as_(cast, "designer")
    client.post(url("add_evidence", task.pk), {"url": "https://pan.example.com/s/1", "note": "终稿"})
    link = Evidence.objects.get(file="")
    assert client.get(url("evidence", link.pk)).status_code == 404
    lost = add(cast, task, "b.png", PNG)
    Path(Evidence.objects.get(pk=lost).file.path).unlink()
    assert client.get(url("evidence", lost)).status_code == 404
    assert client.post(url("remove_evidence", shown)).status_code == 302
    assert client.get(url("evidence", shown)).status_code == 404


def test_a_name_cannot_break_out_of_its_header(cast: Cast, task: Task) -> None:
    tricky = add(cast, task, 'a"; filename=x.html;.png', PNG)
    told = as_(cast, "viewer").get(url("evidence", tricky)).headers["Content-Disposition"]
    assert told == 'attachment; filename="a\\"; filename=x.html;.png"'


def test_programs_add_see_and_fetch_evidence(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    address = reverse("api:add_evidence", args=[task.pk])
    made = client.post(address, {"file": SimpleUploadedFile("终稿.png", PNG), "note": "二版"})
    assert made.status_code == 201
    [piece] = made.json()["evidence"]
    assert (piece["name"], piece["note"], piece["size"], piece["content_type"]) == (
        "终稿.png",
        "二版",
        len(PNG),
        "image/png",
    )
    link = client.post(address, json.dumps({"url": "https://a.cn/"}), content_type="application/json")
    assert [each["url"] for each in link.json()["evidence"]] == ["", "https://a.cn/"]
    both = client.post(address, {"file": SimpleUploadedFile("a.png", PNG), "url": "https://a.cn/"})
    assert both.status_code in {400, 409}
    assert client.get(reverse("api:evidence", args=[piece["id"]])).headers["Content-Type"] == "image/png"
    gone = client.post(reverse("api:remove_evidence", args=[piece["id"]]))
    assert len(gone.json()["evidence"]) == 1
