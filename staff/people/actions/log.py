"""The one door to the team's log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from staff.people.models import TeamEvent
from staff.people.rules import Actor


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
