"""Figures over the API by each of the cast: the numbers, imports, the target, visitors."""

import time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.campaign.models import Campaign
from campaigns.metrics.actions import imports, run_import, set_daily_figures, set_target
from campaigns.metrics.models import DailyFigure, ImportBatch, KpiTarget, Order
from staff.runs.models import Run
from tests.callers import Caller
from tests.campaigns.metrics.files import HEAD, csv_bytes, import_file, order
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory

D = Decimal
ROWS = [order(1), order(2, "50.0", "20.0")]
DAY = "2026-11-21"
READERS = [("manager", 200), ("designer", 200), ("cs", 200), ("viewer", 200), ("outsider", 404), (None, 401)]
WRITERS = [("manager", 200), ("designer", 200), ("cs", 200), ("viewer", 403), ("outsider", 404), (None, 401)]


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


@pytest.fixture
def member(cast: Cast) -> Caller:
    return Caller(cast.cs)


@pytest.fixture(autouse=True)
def no_broker(settings: Any) -> None:
    """The bell is a hint: without a broker nothing is rung and nothing is lost."""
    settings.CELERY_BROKER_URL = "memory://"


def caller(cast: Cast, who: str | None) -> Caller:
    return Caller(getattr(cast, who) if who else None)


def upload(caller: Caller, campaign: Campaign, data: bytes = csv_bytes(ROWS), **more: Any) -> Any:
    """Sends a form with a file; `more` are other parts, and headers where they begin with a capital."""
    headers = {name.replace("_", "-"): more.pop(name) for name in list(more) if name[0].isupper()}
    parts = {"file": SimpleUploadedFile("orders.csv", data), **more}
    return caller.client.post(reverse("api:import_orders", args=[campaign.pk]), parts, headers=headers)


def fill(cast: Cast, campaign: Campaign) -> ImportBatch:
    """Two orders, a target of three figures, the visitors of their day."""
    actor = cast.actor("cs")
    batch = import_file(actor, campaign.pk, csv_bytes(ROWS))
    set_target(actor=actor, campaign_id=campaign.pk, paid_amount=D(200), visitors=100, order_value=D(50), now=NOW)
    set_daily_figures(actor=actor, campaign_id=campaign.pk, visitors={date(2026, 11, 21): 80}, now=NOW)
    return batch


# --- the numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), READERS)
def test_the_team_reads_the_numbers(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    fill(cast, campaign)
    answer = caller(cast, who).get("numbers", campaign.pk)
    assert answer.status_code == status
    assert ("figures" in answer.json()) is (status == 200)


def test_the_numbers_are_strings_with_their_units(cast: Cast, campaign: Campaign) -> None:
    batch = fill(cast, campaign)
    said = Caller(cast.viewer).get("numbers", campaign.pk).json()
    figures = said["figures"]
    assert (figures["paid_amount"], figures["refunds"], figures["net"]) == ("150.00", "20.00", "130.00")
    assert (figures["refund_rate"], figures["conversion"], figures["order_value"]) == ("13.3333", "2.5000", "75.00")
    assert (figures["paid_orders"], figures["visitors"], figures["best_day"]["on"]) == (2, 80, DAY)
    assert said["attained"] == "75.0000"
    assert said["target"] == {
        "paid_amount": "200.00",
        "visitors": 100,
        "conversion": "4.0000",
        "order_value": "50.00",
        "version": 1,
    }
    assert [(day["on"], day["orders"], day["conversion"]) for day in said["days"]] == [(DAY, 2, "2.5000")]
    assert [line["id"] for line in said["imports"]] == [batch.pk]
    # The cast's campaign has days of its own.
    assert said["outside"] == {"orders": 2, "days": 1, "paid_amount": "150.00", "net": "130.00"}


def test_what_no_file_says_is_null_and_not_zero(cast: Cast, campaign: Campaign) -> None:
    empty = Caller(cast.viewer).get("numbers", campaign.pk).json()
    assert (empty["figures"], empty["attained"], empty["days"]) == (None, None, [])
    assert empty["target"]["paid_amount"] is None
    short = [row[:-1] for row in ROWS]
    import_file(cast.actor("cs"), campaign.pk, csv_bytes(short, HEAD[:-1]))
    figures = Caller(cast.viewer).get("numbers", campaign.pk).json()["figures"]
    names = ("refunds", "net", "refund_rate", "fully_refunded", "visitors", "conversion")
    assert {name: figures[name] for name in names} == dict.fromkeys(names)
    assert figures["days_without_visitors"] == 1


def test_the_numbers_cost_the_same_at_twice_the_rows(cast: Cast, campaign: Campaign) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Caller(cast.manager).get("numbers", campaign.pk).status_code == 200
        return len(queries)

    fill(cast, campaign)
    few = cost()
    for number in (3, 4):
        import_file(cast.actor("manager"), campaign.pk, csv_bytes([order(number, on=f"2026-11-{20 + number}")]))
    assert cost() == few


# --- imports ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [*((who, 201 if code == 200 else code) for who, code in WRITERS)])
def test_members_import_and_others_do_not(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    answer = upload(caller(cast, who), campaign)
    assert answer.status_code == status
    assert ImportBatch.objects.exists() is Run.objects.exists() is (status == 201)


def test_an_import_answers_with_its_id_and_its_run_and_can_be_followed(member: Caller, campaign: Campaign) -> None:
    said = upload(member, campaign).json()
    assert (said["state"], said["orders_in_file"], said["orders"]) == ("pending", 2, None)
    assert (said["run"]["state"], said["run"]["kind"], said["run"]["total"]) == ("queued", "import_orders", 2)
    assert said["run"]["subject_id"] == said["id"]
    run_import(run_id=said["run"]["id"], clock=lambda: NOW)
    done = member.get("import", campaign.pk, said["id"]).json()
    assert (done["state"], done["orders"], done["known_orders"]) == ("imported", 2, 0)
    assert done["run"]["result"] == {"state": "imported", "orders": 2, "known_orders": 0}
    assert done["dropped_columns"] == ["收货地址"]
    assert (done["first_on"], done["last_on"], done["has_refunds"]) == (DAY, DAY, True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "not_a_table"),
        (csv_bytes([order(1), ("2", "x", "", "", "", "", "")]), "bad_rows"),
        (csv_bytes([row[1:] for row in ROWS], HEAD[1:]), "missing_column"),
    ],
)
def test_a_faulty_file_is_the_input_at_fault(member: Caller, campaign: Campaign, data: bytes, code: str) -> None:
    answer = upload(member, campaign, data)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set(answer.json()["fields"]) == {"file"}
    assert code != "bad_rows" or any("总金额" in reason for reason in answer.json()["reasons"])
    keyed = upload(member, campaign, data, Idempotency_Key="bad-1")
    assert (keyed.status_code, keyed.content) == (400, answer.content)
    assert not ImportBatch.objects.exists()


def test_bad_forms_say_where(member: Caller, campaign: Campaign) -> None:
    address = reverse("api:import_orders", args=[campaign.pk])
    unknown = upload(member, campaign, campaign_id="7", path="/etc/passwd")
    assert (unknown.status_code, set(unknown.json()["fields"])) == (400, {"campaign_id", "path"})
    without = member.client.post(address, {})
    assert (without.status_code, set(without.json()["fields"])) == (400, {"file"})
    text = member.client.post(address, {"file": "订单编号"})
    assert (text.status_code, set(text.json()["fields"])) == (400, {"file"})
    as_json = member.post("import_orders", campaign.pk, body={"file": "x"})
    assert (as_json.status_code, as_json.json()["code"]) == (415, "unsupported_media_type")
    broken = member.client.post(address, b"--x", content_type="multipart/form-data; boundary=y")
    assert broken.status_code == 400
    assert not ImportBatch.objects.exists()


def test_the_same_orders_are_refused_as_on_the_page(member: Caller, campaign: Campaign) -> None:
    assert upload(member, campaign).status_code == 201
    again = upload(member, campaign)
    assert (again.status_code, again.json()["code"], again.json()["fields"]) == (409, "same_file", {})


def test_a_large_import_with_a_key_is_made_once(cast: Cast, campaign: Campaign, settings: Any) -> None:
    rows = csv_bytes([order(1), order(2, "50.0", "20.0")] + [order(n) for n in range(3, 400)])
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(rows) // 2
    first = upload(Caller(cast.cs), campaign, rows, Idempotency_Key="file-1")
    again = upload(Caller(cast.cs), campaign, rows, Idempotency_Key="file-1")
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert ImportBatch.objects.count() == 1


def test_a_call_that_came_at_a_busy_time_may_be_tried_again(
    member: Caller, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "TURN_SECONDS", 0.01)
    with imports._READING:
        for headers in ({}, {"Idempotency_Key": "file-1"}):
            answer = upload(member, campaign, **headers)
            assert (answer.status_code, answer.json()["code"]) == (409, "busy")
    assert upload(member, campaign, Idempotency_Key="file-1").status_code == 201


def test_nobody_waits_for_a_turn_while_the_database_is_held(member: Caller, campaign: Campaign) -> None:
    began = time.monotonic()
    with imports._READING:
        answer = upload(member, campaign, Idempotency_Key="file-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "busy")
    assert time.monotonic() - began < imports.TURN_SECONDS / 2


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("outsider", 404), (None, 401)])
def test_a_file_of_who_may_not_import_is_not_read(
    cast: Cast, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, who: str | None, status: int
) -> None:
    monkeypatch.setattr(imports, "read_order_file", lambda _data: pytest.fail("was read"))
    for headers in ({}, {"Idempotency_Key": "file-1"}):
        assert upload(caller(cast, who), campaign, **headers).status_code == status


def test_a_sessions_upload_needs_its_token(cast: Cast, campaign: Campaign) -> None:
    strict = Caller(cast.cs)
    strict.client.handler.enforce_csrf_checks = True
    answer = upload(strict, campaign)
    assert (answer.status_code, answer.json()["code"]) == (403, "no_token")
    assert not ImportBatch.objects.exists()


def test_imports_come_in_pages_newest_first(cast: Cast, campaign: Campaign) -> None:
    made = [import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(n)])).pk for n in range(5)]
    import_file(cast.actor("cs"), CampaignFactory(team=cast.team).pk, csv_bytes([order(9)]))
    seen: list[int] = []
    cursor: dict[str, str] = {}
    for _page in range(3):
        page = Caller(cast.viewer).get("import_orders", campaign.pk, query={"limit": 2, **cursor}).json()
        seen += [line["id"] for line in page["items"]]
        cursor = {"cursor": page["next"]}
    assert (seen, page["next"]) == (made[::-1], "")
    for bad in ({"cursor": "x"}, {"state": "imported"}, {"limit": 0}):
        assert Caller(cast.viewer).get("import_orders", campaign.pk, query=bad).status_code == 400
    assert caller(cast, "outsider").get("import_orders", campaign.pk).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 200), ("designer", 403), ("viewer", 403), ("outsider", 404), (None, 401)],
)
def test_managers_undo_imports(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    answer = caller(cast, who).post("undo_import", campaign.pk, batch.pk)
    assert answer.status_code == status
    assert Order.objects.exists() is (status != 200)
    if status == 200:
        assert answer.json()["state"] == "undone"
        again = caller(cast, who).post("undo_import", campaign.pk, batch.pk)
        assert (again.status_code, again.json()["code"]) == (409, "not_imported")


def test_an_import_is_found_through_its_own_campaign_only(cast: Cast, campaign: Campaign) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    ours, theirs = CampaignFactory(team=cast.team), CampaignFactory(team=cast.other_team)
    for who, place in [("manager", ours), ("outsider", theirs), ("outsider", campaign)]:
        absent = caller(cast, who).get("import", place.pk, batch.pk + 1000)
        assert caller(cast, who).get("import", place.pk, batch.pk).content == absent.content
        assert caller(cast, who).get("import", place.pk, batch.pk).status_code == 404
        assert caller(cast, who).post("undo_import", place.pk, batch.pk).status_code == 404
    assert Order.objects.count() == len(ROWS)


# --- the target -------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), WRITERS)
def test_members_set_the_target_and_others_do_not(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    body = {"visitors": 100, "conversion": "4", "order_value": "50.00"}
    answer = caller(cast, who)("put", "set_target", campaign.pk, body=body, If_Match='"0"')
    assert answer.status_code == status
    assert KpiTarget.objects.exists() is (status == 200)
    if status == 200:
        assert (answer.json()["paid_amount"], answer.json()["version"]) == ("200.00", 1)


def test_a_target_is_changed_from_what_was_read(member: Caller, campaign: Campaign) -> None:
    first = member.get("set_target", campaign.pk)
    assert (first.json()["version"], first.json()["paid_amount"]) == (0, None)
    second = member("put", "set_target", campaign.pk, body={"paid_amount": "200"}, If_Match=first.headers["ETag"])
    assert second.status_code == 200
    stale = member("put", "set_target", campaign.pk, body={"paid_amount": "300"}, If_Match=first.headers["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (stale.json()["current"]["paid_amount"], stale.json()["yours"]["paid_amount"]) == ("200.00", "300.00")
    missing = member("put", "set_target", campaign.pk, body={"paid_amount": "300"})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    # A digest alone, as of an answer without a version, names none of this target.
    digest = member("put", "set_target", campaign.pk, body={"paid_amount": "300"}, If_Match='"abcdef0123456789"')
    assert digest.status_code == 412
    assert KpiTarget.objects.get().paid_amount == 200
    assert member("put", "set_target", campaign.pk, body={"paid_amount": "300"}, If_Match="*").json()["version"] == 2


def test_what_was_read_can_be_sent_back(member: Caller, campaign: Campaign) -> None:
    body = {"visitors": 1234, "conversion": "3.21", "order_value": "77.7"}
    said = member("put", "set_target", campaign.pk, body=body, If_Match="*").json()
    back = {name: value for name, value in said.items() if name != "version"}
    again = member("put", "set_target", campaign.pk, body=back, If_Match="*")
    assert again.json() == said


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"paid_amount"}),
        ({"paid_amount": "0"}, {"paid_amount"}),
        ({"paid_amount": "NaN"}, {"paid_amount"}),
        ({"paid_amount": "1e400"}, {"paid_amount"}),
        ({"paid_amount": "1.001"}, {"paid_amount"}),
        ({"paid_amount": "200", "conversion": "4"}, {"conversion"}),
        ({"visitors": 10**30, "conversion": "4", "order_value": "1"}, {"visitors"}),
        ({"paid_amount": "200", "buyers": "4", "version": 1}, {"buyers", "version"}),
        ({"paid_amount": "1", "visitors": 100, "conversion": "4", "order_value": "50"}, {"paid_amount"}),
    ],
)
def test_a_target_at_fault_says_where(
    member: Caller, campaign: Campaign, body: dict[str, Any], fields: set[str]
) -> None:
    answer = member("put", "set_target", campaign.pk, body=body, If_Match="*")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, fields)
    assert not KpiTarget.objects.exists()


# --- visitors ---------------------------------------------------------------------------------


def day(on: str, visitors: int | None, **more: Any) -> dict[str, Any]:
    return {"on": on, "visitors": visitors, **more}


@pytest.mark.parametrize(("who", "status"), WRITERS)
def test_members_set_visitors_and_others_do_not(cast: Cast, campaign: Campaign, who: str | None, status: int) -> None:
    answer = caller(cast, who)("patch", "set_visitors", campaign.pk, body={"days": [day(DAY, 5)]})
    assert answer.status_code == status
    assert DailyFigure.objects.exists() is (status == 200)


def test_days_are_set_and_others_stay(member: Caller, campaign: Campaign) -> None:
    member("patch", "set_visitors", campaign.pk, body={"days": [day("2026-11-12", 6), day("2026-11-11", 5)]})
    said = member("patch", "set_visitors", campaign.pk, body={"days": [day("2026-11-12", None), day("2026-11-13", 0)]})
    assert said.json() == {"changed": 2, "days": [day("2026-11-12", None), day("2026-11-13", 0)]}
    page = member.get("set_visitors", campaign.pk).json()
    assert page == {"items": [day("2026-11-11", 5), day("2026-11-13", 0)], "next": ""}


def test_a_day_that_changed_meanwhile_is_not_overwritten(member: Caller, campaign: Campaign) -> None:
    def send(*days: dict[str, Any]) -> Any:
        return member("patch", "set_visitors", campaign.pk, body={"days": list(days)})

    assert send(day("2026-11-11", 5, was=None)).status_code == 200
    stale = send(day("2026-11-11", 6, was=None), day("2026-11-12", 7, was=None))
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (stale.json()["current"], stale.json()["yours"]) == ({"2026-11-11": 5}, {"2026-11-11": 6})
    assert DailyFigure.objects.count() == 1
    assert send(day("2026-11-11", 6, was=5)).json()["changed"] == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"days"}),
        ({"days": []}, {"days"}),
        ({"days": [day(DAY, 5), day(DAY, 6)]}, {"days"}),
        ({"days": [day(DAY, 5), day("2026-11-22", 6, was=1)]}, {"days"}),
        ({"days": [day(DAY, -1)]}, {"days.0.visitors"}),
        ({"days": [day(DAY, 5), day("2026-02-30", 10**12)]}, {"days.1.on", "days.1.visitors"}),
        ({"days": [day("0001-01-01", 5)]}, {"days.0.on"}),
        ({"days": [{"on": DAY}]}, {"days.0.visitors"}),
        ({"days": [day(DAY, 5, id=3)]}, {"days.0.id"}),
        ({"days": [day(DAY, 5)] * 401}, {"days"}),
        ({"days": {DAY: 5}}, {"days"}),
    ],
)
def test_days_at_fault_are_named(member: Caller, campaign: Campaign, body: dict[str, Any], fields: set[str]) -> None:
    answer = member("patch", "set_visitors", campaign.pk, body=body)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, fields)
    assert not DailyFigure.objects.exists()


@pytest.mark.parametrize("route", ["numbers", "import_orders", "set_target", "set_visitors"])
@pytest.mark.parametrize(("who", "status"), READERS)
def test_each_part_is_read_by_the_team_alone(
    cast: Cast, campaign: Campaign, route: str, who: str | None, status: int
) -> None:
    assert caller(cast, who).get(route, campaign.pk).status_code == status


def test_a_closed_campaign_is_read_and_not_changed(cast: Cast, campaign: Campaign) -> None:
    batch = fill(cast, campaign)
    Campaign.objects.update(phase="closed")
    asked = Caller(cast.manager)
    assert asked.get("numbers", campaign.pk).status_code == 200
    answers = [
        upload(asked, campaign, csv_bytes([order(7)])),
        asked.post("undo_import", campaign.pk, batch.pk),
        asked("put", "set_target", campaign.pk, body={"paid_amount": "1"}, If_Match="*"),
        asked("patch", "set_visitors", campaign.pk, body={"days": [day(DAY, 5)]}),
    ]
    assert [answer.status_code for answer in answers] == [409] * len(answers)


def test_sums_of_any_size_can_be_shown(cast: Cast, campaign: Campaign) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    biggest = D("9999999999.99")
    when = NOW - timedelta(days=3)
    Order.objects.bulk_create(
        Order(
            campaign=campaign,
            batch=batch,
            order_no=f"big-{n}",
            total_amount=biggest,
            received_amount=0,
            refund_amount=biggest,
            ordered_at=when,
            paid_at=when,
            paid_on=when.date(),
        )
        for n in range(200)
    )
    KpiTarget.objects.create(campaign=campaign, paid_amount="0.01", updated_at=NOW)
    said = Caller(cast.viewer).get("numbers", campaign.pk).json()
    assert said["figures"]["paid_amount"] == "2000000000148.00"
    assert said["attained"] == "20000000001480000.0000"
