"""One step of a file, field by field, with every fault under the step's code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from campaigns.campaign.rules import Anchor, Phase, Platform
from campaigns.sop.rules.steps import Offset, Priority, Step, Words
from planner.core.errors import Refused
from planner.core.words import Said, say
from staff.people.rules import Role

MAX_HOURS = Decimal(1000)
STEP_PHASES = frozenset(Phase) - {Phase.CLOSED}
FIELDS = frozenset(
    {
        "code", "phase", "stage", "title", "role", "due", "due_time", "hours", "depends_on", "platforms", "priority",
        "must_have", "gate", "evidence", "acceptance", "checklist",
    }
)  # fmt: skip


@dataclass
class Reader:
    """Reads one step's fields and keeps every fault under the step's code."""

    row: Mapping[str, Any]
    code: str
    faults: list[Said] = field(default_factory=list)

    def fault(self, why: Said) -> None:
        """Keeps a fault under the step's code."""
        self.faults.append(say("%(step)s: %(fault)s", step=self.code, fault=why))

    def words(self, name: str, lengths: tuple[int, int], value: Any = None) -> Words:
        """A text in both languages, at most so long in Chinese and in English; Chinese must be there."""
        value = self.row.get(name) if value is None else value
        texts = value if isinstance(value, dict) else {"zh": value}
        zh, en = (texts.get(language) or "" for language in ("zh", "en"))
        if not isinstance(zh, str) or not isinstance(en, str) or set(texts) - {"zh", "en"}:
            self.fault(say("%(field)s is not a text.", field=name))
            return Words("")
        zh, en = zh.strip(), en.strip()
        if not zh:
            self.fault(say("%(field)s is missing.", field=name))
        if len(zh) > lengths[0] or len(en) > lengths[1]:
            self.fault(say("%(field)s is too long.", field=name))
        return Words(zh, en)

    def choice(self, name: str, known: Any, fallback: Any) -> Any:
        """One of the known codes."""
        value = self.row.get(name)
        if isinstance(value, str) and value in {str(member) for member in known}:
            return type(fallback)(value)
        self.fault(say("unknown %(field)s %(value)s.", field=name, value=shown(value)))
        return fallback

    def due(self) -> Offset:
        """How far from which anchor."""
        try:
            return Offset.parse(str(shown(self.row.get("due"))))
        except Refused as refused:
            self.faults.append(say("%(step)s: %(fault)s", step=self.code, fault=refused.detail))
            return Offset(Anchor.START, 0, in_days=True)

    def due_time(self) -> time | None:
        """The step's own time of day, without a zone."""
        value = self.row.get("due_time")
        if value is None:
            return None
        try:
            # YAML reads an unquoted 18:30 as 18 * 60 + 30.
            at = time(*divmod(value, 60)) if type(value) is int else time.fromisoformat(value)
            if at.tzinfo is None:
                return at
        except (TypeError, ValueError, OverflowError):
            pass
        self.fault(say("%(value)s is not a time of day.", value=shown(value)))
        return None

    def hours(self) -> Decimal:
        """How long, to a tenth of an hour."""
        value = self.row.get("hours")
        try:
            hours = Decimal(str(value)) if type(value) in {int, float, str} else Decimal("NaN")
        except InvalidOperation:
            hours = Decimal("NaN")
        if not hours.is_finite() or not 0 < hours <= MAX_HOURS or hours != round(hours, 1):
            self.fault(
                say(
                    "hours must be between 0.1 and %(most)s with one decimal, not %(value)s.",
                    most=MAX_HOURS,
                    value=shown(value),
                )
            )
            return Decimal(1)
        return round(hours, 1)

    def codes(self) -> tuple[str, ...]:
        """What it waits for, each code once."""
        value = self.row.get("depends_on") or []
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            self.fault(say("depends_on is not a list of codes."))
            return ()
        return tuple(dict.fromkeys(value))

    def platforms(self) -> tuple[Platform, ...]:
        """Where it applies; empty for everywhere."""
        value = self.row.get("platforms", "all")
        if value == "all":
            return ()
        names = [str(name) for name in value] if isinstance(value, list) else []
        if not names:
            self.fault(say("platforms is neither all nor a list."))
        unknown = [name for name in names if name not in set(Platform)]
        if unknown:
            self.fault(say("unknown platform %(value)s.", value=", ".join(map(shown, unknown))))
        return tuple(Platform(name) for name in dict.fromkeys(names) if name not in unknown)

    def flag(self, name: str, usual: bool) -> bool:
        """Yes or no."""
        value = self.row.get(name, usual)
        if not isinstance(value, bool):
            self.fault(say("%(field)s is neither true nor false.", field=name))
        return value is True

    def checklist(self) -> tuple[Words, ...]:
        """The lines to tick."""
        value = self.row.get("checklist") or []
        if not isinstance(value, list):
            self.fault(say("checklist is not a list."))
            return ()
        return tuple(self.words("checklist", (200, 300), item if item is not None else "") for item in value)

    def step(self) -> Step:
        """The whole step; read `faults` before using it."""
        for name in sorted(str(name) for name in set(self.row) - FIELDS):
            self.fault(say("unknown field %(field)s.", field=shown(name)))
        priority: Priority = self.choice("priority", Priority, Priority.NEITHER)
        return Step(
            code=self.code,
            phase=self.choice("phase", STEP_PHASES, Phase.PREP),
            stage=self.words("stage", (40, 60)),
            title=self.words("title", (120, 160)),
            role=self.choice("role", Role, Role.OPS),
            due=self.due(),
            due_time=self.due_time(),
            hours=self.hours(),
            depends_on=self.codes(),
            platforms=self.platforms(),
            important=priority in {Priority.IMPORTANT_URGENT, Priority.IMPORTANT},
            urgent=priority in {Priority.IMPORTANT_URGENT, Priority.URGENT},
            must_have=self.flag("must_have", usual=priority is Priority.IMPORTANT_URGENT),
            is_gate=self.flag("gate", usual=False),
            acceptance=self.words("acceptance", (2000, 2000)),
            checklist=self.checklist(),
            needs_evidence=self.flag("evidence", usual=False),
        )


def shown(value: Any) -> str:
    """A value from the file, short enough for a sentence."""
    return str(value)[:60] if isinstance(value, str | int | float) else type(value).__name__
