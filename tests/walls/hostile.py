"""`python -m tests.walls.hostile`: reads files that mean harm, in a process whose memory is bounded; one line each.

A line says what the file was, the code of its refusal, the seconds of processor and the MiB above what it held itself.
"""

import gzip
import io
import json
import os
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

# Far above what reading may take, so that what runs away ends as a MemoryError here and not in the machine.
ADDRESS_SPACE = 1 << 30
ORDER = "%d,1.%d,1,浙江,2026-11-21,2026-11-21,0\n"


def _fill(unit: str | bytes, size: int) -> bytes:
    piece = unit.encode() if isinstance(unit, str) else unit
    return (piece * (size // len(piece) + 1))[:size]


def _zip(name: str, size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, b"0" * size)
    return packed.getvalue()


def orders() -> dict[str, tuple[str, Callable[[], bytes]]]:
    """What → (the code of its refusal, its bytes)."""
    from campaigns.metrics.rules.orders import MAX_BYTES
    from tests.campaigns.metrics.files import HEAD

    text = ",".join(HEAD) + "\r\n"
    head, most = text.encode(), MAX_BYTES - 1000
    million = range(1_000_000)
    return {
        "a million rows": ("too_large", lambda: head + "".join(ORDER % (n, n) for n in million).encode()),
        "a million columns": ("not_a_table", lambda: (text.strip() + "," * 1_000_000 + "\n").encode()),
        "300 columns too many": ("too_large", lambda: (text.strip() + ",c" * 300 + "\n").encode()),
        "rows of a million cells": ("not_a_table", lambda: head + _fill("," * 1_000_001 + "\n", most)),
        "one line": ("not_a_table", lambda: _fill("x", most)),
        "one line of commas": ("not_a_table", lambda: _fill(",", most)),
        "one line below the heading": ("not_a_table", lambda: head + _fill("x", most)),
        "an unclosed quote": ("not_a_table", lambda: head + b'"' + _fill("abc," * 50 + "\n", most)),
        "unclosed quotes": ("not_a_table", lambda: head + _fill('1,"' + "a" * 100 + "\n", most)),
        "nothing but quotes": ("not_a_table", lambda: head + _fill('"', most)),
        "lines inside quotes": (
            "truncated",
            lambda: head + _fill('1,2,3,"' + ("x" * 99 + "\n") * 999 + '"\n', most),
        ),
        "line ends": ("too_large", lambda: head + _fill("\n", most)),
        "carriage returns": ("too_large", lambda: head + _fill("\r", most)),
        "nul": ("not_a_table", lambda: head + _fill("\0", most)),
        "utf-16": ("not_a_table", lambda: text.encode("utf-16") * 1000),
        "utf-32": ("not_a_table", lambda: text.encode("utf-32")),
        "no encoding": ("not_a_table", lambda: head + _fill(b"\x81\xff", most)),
        "a bomb in gzip": ("not_a_table", lambda: gzip.compress(b"0" * (20 << 20), 1)),
        "a bomb in zip": ("not_a_table", lambda: _zip("orders.csv", 20 << 20)),
        "a workbook": ("not_a_table", lambda: _zip("xl/workbook.xml", 1000)),
        "long numbers": ("bad_rows", lambda: head + ("1," + "9" * 100_000 + ",1,x,2026-11-21,,0\n").encode() * 300),
        "a number too long": ("not_a_table", lambda: head + ("1," + "9" * 200_000 + ",1,x,2026-11-21,,0\n").encode()),
        "formulas": ("bad_rows", lambda: head + b"=cmd|' /C calc'!A0,1,1,x,2026-11-21,2026-11-21,0\n" * 5000),
        "conflicts": (
            "conflicting_orders",
            lambda: head + "".join(f"1,{n},1,x,2026-11-21,,0\n" for n in range(900_000)).encode(),
        ),
        "columns twice": ("repeated_column", lambda: (text.strip() + "," + text).encode() + b"1," * 13 + b"1\n"),
    }


def procedures() -> dict[str, str]:
    """What → a YAML text that is refused."""
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return {
        "aliases": bomb,
        "merge keys": "a: &a {x: 1}\nb: {<<: *a}\n",
        "deep lists": "[" * 400_000,
        "deep maps": "{a: " * 200_000,
        "deep blocks": "".join(" " * n + "a:\n" for n in range(1300)),
        "a python object": "!!python/object/apply:os.system ['true']",
        "a tag": "a: !!binary aGk=",
        "a long number": "a: " + "9" * 900_000,
        "a long sexagesimal": "a: " + "1" + ":00" * 200_000,
        "many keys": "".join(f"k{n}: 1\n" for n in range(70_000)),
        "many documents": "---\n" * 200_000,
        "nul in a text": 'a: "\\0"',
        "control characters": "a: \x07",
        "an anchor alone": "&" * 900_000,
        "quotes": '"' * 900_000,
    }


def _peak() -> int:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) >> 10


def _forget_peak() -> int:
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def measure(what: str, read: Callable[[], object]) -> dict[str, object]:
    """One line about one file."""
    from planner.core.errors import Refused

    before, began, code = _forget_peak(), time.process_time(), "taken"
    shown = 0
    try:
        read()
    except Refused as refused:
        code, shown = refused.code, len(refused.reasons)
    seconds = round(time.process_time() - began, 2)
    return {"what": what, "code": code, "reasons": shown, "seconds": seconds, "mib": _peak() - before}


def main() -> None:
    """All of them."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    from campaigns.metrics.adapters.order_file import read_order_file
    from campaigns.sop.adapters.yaml_file import read_yaml
    from campaigns.sop.rules.check import read_procedure

    for what, (_code, make) in orders().items():
        data = make()
        sys.stdout.write(json.dumps(measure(what, lambda data=data: read_order_file(data))) + "\n")
    for what, text in procedures().items():
        sys.stdout.write(json.dumps(measure(what, lambda text=text: read_procedure(read_yaml(text)))) + "\n")


if __name__ == "__main__":
    main()
