"""What was found, ready to show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from campaigns.board.rules import Status
from campaigns.campaign.rules import Phase
from campaigns.desk.rules.search import Asked, Piece
from planner.core.words import Said, say

MOST_TASKS = 20
MOST_OTHERS = 8
HitT = TypeVar("HitT")


@dataclass(frozen=True)
class Group(Generic[HitT]):
    """The best of one kind; `total` counts all that were found."""

    hits: tuple[HitT, ...] = ()
    total: int = 0
    # How well the first one matches, 0 the best.
    best: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.hits)


@dataclass(frozen=True)
class TaskHit:
    """A task that was found."""

    id: int
    code: str
    title: str
    pieces: tuple[Piece, ...]
    status: Status
    owner_name: str
    due_at: datetime | None
    is_late: bool
    campaign_id: int
    campaign_name: str


@dataclass(frozen=True)
class CampaignHit:
    """A campaign that was found."""

    id: int
    name: str
    pieces: tuple[Piece, ...]
    phase: Phase
    is_routine: bool
    is_archived: bool
    team_name: str


@dataclass(frozen=True)
class PersonHit:
    """A colleague who was found; `managed_team_id` is the team in which the reader may change their place."""

    id: int
    name: str
    login: str
    pieces: tuple[Piece, ...]
    team_id: int
    team_names: tuple[str, ...]
    managed_team_id: int | None


@dataclass(frozen=True)
class TemplateHit:
    """A procedure that was found, at its newest version."""

    id: int
    version_id: int
    name: str
    purpose: str
    pieces: tuple[Piece, ...]
    team_name: str


@dataclass(frozen=True)
class Found:
    """Everything that was found, by kind."""

    asked: Asked
    campaigns: Group[CampaignHit]
    tasks: Group[TaskHit]
    people: Group[PersonHit]
    templates: Group[TemplateHit]

    @property
    def groups(self) -> tuple[tuple[str, Said, Group[Any]], ...]:
        """(kind, name, what was found), the kind with the best match first."""
        groups = (
            ("campaign", say("Campaigns"), self.campaigns),
            ("person", say("People"), self.people),
            ("task", say("Tasks"), self.tasks),
            ("template", say("SOP templates"), self.templates),
        )
        return tuple(sorted(groups, key=lambda group: group[2].best))
