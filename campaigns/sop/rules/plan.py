"""A procedure on real dates: which steps apply, when they are due, what the calendar moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.board.rules import TaskDraft
from campaigns.campaign.rules import Anchor, Phase, Platform
from campaigns.sop.rules.steps import Step, bridge
from staff.calendars.rules import HOURS_A_DAY, WorkCalendar
from staff.people.rules import SHIFT_ROLES, Role


@dataclass(frozen=True)
class Selection:
    """The steps that apply to the chosen platforms, re-linked around those left out."""

    steps: tuple[Step, ...]
    platforms: Mapping[str, tuple[Platform, ...]]
    links: Mapping[str, tuple[str, ...]]
    # Every code after its predecessors.
    order: tuple[str, ...]
    left_out: tuple[Step, ...]


class MoveKind(StrEnum):
    """Why a due moment is not where its offset puts it."""

    # Off a day that is not worked.
    DAY_OFF = "day_off"
    # Together with a successor that left a day off.
    WITH_SUCCESSOR = "with_successor"
    # The offset put it before a predecessor.
    TO_PREDECESSOR = "to_predecessor"


@dataclass(frozen=True)
class Move:
    """One reason for a move; `code` names the other step where there is one."""

    kind: MoveKind
    code: str = ""


@dataclass(frozen=True)
class PlannedTask:
    """A step on its dates, in the team's zone."""

    step: Step
    platforms: tuple[Platform, ...]
    depends_on: tuple[str, ...]
    raw_due: datetime
    due_at: datetime
    start_at: datetime
    # The public holiday that the raw due date falls in.
    holiday: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Plan:
    """Every task of a campaign in the procedure's order."""

    tasks: tuple[PlannedTask, ...]
    left_out: tuple[Step, ...]


def select(steps: Sequence[Step], chosen: Sequence[Platform]) -> Selection:
    """Leaves out steps none of whose platforms is chosen, and links their predecessors to their successors."""
    platforms = {
        step.code: tuple(platform for platform in chosen if not step.platforms or platform in step.platforms)
        for step in steps
    }
    stays = {code for code, applies in platforms.items() if applies}
    links, order = bridge({step.code: step.depends_on for step in steps}, stays)
    return Selection(
        steps=tuple(step for step in steps if step.code in stays),
        platforms=platforms,
        links=links,
        order=order,
        left_out=tuple(step for step in steps if step.code not in stays),
    )


class _Dates:
    """The due moments of one plan while the rules move them; every move is kept with its reason."""

    def __init__(self, selection: Selection, raw: Mapping[str, datetime]) -> None:
        self.links, self.order = selection.links, selection.order
        self.due = dict(raw)
        self.moves: dict[str, list[Move]] = {code: [] for code in raw}

    def push_behind_predecessors(self) -> None:
        """No step is due before a predecessor: it takes the latest predecessor's due."""
        due = self.due
        for code in self.order:
            for before in self.links[code]:
                if due[before] > due[code]:
                    due[code] = due[before]
                    self.moves[code].append(Move(MoveKind.TO_PREDECESSOR, before))

    def leave_days_off(self, steps: Sequence[Step], calendar: WorkCalendar) -> None:
        """The holiday rule: office preparation moves back to a working day, review moves on to one, duty stays.

        A predecessor that would now be due after such a step takes the same due, whatever it is.
        """
        settled = dict(self.due)
        for step in steps:
            day = self.due[step.code].date()
            worked = day
            if step.due.in_days and step.phase is Phase.REVIEW:
                worked = calendar.first_workday(day)
            elif step.due.in_days and step.phase is Phase.PREP and step.role not in SHIFT_ROLES:
                worked = calendar.last_workday(day)
            if worked != day:
                self.due[step.code] = datetime.combine(worked, self.due[step.code].timetz())
                self.moves[step.code].append(Move(MoveKind.DAY_OFF))
        due = self.due
        for code in reversed(self.order):
            if due[code] < settled[code]:
                for before in self.links[code]:
                    if due[before] > due[code]:
                        due[before] = due[code]
                        self.moves[before].append(Move(MoveKind.WITH_SUCCESSOR, code))


def place(
    selection: Selection,
    *,
    anchors: Mapping[Anchor, datetime],
    calendar: WorkCalendar,
    zone: ZoneInfo,
    capacities: Mapping[Role, Decimal] | None = None,
) -> Plan:
    """The selected steps on their dates; `capacities` are the role holders' hours a day, 6 where unknown."""
    raw = {step.code: step.due.moment(anchors, zone, step.due_time) for step in selection.steps}
    dates = _Dates(selection, raw)
    dates.push_behind_predecessors()
    dates.leave_days_off(selection.steps, calendar)
    dates.push_behind_predecessors()
    due = dates.due
    starts = _starts(selection, due, calendar, capacities or {})
    return Plan(
        tasks=tuple(
            PlannedTask(
                step=step,
                platforms=selection.platforms[step.code],
                depends_on=selection.links[step.code],
                raw_due=raw[step.code],
                due_at=due[step.code],
                start_at=starts[step.code],
                holiday=calendar.holidays.get(raw[step.code].date(), ""),
                moves=tuple(dates.moves[step.code]),
            )
            for step in selection.steps
        ),
        left_out=selection.left_out,
    )


def _starts(
    selection: Selection, due: Mapping[str, datetime], calendar: WorkCalendar, capacities: Mapping[Role, Decimal]
) -> dict[str, datetime]:
    """When to begin each step: the hours before its due, but not before what comes before it in execution is over."""
    steps = {step.code: step for step in selection.steps}
    # The latest due in execution on any way to a step: owner and helpers share hours that do not fit in between.
    floors: dict[str, datetime | None] = {}
    starts: dict[str, datetime] = {}
    for code in selection.order:
        step, floor = steps[code], None
        for before in selection.links[code]:
            executed = Phase.EXECUTION in {step.phase, steps[before].phase}
            for bound in (floors[before], due[before] if executed else None):
                floor = bound if floor is None or (bound and bound > floor) else floor
        begin = calendar.start_of_work(due[code], step.hours, capacities.get(step.role, HOURS_A_DAY))
        floors[code], starts[code] = floor, max(begin, floor or begin)
    return starts


def expand(
    steps: Sequence[Step],
    *,
    anchors: Mapping[Anchor, datetime],
    calendar: WorkCalendar,
    platforms: Sequence[Platform],
    zone: ZoneInfo,
    capacities: Mapping[Role, Decimal] | None = None,
) -> Plan:
    """The whole way from steps to a dated plan."""
    return place(select(steps, platforms), anchors=anchors, calendar=calendar, zone=zone, capacities=capacities)


def to_drafts(plan: Plan, owners: Mapping[Role, int]) -> tuple[TaskDraft, ...]:
    """The plan as the board takes it; a task belongs to the person who holds its role."""
    return tuple(
        TaskDraft(
            code=task.step.code,
            title=task.step.title.zh,
            title_en=task.step.title.en,
            acceptance=task.step.acceptance.zh,
            acceptance_en=task.step.acceptance.en,
            phase=task.step.phase,
            stage=task.step.stage.zh,
            stage_en=task.step.stage.en,
            role=task.step.role,
            platforms=tuple(task.platforms),
            owner_id=owners.get(task.step.role),
            important=task.step.important,
            urgent=task.step.urgent,
            must_have=task.step.must_have,
            is_gate=task.step.is_gate,
            start_at=task.start_at,
            due_at=task.due_at,
            estimate_hours=task.step.hours,
            depends_on=task.depends_on,
            checklist=tuple((item.zh, item.en) for item in task.step.checklist),
            needs_evidence=task.step.needs_evidence,
        )
        for task in plan.tasks
    )
