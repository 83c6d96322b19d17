"""Tasks from lines: each is read, then made by the verbs that everybody uses."""

from datetime import datetime

from django.db import transaction

from campaigns.board.actions.create import create_task
from campaigns.board.actions.people import set_helpers
from campaigns.board.queries.quick import QuickScreen, quick_screen
from campaigns.board.rules.quick import Reading
from campaigns.campaign.queries import lock_campaign
from planner.core.errors import Refused
from planner.core.words import Said, say
from staff.people.rules import Actor


@transaction.atomic
def quick_add(
    *,
    actor: Actor,
    lines: str,
    campaign_id: int | None = None,
    as_of: datetime | None = None,
    seen: str = "",
    now: datetime,
) -> tuple[int, ...]:
    """One task a line, all of them or none; returns their ids in the order of the lines.

    `as_of` and `seen` come from the reading that was shown: what would be saved now must be what was seen.
    """
    screen = quick_screen(actor, lines, campaign_id=campaign_id, as_of=as_of, now=now)
    _check_clear(screen)
    if seen and seen != screen.tag:
        raise Refused("read_anew", say("This is read otherwise by now: look at it once more, then save."))
    # In one order, so that two who paste many lines never wait for each other.
    for pk in sorted({reading.campaign.id for reading in screen.readings if reading.campaign}):
        lock_campaign(actor, pk)
    return tuple(_make(actor, reading, now) for reading in screen.readings)


def _check_clear(screen: QuickScreen) -> None:
    if screen.is_clear:
        return
    if not screen.readings:
        fault = say("What is to be done? Write it in a few words.")
        raise Refused("unclear", fault, fields={"lines": fault})
    faults: dict[str, Said] = {}
    for number, issue in screen.blocking:
        where = f"lines.{number}.{issue.part}"
        said = say("Line %(number)s: %(fault)s", number=number, fault=issue.said) if screen.is_many else issue.said
        faults.setdefault(where, said)
    detail = say("Not everything is clear yet: nothing was saved.")
    raise Refused("unclear", detail, reasons=tuple(faults.values()), fields=faults)


def _make(actor: Actor, reading: Reading, now: datetime) -> int:
    campaign = reading.campaign
    if campaign is None:
        raise Refused("unclear", say("Not everything is clear yet: nothing was saved."))
    task_id = create_task(
        actor=actor,
        campaign_id=campaign.id,
        title=reading.title,
        role=reading.role,
        owner_id=reading.owner.id if reading.owner else None,
        due_at=reading.due_at,
        estimate_hours=reading.estimate_hours,
        important=reading.important,
        urgent=reading.urgent,
        must_have=reading.must_have,
        now=now,
    )
    if reading.helpers:
        set_helpers(actor=actor, task_id=task_id, user_ids=[each.id for each in reading.helpers], now=now)
    return task_id
