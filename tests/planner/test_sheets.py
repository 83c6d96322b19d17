"""Cells that a spreadsheet would run are only text, and numbers stay numbers."""

import csv
import io
from decimal import Decimal

import pytest

from planner.core.sheets import BOM, csv_text, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tplain",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
        " =1",
        "\u200b=1",
        "\ufeff=1",
        "\u3000＝cmd|' /C calc'!A0",
        "\0=1",
        "-",
    ],
)
def test_what_could_be_a_formula_is_text(text: str) -> None:
    """F4."""
    assert safe_cell(text) == "'" + text.replace("\0", "")


@pytest.mark.parametrize("text", ["", "小美", "a=b", "2026-11-24", "1+1", "'=1", "  x", "·", "£-1", "\u200b"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_stay_numbers_and_nothing_is_nothing() -> None:
    assert [safe_cell(value) for value in (-5, Decimal("-1.50"), -0.5, 0, None)] == ["-5", "-1.50", "-0.5", "0", ""]


def test_a_table_opens_in_excel_and_reads_back() -> None:
    """F4."""
    text = csv_text(("谁", "什么"), [("小美", '=HYPERLINK("http://x")'), ("a,b", 'q"q\nline')])
    assert text.startswith(BOM)
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert rows == [["谁", "什么"], ["小美", '\'=HYPERLINK("http://x")'], ["a,b", 'q"q\nline']]
    assert text.count("\r\n") == 3
