"""An import is written whole or not at all, by one worker; no target or visitor is lost to a stale page."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.metrics.actions import run_import, set_daily_figures, set_target, start_import, undo_import
from campaigns.metrics.models import DailyFigure, ImportBatch, KpiTarget, Order
from campaigns.metrics.queries import figures_of, import_outcome
from planner.core.errors import Missing, NotAllowed, Refused
from staff.people.rules import SYSTEM
from staff.runs.actions import ask_cancel, claim_run
from staff.runs.models import Run
from staff.runs.rules import LEASE, MAX_ATTEMPTS
from tests.campaigns.metrics.files import csv_bytes, csv_text, import_file, order
from tests.cast import Cast, make_cast
from tests.factories import NOW, CampaignFactory

D = Decimal
ROWS = [order(1), order(2, "35.5", "35.5"), order(3, on=None), order(4, "64.5", "10.0", hour=23)]
DAY = date(2026, 11, 21)
STRANGERS = [("viewer", NotAllowed), ("outsider", Missing)]


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def clock_of(*moments: datetime) -> Callable[[], datetime]:
    """A clock that shows these moments one after the other, then stays."""
    left = list(moments)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def start(cast: Cast, campaign: Campaign, data: bytes | None = None, who: str = "designer") -> Any:
    return start_import(
        actor=cast.actor(who),
        campaign_id=campaign.pk,
        file_name="ExportOrderList.csv",
        data=csv_bytes(ROWS) if data is None else data,
        now=NOW,
    )


def test_an_upload_leaves_a_batch_without_anything_personal_and_a_queued_run(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign)
    batch, run = ImportBatch.objects.get(), Run.objects.get()
    assert (started.batch_id, started.run_id) == (batch.pk, run.pk)
    assert (batch.state, batch.rows, batch.dropped_columns) == ("pending", 4, ["收货地址"])
    assert (run.state, run.kind, run.total, run.team_id) == ("queued", "import_orders", 4, cast.team.pk)
    assert not Order.objects.exists()
    event = CampaignEvent.objects.get()
    assert (event.verb, event.actor, event.subject_label) == ("start_import", cast.designer, "ExportOrderList.csv")


def test_a_run_writes_every_order_and_forgets_the_upload(cast: Cast, campaign: Campaign) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    assert (batch.state, batch.payload) == ("imported", None)
    assert batch.result["orders"] == 4
    assert Run.objects.get().state == "done"
    last = Order.objects.get(order_no="4")
    assert (last.total_amount, last.received_amount, last.refund_amount) == (D("64.50"), D("54.50"), D("10.00"))
    assert (last.paid_on, last.paid_at) == (DAY, datetime.fromisoformat("2026-11-21T23:00:00+08:00"))
    numbers = figures_of(campaign.pk)
    assert numbers is not None
    assert (numbers.orders, numbers.total_amount, numbers.paid_orders) == (4, D(300), 3)
    assert (numbers.paid_amount, numbers.refunds, numbers.net, numbers.received) == (
        D(200),
        D("45.5"),
        D("154.5"),
        D("154.5"),
    )
    assert (numbers.fully_refunded, numbers.mismatched) == (1, 0)
    assert list(CampaignEvent.objects.values_list("verb", flat=True)) == ["start_import", "import_orders"]


@pytest.mark.parametrize(("who", "refusal"), STRANGERS)
def test_viewers_and_outsiders_import_nothing(
    cast: Cast, campaign: Campaign, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        start(cast, campaign, who=who)
    assert not ImportBatch.objects.exists()


def test_nothing_enters_a_closed_campaign(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign)
    Campaign.objects.update(phase="closed")
    with pytest.raises(Refused, match="campaign_closed"):
        start(cast, campaign, csv_bytes([order(9)]))
    run_import(run_id=started.run_id, clock=lambda: NOW)
    outcome = import_outcome(SYSTEM, started.batch_id)
    assert (outcome.state, Order.objects.count()) == ("failed", 0)
    assert "closed" in str(outcome.error)


@pytest.mark.parametrize("data", [b"", b"<html>", csv_bytes(ROWS)[:-20], csv_bytes([*ROWS, order(2, "1.0")])])
def test_a_file_that_is_refused_leaves_nothing(cast: Cast, campaign: Campaign, data: bytes) -> None:
    with pytest.raises(Refused):
        start(cast, campaign, data)
    assert not ImportBatch.objects.exists()
    assert not Run.objects.exists()
    assert not CampaignEvent.objects.exists()


def test_the_same_file_is_refused_in_any_encoding_and_names_the_first(cast: Cast, campaign: Campaign) -> None:
    import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS), name="first.csv")
    with pytest.raises(Refused, match="same_file") as refused:
        start(cast, campaign, csv_text(ROWS).encode("gbk"))
    assert "first.csv, uploaded 2026-11-23 09:00" in str(refused.value.detail)
    assert ImportBatch.objects.count() == 1
    other = CampaignFactory(team=cast.team)
    assert import_file(cast.actor("cs"), other.pk, csv_bytes(ROWS)).state == "imported"


def test_orders_that_are_there_already_stay_as_they_were(cast: Cast, campaign: Campaign) -> None:
    import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    again = import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(1, "999.0"), order(9)]))
    assert (again.result["orders"], again.result["known_orders"]) == (1, 1)
    assert Order.objects.get(order_no="1").total_amount == D(100)


def test_a_second_worker_finds_nothing_to_do(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign)
    assert claim_run(run_id=started.run_id, kind="import_orders", now=NOW)
    run_import(run_id=started.run_id, clock=lambda: NOW)
    assert not Order.objects.exists()
    run_import(run_id=started.run_id, clock=lambda: NOW + LEASE + timedelta(seconds=1))
    run_import(run_id=started.run_id, clock=lambda: NOW + 3 * LEASE)
    assert Order.objects.count() == 4


def test_a_worker_that_lost_its_lease_writes_nothing(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign)
    stolen = NOW + LEASE + timedelta(seconds=1)

    def clock() -> datetime:
        # Between this worker's claim and its first look another one took the run over.
        if Run.objects.get().attempts == 1:
            assert claim_run(run_id=started.run_id, kind="import_orders", now=stolen)
        return NOW

    run_import(run_id=started.run_id, clock=clock)
    assert not Order.objects.exists()
    assert Run.objects.get().state == "running"


def test_stopping_before_the_write_leaves_nothing_and_the_file_may_come_again(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign)
    ask_cancel(actor=cast.actor("cs"), run_id=started.run_id, now=NOW)
    run_import(run_id=started.run_id, clock=lambda: NOW)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.payload, Run.objects.get().state) == ("cancelled", None, "cancelled")
    assert not Order.objects.exists()
    assert import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS)).state == "imported"


def test_stopping_while_rows_are_read_leaves_nothing(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign, csv_bytes(order(n) for n in range(6000)))

    def clock() -> datetime:
        run = Run.objects.get()
        if run.progress and not run.cancel_asked:
            ask_cancel(actor=cast.actor("cs"), run_id=run.pk, now=NOW)
        return NOW

    run_import(run_id=started.run_id, clock=clock)
    run = Run.objects.get()
    assert (run.state, 0 < run.progress < 6000) == ("cancelled", True)
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_progress_is_committed_while_rows_are_read() -> None:
    cast = make_cast()
    campaign = CampaignFactory(team=cast.team)
    started = start(cast, campaign, csv_bytes(order(n) for n in range(6000)))
    seen: list[tuple[int, bool]] = []

    def clock() -> datetime:
        seen.append((Run.objects.get().progress, connection.in_atomic_block))
        return NOW

    run_import(run_id=started.run_id, clock=clock)
    outside = [progress for progress, in_transaction in seen if not in_transaction]
    assert outside[-1] >= 4000
    assert sorted(set(outside)) == [0, 2000, 4000]
    assert Order.objects.count() == 6000


def test_an_accident_rolls_everything_back_and_the_next_try_succeeds(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign)

    class PowerCut(Exception):
        pass

    def broken_clock() -> datetime:
        if Order.objects.exists():
            raise PowerCut
        return NOW

    with pytest.raises(PowerCut):
        run_import(run_id=started.run_id, clock=broken_clock)
    assert not Order.objects.exists()
    assert (Run.objects.get().state, ImportBatch.objects.get().state) == ("queued", "pending")
    run_import(run_id=started.run_id, clock=lambda: NOW)
    assert Order.objects.count() == 4


def test_a_run_that_is_given_up_frees_the_file(cast: Cast, campaign: Campaign) -> None:
    started = start(cast, campaign)
    now = NOW
    for _attempt in range(MAX_ATTEMPTS):
        assert claim_run(run_id=started.run_id, kind="import_orders", now=now)
        now += LEASE + timedelta(seconds=1)
    run_import(run_id=started.run_id, clock=lambda: now)
    assert (Run.objects.get().state, ImportBatch.objects.get().state) == ("failed", "failed")
    assert import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS)).state == "imported"


def test_undoing_removes_the_orders_and_frees_the_file(cast: Cast, campaign: Campaign) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    other = import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(9)]))
    removed = undo_import(actor=cast.actor("manager"), campaign_id=campaign.pk, batch_id=batch.pk, now=NOW)
    assert (removed, Order.objects.count()) == (4, 1)
    event = CampaignEvent.objects.latest("id")
    assert (event.verb, event.before, event.after) == (
        "undo_import",
        {"state": "imported"},
        {"state": "undone", "orders": 4},
    )
    with pytest.raises(Refused, match="not_imported"):
        undo_import(actor=cast.actor("manager"), campaign_id=campaign.pk, batch_id=batch.pk, now=NOW)
    assert import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS)).state == "imported"
    assert Order.objects.filter(batch=other).count() == 1


def test_only_managers_undo_and_only_in_the_batchs_own_campaign(cast: Cast, campaign: Campaign) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes(ROWS))
    for who, refusal in [("designer", NotAllowed), *STRANGERS]:
        with pytest.raises(refusal):
            undo_import(actor=cast.actor(who), campaign_id=campaign.pk, batch_id=batch.pk, now=NOW)
    with pytest.raises(Missing):
        elsewhere = CampaignFactory(team=cast.team).pk
        undo_import(actor=cast.actor("manager"), campaign_id=elsewhere, batch_id=batch.pk, now=NOW)
    assert Order.objects.count() == 4


TARGET: dict[str, Any] = {"paid_amount": D(1_000_000), "visitors": 100_000, "conversion": D(5), "now": NOW}


def test_a_target_is_set_changed_and_logged(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("designer")
    set_target(actor=actor, campaign_id=campaign.pk, **TARGET)
    set_target(actor=actor, campaign_id=campaign.pk, **TARGET)
    row = KpiTarget.objects.get()
    assert (row.paid_amount, row.visitors, row.buyers, row.version) == (D(1_000_000), 100_000, D(5000), 1)
    assert CampaignEvent.objects.count() == 1
    set_target(actor=actor, campaign_id=campaign.pk, paid_amount=D(5), version=1, now=NOW)
    row.refresh_from_db()
    assert (row.paid_amount, row.visitors, row.buyers, row.version) == (D(5), None, None, 2)
    event = CampaignEvent.objects.latest("id")
    assert (event.before["paid_amount"], event.after["paid_amount"]) == ("1000000.00", "5.00")


def test_a_target_changed_from_a_stale_page_is_answered_with_both(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("cs")
    set_target(actor=actor, campaign_id=campaign.pk, **TARGET)
    with pytest.raises(Refused, match="stale") as refused:
        set_target(actor=actor, campaign_id=campaign.pk, paid_amount=D(7), version=0, now=NOW)
    assert refused.value.current["paid_amount"] == "1000000.00"
    assert refused.value.yours["paid_amount"] == "7.00"
    assert KpiTarget.objects.get().version == 1


@pytest.mark.parametrize(("who", "refusal"), STRANGERS)
def test_viewers_and_outsiders_set_nothing(cast: Cast, campaign: Campaign, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        set_target(actor=cast.actor(who), campaign_id=campaign.pk, **TARGET)
    with pytest.raises(refusal):
        set_daily_figures(actor=cast.actor(who), campaign_id=campaign.pk, visitors={DAY: 1}, now=NOW)
    assert not KpiTarget.objects.exists()
    assert not DailyFigure.objects.exists()


def visitors() -> dict[date, int]:
    return dict(DailyFigure.objects.values_list("on", "visitors"))


def test_visitors_are_set_changed_and_removed(cast: Cast, campaign: Campaign) -> None:
    next_day = DAY + timedelta(days=1)

    def put(**days: Any) -> int:
        return set_daily_figures(actor=cast.actor("cs"), campaign_id=campaign.pk, now=NOW, **days)

    assert put(visitors={DAY: 100, next_day: 200}) == 2
    assert put(visitors={DAY: 100}) == 0
    assert put(visitors={DAY: 150, next_day: None}, seen={DAY: 100, next_day: 200}) == 2
    assert visitors() == {DAY: 150}
    event = CampaignEvent.objects.latest("id")
    assert (event.before, event.after) == (
        {"2026-11-21": 100, "2026-11-22": 200},
        {"2026-11-21": 150, "2026-11-22": None},
    )
    assert CampaignEvent.objects.count() == 2


def test_a_stale_page_of_visitors_changes_only_what_was_typed_on_it(cast: Cast, campaign: Campaign) -> None:
    next_day = DAY + timedelta(days=1)
    set_daily_figures(actor=cast.actor("cs"), campaign_id=campaign.pk, visitors={DAY: 100}, now=NOW)
    seen = {DAY: None, next_day: None}
    typed = {DAY: None, next_day: 50}
    set_daily_figures(actor=cast.actor("manager"), campaign_id=campaign.pk, visitors=typed, seen=seen, now=NOW)
    assert visitors() == {DAY: 100, next_day: 50}
    with pytest.raises(Refused, match="stale") as refused:
        set_daily_figures(actor=cast.actor("manager"), campaign_id=campaign.pk, visitors={DAY: 7}, seen=seen, now=NOW)
    assert (refused.value.current, refused.value.yours) == ({"2026-11-21": 100}, {"2026-11-21": 7})
