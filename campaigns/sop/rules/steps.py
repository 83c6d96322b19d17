"""Steps of a procedure and the grammar of their due moments."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar
from zoneinfo import ZoneInfo

from campaigns.campaign.rules import Anchor, Phase, Platform
from planner.core.errors import Refused
from planner.core.words import say
from staff.people.rules import Role

DAY_DUE = time(18)
# Farther from its anchor than this, an offset is a typing error.
MAX_OFFSET = timedelta(days=400)


class Priority(StrEnum):
    """The important and urgent grid."""

    IMPORTANT_URGENT = "important_urgent"
    IMPORTANT = "important"
    URGENT = "urgent"
    NEITHER = "neither"


@dataclass(frozen=True)
class Offset:
    """How far from which anchor a step is due: calendar days, or exact hours."""

    anchor: Anchor
    amount: int
    in_days: bool

    GRAMMAR: ClassVar = re.compile(r"(S|E|presale_start|wave2_start|price_protect_end)([+-])([0-9]{1,5})([dh])")

    @classmethod
    def parse(cls, text: str) -> "Offset":
        """`S-45d`, `E+3d`, `S+1h`, `presale_start-4d`; `Refused("bad_offset")` for anything else."""
        found = cls.GRAMMAR.fullmatch(text)
        if not found:
            raise Refused(
                "bad_offset", say("%(value)s is not a due moment: write S-45d, S+1h or wave2_start-2d.", value=text)
            )
        anchor, sign, number, unit = found.groups()
        amount, in_days = int(number), unit == "d"
        if (timedelta(days=amount) if in_days else timedelta(hours=amount)) > MAX_OFFSET:
            raise Refused("bad_offset", say("%(value)s is too far from its anchor.", value=text))
        return cls(Anchor(anchor), -amount if sign == "-" else amount, in_days)

    def __str__(self) -> str:
        return f"{self.anchor}{self.amount:+d}{'d' if self.in_days else 'h'}"

    def moment(self, anchors: Mapping[Anchor, datetime], zone: ZoneInfo, own_time: time | None = None) -> datetime:
        """The due moment in `zone`: hours are exact; days are calendar days, due at 18:00 or at the step's own time."""
        base = anchors[self.anchor]
        if not self.in_days:
            return (base + timedelta(hours=self.amount)).astimezone(zone)
        day: date = base.astimezone(zone).date() + timedelta(days=self.amount)
        return datetime.combine(day, own_time or DAY_DUE, zone)


@dataclass(frozen=True)
class Words:
    """A text in both languages; English may be missing."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class Step:
    """One step: who, when relative to an anchor, how long, after what, and how it is accepted."""

    code: str
    phase: Phase
    stage: Words
    title: Words
    role: Role
    due: Offset
    due_time: time | None
    hours: Decimal
    depends_on: tuple[str, ...]
    # Empty means every platform.
    platforms: tuple[Platform, ...]
    important: bool
    urgent: bool
    must_have: bool
    is_gate: bool
    acceptance: Words
    checklist: tuple[Words, ...]
    # Its task is done only with a piece of evidence.
    needs_evidence: bool = False


def digest_of(steps: Sequence[Step]) -> str:
    """The SHA-256 of the steps in their order: equal for equal procedures, however their files are laid out."""
    rows = [asdict(step) for step in steps]
    # Not in the digest where it is not used: versions from before it keep theirs.
    for row in rows:
        if not row["needs_evidence"]:
            del row["needs_evidence"]
    return sha256(json.dumps(rows, default=str, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def in_order(links: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Codes with every predecessor before its successors, and the codes that a cycle keeps out of that order."""
    waiting = {code: {before for before in befores if before in links} for code, befores in links.items()}
    order: list[str] = []
    while ready := [code for code, befores in waiting.items() if not befores]:
        order += ready
        for code in ready:
            del waiting[code]
        done = set(ready)
        for befores in waiting.values():
            befores -= done
    return order, list(waiting)


def bridge(
    links: Mapping[str, Sequence[str]], stays: Collection[str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The links among the codes that stay, and these codes with every predecessor first.

    Predecessors of a code left out become predecessors of its successors, each once, in the order they were named in.
    """
    order, _ = in_order(links)
    # What stands for a code among those that stay: itself, or its own predecessors when it is left out.
    stands: dict[str, tuple[str, ...]] = {}
    bridged: dict[str, tuple[str, ...]] = {}
    for code in order:
        linked = tuple(dict.fromkeys(found for before in links[code] for found in stands[before]))
        stands[code] = (code,) if code in stays else linked
        if code in stays:
            bridged[code] = linked
    return bridged, tuple(bridged)
