"""The numbers page shows what exists, and asks the database as often for many imports as for few."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.campaign.models import Campaign
from campaigns.metrics.actions import set_daily_figures, set_target
from campaigns.metrics.models import Order
from campaigns.metrics.queries import day_totals, figures_of, import_outcome, numbers_screen
from planner.core.errors import Missing
from tests.campaigns.metrics.files import HEAD, csv_bytes, import_file, order
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory

D = Decimal


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


def test_an_empty_campaign_has_no_figures_and_a_form_day_for_each_of_its_days(cast: Cast, campaign: Campaign) -> None:
    screen = numbers_screen(cast.actor("designer"), campaign.pk)
    assert screen.figures is screen.target is screen.attained is None
    assert screen.imports == screen.days == ()
    assert len(screen.visitor_days) == 26
    assert not screen.has_visitors


def test_the_screen_knows_who_may_do_what(cast: Cast, campaign: Campaign) -> None:
    may = {who: numbers_screen(cast.actor(who), campaign.pk) for who in ("manager", "designer", "viewer")}
    assert {who: (screen.may_work, screen.may_manage) for who, screen in may.items()} == {
        "manager": (True, True),
        "designer": (True, False),
        "viewer": (False, False),
    }
    Campaign.objects.update(phase="closed")
    closed = numbers_screen(cast.actor("manager"), campaign.pk)
    assert not closed.may_work
    with pytest.raises(Missing):
        numbers_screen(cast.actor("outsider"), campaign.pk)


def test_orders_outside_the_campaign_are_noted(cast: Cast, campaign: Campaign) -> None:
    inside = f"{campaign.starts_at:%Y-%m-%d}"
    import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(1), order(2, on=inside, hour=23)]))
    out = numbers_screen(cast.actor("cs"), campaign.pk).outside
    assert out is not None
    assert (out.orders, out.paid_amount) == (1, D(100))


def test_visitors_and_target_complete_the_figures(cast: Cast, campaign: Campaign) -> None:
    actor = cast.actor("cs")
    import_file(actor, campaign.pk, csv_bytes([order(1), order(2)]))
    set_daily_figures(actor=actor, campaign_id=campaign.pk, visitors={date(2026, 11, 21): 50}, now=NOW)
    set_target(actor=actor, campaign_id=campaign.pk, paid_amount=D(400), now=NOW)
    screen = numbers_screen(actor, campaign.pk)
    assert screen.figures is not None
    assert (screen.figures.conversion, screen.attained) == (D("0.04"), D("0.5"))
    assert [str(line).split(":")[0] for line in screen.cannot_give] == ["Buyers", "Products"]


def test_a_file_without_refunds_leaves_them_absent(cast: Cast, campaign: Campaign) -> None:
    head, rows = HEAD[:-1], [order(1)[:-1], order(2, "50.0", "20.0")[:-1]]
    import_file(cast.actor("cs"), campaign.pk, csv_bytes(rows, head))
    assert set(Order.objects.values_list("refund_amount", flat=True)) == {None}
    numbers = figures_of(campaign.pk)
    assert numbers is not None
    assert numbers.refunds is numbers.net is None
    assert (numbers.paid_amount, numbers.received, numbers.mismatched) == (D(150), D(130), 0)


def test_orders_that_do_not_add_up_are_counted(cast: Cast, campaign: Campaign) -> None:
    odd = ("7", "100.0", "70.0", "", "2026-11-21 10:00:00", "2026-11-21 10:00:00", "10.0")
    import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(1), odd]))
    assert [day.mismatched for day in day_totals(campaign.pk)] == [1]


def test_sums_are_exact_to_the_cent(cast: Cast, campaign: Campaign) -> None:
    import_file(cast.actor("cs"), campaign.pk, csv_bytes(order(n, "0.1", "0.1") for n in range(3000)))
    [day] = day_totals(campaign.pk)
    assert (day.total_amount, day.refund_amount) == (D("300.00"), D("300.00"))
    assert (day.fully_refunded, day.mismatched) == (3000, 0)


def test_the_screen_costs_the_same_at_twice_the_imports(cast: Cast, campaign: Campaign) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            numbers_screen(cast.actor("manager"), campaign.pk)
        return len(queries)

    for n in range(3):
        import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(n)]))
    few = cost()
    for n in range(3, 6):
        import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(n, on=f"2026-11-{n:02}")]))
    assert cost() == few


def test_an_outcome_is_only_for_those_who_may_see_it(cast: Cast, campaign: Campaign) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, csv_bytes([order(1)]))
    assert import_outcome(cast.actor("viewer"), batch.pk).state == "imported"
    with pytest.raises(Missing):
        import_outcome(cast.actor("outsider"), batch.pk)
    with pytest.raises(Missing):
        import_outcome(cast.actor("manager"), 999)
