"""Where the table begins in an export, and which column holds what."""

from dataclasses import dataclass
from itertools import islice

from campaigns.metrics.adapters.cells import column_name
from campaigns.metrics.adapters.text_file import not_a_table, records
from campaigns.metrics.rules.orders import MAX_COLUMNS
from planner.core.errors import Refused
from planner.core.words import say

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
DELIMITERS = (",", "\t", ";")
HEADER_ROWS = 15
HEADER_MATCHES = 2
NAME_LENGTH = 60


@dataclass(frozen=True)
class Header:
    """Where the columns are and what they are called in this file."""

    delimiter: str
    row: int
    names: tuple[str, ...]
    at: dict[str, int]

    def name(self, field_name: str) -> str:
        """The file's own name of a field."""
        return self.names[self.at[field_name]]


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


def find_header(data: bytes, encoding: str) -> Header:
    """Where the table begins and which column holds what."""
    score, delimiter, row, names = _heading(data, encoding)
    if score < HEADER_MATCHES:
        raise not_a_table(
            say("Its first %(rows)s rows have no heading with %(names)s.", rows=HEADER_ROWS, names=_first_names())
        )
    if len(names) > MAX_COLUMNS:
        raise Refused("too_large", say("A file of at most %(limit)s columns can be imported.", limit=MAX_COLUMNS))
    twice = [name for name in KNOWN if names.count(name) > 1]
    if twice:
        raise Refused(
            "repeated_column",
            say("This file has a column twice, and figures need one of them. Nothing was imported."),
            reasons=tuple(say("The column %(name)s is there more than once.", name=name) for name in sorted(twice)),
        )
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
    return Header(delimiter, row, names, at)


def _first_names() -> str:
    return ", ".join(aliases[0] for name, aliases in ALIASES.items() if name not in OPTIONAL)
