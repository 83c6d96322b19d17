"""What happened last, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.campaign.queries import EventLine
from campaigns.desk.rules.activity import sentence
from planner.core.words import Said


@dataclass(frozen=True)
class Activity:
    """One event, ready to read; `task_id` leads to the task it is about."""

    at: datetime
    sentence: Said
    reason: str
    task_id: int | None


def activities(events: Iterable[EventLine], names: Mapping[int, str]) -> tuple[Activity, ...]:
    """The events in words, in their order; `names` are the team's people by user id."""
    return tuple(
        Activity(
            at=event.at,
            sentence=sentence(
                event.verb, actor=event.actor_name, subject=event.subject_label, after=event.after, names=names
            ),
            reason=event.reason,
            task_id=event.subject_id if event.subject_kind == "task" else None,
        )
        for event in events
    )
