"""What was seen of the rows: counts, faults by row and column, orders that say two things."""

from dataclasses import dataclass, field

from planner.core.errors import Refused
from planner.core.words import Said, say

# How many faults are listed in words.
MAX_FAULTS = 100
# What a wrong file costs is bounded too: a file of nothing but faults would keep a web thread busy for a minute.
MOST_FAULTS = 10_000


@dataclass
class Reading:
    """What has been seen of the rows so far."""

    rows: int = 0
    total_rows: int = 0
    blank_rows: int = 0
    repeated_rows: int = 0
    fault_count: int = 0
    faulty_rows: int = 0
    last_faulty: int = 0
    # Column → how many of its cells cannot be read.
    by_column: dict[str, int] = field(default_factory=dict)
    conflict_count: int = 0
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
        self.faulty_rows += row != self.last_faulty
        self.last_faulty = row
        self.by_column[column] = self.by_column.get(column, 0) + 1
        if self.fault_count > MOST_FAULTS:
            detail = say(
                "More than %(count)s places in this file cannot be read. Nothing was imported.", count=MOST_FAULTS
            )
            raise Refused("bad_rows", detail, reasons=self.report())
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(say("Row %(row)s, %(column)s: %(why)s.", row=row, column=column, why=why))

    def conflict(self, why: Said) -> None:
        """Notes an order that says two things: the first ones in words, all in the count."""
        self.conflict_count += 1
        if len(self.conflicts) < MAX_FAULTS:
            self.conflicts.append(why)
        if self.conflict_count > MOST_FAULTS:
            raise twice(self)

    def report(self) -> tuple[Said, ...]:
        """Every listed fault by row, and before them, where there are more, how many there are in which column."""
        if self.fault_count <= MAX_FAULTS:
            return tuple(self.faults)
        most = sorted(self.by_column.items(), key=lambda item: -item[1])
        counts = [say("%(column)s: %(count)s places.", column=column, count=count) for column, count in most]
        return (*counts, say("The first %(count)s places:", count=len(self.faults)), *self.faults)


def twice(reading: Reading) -> Refused:
    """The refusal of a file whose orders say two things."""
    detail = say("Orders appear twice with different content. Nothing was imported.")
    more = reading.conflict_count - len(reading.conflicts)
    rest = (say("And %(count)s more.", count=more),) if more else ()
    return Refused("conflicting_orders", detail, reasons=(*reading.conflicts, *rest))


def check_whole(reading: Reading) -> None:
    """Refuses a file with a fault in it, or without an order."""
    if reading.fault_count:
        detail = say(
            "%(count)s places in %(rows)s rows of this file cannot be read. Nothing was imported.",
            count=reading.fault_count,
            rows=reading.faulty_rows,
        )
        raise Refused("bad_rows", detail, reasons=reading.report())
    if reading.conflicts:
        raise twice(reading)
    if not reading.rows:
        raise Refused("empty", say("This file has a heading but no orders. Nothing was imported."))
