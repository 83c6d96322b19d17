"""The offer beside every answer, and taking it up, with and without script, on pages and over the API."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignEvent
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import CampaignFactory, TaskFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(cast: Cast) -> Task:
    for person in (cast.manager, cast.designer, cast.viewer):
        person.language = "en"
        person.save(update_fields=["language"])
    campaign = CampaignFactory(team=cast.team, name="618 2027")
    due_at = timezone.now() + timedelta(days=2)
    return TaskFactory(campaign=campaign, code="P24", title="主图", role="design", owner=cast.designer, due_at=due_at)


def as_(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def offered(response: HttpResponse) -> str:
    """The address of the one Undo that the answer offers."""
    found = re.findall(r'action="(/changes/\d+/undo/)"', text(response))
    assert len(found) == 1
    return str(found[0])


def test_one_tap_is_offered_back_beside_the_line_and_goes_back(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    response = client.post(url("complete_line", task.pk), {"version": 1}, headers=HTMX)
    assert text(response).lstrip().startswith(f'<div id="line-{task.pk}"')
    assert 'hx-swap-oob="innerHTML:#toasts"' in text(response)
    assert "P24 主图: Marked done" in text(response)
    back = client.post(offered(response), headers=HTMX)
    assert (back.status_code, back.headers["HX-Trigger"]) == (200, '{"undone": {}}')
    assert "Taken back. P24 主图: Marked done" in text(back)
    assert "/undo/" not in text(back)
    task.refresh_from_db()
    assert (task.status, task.done_at) == ("todo", None)


def test_the_undo_on_the_line_is_the_undo_of_the_message(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    client.post(url("complete_line", task.pk), {"version": 1}, headers=HTMX)
    back = client.post(url("reopen_line", task.pk), {"version": 2}, headers=HTMX)
    assert text(back).lstrip().startswith(f'<div id="line-{task.pk}"')
    # One message, in the place of the one that offered the same.
    assert 'hx-swap-oob="innerHTML:#toasts"' in text(back)
    assert text(back).count("data-toast ") == 1
    assert "Taken back. P24 主图: Marked done" in text(back)
    assert "/undo/" not in text(back)
    task.refresh_from_db()
    assert (task.status, task.done_at) == ("todo", None)
    assert CampaignEvent.objects.order_by("-id")[0].undoes.verb == "complete_task"


@pytest.mark.parametrize("who", ["designer", "manager"])
def test_what_cannot_be_taken_back_any_more_is_opened_again(cast: Cast, task: Task, who: str) -> None:
    as_(cast, "designer").post(url("complete_line", task.pk), {"version": 1}, headers=HTMX)
    if who == "designer":
        CampaignEvent.objects.update(at=timezone.now() - timedelta(minutes=3))
    back = as_(cast, who).post(url("reopen_line", task.pk), {"version": 2}, headers=HTMX)
    assert "P24 主图: Taken back into work" in text(back)
    task.refresh_from_db()
    assert task.status == "doing"


@pytest.mark.parametrize(
    ("lines", "said"),
    [("补拍首焦 @小美", "补拍首焦: Task added"), ("赠品\n海报 @小美\n短视频", "3 tasks added")],
)
def test_quick_add_says_what_was_added_and_all_of_it_goes(cast: Cast, task: Task, lines: str, said: str) -> None:
    cast.designer.display_name = "小美"
    cast.designer.save(update_fields=["display_name"])
    client = as_(cast, "manager")
    made = client.post(reverse("campaigns:quick_add"), {"lines": lines}, headers=HTMX)
    assert f"<p>{said}</p>" in text(made)
    back = client.post(offered(made), headers=HTMX)
    assert back.headers["HX-Trigger"] == '{"undone": {"gone": true}}'
    assert f"Taken back. {said}" in text(back)
    assert list(Task.objects.all()) == [task]


@pytest.mark.parametrize(
    ("language", "values", "said"),
    [
        ("en", {"urgent": "on"}, "P24 主图: Urgent changed"),
        ("en", {"urgent": "on", "title": "主图二"}, "P24 主图: Title, Urgent changed"),
        ("zh-hans", {"urgent": "on"}, "P24 主图：紧急已改"),
        ("zh-hans", {"urgent": "on", "title": "主图二"}, "P24 主图：标题、紧急已改"),
    ],
)
def test_an_edit_is_told_by_its_fields(
    cast: Cast, task: Task, language: str, values: dict[str, str], said: str
) -> None:
    cast.manager.language = language
    cast.manager.save(update_fields=["language"])
    sent = {"only": list(values), **values, "version": "1"}
    edited = as_(cast, "manager").post(url("edit_task", task.pk), sent, headers=HTMX)
    assert f"<p>{said}</p>" in text(edited)


def test_without_script_the_next_page_offers_it_once(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    page = client.post(url("complete_task", task.pk), {"version": 1}, follow=True)
    assert "P24 主图: Marked done" in text(page)
    assert "/undo/" not in text(client.get(url("task", task.pk)))
    back = client.post(offered(page), headers={"Referer": f"http://testserver{url('board', task.campaign_id)}"})
    assert back.headers["Location"].endswith(url("board", task.campaign_id))
    assert "Taken back." in text(client.get(back.headers["Location"]))
    task.refresh_from_db()
    assert task.status == "todo"


def test_a_change_that_leads_to_another_page_is_offered_there(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    answer = client.post(
        url("create_task", task.campaign_id), {"title": "补图", "role": "design", "phase": "prep"}, headers=HTMX
    )
    assert "/undo/" not in text(answer)
    client.post(offered(client.get(answer.headers["HX-Redirect"])), headers=HTMX)
    assert not Task.objects.filter(title="补图").exists()


@pytest.mark.parametrize("is_htmx", [True, False])
def test_who_stands_on_the_page_of_what_is_gone_is_led_to_the_board(cast: Cast, task: Task, is_htmx: bool) -> None:
    client = as_(cast, "designer")
    made = client.post(url("create_task", task.campaign_id), {"title": "补图", "role": "design", "phase": "prep"})
    here = f"http://testserver{made.headers['Location']}"
    headers = {**HTMX, "HX-Current-URL": here} if is_htmx else {"Referer": here}
    back = client.post(offered(client.get(made.headers["Location"])), headers=headers)
    leads = back.headers["HX-Redirect" if is_htmx else "Location"]
    assert leads == url("board", task.campaign_id)
    assert "Taken back." in text(client.get(leads))


def test_a_refusal_and_a_read_offer_nothing(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    client.post(url("complete_task", task.pk), {"version": 1}, headers=HTMX)
    refused = client.post(url("complete_task", task.pk), {"version": 2}, headers=HTMX)
    assert refused.status_code == 409
    assert "/changes/" not in text(refused) + text(client.get(url("task", task.pk), headers=HTMX))


def test_others_and_seconds_are_refused_in_words(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    address = offered(client.post(url("complete_task", task.pk), {"version": 1}, headers=HTMX))
    assert as_(cast, "manager").post(address, headers=HTMX).status_code == 403
    assert as_(cast, "outsider").post(address, headers=HTMX).status_code == 404
    as_(cast, "manager").post(url("reopen_task", task.pk), {"version": 2}, headers=HTMX)
    refused = client.post(address, headers=HTMX)
    assert refused.status_code == 409
    assert "陈主管: Taken back into work" in text(refused)


def test_the_api_takes_back_by_the_line_of_the_log(cast: Cast, task: Task) -> None:
    api = Caller(cast.designer)
    api.post("complete_task", task.pk, If_Match='"1"')
    event_id = api.get("log", task.campaign_id).json()["items"][0]["id"]
    answer = api.post("undo_change", event_id)
    assert answer.status_code == 200
    assert answer.json()["said"] == "P24 主图: Marked done"
    assert api.post("undo_change", event_id).json()["code"] == "already_undone"
    task.refresh_from_db()
    assert task.status == "todo"


def test_an_offer_costs_the_same_at_any_length_of_the_log(cast: Cast, task: Task) -> None:
    client = as_(cast, "designer")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            client.post(url("log_hours", task.pk), {"hours": "1"}, headers=HTMX)
        counts.append(len(found))
        CampaignEvent.objects.bulk_create(
            CampaignEvent(
                campaign=Campaign.objects.get(),
                actor=cast.designer,
                verb="tick_item",
                subject_kind="task",
                subject_id=0,
                at=timezone.now(),
            )
            for _ in range(30)
        )
    assert counts[0] == counts[1]
