"""The real export gives exactly the figures counted independently, in each encoding, and keeps no address."""

from datetime import date
from decimal import Decimal

import pytest

from campaigns.campaign.models import Campaign
from campaigns.metrics.adapters.order_file import read_order_file
from campaigns.metrics.models import ImportBatch
from campaigns.metrics.queries import figures_of, numbers_screen
from planner.core.errors import Refused
from tests.campaigns.metrics.files import import_file
from tests.cast import Cast
from tests.factories import CampaignFactory
from tests.harness import data_dir

D = Decimal
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def data() -> bytes:
    folder = data_dir()
    assert folder is not None
    return (folder / "tmall_order_report.csv").read_bytes()


def encoded(data: bytes, encoding: str) -> bytes:
    return data.decode("utf-8-sig").encode(encoding)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_the_figures_are_exact(cast: Cast, campaign: Campaign, data: bytes, encoding: str) -> None:
    batch = import_file(cast.actor("cs"), campaign.pk, encoded(data, encoding))
    assert (batch.result["orders"], batch.result["known_orders"]) == (28_010, 0)
    numbers = figures_of(campaign.pk)
    assert numbers is not None
    assert (numbers.orders, numbers.total_amount) == (28_010, D("2995760.61"))
    assert (numbers.paid_orders, numbers.paid_amount) == (24_087, D("2474823.07"))
    assert (numbers.refunds, numbers.net) == (D("572335.92"), D("1902487.15"))
    assert (numbers.received, numbers.mismatched) == (D("1902487.15"), 0)
    assert numbers.refund_rate is not None
    assert round(numbers.refund_rate * 100, 2) == D("23.13")
    assert numbers.fully_refunded == 5132
    best, last = numbers.best_day, numbers.days[-1]
    assert best is not None
    assert (best.on, best.paid_amount, best.net) == (date(2020, 2, 25), D("299421.20"), D("228983.20"))
    assert (last.on, last.orders, last.net) == (date(2020, 3, 1), 6, D("298.00"))
    assert numbers.visitors is numbers.conversion is None
    screen = numbers_screen(cast.actor("viewer"), campaign.pk)
    assert [str(line).split(":")[0] for line in screen.cannot_give] == ["Visitors", "Buyers", "Products"]


def test_no_encoding_makes_it_another_file(data: bytes) -> None:
    files = [read_order_file(encoded(data, encoding)) for encoding in ("utf-8", "utf-8-sig", "gbk")]
    assert len({file.digest for file in files}) == 1
    assert {file.dropped_columns for file in files} == {("收货地址",)}


def test_the_same_file_again_is_refused(cast: Cast, campaign: Campaign, data: bytes) -> None:
    import_file(cast.actor("cs"), campaign.pk, data)
    with pytest.raises(Refused, match="same_file"):
        import_file(cast.actor("cs"), campaign.pk, encoded(data, "gbk"))
    assert ImportBatch.objects.count() == 1


@pytest.mark.parametrize("cut", [3, 5, 20, 60, 1_000_001])
def test_a_truncated_file_is_refused(data: bytes, cut: int) -> None:
    with pytest.raises(Refused) as refused:
        read_order_file(data[:-cut])
    assert refused.value.code in {"truncated", "bad_rows"}
