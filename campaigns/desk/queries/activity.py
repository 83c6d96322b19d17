"""What happened last, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.board.queries.words import shown_value
from campaigns.campaign.queries import EventLine
from campaigns.desk.rules.activity import sentence
from planner.core.words import Said
from planner.web.templatetags.words import label


@dataclass(frozen=True)
class Activity:
    """One event, ready to read; `task_id` leads to the task it is about."""

    at: datetime
    sentence: Said
    reason: str
    task_id: int | None
    # (field, before, after) in words.
    changes: tuple[tuple[str, str, str], ...]


# The machine's own business; and what the sentence says already.
UNSHOWN = frozenset({"version", "position", "assigned_at", "due_changes", "comment_id", "task_id", "body"})
SAID = frozenset({"status", "phase", "done_at", "done_by_id", "confirmed_at", "confirmed_by_id", "actual_hours"})


def _changes(event: EventLine, names: Mapping[int, str]) -> tuple[tuple[str, str, str], ...]:
    found = (
        (label(name), shown_value(name, event.before[name], names), shown_value(name, event.after.get(name), names))
        for name in event.before
        if name not in UNSHOWN | SAID and isinstance(event.before[name], str | int | float | bool | list | None)
    )
    return tuple(change for change in found if change[1] != change[2])


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
            changes=_changes(event, names),
        )
        for event in events
    )
