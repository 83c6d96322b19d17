"""Which phase leads where, and what must be true to leave it."""

from dataclasses import dataclass

from campaigns.campaign.rules import Kind, Phase
from planner.core.errors import Refused
from planner.core.words import Said, say

ORDER = (Phase.PREP, Phase.EXECUTION, Phase.WRAP_UP, Phase.REVIEW, Phase.CLOSED)
NAMES = {
    Phase.PREP: say("Preparation"),
    Phase.EXECUTION: say("Execution"),
    Phase.WRAP_UP: say("Wrap-up"),
    Phase.REVIEW: say("Review"),
    Phase.CLOSED: say("Closed"),
}
# Offers are down and the figures are in: then the review may begin while the rest of wrap-up runs on.
REVIEW_OPENERS = ("W01", "W06")


@dataclass(frozen=True)
class PhaseTask:
    """A task that a gate asks about: a must-have, a gate task, or one of the two steps that open the review."""

    id: int
    code: str
    title: str
    phase: Phase
    must_have: bool
    is_gate: bool
    status: str
    confirmed: bool = False
    owner_name: str = ""

    @property
    def label(self) -> str:
        """Code and title: P11 定品冻结."""
        return f"{self.code} {self.title}".strip()

    @property
    def is_done(self) -> bool:
        """True when the work is done and, for a gate, a second person has confirmed it."""
        return self.status == "done" and (self.confirmed or not self.is_gate)

    @property
    def is_required(self) -> bool:
        """True for a gate and for a must-have that was not called off; calling off a gate does not open it."""
        return self.is_gate or (self.must_have and self.status != "cancelled")


@dataclass(frozen=True)
class PhaseFacts:
    """Where a campaign stands, with every task that any of its gates asks about."""

    kind: Kind
    phase: Phase
    tasks: tuple[PhaseTask, ...] = ()


@dataclass(frozen=True)
class Blocker:
    """One task in the way and why, in words fit for a user."""

    task_id: int
    label: str
    reason: Said


def next_phase(kind: Kind, phase: Phase) -> Phase | None:
    """The phase after this one; None at the end, and for routine work, which has no phases."""
    if kind is Kind.ROUTINE or phase is Phase.CLOSED:
        return None
    return ORDER[ORDER.index(phase) + 1]


def previous_phase(kind: Kind, phase: Phase) -> Phase | None:
    """The phase a step back leads to; closed routine work goes back to where all routine work is."""
    if kind is Kind.ROUTINE:
        return Phase.PREP if phase is Phase.CLOSED else None
    return ORDER[ORDER.index(phase) - 1] if phase is not Phase.PREP else None


def required(facts: PhaseFacts) -> tuple[PhaseTask, ...]:
    """The tasks that must be done before the campaign leaves its phase, done or not."""
    if facts.kind is Kind.ROUTINE:
        return ()
    if facts.phase is Phase.WRAP_UP:
        openers = tuple(task for task in facts.tasks if task.phase is Phase.WRAP_UP and task.code in REVIEW_OPENERS)
        # A plan made by hand has no such steps: there the whole of wrap-up counts.
        if len(openers) == len(REVIEW_OPENERS):
            return openers
    asked = {Phase.WRAP_UP, Phase.REVIEW} if facts.phase is Phase.REVIEW else {facts.phase}
    return tuple(task for task in facts.tasks if task.phase in asked and task.is_required)


def blockers(facts: PhaseFacts) -> tuple[Blocker, ...]:
    """What stands between the campaign and its next phase; empty when it may go on."""
    return tuple(Blocker(task.id, task.label, _why(task)) for task in required(facts) if not task.is_done)


def _why(task: PhaseTask) -> Said:
    if task.status == "done":
        return say("%(task)s is done, but no second person has confirmed it.", task=task.label)
    if task.status == "cancelled":
        return say("%(task)s was cancelled, and a gate is not passed that way.", task=task.label)
    if task.status == "blocked":
        return say("%(task)s is blocked.", task=task.label)
    if task.status == "in_review":
        return say("%(task)s is being checked.", task=task.label)
    if not task.owner_name:
        return say("%(task)s is not done, and nobody has it.", task=task.label)
    return say("%(task)s is not done: %(owner)s has it.", task=task.label, owner=task.owner_name)


def check_advance(facts: PhaseFacts, *, to: Phase, override_reason: str) -> tuple[Blocker, ...]:
    """Refuses a move that is not the next one, or is blocked without a written reason; returns what is overridden."""
    ahead = next_phase(facts.kind, facts.phase)
    if facts.kind is Kind.ROUTINE:
        raise Refused("no_phases", say("Routine work has no phases: it is only closed."))
    if ahead is None or to is not ahead:
        raise Refused(
            "phase_moved",
            say("The campaign is in the phase %(phase)s now: look again before moving it.", phase=NAMES[facts.phase]),
        )
    found = blockers(facts)
    if found and not override_reason.strip():
        raise Refused(
            "phase_blocked",
            say("%(phase)s is not finished. A manager may go on with a written reason.", phase=NAMES[facts.phase]),
            reasons=tuple(blocker.reason for blocker in found),
        )
    return found


def check_step_back(facts: PhaseFacts, *, to: Phase, reason: str) -> None:
    """Refuses a step back without a reason, or to anything but the phase before."""
    if to is not previous_phase(facts.kind, facts.phase):
        raise Refused(
            "phase_moved",
            say("The campaign is in the phase %(phase)s now: look again before moving it.", phase=NAMES[facts.phase]),
        )
    if not reason.strip():
        fault = say("Write down why.")
        raise Refused("reason_missing", say("A step back needs a written reason."), fields={"reason": fault})


def check_close_routine(facts: PhaseFacts) -> None:
    """Refuses to close a promotion this way: it goes through its phases."""
    if facts.kind is not Kind.ROUTINE:
        raise Refused("not_routine", say("A promotion is closed at the end of its review."))
