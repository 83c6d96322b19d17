"""Tables as text that a spreadsheet opens without running anything in them."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from unicodedata import category, normalize

# What makes a spreadsheet take a cell for a formula, in any width: ＝ and ﹦ are the same to it as =.
_FORMULA = frozenset("=+-@")
# Excel takes UTF-8 for the system's own encoding unless this stands in front.
BOM = "\ufeff"


def safe_cell(value: object) -> str:
    """The value as a cell that is only ever text: what could be a formula gets an apostrophe in front.

    Numbers stay as they are, negative ones too: they cannot hold a formula.
    """
    if value is None:
        return ""
    text = str(value).replace("\0", "")
    if isinstance(value, int | float | Decimal) or not text:
        return text
    # Some programs drop blanks and invisible characters before they look.
    seen = next((sign for sign in text if not sign.isspace() and category(sign) not in {"Cc", "Cf"}), " ")
    risky = text[0] in "\t\r\n" or normalize("NFKC", seen)[0] in _FORMULA
    return f"'{text}" if risky else text


def csv_text(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """The table as CSV for Excel and its like: a byte order mark, CRLF, every cell safe."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([safe_cell(value) for value in row])
    return out.getvalue()
