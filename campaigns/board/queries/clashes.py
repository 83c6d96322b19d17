"""What somebody changed to something else while a form was open: both values, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.board.models import ChecklistItem
from campaigns.board.queries.facts import visible_tasks
from campaigns.board.queries.words import names_of, people_in, shown_value
from campaigns.board.rules import TaskFacts, clashes
from campaigns.campaign.queries import fields_touched_since
from planner.core.errors import Missing
from planner.web.words import in_language
from staff.people.rules import Actor


@dataclass(frozen=True)
class FieldClash:
    """A field that two people changed: what it holds now, and what its reader wanted."""

    name: str
    theirs: str
    yours: str


def field_clashes(facts: TaskFacts, version: int | None, yours: Mapping[str, Any]) -> tuple[FieldClash, ...]:
    """The fields of `yours` that were changed since `version` to something else, by name."""
    if version is None or version == facts.version:
        return ()
    # One that is newer than the task nobody can have seen.
    touched = frozenset(yours) if version > facts.version else fields_touched_since("task", facts.id, version)
    stale = sorted(clashes(facts, touched, yours))
    now = {name: getattr(facts, name) for name in stale}
    names = names_of(pk for name in stale for value in (now[name], yours[name]) for pk in people_in(name, value))
    return tuple(
        FieldClash(name, shown_value(name, now[name], names), shown_value(name, yours[name], names)) for name in stale
    )


def item_text(actor: Actor, item_id: int) -> str:
    """What a line of a checklist says to this reader now, or `Missing`."""
    row = ChecklistItem.objects.filter(pk=item_id, task__in=visible_tasks(actor)).first()
    if row is None:
        raise Missing
    return in_language(row.text, row.text_en)
