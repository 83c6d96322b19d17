"""Is a loaded procedure fit for use? Every fault, by step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.campaign.rules import resolve_anchors
from campaigns.sop.rules.reading import Reader, shown
from campaigns.sop.rules.steps import Step, Words, in_order
from planner.core.errors import Refused
from planner.core.words import Said, say

MAX_STEPS = 1000
# A usual campaign: the due dates of a procedure are tried on it before anybody uses them.
REFERENCE_ZONE = ZoneInfo("Asia/Shanghai")
REFERENCE_START = datetime(2025, 10, 20, 12, 0, tzinfo=UTC)
REFERENCE_END = REFERENCE_START + timedelta(days=25)


@dataclass(frozen=True)
class Head:
    """What a file says about itself; `purpose` is one line on what the procedure is for."""

    key: str
    name: Words
    purpose: Words


@dataclass(frozen=True)
class Procedure:
    """A loaded file that may be used."""

    head: Head
    steps: tuple[Step, ...]

    @property
    def key(self) -> str:
        """The word it is known by."""
        return self.head.key


def read_procedure(data: Any) -> Procedure:
    """The procedure in this loaded file; `Refused("sop_invalid")` with every fault, each led by its step's code."""
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list) or not data["steps"]:
        raise refused([say("The file needs a key, a name and a list of steps.")])
    head, faults = read_head(data)
    if len(data["steps"]) > MAX_STEPS:
        raise refused([*faults, too_many()])
    steps, found = read_rows(data["steps"])
    return checked(head, steps, [*faults, *found])


def too_many() -> Said:
    """The fault of a procedure without end."""
    return say("A procedure has at most %(most)s steps.", most=MAX_STEPS)


def is_key(key: Any) -> bool:
    """True for a word that may name a procedure."""
    return isinstance(key, str) and key.replace("_", "").replace("-", "").isalnum() and key.isascii() and len(key) <= 40


def read_head(data: Mapping[str, Any]) -> tuple[Head, list[Said]]:
    """Key, name and purpose with their faults."""
    reader = Reader(data, "key")
    if not is_key(data.get("key")):
        reader.fault(say("the key is a word of up to 40 letters, digits, - or _."))
    name = reader.words("name", (80, 120))
    purpose = reader.words("purpose", (200, 300)) if "purpose" in data else Words("")
    return Head(str(data.get("key")), name, purpose), reader.faults


def read_rows(rows: Sequence[Any]) -> tuple[list[Step], list[Said]]:
    """The steps of a list with their faults; a row without a code is only a fault."""
    faults: list[Said] = []
    steps: list[Step] = []
    for position, row in enumerate(rows, start=1):
        code = row.get("code") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(code, str) or not 0 < len(code.strip()) == len(code) <= 12:
            faults.append(say("Step %(position)s: a step needs a code of up to 12 letters.", position=position))
            continue
        reader = Reader(row, code)
        steps.append(reader.step())
        faults += reader.faults
    return steps, faults


def checked(head: Head, steps: Sequence[Step], faults: Sequence[Said]) -> Procedure:
    """The procedure of these steps, or the refusal with what was found and what is wrong between the steps."""
    found = [*faults, *check_links(steps)]
    if not found:
        found = check_order(steps)
    if found:
        raise refused(found)
    return Procedure(head, tuple(steps))


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
            names = ", ".join(map(shown, unknown))
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


def refused(faults: Sequence[Said]) -> Refused:
    """The refusal that names every fault."""
    detail = say("This procedure cannot be used: %(count)s faults. Nothing was written.", count=len(faults))
    return Refused("sop_invalid", detail, reasons=tuple(faults))
