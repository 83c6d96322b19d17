"""An order file is taken whole or refused with a reason; nothing that names a buyer is kept."""

import time
import zlib

import pytest

from campaigns.metrics.adapters.cells import BadCell, cents, column_name, identifier, moment
from campaigns.metrics.adapters.order_file import read_order_file
from campaigns.metrics.rules.orders import MAX_BYTES, OrderFile
from planner.core.errors import Refused
from tests.campaigns.metrics.files import HEAD, csv_bytes, csv_text, order

ROWS = [order(1), order(2, "35.5", "35.5"), order(3, on=None)]
TEXT = csv_text(ROWS)


def kept(file: OrderFile) -> str:
    return zlib.decompress(file.payload).decode()


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        read_order_file(data)
    return refused.value


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.replace(",", "\t").encode(), "utf-8"),
        (TEXT.replace("\r\n", "\n").encode(), "utf-8"),
    ],
)
def test_the_same_rows_are_the_same_file_in_any_encoding(data: bytes, encoding: str) -> None:
    file = read_order_file(data)
    assert (file.encoding, file.rows) == (encoding, 3)
    assert file.digest == read_order_file(TEXT.encode()).digest
    assert str(file.first_day) == str(file.last_day) == "2026-11-21"


def test_only_the_needed_columns_are_kept() -> None:
    file = read_order_file(TEXT.encode())
    assert file.dropped_columns == ("收货地址",)
    assert kept(file) == (
        "1\t10000\t10000\t0\t2026-11-21T10:00:00\t2026-11-21T10:00:00\n"
        "2\t3550\t0\t3550\t2026-11-21T10:00:00\t2026-11-21T10:00:00\n"
        "3\t10000\t0\t0\t2026-11-21T10:00:00\t\n"
    )


def test_the_back_offices_own_columns_are_understood() -> None:
    head = (
        "订单编号",
        "买家会员名",
        "总金额",
        "买家实际支付金额",
        "订单状态",
        "联系手机",
        "订单创建时间",
        "订单付款时间 ",
    )
    row = ('="2839471029384756102"', "小白", '"1,234.50"', "￥1234.5元", "交易成功", "'13800000000")
    file = read_order_file(csv_bytes([(*row, "2026/11/11 0:01:05", "2026-11-11 00:02")], head))
    assert kept(file) == "2839471029384756102\t123450\t123450\t\t2026-11-11T00:01:05\t2026-11-11T00:02:00\n"
    assert (file.dropped_columns, file.ignored_columns) == (("买家会员名", "联系手机"), ("订单状态",))
    assert not file.has_refunds


def test_title_lines_totals_and_remarks_are_no_orders() -> None:
    lines = TEXT.splitlines(keepends=True)
    text = "".join(
        [
            "店铺订单报表\r\n",
            "\r\n",
            "导出时间：2026-11-22,,,,,,\r\n",
            *lines,
            "合计,235.5,100,,,,35.5\r\n",
            ",,,,,,\r\n",
        ]
    )
    file = read_order_file(text.encode())
    assert (file.rows, file.total_rows) == (3, 1)


def test_a_repeated_row_counts_once() -> None:
    file = read_order_file(csv_bytes([*ROWS, ROWS[0]]))
    assert (file.rows, file.repeated_rows) == (3, 1)


def test_an_order_number_with_two_contents_refuses_the_file() -> None:
    error = refusal(csv_bytes([*ROWS, order(2, "99.0")]))
    assert error.code == "conflicting_orders"
    assert str(error.reasons[0]) == "Order 2: rows 3 and 5."


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (csv_bytes([]), "empty"),
        (b"PK\x03\x04 and the rest of a workbook", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_table"),
        (b"<html><body>Please log in</body></html>", "not_a_table"),
        (TEXT.encode("utf-16"), "not_a_table"),
        (b"\xff\xff\xff\xff,\xff", "not_a_table"),
        ((TEXT + "x" * 1_000_001).encode(), "not_a_table"),
        (csv_bytes([], ("订单编号", "总金额", "收货地址")), "missing_column"),
        (csv_bytes([], (*HEAD, *(f"c{n}" for n in range(300)))), "too_large"),
        (b"0" * (MAX_BYTES + 1), "too_large"),
        (TEXT.encode()[:-30], "truncated"),
        (TEXT.encode() + "4,1.0,1.0,浙".encode()[:-1], "truncated"),
        (TEXT.encode("gbk") + "4,1.0,1.0,浙".encode("gbk")[:-1], "truncated"),
        (TEXT.encode() + '4,1.0,1.0,"浙江'.encode(), "truncated"),
        (csv_bytes([order(1), order(4, "100.0", "35.55")])[:-3], "truncated"),
        (csv_bytes([order(1), order(4, "100.0")])[:-5], "truncated"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize(
    ("line", "lines", "code"),
    [("x," * 6 + "x", 900_000, "bad_rows"), ("1,2", 900_000, "bad_rows"), ("", 1_500_000, "too_large")],
)
def test_a_file_of_nothing_but_faults_is_given_up_early(line: str, lines: int, code: str) -> None:
    began = time.process_time()
    assert refusal((csv_text([]) + f"{line}\r\n" * lines).encode()).code == code
    assert time.process_time() - began < 5


def test_missing_columns_are_named() -> None:
    error = refusal(csv_bytes([], ("订单编号", "总金额", "订单创建时间", "订单付款时间")))
    assert [str(reason) for reason in error.reasons] == ["There is no column 买家实际支付金额."]


def test_every_fault_is_named_by_row_and_column() -> None:
    rows = [
        order(1),
        ("2", "abc", "0", "", "2026-11-21 10:00:00", "", "0"),
        ("1.2E+17", "5", "-5", "", "2026-13-01 10:00:00", "", "0"),
        ("4", "", "0", "", "2026-11-21 10:00:00", "", ""),
        ("5", "1", "1", "", "2026-11-21 10:00:00", "", "0", "浙江"),
        ("6", "1"),
        order(7),
    ]
    error = refusal(csv_bytes(rows))
    assert error.code == "bad_rows"
    assert [str(reason) for reason in error.reasons] == [
        "Row 3, 总金额: abc is not an amount.",
        "Row 4, 订单编号: 1.2E+17 was rounded by a spreadsheet program: export the file again.",
        "Row 4, 买家实际支付金额: -5 is negative.",
        "Row 4, 订单创建时间: 2026-13-01 10:00:00 is not a date and time.",
        "Row 5, 总金额: it is empty.",
        "Row 6, —: it has more cells than the heading.",
        "Row 7, —: it has 2 cells of 7.",
    ]
    assert "7" in str(error.detail)


def test_a_file_without_a_last_line_end_is_whole_when_its_last_row_is_like_the_others() -> None:
    assert read_order_file(TEXT.encode().rstrip()).rows == 3
    at = "2026-11-21 10:00:00"
    rows = [f"{number},100.0,90.0,,{at},{at},5.0" for number in (1, 2)]
    assert read_order_file("\n".join([",".join(HEAD), *rows]).encode()).rows == 2


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.50", 123450),
        ("￥99", 9900),
        ("12.5元", 1250),
        ("35.300000000000004", 3530),
        ("1.2万", 1200000),
        ('="7"', 700),
        ("", None),
        ("-", None),
        ("--", None),
        ("nan", None),
    ],
)
def test_amounts_lose_their_decoration(cell: str, value: int | None) -> None:
    assert cents(cell) == value


@pytest.mark.parametrize("cell", ["abc", "1e5", "1.2.3", "-4", "99999999999999", "Infinity", "٣"])
def test_what_is_no_amount_is_said(cell: str) -> None:
    with pytest.raises(BadCell):
        cents(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-11 20:00:01", "2026-11-11T20:00:01"),
        ("2026/1/2 3:04", "2026-01-02T03:04:00"),
        ("2026年11月11日 20:00:00", "2026-11-11T20:00:00"),
        ("2026-11-11", "2026-11-11T00:00:00"),
        ("-", ""),
    ],
)
def test_moments_are_read_as_shops_write_them(cell: str, value: str) -> None:
    assert moment(cell) == value


@pytest.mark.parametrize("cell", ["20:00", "1026-11-11", "2026-02-30 00:00:00", "2026-11-11 25:00:00", "2026-11-11T"])
def test_what_is_no_moment_is_said(cell: str) -> None:
    with pytest.raises(BadCell):
        moment(cell)


def test_numbers_that_name_something_keep_every_digit() -> None:
    assert identifier('="2839471029384756102"') == "2839471029384756102"
    assert identifier("\t2839471029384756102 ") == "2839471029384756102"
    with pytest.raises(BadCell):
        identifier("9" * 41)


def test_column_names_are_compared_without_blanks_and_wide_brackets() -> None:
    assert column_name("\ufeff 订单付款时间 ") == "订单付款时间"
    assert column_name("金额（元）") == "金额(元)"
