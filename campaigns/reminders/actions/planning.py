"""Writing down what has come due. Two sweeps at once, or one that is repeated, write nothing twice."""

from datetime import datetime

from django.db import transaction

from campaigns.reminders.models import Delivery
from campaigns.reminders.queries.planning import lines_to_plan
from campaigns.reminders.rules.kinds import Line
from campaigns.reminders.rules.sending import REVIVABLE, Reason, State, state_when_planned
from planner.core.crash import crash_point
from staff.runs.queries import last_restore

# Small enough that the writer's lock is free again in a moment.
BATCH = 500


def plan_deliveries(*, now: datetime) -> int:
    """Writes a line for every message whose moment has come; returns how many were found.

    What was due before the last restore is written down as held back.
    """
    crash_point("plan.before")
    lines = lines_to_plan(now)
    restore = last_restore() if lines else None
    for start in range(0, len(lines), BATCH):
        _write(lines[start : start + BATCH], restore.restored_at if restore else None, now)
    crash_point("plan.after")
    return len(lines)


@transaction.atomic
def _write(lines: list[Line], restored_at: datetime | None, now: datetime) -> None:
    states = [state_when_planned(line.due_at, restored_at) for line in lines]
    Delivery.objects.bulk_create(
        [
            Delivery(
                campaign_id=line.campaign_id,
                task_id=line.task_id,
                recipient_id=line.recipient_id,
                kind=line.kind,
                channel=line.channel,
                subject=line.subject,
                occurrence=line.occurrence,
                due_at=line.due_at,
                state=state,
                reason=_reason(state),
                next_try_at=line.due_at,
                created_at=now,
            )
            for line, state in zip(lines, states, strict=True)
        ],
        ignore_conflicts=True,
    )
    crash_point("plan.inside")
    for wanted in (State.PLANNED, State.QUARANTINED):
        _revive([line for line, state in zip(lines, states, strict=True) if state is wanted], wanted, now)


def _reason(state: State) -> str:
    return Reason.RESTORED if state is State.QUARANTINED else ""


def _revive(lines: list[Line], state: State, now: datetime) -> None:
    # A line that was kept silent for a reason now gone (done, then undone) is the same occurrence: it is planned again.
    if not lines:
        return
    wanted = {(line.kind.value, line.subject, line.occurrence, line.recipient_id, line.channel.value) for line in lines}
    silent = Delivery.objects.filter(
        state=State.SUPPRESSED,
        reason__in=REVIVABLE,
        kind__in={line.kind for line in lines},
        subject__in={line.subject for line in lines},
    ).values_list("pk", "kind", "subject", "occurrence", "recipient_id", "channel")
    ids = [pk for pk, *key in silent if tuple(key) in wanted]
    if ids:
        Delivery.objects.filter(pk__in=ids, state=State.SUPPRESSED).update(
            state=state, reason=_reason(state), attempts=0, next_try_at=now
        )
