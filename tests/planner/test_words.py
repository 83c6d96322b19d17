"""What a line may hold: what shows nothing or turns its neighbours around is left out."""

import pytest

from planner.core.words import one_line


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("主图\r\nBcc: x@y.cn", "主图 Bcc: x@y.cn"),
        ("a\tb\x1b[31m\u2028c\x85d", "a b[31m c d"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\u200b \ufeff\u3000", ""),
        ("\u200d", ""),
        ("👩\u200d💻 上新", "👩\u200d💻 上新"),
        ("两  格", "两  格"),
    ],
)
def test_one_line(typed: str, line: str) -> None:
    assert one_line(typed) == line
