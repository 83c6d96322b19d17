"""From facts to findings: what is wrong, how bad it is, and what to do about it."""

from collections.abc import Iterable

from campaigns.upkeep.rules.doctor import ground, parts
from campaigns.upkeep.rules.doctor.findings import Area, Finding, Grade
from campaigns.upkeep.rules.facts import Facts

__all__ = ["Area", "Finding", "Grade", "exit_code", "findings", "worst"]

GRADES = list(Grade)
AREAS = list(Area)


def findings(facts: Facts) -> tuple[Finding, ...]:
    """Everything that can be said, area by area; each area that could be looked at says at least that it is fine."""
    found: list[Finding] = [
        *ground.settings(facts.build),
        *parts.database(facts.database),
        *parts.broker(facts.broker),
        *parts.processes(facts),
        *parts.sweeps(facts),
        *ground.mail(facts.mail),
        *ground.clocks(facts),
        *ground.disk(facts.disk),
        *ground.backup(facts),
        *ground.calendar(facts),
        *ground.secret(facts),
        *ground.files(facts.build),
    ]
    return tuple(sorted(found, key=lambda finding: AREAS.index(finding.area)))


def worst(found: Iterable[Finding]) -> Grade:
    """The grade of the worst finding."""
    return max((finding.grade for finding in found), key=GRADES.index, default=Grade.OK)


def exit_code(found: Iterable[Finding]) -> int:
    """0 fine, 1 warnings, 2 faults."""
    return GRADES.index(worst(found))
