"""A procedure derived from another one: what it leaves out, changes and adds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from campaigns.campaign.rules import Phase
from campaigns.sop.rules.check import MAX_STEPS, Procedure, checked, is_key, read_head, read_rows, refused, too_many
from campaigns.sop.rules.reading import Reader, shown
from campaigns.sop.rules.steps import Priority, Step, bridge
from planner.core.words import Said, say

HEAD_FIELDS = frozenset({"key", "name", "purpose", "base", "keep", "drop", "change", "add"})


def base_key(data: Any) -> str | None:
    """The key of the procedure that this file is derived from; None when the file stands alone."""
    if not isinstance(data, dict) or "base" not in data:
        return None
    key = data["base"]
    if not is_key(key):
        raise refused([say("base: the key is a word of up to 40 letters, digits, - or _.")])
    return str(key)


def no_base(key: str) -> Said:
    """The fault of a base that is not there."""
    return say("base: there is no template %(key)s to derive from.", key=key)


def leave_out(steps: Sequence[Step], codes: Collection[str]) -> tuple[Step, ...]:
    """The steps without these, the predecessors of what is left out linked to its successors."""
    stays = {step.code for step in steps} - set(codes)
    links, _ = bridge({step.code: step.depends_on for step in steps}, stays)
    return tuple(replace(step, depends_on=links[step.code]) for step in steps if step.code in stays)


def read_derived(data: Mapping[str, Any], base: Sequence[Step]) -> Procedure:
    """The procedure that this file makes of the base's steps; `Refused("sop_invalid")` with every fault, by step.

    Leaving out comes first and re-links; a change replaces whole fields of a step that stays, so its `depends_on` is a
    re-link of its own; what is added follows the last step of its phase.
    """
    head, faults = read_head(data)
    for name in sorted(str(name) for name in set(data) - HEAD_FIELDS):
        faults.append(say("key: unknown field %(field)s.", field=shown(name)))
    left_out, found = _left_out(data, [step.code for step in base])
    faults += found
    steps, found = _changed(leave_out(base, left_out), data.get("change") or {}, left_out)
    faults += found
    rows = data.get("add") or []
    if not isinstance(rows, list):
        faults.append(say("add: is not a list of steps."))
        rows = []
    if len(steps) + len(rows) > MAX_STEPS:
        raise refused([*faults, too_many()])
    added, found = read_rows(rows)
    faults += found
    if not steps and not added:
        faults.append(say("No step is left."))
    return checked(head, _joined(steps, added), faults)


def _left_out(data: Mapping[str, Any], known: Sequence[str]) -> tuple[frozenset[str], list[Said]]:
    named, faults = {}, []
    for field in ("keep", "drop"):
        if field not in data:
            continue
        codes = data[field]
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            faults.append(say("%(field)s: is not a list of codes.", field=field))
            continue
        named[field] = codes
        faults += [_unknown(code, field) for code in dict.fromkeys(codes) if code not in known]
    if "keep" in data and "drop" in data:
        faults.append(say("Say what is kept or what is dropped, not both."))
    elif "keep" in named:
        return frozenset(known) - set(named["keep"]), faults
    return frozenset(named.get("drop", ())) & set(known), faults


def _unknown(code: str, field: str) -> Said:
    return say("%(step)s: is named in %(field)s, but the base has no such step.", step=shown(code), field=field)


def _changed(steps: Sequence[Step], changes: Any, left_out: Collection[str]) -> tuple[list[Step], list[Said]]:
    if not isinstance(changes, dict):
        return list(steps), [say("change: is not a table of codes and fields.")]
    faults: list[Said] = []
    by_code = {step.code: step for step in steps}
    for code, fields in changes.items():
        if code in left_out:
            faults.append(say("%(step)s: is left out and changed.", step=code))
        elif code not in by_code:
            faults.append(_unknown(code, "change"))
        elif not isinstance(fields, dict) or "code" in fields:
            faults.append(say("%(step)s: a change names fields, and not the code.", step=code))
        else:
            reader = Reader({**row_of(by_code[code]), **fields}, code)
            by_code[code] = reader.step()
            faults += reader.faults
    return list(by_code.values()), faults


def row_of(step: Step) -> dict[str, Any]:
    """The step as a file has it: reading this again gives the same step."""
    priority = {
        (True, True): Priority.IMPORTANT_URGENT,
        (True, False): Priority.IMPORTANT,
        (False, True): Priority.URGENT,
        (False, False): Priority.NEITHER,
    }
    return {
        "code": step.code,
        "phase": str(step.phase),
        "stage": {"zh": step.stage.zh, "en": step.stage.en},
        "title": {"zh": step.title.zh, "en": step.title.en},
        "role": str(step.role),
        "due": str(step.due),
        "due_time": f"{step.due_time:%H:%M:%S}" if step.due_time else None,
        "hours": str(step.hours),
        "depends_on": list(step.depends_on),
        "platforms": [str(platform) for platform in step.platforms] or "all",
        "priority": str(priority[step.important, step.urgent]),
        "must_have": step.must_have,
        "gate": step.is_gate,
        "evidence": step.needs_evidence,
        "acceptance": {"zh": step.acceptance.zh, "en": step.acceptance.en},
        "checklist": [{"zh": item.zh, "en": item.en} for item in step.checklist],
    }


def _joined(steps: Sequence[Step], added: Sequence[Step]) -> list[Step]:
    order, joined = list(Phase), list(steps)
    for step in added:
        upto = order.index(step.phase)
        # Behind the last step of its phase or of an earlier one.
        places = [place for place, other in enumerate(joined, start=1) if order.index(other.phase) <= upto]
        joined.insert(places[-1] if places else 0, step)
    return joined
