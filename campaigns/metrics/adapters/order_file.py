"""Order exports: the needed columns out of the bytes, everything personal left behind.

Works on the uploaded bytes in memory and keeps six columns; addresses, names and numbers of buyers are passed over
while reading, so they reach neither the database nor a disk.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from campaigns.metrics.adapters.cells import BadCell, bare, cents, column_name, identifier, moment
from campaigns.metrics.adapters.text_file import encoding_of, not_a_table, records, truncated
from campaigns.metrics.rules.orders import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, OrderFile, OrderLine
from planner.core.errors import Refused
from planner.core.words import Said, say

# Field → the names it has in exports, best first. Some exports have no 退款金额; the rest must be there.
ALIASES: dict[str, tuple[str, ...]] = {
    "order_no": ("订单编号", "订单号", "主订单编号"),
    "total": ("总金额", "订单总金额"),
    "received": ("买家实际支付金额", "实际支付金额"),
    "refund": ("退款金额", "成功退款金额"),
    "ordered": ("订单创建时间", "下单时间"),
    "paid": ("订单付款时间", "付款时间", "支付时间"),
}
OPTIONAL = frozenset({"refund"})
KNOWN = frozenset(name for names in ALIASES.values() for name in names)
# A column whose name holds one of these names a buyer or can lead to one.
PERSONAL = (
    "地址", "姓名", "手机", "电话", "会员", "昵称", "收货人", "收件人", "街道", "留言", "备注",
    "身份证", "支付宝", "旺旺", "邮编", "买家账号", "下单帐号", "省", "市", "区县", "邮箱",
)  # fmt: skip
TOTAL_WORDS = frozenset({"总计", "合计", "汇总", "小计", "total"})
READERS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("order_no", identifier),
    ("total", cents),
    ("received", cents),
    ("refund", cents),
    ("ordered", moment),
    ("paid", moment),
)
DELIMITERS = (",", "\t", ";")
HEADER_ROWS = 15
HEADER_MATCHES = 2
NAME_LENGTH = 60
MAX_FAULTS = 20
# What a wrong file costs is bounded too: a file of nothing but faults would keep a web thread busy for a minute.
MOST_FAULTS = 10_000
MAX_LINES = 2 * MAX_ROWS


@dataclass(frozen=True)
class _Header:
    """Where the columns are and what they are called in this file."""

    delimiter: str
    row: int
    names: tuple[str, ...]
    at: dict[str, int]

    def name(self, field_name: str) -> str:
        """The file's own name of a field."""
        return self.names[self.at[field_name]]


@dataclass
class _Reading:
    """What has been seen of the rows so far."""

    rows: int = 0
    total_rows: int = 0
    blank_rows: int = 0
    repeated_rows: int = 0
    fault_count: int = 0
    faults: list[Said] = field(default_factory=list)
    conflicts: list[Said] = field(default_factory=list)
    # Order number → (row, what it said): half a million fit into memory only as a hash.
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    # Rows whose amounts do not add up, rows whose last cell is empty: what a cut-off last row looks like.
    odd_rows: int = 0
    open_rows: int = 0
    first_day: str = "9"
    last_day: str = ""

    def fault(self, row: int, column: str, why: Said) -> None:
        """Notes a fault: the first ones in words, all in the count."""
        self.fault_count += 1
        if self.fault_count > MOST_FAULTS:
            detail = say(
                "More than %(count)s places in this file cannot be read. Nothing was imported.", count=MOST_FAULTS
            )
            raise Refused("bad_rows", detail, reasons=tuple(self.faults))
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(say("Row %(row)s, %(column)s: %(why)s.", row=row, column=column, why=why))


def read_order_file(data: bytes) -> OrderFile:
    """What is kept of an order export; `Refused` says why a file cannot be taken, and then nothing of it is kept.

    Codes: too_large, empty, not_a_table, missing_column, truncated, bad_rows, conflicting_orders.
    """
    if len(data) > MAX_BYTES:
        raise Refused("too_large", say("A file of at most %(limit)s MB can be imported.", limit=MAX_BYTES >> 20))
    if not data.strip():
        raise Refused("empty", say("This file is empty. Nothing was imported."))
    encoding = encoding_of(data)
    header, reading = _header(data, encoding), _Reading()
    digest, packer, packed = hashlib.sha256(b"orders-1\n"), zlib.compressobj(6), []
    for line in _lines(data, encoding, header, reading):
        text = line.as_text().encode()
        digest.update(text)
        packed.append(packer.compress(text))
    packed.append(packer.flush())
    _check(reading)
    used = set(header.at.values())
    left = [name[:NAME_LENGTH] for at, name in enumerate(header.names) if name and at not in used]
    personal = tuple(name for name in left if any(word in name for word in PERSONAL))
    return OrderFile(
        encoding=encoding,
        rows=reading.rows,
        payload=b"".join(packed),
        digest=digest.hexdigest(),
        dropped_columns=personal,
        ignored_columns=tuple(name for name in left if name not in personal),
        has_refunds="refund" in header.at,
        total_rows=reading.total_rows,
        blank_rows=reading.blank_rows,
        repeated_rows=reading.repeated_rows,
        first_day=date.fromisoformat(reading.first_day),
        last_day=date.fromisoformat(reading.last_day),
    )


def _check(reading: _Reading) -> None:
    if reading.fault_count:
        detail = say("%(count)s places in this file cannot be read. Nothing was imported.", count=reading.fault_count)
        raise Refused("bad_rows", detail, reasons=tuple(reading.faults))
    if reading.conflicts:
        detail = say("Orders appear twice with different content. Nothing was imported.")
        raise Refused("conflicting_orders", detail, reasons=tuple(reading.conflicts))
    if not reading.rows:
        raise Refused("empty", say("This file has a heading but no orders. Nothing was imported."))


def _heading(data: bytes, encoding: str) -> tuple[int, str, int, tuple[str, ...]]:
    """(known names, delimiter, row number, names) of the best row among the first, whichever delimiter finds it."""
    best: tuple[int, str, int, tuple[str, ...]] = (0, ",", 0, ())
    unreadable: Refused | None = None
    for delimiter in DELIMITERS:
        try:
            for row, cells in enumerate(islice(records(data, encoding, delimiter), HEADER_ROWS), start=1):
                names = tuple(column_name(cell) for cell in cells[: MAX_COLUMNS + 1])
                score = len(KNOWN.intersection(names))
                if score > best[0]:
                    best = (score, delimiter, row, names)
        except Refused as refused:
            # Quoted cells make no sense with the wrong delimiter; only when no delimiter fits is that the file's fault.
            unreadable = unreadable or refused
    if best[0] < HEADER_MATCHES and unreadable:
        raise unreadable
    return best


def _header(data: bytes, encoding: str) -> _Header:
    """Where the table begins and which column holds what."""
    score, delimiter, row, names = _heading(data, encoding)
    if score < HEADER_MATCHES:
        raise not_a_table(
            say("Its first %(rows)s rows have no heading with %(names)s.", rows=HEADER_ROWS, names=_first_names())
        )
    if len(names) > MAX_COLUMNS:
        raise Refused("too_large", say("A file of at most %(limit)s columns can be imported.", limit=MAX_COLUMNS))
    at = {}
    for name, aliases in ALIASES.items():
        places = [names.index(alias) for alias in aliases if alias in names]
        if places:
            at[name] = places[0]
    missing = [ALIASES[name][0] for name in ALIASES if name not in at and name not in OPTIONAL]
    if missing:
        raise Refused(
            "missing_column",
            say("This file lacks a column that figures need. Nothing was imported."),
            reasons=tuple(say("There is no column %(name)s.", name=name) for name in missing),
        )
    return _Header(delimiter, row, names, at)


def _first_names() -> str:
    return ", ".join(aliases[0] for name, aliases in ALIASES.items() if name not in OPTIONAL)


def _is_total(cells: list[str]) -> bool:
    first = next((text for cell in cells if (text := bare(cell))), "")
    return first.rstrip(":：").lower() in TOTAL_WORDS


def _lines(data: bytes, encoding: str, header: _Header, reading: _Reading) -> Iterator[OrderLine]:
    """The orders in the order of the file; what is no order is counted, what cannot be read is noted."""
    looks_cut = False
    for row, cells in _whole_rows(data, encoding, header, reading):
        line = _order(row, cells, header, reading)
        if line is None:
            continue
        looks_cut = _looks_cut(line, cells, reading)
        if _is_new(row, line, reading):
            yield line
    if looks_cut and not data.endswith((b"\n", b"\r")):
        raise truncated(say("Its last row ends inside a cell, without the end of a line."))


def _whole_rows(data: bytes, encoding: str, header: _Header, reading: _Reading) -> Iterator[tuple[int, list[str]]]:
    """The rows below the heading that have all their cells, by number; totals and blanks are passed over."""
    width = len(header.names)
    short: tuple[int, int] | None = None
    rows = enumerate(records(data, encoding, header.delimiter), start=1)
    for row, cells in islice(rows, header.row, None):
        if row > header.row + MAX_LINES:
            raise Refused("too_large", say("A file of at most %(limit)s orders can be imported.", limit=MAX_ROWS))
        if not any(cells):
            continue
        if short:
            reading.fault(short[0], "—", _too_short(short[1], width))
            short = None
        if _is_total(cells):
            reading.total_rows += 1
        elif len(cells) < width:
            short = (row, len(cells))
        elif any(cells[width:]):
            reading.fault(row, "—", say("it has more cells than the heading"))
        else:
            yield row, cells
    if short:
        raise truncated(say("Row %(row)s: %(why)s.", row=short[0], why=_too_short(short[1], width)))


def _too_short(found: int, wanted: int) -> Said:
    return say("it has %(found)s cells of %(wanted)s", found=found, wanted=wanted)


def _looks_cut(line: OrderLine, cells: list[str], reading: _Reading) -> bool:
    """True when this row alone ends in an empty cell, or alone has amounts that do not add up: digits may be missing.

    Asked of the last row of a file that does not end with the end of a line.
    """
    refund = line.refund_cents
    is_odd = bool(line.paid_at) and refund is not None and line.total_cents != line.received_cents + refund
    is_open = not cells[-1]
    reading.odd_rows += is_odd
    reading.open_rows += is_open
    return reading.rows > 0 and ((is_odd and reading.odd_rows == 1) or (is_open and reading.open_rows == 1))


def _order(row: int, cells: list[str], header: _Header, reading: _Reading) -> OrderLine | None:
    """The order in this row; None when it is none or cannot be read."""
    if not _has_order(cells, header):
        reading.blank_rows += 1
        return None
    values: dict[str, Any] = {}
    faults = reading.fault_count
    for name, read in READERS:
        at = header.at.get(name)
        try:
            values[name] = None if at is None else read(cells[at])
        except BadCell as bad:
            reading.fault(row, header.name(name), bad.said)
    if reading.fault_count == faults:
        for name in _empty(values):
            reading.fault(row, header.name(name), say("it is empty"))
    if reading.fault_count != faults:
        return None
    received = values["received"] or 0
    refund = values["refund"]
    if refund is None and "refund" in header.at and (not values["paid"] or values["total"] == received):
        # An empty cell beside an order that kept its whole amount says: nothing was refunded.
        refund = 0
    return OrderLine(values["order_no"], values["total"], received, refund, values["ordered"], values["paid"])


def _has_order(cells: list[str], header: _Header) -> bool:
    """False for remarks and blanks: nothing stands in any needed column but perhaps the first."""
    return any(bare(cells[at]) for name, at in header.at.items() if name != "order_no") and bool(
        bare(cells[header.at["order_no"]])
    )


def _empty(values: dict[str, Any]) -> list[str]:
    """The needed fields that are empty; what nobody paid needs no received amount."""
    wanted = ["order_no", "total", "ordered", *(["received"] if values["paid"] else [])]
    return [name for name in wanted if values[name] is None or values[name] == ""]


def _is_new(row: int, line: OrderLine, reading: _Reading) -> bool:
    """False for an order that came before; the same number with other content is noted as a conflict."""
    said = hash(line)
    before = reading.seen.setdefault(line.order_no, (row, said))
    if before[0] != row:
        reading.repeated_rows += 1
        if before[1] != said and len(reading.conflicts) < MAX_FAULTS:
            why = say(
                "Order %(number)s: rows %(first)s and %(second)s.", number=line.order_no, first=before[0], second=row
            )
            reading.conflicts.append(why)
        return False
    reading.rows += 1
    if reading.rows > MAX_ROWS:
        raise Refused("too_large", say("A file of at most %(limit)s orders can be imported.", limit=MAX_ROWS))
    day = line.ordered_at[:10]
    reading.first_day, reading.last_day = min(reading.first_day, day), max(reading.last_day, day)
    return True
