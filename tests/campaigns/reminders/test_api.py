"""Notices and the ledger over the API, as each of the cast."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.reminders.actions import dispatch_due, plan_deliveries
from campaigns.reminders.models import Delivery, Notice
from planner.web.api import write_cursor
from tests.callers import Caller
from tests.campaigns.reminders.conftest import owned_task
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory


@pytest.fixture
def told(cast: Cast, campaign: Campaign, task: Task) -> Notice:
    """The designer has been told by both channels."""
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)
    return Notice.objects.get()


def tell(cast: Cast, campaign: Campaign, count: int) -> None:
    """So many more tasks about which the designer has been told."""
    for n in range(count):
        owned_task(cast, campaign, due_at=NOW + timedelta(hours=22) - timedelta(minutes=n))
    plan_deliveries(now=NOW)
    dispatch_due(now=NOW)


def caller(cast: Cast, who: str) -> Caller:
    user = getattr(cast, who)
    user.language = "en"
    user.save(update_fields=["language"])
    return Caller(user)


def walk(caller: Caller, route: str, *ids: int, **query: Any) -> list[dict[str, Any]]:
    """Every item, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = caller.get(route, *ids, query=query | cursor)
        assert answer.status_code == 200, answer.content
        items += answer.json()["items"]
        cursor = {"cursor": answer.json()["next"]}
        if not cursor["cursor"]:
            return items


# --- notices ----------------------------------------------------------------------------------


def test_a_notice_says_what_it_is_about(cast: Cast, campaign: Campaign, task: Task, told: Notice) -> None:
    (shown,) = caller(cast, "designer").get("notices").json()["items"]
    text = shown.pop("text")
    assert text.startswith("Late: Due within 24 hours: Main image, ")
    # 00:00 UTC: sentences are in the reader's zone, moments in UTC.
    assert text.endswith("08:00")
    assert shown == {
        "id": told.pk, "kind": "due_24h", "link": f"/tasks/{task.pk}/", "campaign_id": campaign.pk,
        "campaign_name": "618 2027", "task_id": task.pk, "read_at": None,
        "at": told.at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip


@pytest.mark.parametrize(("who", "count"), [("manager", 0), ("designer", 1), ("cs", 0), ("viewer", 0), ("outsider", 0)])
def test_notices_are_ones_own(cast: Cast, told: Notice, who: str, count: int) -> None:
    mine = caller(cast, who)
    assert (len(mine.get("notices").json()["items"]), mine.get("bell").json()) == (count, {"unread": count})
    status = 200 if count else 404
    assert mine.post("read_notice", told.pk).status_code == status
    assert Notice.objects.filter(read_at=None).count() == 1 - count


def test_nobody_is_told_without_signing_in(db: None) -> None:
    assert {Caller().get(route).status_code for route in ("notices", "bell")} == {401}
    assert Caller().post("read_all").status_code == 401


def test_notices_come_newest_first_page_by_page_while_new_ones_arrive(
    cast: Cast, campaign: Campaign, told: Notice
) -> None:
    tell(cast, campaign, 4)
    designer = caller(cast, "designer")
    first = designer.get("notices", query={"limit": 2}).json()
    tell(cast, campaign, 6)
    rest = walk(designer, "notices", limit=2, cursor=first["next"])
    ids = [item["id"] for item in [*first["items"], *rest]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), ids[-1]) == (5, told.pk)


def test_the_first_reading_counts_and_unread_ones_can_be_asked_for(
    cast: Cast, campaign: Campaign, told: Notice
) -> None:
    tell(cast, campaign, 2)
    designer = caller(cast, "designer")
    first = designer.post("read_notice", told.pk).json()
    assert first["read_at"]
    assert designer.post("read_notice", told.pk).json()["read_at"] == first["read_at"]
    unread = [item["id"] for item in walk(designer, "notices", unread="true", limit=1)]
    assert (len(unread), told.pk in unread, designer.get("bell").json()) == (2, False, {"unread": 2})
    assert designer.post("read_all").json() == {"unread": 0}
    assert walk(designer, "notices", unread="true") == []
    assert len(walk(designer, "notices", unread="false")) == 3


def test_who_left_the_team_is_told_no_more(cast: Cast, told: Notice) -> None:
    designer = caller(cast, "designer")
    cast.designer.memberships.all().delete()
    assert walk(designer, "notices") == []
    assert designer.post("read_notice", told.pk).status_code == 404


# --- the ledger ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "designer", "cs", "viewer"])
def test_every_member_reads_the_ledger(cast: Cast, campaign: Campaign, told: Notice, who: str) -> None:
    items = walk(caller(cast, who), "ledger", campaign.pk)
    assert {(item["channel"], item["state"], item["kind"], item["person_name"]) for item in items} == {
        ("in_app", "sent", "due_24h", "小美"),
        ("email", "sent", "due_24h", "小美"),
    }
    assert {(item["task_title"], item["reason_code"], item["is_late"]) for item in items} == {
        ("Main image", None, True)
    }


def test_others_find_no_ledger(cast: Cast, campaign: Campaign, told: Notice) -> None:
    foreign = caller(cast, "outsider").get("ledger", campaign.pk)
    absent = caller(cast, "outsider").get("ledger", 999_999)
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert Caller().get("ledger", campaign.pk).status_code == 401


def test_the_ledger_is_narrowed(cast: Cast, campaign: Campaign, task: Task, told: Notice) -> None:
    tell(cast, campaign, 2)
    mail = Delivery.objects.filter(channel="email").latest("pk")
    Delivery.objects.filter(pk=mail.pk).update(state="dead", reason="550 no such box", possibly_twice=True)
    viewer = caller(cast, "viewer")

    def ids(**query: Any) -> set[int]:
        return {item["id"] for item in walk(viewer, "ledger", campaign.pk, limit=1, **query)}

    everything = ids()
    assert everything == set(Delivery.objects.values_list("pk", flat=True))
    assert ids(state="dead") == ids(possibly_twice="true") == {mail.pk}
    assert ids(possibly_twice="false") == everything - {mail.pk}
    assert ids(task_id=task.pk) == set(task.deliveries.values_list("pk", flat=True))
    assert (ids(person_id=cast.designer.pk), ids(person_id=cast.manager.pk)) == (everything, set())


def test_filters_by_what_is_anothers_find_nothing(cast: Cast, campaign: Campaign, told: Notice) -> None:
    elsewhere = CampaignFactory(team=cast.other_team)
    theirs = owned_task(cast, elsewhere, owner=cast.outsider)
    plan_deliveries(now=NOW)
    viewer = caller(cast, "viewer")
    for query in ({"task_id": theirs.pk}, {"person_id": cast.outsider.pk}):
        assert walk(viewer, "ledger", campaign.pk, **query) == []


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ({"state": "twice"}, "state"), ({"task_id": 0}, "task_id"), ({"task_id": 2**63}, "task_id"),
        ({"person_id": "x"}, "person_id"), ({"possibly_twice": "perhaps"}, "possibly_twice"), ({"page": 2}, "page"),
        ({"cursor": write_cursor(1)}, "cursor"), ({"cursor": write_cursor(1, 1)}, "cursor"),
        ({"cursor": write_cursor("x", 1)}, "cursor"),
        ({"cursor": write_cursor("0001-01-01T00:00:00+23:59", 1)}, "cursor"),
        ({"cursor": write_cursor(NOW, "1")}, "cursor"), ({"cursor": write_cursor(NOW, 2**63)}, "cursor"),
        ({"cursor": write_cursor(NOW, True)}, "cursor"),
    ],
)  # fmt: skip
def test_nonsense_is_refused(cast: Cast, campaign: Campaign, query: dict[str, Any], at: str) -> None:
    answer = caller(cast, "viewer").get("ledger", campaign.pk, query=query)
    assert (answer.status_code, answer.json()["code"], set(answer.json()["fields"])) == (400, "invalid", {at})


@pytest.mark.parametrize("cursor", [write_cursor("1"), write_cursor(0), write_cursor(True), write_cursor(2**63)])
def test_a_cursor_of_no_list_is_refused(cast: Cast, cursor: str) -> None:
    assert caller(cast, "viewer").get("notices", query={"cursor": cursor}).status_code == 400


@pytest.fixture
def dead(campaign: Campaign, told: Notice) -> Delivery:
    """A mail that was given up."""
    row = Delivery.objects.get(channel="email")
    row.state, row.reason, row.attempts, row.sent_at = "dead", "broke_off", 16, None
    row.save()
    return row


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("designer", 403), ("cs", 403), ("viewer", 403), ("outsider", 404)]
)
def test_a_manager_has_it_sent_again(cast: Cast, campaign: Campaign, dead: Delivery, who: str, status: int) -> None:
    answer = caller(cast, who).post("retry_delivery", campaign.pk, dead.pk)
    assert answer.status_code == status
    dead.refresh_from_db()
    assert dead.state == ("planned" if status == 200 else "dead")
    assert CampaignEvent.objects.filter(verb="retry_delivery").count() == (status == 200)
    if status == 200:
        shown = answer.json()
        assert (shown["id"], shown["state"], shown["attempts"], shown["reason"]) == (dead.pk, "planned", 0, "")


def test_a_given_up_message_says_why_in_a_word_and_in_a_sentence(
    cast: Cast, campaign: Campaign, dead: Delivery
) -> None:
    (shown,) = walk(caller(cast, "viewer"), "ledger", campaign.pk, state="dead")
    assert (shown["reason_code"], shown["reason"]) == ("broke_off", "Every try broke off.")
    Delivery.objects.update(reason="550 no such box")
    (shown,) = walk(caller(cast, "viewer"), "ledger", campaign.pk, state="dead")
    assert (shown["reason_code"], shown["reason"]) == (None, "550 no such box")


def test_only_what_was_given_up_and_belongs_here_is_sent_again(cast: Cast, campaign: Campaign, dead: Delivery) -> None:
    manager = caller(cast, "manager")
    sent = Delivery.objects.get(channel="in_app")
    refused = manager.post("retry_delivery", campaign.pk, sent.pk)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_dead")
    other = CampaignFactory(team=cast.team)
    assert manager.post("retry_delivery", other.pk, dead.pk).status_code == 404
    assert manager.post("retry_delivery", campaign.pk, 999_999).status_code == 404
    again = [manager.post("retry_delivery", campaign.pk, dead.pk, Idempotency_Key="once") for _ in range(2)]
    assert [answer.status_code for answer in again] == [200, 200]
    assert CampaignEvent.objects.filter(verb="retry_delivery").count() == 1


def test_long_lists_ask_no_more_queries_than_short_ones(cast: Cast, campaign: Campaign) -> None:
    designer = caller(cast, "designer")

    def grow() -> list[int]:
        tell(cast, campaign, Notice.objects.count() or 3)
        counts = []
        for route, ids in (("notices", ()), ("bell", ()), ("ledger", (campaign.pk,))):
            with CaptureQueriesContext(connection) as captured:
                assert designer.get(route, *ids).status_code == 200
            counts.append(len(captured))
        return counts

    assert grow() == grow()
