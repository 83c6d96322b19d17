"""Where a card may go: what the move menu of the board offers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from campaigns.board.models import Task
from campaigns.board.queries.board import PHASES, BoardAsked
from campaigns.board.queries.facts import task_for
from campaigns.board.queries.filters import filtered, late_only
from campaigns.board.rules import NOBODY, QUADRANTS, Group, TaskFacts, Verb, Way, may, verbs_now, ways
from planner.web.templatetags.words import label
from staff.people.queries import people_of
from staff.people.rules import Actor, Level, Role


@dataclass(frozen=True)
class MoveScreen:
    """One card and the places it may go to."""

    facts: TaskFacts
    ways: tuple[Way, ...]
    # Who can check it, by (user id, name).
    checkers: tuple[tuple[int, str], ...]
    # The cards of the column that it may go before (up, to the top) or after (down, to the end).
    above_id: int | None
    top_id: int | None
    below_id: int | None
    end_id: int | None
    # The lanes of the board, by (key, name), and the one in which it stands; empty without lanes.
    lanes: tuple[tuple[str, str], ...]
    lane: str
    back: str

    @property
    def may_order(self) -> bool:
        """True when there is a neighbour to change places with."""
        return self.above_id is not None or self.below_id is not None


def move_screen(actor: Actor, task_id: int, asked: BoardAsked, now: datetime) -> MoveScreen:
    """Where the card may go, as this reader sees the board, or `Missing`."""
    facts = task_for(actor, task_id)
    workers = [
        (person.user_id, person.name)
        for person in people_of(actor, facts.campaign.team_id)
        if person.level is not Level.VIEWER
    ]
    above, top, below, end = _neighbours(actor, facts, asked, now)
    return MoveScreen(
        facts=facts,
        ways=ways(actor, facts),
        checkers=tuple(each for each in workers if each[0] not in (facts.workers or {actor.user_id})),
        above_id=above,
        top_id=top,
        below_id=below,
        end_id=end,
        lanes=_lanes(actor, facts, asked.lanes, workers),
        lane=_lane(facts, asked.lanes),
        back=asked.query,
    )


def _neighbours(
    actor: Actor, facts: TaskFacts, asked: BoardAsked, now: datetime
) -> tuple[int | None, int | None, int | None, int | None]:
    if Verb.MOVE not in verbs_now(actor, facts) or asked.lanes is Group.QUADRANTS:
        return None, None, None, None
    column = filtered(Task.objects.filter(campaign_id=facts.campaign.id, status=facts.status), actor, asked)
    if asked.late:
        column = late_only(column, now)
    if asked.lanes is not None:
        lane = {Group.ROLE: Q(role=facts.role), Group.PHASE: Q(phase=facts.phase)}
        column = column.filter(lane.get(asked.lanes, Q(owner_id=facts.owner_id)))
    before = column.filter(Q(position__lt=facts.position) | Q(position=facts.position, pk__lt=facts.id))
    behind = column.filter(Q(position__gt=facts.position) | Q(position=facts.position, pk__gt=facts.id))
    down, up = ("position", "pk"), ("-position", "-pk")
    nearest, first = (before.order_by(*way).values_list("pk", flat=True).first() for way in (up, down))
    following, last = (behind.order_by(*way).values_list("pk", flat=True).first() for way in (down, up))
    return nearest, first, following, last


def _lanes(
    actor: Actor, facts: TaskFacts, group: Group | None, workers: list[tuple[int, str]]
) -> tuple[tuple[str, str], ...]:
    verb = Verb.ASSIGN if group is Group.PERSON else Verb.EDIT
    if group is None or verb not in verbs_now(actor, facts):
        return ()
    if group is Group.PERSON:
        return (*((str(pk), name) for pk, name in workers), (NOBODY, label(NOBODY)))
    keys = {Group.ROLE: Role, Group.PHASE: PHASES, Group.QUADRANTS: QUADRANTS}[group]
    if group is not Group.QUADRANTS and not may(actor, facts, Verb.ASSIGN):
        return ()
    return tuple((str(key), label(key)) for key in keys)


def _lane(facts: TaskFacts, group: Group | None) -> str:
    if group is Group.QUADRANTS:
        return next(key for key, pair in QUADRANTS.items() if pair == (facts.important, facts.urgent))
    found = {Group.ROLE: facts.role, Group.PHASE: facts.phase, Group.PERSON: facts.owner_id or NOBODY}
    return str(found[group]) if group is not None else ""
