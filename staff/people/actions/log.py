"""The one door to the team's log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from staff.people.models import TeamEvent
from staff.people.queries import LogFilter, TeamEventLine, log_lines, names_of_team
from staff.people.rules import EXPORT_LINES, Actor, check_export


def record_team_event(
    *,
    team_id: int,
    actor: Actor,
    verb: str,
    subject_kind: str,
    subject_id: int,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Appends to the team's log; call it inside the verb's transaction."""
    TeamEvent.objects.create(
        team_id=team_id,
        actor_id=actor.user_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        before=dict(before or {}),
        after=dict(after or {}),
        at=now,
    )


@transaction.atomic
def export_log(*, actor: Actor, team_id: int, asked: LogFilter, now: datetime) -> list[TeamEventLine]:
    """The lines of the team's log that the filter lets through, for its managers; that they were taken is logged."""
    lines = log_lines(actor, team_id, asked, limit=EXPORT_LINES + 1)
    check_export(len(lines))
    record_team_event(
        team_id=team_id,
        actor=actor,
        verb="export_log",
        subject_kind="team",
        subject_id=team_id,
        after={"rows": len(lines), **export_words(asked, team_id)},
        now=now,
    )
    return lines


def export_words(asked: LogFilter, team_id: int) -> dict[str, Any]:
    """What an export asked for, as a log keeps it."""
    person = names_of_team(team_id).get(asked.person or 0, "")
    taken = {"person": person, "verb": asked.verb, "since": asked.since, "until": asked.until}
    return {name: value for name, value in taken.items() if value}
