"""The bell, the notices and the ledger as each of the cast sees them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from campaigns.reminders.actions import dispatch_due, plan_deliveries
from campaigns.reminders.models import Delivery, Notice
from tests.campaigns.reminders.conftest import owned_task
from tests.cast import Cast
from tests.factories import NOW

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def told(cast: Cast, campaign: Campaign, task: Task) -> Notice:
    """The designer has been told by both channels."""
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)
    return Notice.objects.get()


def as_(client: Client, cast: Cast, who: str) -> Client:
    user = getattr(cast, who)
    user.language = "en"
    user.save()
    client.force_login(user)
    return client


@pytest.mark.parametrize("who", ["manager", "designer", "cs", "viewer"])
def test_every_member_sees_the_ledger(client: Client, cast: Cast, campaign: Campaign, told: Notice, who: str) -> None:
    page = as_(client, cast, who).get(f"/campaigns/{campaign.pk}/reminders/")
    assert page.status_code == 200
    assert page.content.decode().count("Due within 24 hours") == 2
    assert b"Main image" in page.content


def test_others_see_no_ledger(client: Client, cast: Cast, campaign: Campaign, told: Notice) -> None:
    address = f"/campaigns/{campaign.pk}/reminders/"
    assert client.get(address).status_code == 302
    assert as_(client, cast, "outsider").get(address).status_code == 404
    assert client.get("/campaigns/999999/reminders/").status_code == 404


def test_the_ledger_is_narrowed_by_its_address_and_refuses_nonsense(
    client: Client, cast: Cast, campaign: Campaign, told: Notice
) -> None:
    as_(client, cast, "viewer")
    address = f"/campaigns/{campaign.pk}/reminders/"
    assert b"No reminder fits this filter" in client.get(address, {"state": "dead"}).content
    person = client.get(address, {"person": cast.designer.pk, "state": "sent"}).content.decode()
    assert "小美" in person
    assert f"?state=dead&amp;person={cast.designer.pk}" in person
    assert client.get(address, {"page": "zero"}).status_code == 409
    assert client.get(address, {"task": 10**30}).status_code == 409
    fragment = client.get(address, **HTMX).content.decode().strip()
    assert fragment.startswith('<section id="ledger"')


def test_an_empty_ledger_says_what_to_do_first(client: Client, cast: Cast, campaign: Campaign) -> None:
    page = as_(client, cast, "viewer").get(f"/campaigns/{campaign.pk}/reminders/")
    assert b"Give tasks an owner and a due date" in page.content


@pytest.mark.parametrize(("who", "status"), [("manager", 302), ("designer", 403), ("viewer", 403), ("outsider", 404)])
def test_a_dead_message_is_sent_again_by_managers_only(
    client: Client, cast: Cast, campaign: Campaign, told: Notice, who: str, status: int
) -> None:
    row = Delivery.objects.get(channel="email")
    Delivery.objects.filter(pk=row.pk).update(state="dead")
    as_(client, cast, who)
    address = f"/campaigns/{campaign.pk}/reminders/"
    assert (b"Send again" in client.get(address).content) is (who == "manager")
    assert client.post(f"{address}{row.pk}/retry/").status_code == status
    row.refresh_from_db()
    assert row.state == ("planned" if who == "manager" else "dead")


def test_sending_again_answers_in_place(client: Client, cast: Cast, campaign: Campaign, told: Notice) -> None:
    Delivery.objects.filter(channel="email").update(state="dead")
    row = Delivery.objects.get(channel="email")
    answer = as_(client, cast, "manager").post(
        f"/campaigns/{campaign.pk}/reminders/{row.pk}/retry/", {"state": "dead", "page": "1"}, **HTMX
    )
    assert answer.content.decode().strip().startswith('<section id="ledger"')
    assert b"No reminder fits this filter" in answer.content


def test_the_bell_counts_what_is_unread(client: Client, cast: Cast, told: Notice) -> None:
    assert client.get("/notices/bell/").status_code == 302
    assert b"bell-count" in as_(client, cast, "designer").get("/notices/bell/").content
    fragment = client.get("/notices/bell/").content.decode().split()
    assert fragment[:2] == ["<a", 'id="bell"']
    assert b"bell-count" not in as_(client, cast, "manager").get("/notices/bell/").content


def test_notices_are_ones_own_and_lead_to_the_task(client: Client, cast: Cast, told: Notice) -> None:
    page = as_(client, cast, "designer").get("/notices/").content.decode()
    assert "Due within 24 hours: Main image, Tue 24 Nov 08:00" in page
    assert client.post(f"/notices/{told.pk}/open/")["Location"] == told.link
    assert f'href="{told.link}"' in client.get("/notices/").content.decode()
    assert b"bell-count" not in client.get("/notices/bell/").content
    assert as_(client, cast, "cs").post(f"/notices/{told.pk}/open/").status_code == 404
    assert b"Nothing to tell you yet" in as_(client, cast, "manager").get("/notices/").content
    client.logout()
    assert client.get("/notices/").status_code == 302


def test_a_notice_is_shown_in_the_language_its_reader_has_today(client: Client, cast: Cast, told: Notice) -> None:
    client.force_login(cast.designer)
    page = client.get("/notices/").content.decode()
    assert "主图" in page
    assert "11月24日" in page


def test_reading_works_with_and_without_script(client: Client, cast: Cast, campaign: Campaign, told: Notice) -> None:
    owned_task(cast, campaign)
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)
    as_(client, cast, "designer")
    assert client.post(f"/notices/{told.pk}/read/").status_code == 302
    answer = client.post("/notices/read/", **HTMX).content.decode().strip()
    assert answer.startswith('<section id="notices"')
    assert 'hx-swap-oob="true"' in answer
    assert "bell-count" not in answer
    assert not Notice.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("who", ["manager", "outsider"])
def test_nobody_reads_anothers_notice(client: Client, cast: Cast, told: Notice, who: str) -> None:
    assert as_(client, cast, who).post(f"/notices/{told.pk}/read/").status_code == 404
    told.refresh_from_db()
    assert told.read_at is None


def test_looking_changes_nothing(client: Client, cast: Cast, campaign: Campaign, told: Notice) -> None:
    as_(client, cast, "designer")
    for address in ("/notices/", "/notices/bell/", f"/campaigns/{campaign.pk}/reminders/"):
        assert client.get(address).status_code == 200
    assert Notice.objects.filter(read_at=None).count() == 1
    assert client.get(f"/notices/{told.pk}/read/").status_code == 405


def test_long_lists_ask_no_more_queries_than_short_ones(client: Client, cast: Cast, campaign: Campaign) -> None:
    as_(client, cast, "designer")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    def grow() -> dict[str, int]:
        for hours in (1, 5, 9, 13):
            owned_task(cast, campaign, due_at=NOW + timedelta(hours=hours))
        plan_deliveries(now=NOW)
        dispatch_due(now=NOW)
        return {address: queries(address) for address in ("/notices/", f"/campaigns/{campaign.pk}/reminders/")}

    assert grow() == grow()
