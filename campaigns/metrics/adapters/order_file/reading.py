"""Bytes to kept lines: the orders out of the rows of an export, everything personal passed over."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from campaigns.metrics.adapters.cells import BadCell, bare, cents, identifier, moment
from campaigns.metrics.adapters.order_file.header import NAME_LENGTH, PERSONAL, Header, find_header
from campaigns.metrics.adapters.order_file.report import Reading, check_whole
from campaigns.metrics.adapters.text_file import encoding_of, records, truncated
from campaigns.metrics.rules.orders import MAX_BYTES, MAX_ROWS, OrderFile, OrderLine
from planner.core.errors import Refused
from planner.core.words import Said, say

TOTAL_WORDS = frozenset({"总计", "合计", "汇总", "小计", "total"})
READERS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("order_no", identifier),
    ("total", cents),
    ("received", cents),
    ("refund", cents),
    ("ordered", moment),
    ("paid", moment),
)
MAX_LINES = 2 * MAX_ROWS


def read_order_file(data: bytes) -> OrderFile:
    """What is kept of an order export; `Refused` says why a file cannot be taken, and then nothing of it is kept.

    Codes: too_large, empty, not_a_table, missing_column, repeated_column, truncated, bad_rows, conflicting_orders.
    """
    if len(data) > MAX_BYTES:
        raise Refused("too_large", say("A file of at most %(limit)s MB can be imported.", limit=MAX_BYTES >> 20))
    if not data.strip():
        raise Refused("empty", say("This file is empty. Nothing was imported."))
    if data.count(b"\n") > MAX_LINES:
        raise _too_many()
    encoding = encoding_of(data)
    header, reading = find_header(data, encoding), Reading()
    digest, packer, packed = hashlib.sha256(b"orders-1\n"), zlib.compressobj(6), []
    for line in _lines(data, encoding, header, reading):
        text = line.as_text().encode()
        digest.update(text)
        packed.append(packer.compress(text))
    packed.append(packer.flush())
    check_whole(reading)
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


def _too_many() -> Refused:
    return Refused("too_large", say("A file of at most %(limit)s orders can be imported.", limit=MAX_ROWS))


def _is_total(cells: list[str]) -> bool:
    if cells[0].isdigit():
        return False
    first = next((text for cell in cells if (text := bare(cell))), "")
    return first.rstrip(":：").lower() in TOTAL_WORDS


def _lines(data: bytes, encoding: str, header: Header, reading: Reading) -> Iterator[OrderLine]:
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


def _whole_rows(data: bytes, encoding: str, header: Header, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """The rows below the heading that have all their cells, by number; totals and blanks are passed over."""
    width = len(header.names)
    short: tuple[int, int] | None = None
    rows = enumerate(records(data, encoding, header.delimiter), start=1)
    for row, cells in islice(rows, header.row, None):
        if row > header.row + MAX_LINES:
            raise _too_many()
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


def _looks_cut(line: OrderLine, cells: list[str], reading: Reading) -> bool:
    """True when this row alone ends in an empty cell, or alone has amounts that do not add up: digits may be missing.

    Asked of the last row of a file that does not end with the end of a line.
    """
    refund = line.refund_cents
    is_odd = bool(line.paid_at) and refund is not None and line.total_cents != line.received_cents + refund
    is_open = not cells[-1]
    reading.odd_rows += is_odd
    reading.open_rows += is_open
    return reading.rows > 0 and ((is_odd and reading.odd_rows == 1) or (is_open and reading.open_rows == 1))


def _order(row: int, cells: list[str], header: Header, reading: Reading) -> OrderLine | None:
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


def _has_order(cells: list[str], header: Header) -> bool:
    """False for remarks and blanks: nothing stands in any needed column but perhaps the first."""
    if cells[header.at["order_no"]].isdigit() and cells[header.at["total"]][:1].isdigit():
        return True
    return any(bare(cells[at]) for name, at in header.at.items() if name != "order_no") and bool(
        bare(cells[header.at["order_no"]])
    )


def _empty(values: dict[str, Any]) -> list[str]:
    """The needed fields that are empty; what nobody paid needs no received amount."""
    wanted = ["order_no", "total", "ordered", *(["received"] if values["paid"] else [])]
    return [name for name in wanted if values[name] is None or values[name] == ""]


def _is_new(row: int, line: OrderLine, reading: Reading) -> bool:
    """False for an order that came before; the same number with other content is noted as a conflict."""
    said = hash(line)
    before = reading.seen.setdefault(line.order_no, (row, said))
    if before[0] != row:
        reading.repeated_rows += 1
        if before[1] != said:
            reading.conflict(
                say(
                    "Order %(number)s: rows %(first)s and %(second)s.",
                    number=line.order_no,
                    first=before[0],
                    second=row,
                )
            )
        return False
    reading.rows += 1
    if reading.rows > MAX_ROWS:
        raise _too_many()
    day = line.ordered_at[:10]
    reading.first_day, reading.last_day = min(reading.first_day, day), max(reading.last_day, day)
    return True
