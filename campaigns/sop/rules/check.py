"""Is a loaded procedure fit for use? Every fault, by step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.campaign.rules import Anchor, Phase, Platform, resolve_anchors
from campaigns.sop.rules.steps import Offset, Priority, Step, Words, in_order
from planner.core.errors import Refused
from planner.core.words import Said, say
from staff.people.rules import Role

MAX_STEPS = 1000
MAX_HOURS = Decimal(1000)
STEP_PHASES = frozenset(Phase) - {Phase.CLOSED}
FIELDS = frozenset(
    {
        "code", "phase", "stage", "title", "role", "due", "due_time", "hours", "depends_on", "platforms", "priority",
        "must_have", "gate", "acceptance", "checklist",
    }
)  # fmt: skip
# A usual campaign: the due dates of a procedure are tried on it before anybody uses them.
REFERENCE_ZONE = ZoneInfo("Asia/Shanghai")
REFERENCE_START = datetime(2025, 10, 20, 12, 0, tzinfo=UTC)
REFERENCE_END = REFERENCE_START + timedelta(days=25)


@dataclass(frozen=True)
class Procedure:
    """A loaded file that may be used."""

    key: str
    name: Words
    steps: tuple[Step, ...]


@dataclass
class _Reader:
    """Reads one step's fields and keeps every fault under the step's code."""

    row: Mapping[str, Any]
    code: str
    faults: list[Said] = field(default_factory=list)

    def fault(self, why: Said) -> None:
        self.faults.append(say("%(step)s: %(fault)s", step=self.code, fault=why))

    def words(self, name: str, lengths: tuple[int, int], value: Any = None) -> Words:
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
        value = self.row.get(name)
        if isinstance(value, str) and value in {str(member) for member in known}:
            return type(fallback)(value)
        self.fault(say("unknown %(field)s %(value)s.", field=name, value=_shown(value)))
        return fallback

    def due(self) -> Offset:
        try:
            return Offset.parse(str(_shown(self.row.get("due"))))
        except Refused as refused:
            self.faults.append(say("%(step)s: %(fault)s", step=self.code, fault=refused.detail))
            return Offset(Anchor.START, 0, in_days=True)

    def due_time(self) -> time | None:
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
        self.fault(say("%(value)s is not a time of day.", value=_shown(value)))
        return None

    def hours(self) -> Decimal:
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
                    value=_shown(value),
                )
            )
            return Decimal(1)
        return round(hours, 1)

    def codes(self) -> tuple[str, ...]:
        value = self.row.get("depends_on") or []
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            self.fault(say("depends_on is not a list of codes."))
            return ()
        return tuple(dict.fromkeys(value))

    def platforms(self) -> tuple[Platform, ...]:
        value = self.row.get("platforms", "all")
        if value == "all":
            return ()
        names = [str(name) for name in value] if isinstance(value, list) else []
        if not names:
            self.fault(say("platforms is neither all nor a list."))
        unknown = [name for name in names if name not in set(Platform)]
        if unknown:
            self.fault(say("unknown platform %(value)s.", value=", ".join(map(_shown, unknown))))
        return tuple(Platform(name) for name in dict.fromkeys(names) if name not in unknown)

    def flag(self, name: str, usual: bool) -> bool:
        value = self.row.get(name, usual)
        if not isinstance(value, bool):
            self.fault(say("%(field)s is neither true nor false.", field=name))
        return value is True

    def checklist(self) -> tuple[Words, ...]:
        value = self.row.get("checklist") or []
        if not isinstance(value, list):
            self.fault(say("checklist is not a list."))
            return ()
        return tuple(self.words("checklist", (200, 300), item if item is not None else "") for item in value)

    def step(self) -> Step:
        for name in sorted(str(name) for name in set(self.row) - FIELDS):
            self.fault(say("unknown field %(field)s.", field=_shown(name)))
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
        )


def read_procedure(data: Any) -> Procedure:
    """The procedure in this loaded file; `Refused("sop_invalid")` with every fault, each led by its step's code."""
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list) or not data["steps"]:
        raise _refused([say("The file needs a key, a name and a list of steps.")])
    head = _Reader(data, "key")
    key = data.get("key")
    if (
        not isinstance(key, str)
        or not key.replace("_", "").replace("-", "").isalnum()
        or not key.isascii()
        or len(key) > 40
    ):
        head.fault(say("the key is a word of up to 40 letters, digits, - or _."))
    name = head.words("name", (80, 120))
    if len(data["steps"]) > MAX_STEPS:
        raise _refused([*head.faults, say("A procedure has at most %(most)s steps.", most=MAX_STEPS)])
    faults, steps = list(head.faults), []
    for position, row in enumerate(data["steps"], start=1):
        code = row.get("code") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(code, str) or not 0 < len(code.strip()) == len(code) <= 12:
            faults.append(say("Step %(position)s: a step needs a code of up to 12 letters.", position=position))
            continue
        reader = _Reader(row, code)
        steps.append(reader.step())
        faults += reader.faults
    faults += check_links(steps)
    if not faults:
        faults = check_order(steps)
    if faults:
        raise _refused(faults)
    return Procedure(str(key), name, tuple(steps))


def check_links(steps: Sequence[Step]) -> list[Said]:
    """Faults between steps: a code twice, a dependency that is not there, a cycle."""
    faults: list[Said] = []
    for code, count in Counter(step.code for step in steps).items():
        if count > 1:
            faults.append(say("%(step)s: the code is used %(count)s times.", step=code, count=count))
    links = {step.code: step.depends_on for step in steps}
    for step in steps:
        unknown = [code for code in step.depends_on if code not in links]
        if unknown:
            names = ", ".join(map(_shown, unknown))
            faults.append(say("%(step)s: depends on %(names)s, which is no step.", step=step.code, names=names))
    _, stuck = in_order(links)
    if stuck:
        circle = " → ".join(_circle(links, stuck))
        faults.append(say("%(step)s: waits for itself: %(circle)s.", step=stuck[0], circle=circle))
    return faults


def check_order(steps: Sequence[Step]) -> list[Said]:
    """Steps that are due before a predecessor in a usual campaign of 25 days with default anchors."""
    resolved = resolve_anchors(REFERENCE_START, REFERENCE_END, {}, REFERENCE_ZONE)
    anchors = {anchor: moment.at for anchor, moment in resolved.items()}
    due = {step.code: step.due.moment(anchors, REFERENCE_ZONE, step.due_time) for step in steps}
    return [
        say(
            "%(step)s: due at %(due)s, before its predecessor %(before)s at %(other)s.",
            step=step.code,
            due=step.due,
            before=code,
            other=next(other.due for other in steps if other.code == code),
        )
        for step in steps
        for code in step.depends_on
        if due[step.code] < due[code]
    ]


def _circle(links: Mapping[str, Sequence[str]], stuck: Sequence[str]) -> list[str]:
    """One way round a circle among the stuck codes: each stuck code waits for another stuck one."""
    path = [stuck[0]]
    while True:
        code = next(before for before in links[path[-1]] if before in stuck)
        if code in path:
            return [*path[path.index(code) :], code]
        path.append(code)


def _refused(faults: Sequence[Said]) -> Refused:
    detail = say("This procedure cannot be used: %(count)s faults. Nothing was written.", count=len(faults))
    return Refused("sop_invalid", detail, reasons=tuple(faults))


def _shown(value: Any) -> str:
    """A value from the file, short enough for a sentence."""
    return str(value)[:60] if isinstance(value, str | int | float) else type(value).__name__
