"""What a plan would bring, told before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from campaigns.campaign.rules import Anchor, AnchorMoment, Phase
from campaigns.sop.rules.plan import Move, MoveKind, Plan, PlannedTask
from campaigns.sop.rules.steps import Step
from planner.core.words import Said, say
from staff.calendars.rules import WorkCalendar
from staff.people.rules import Role


def fill_roles(given: Mapping[Role, int | None], holders: Mapping[Role, Sequence[int]]) -> dict[Role, int]:
    """The person per role: as given, where None means nobody; else the only one in the team who holds the role."""
    only = {role: people[0] for role, people in holders.items() if len(people) == 1}
    return {role: person for role, person in {**only, **given}.items() if person is not None}


REASONS = {
    MoveKind.DAY_OFF: say("Moved off a day that is not worked."),
    MoveKind.WITH_SUCCESSOR: say("Takes the due moment of %(code)s, which leaves a day off."),
    MoveKind.TO_PREDECESSOR: say("Pulled to its predecessor %(code)s."),
}


def reasons_of(moves: Sequence[Move]) -> tuple[Said, ...]:
    """Why a task is due when it is; a task that stays on a holiday is on duty then."""
    if not moves:
        return (say("Stays: on duty."),)
    return tuple(Said(REASONS[move.kind].text, {"code": move.code}) for move in moves)


def used_anchors(steps: Sequence[Step]) -> frozenset[Anchor]:
    """The anchors that a campaign of these steps needs: start and end, and the optional ones that a step hangs on."""
    return frozenset({Anchor.START, Anchor.END, *(step.due.anchor for step in steps)})


@dataclass(frozen=True)
class Tally:
    """How much."""

    tasks: int
    hours: Decimal

    @classmethod
    def of(cls, tasks: Sequence[PlannedTask]) -> "Tally":
        """The count and the hours of these tasks."""
        return cls(len(tasks), sum((task.step.hours for task in tasks), Decimal(0)))


@dataclass(frozen=True)
class Week:
    """A week of one role: the hours of what is due in it, and those that its person has."""

    monday: date
    hours: Decimal
    fits: Decimal

    @property
    def is_over(self) -> bool:
        """True when more is due than fits in."""
        return self.hours > self.fits


def busiest_week(tasks: Sequence[PlannedTask], calendar: WorkCalendar, hours_a_day: Decimal) -> Week | None:
    """The week that has the most hours beyond what fits in, or comes nearest to it; None without tasks."""
    hours: dict[date, Decimal] = {}
    for task in tasks:
        monday = task.due_at.date() - timedelta(days=task.due_at.weekday())
        hours[monday] = hours.get(monday, Decimal(0)) + task.step.hours
    weeks = [
        Week(monday, due, hours_a_day * sum(calendar.is_workday(monday + timedelta(days=day)) for day in range(7)))
        for monday, due in sorted(hours.items())
    ]
    return max(weeks, key=lambda week: week.hours - week.fits, default=None)


@dataclass(frozen=True)
class Preview:
    """What a plan would bring, before anything is written."""

    total: Tally
    by_phase: Mapping[Phase, Tally]
    by_role: Mapping[Role, Tally]
    by_both: Mapping[tuple[Role, Phase], Tally]
    late: tuple[PlannedTask, ...]
    # Preparation whose own date falls in a public holiday, moved or not.
    collisions: tuple[PlannedTask, ...]
    # Everything else that is not due where its offset puts it.
    moved: tuple[PlannedTask, ...]
    roles_without_person: tuple[Role, ...]
    provisional_years: tuple[int, ...]
    # Those that a step hangs on, applied to the chosen platforms or not.
    anchors: Mapping[Anchor, AnchorMoment]
    left_out: tuple[Step, ...]
    # Of every role whose person's hours are known.
    busiest: Mapping[Role, Week]


def preview_of(
    plan: Plan,
    *,
    anchors: Mapping[Anchor, AnchorMoment],
    calendar: WorkCalendar,
    owners: Mapping[Role, int],
    capacities: Mapping[Role, Decimal],
    now: datetime,
) -> Preview:
    """Sums the plan up and names what needs a look."""
    tasks = plan.tasks
    phases = [phase for phase in Phase if any(task.step.phase is phase for task in tasks)]
    roles = [role for role in Role if any(task.step.role is role for task in tasks)]
    collisions = tuple(task for task in tasks if task.holiday and task.step.phase is Phase.PREP)
    listed = {task.step.code for task in collisions}
    used = used_anchors([*(task.step for task in tasks), *plan.left_out])
    years = {moment.year for task in tasks for moment in (task.start_at, task.raw_due, task.due_at)}
    return Preview(
        total=Tally.of(tasks),
        by_phase={phase: Tally.of([task for task in tasks if task.step.phase is phase]) for phase in phases},
        by_role={role: Tally.of([task for task in tasks if task.step.role is role]) for role in roles},
        by_both={
            (role, phase): Tally.of([task for task in tasks if task.step.role is role and task.step.phase is phase])
            for role in roles
            for phase in phases
        },
        late=tuple(task for task in tasks if task.due_at < now),
        collisions=collisions,
        moved=tuple(task for task in tasks if task.moves and task.step.code not in listed),
        roles_without_person=tuple(role for role in roles if role not in owners),
        provisional_years=tuple(year for year in sorted(years) if calendar.is_provisional(year)),
        anchors={anchor: moment for anchor, moment in anchors.items() if anchor in used},
        left_out=plan.left_out,
        busiest={
            role: week
            for role, hours in capacities.items()
            if (week := busiest_week([task for task in tasks if task.step.role is role], calendar, hours))
        },
    )
