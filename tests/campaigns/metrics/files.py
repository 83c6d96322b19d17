"""Order exports made up for tests."""

from collections.abc import Iterable
from decimal import Decimal

from campaigns.metrics.actions import run_import, start_import
from campaigns.metrics.models import ImportBatch
from staff.people.rules import Actor
from tests.factories import NOW

HEAD = ("订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额")
Row = tuple[str, ...]


def order(
    number: int | str, total: str = "100.0", refund: str = "0.0", on: str | None = "2026-11-21", hour: int = 10
) -> Row:
    """One row; `on` None was never paid."""
    received = f"{Decimal(total) - Decimal(refund)}" if on else "0.0"
    at = f"{on or '2026-11-21'} {hour:02}:00:00"
    return (str(number), total, received, "浙江省杭州市文三路 9 号 张三", at, at if on else "", refund)


def csv_text(rows: Iterable[Row], head: Row = HEAD) -> str:
    """The rows as the back office writes them."""
    return "".join(",".join(row) + "\r\n" for row in (head, *rows))


def csv_bytes(rows: Iterable[Row], head: Row = HEAD) -> bytes:
    """The same in UTF-8."""
    return csv_text(rows, head).encode()


def import_file(actor: Actor, campaign_id: int, data: bytes, name: str = "ExportOrderList.csv") -> ImportBatch:
    """Takes the file in and does a worker's part."""
    started = start_import(actor=actor, campaign_id=campaign_id, file_name=name, data=data, now=NOW)
    run_import(run_id=started.run_id, clock=lambda: NOW)
    return ImportBatch.objects.get(pk=started.batch_id)
