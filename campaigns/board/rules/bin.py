"""What lies in the bin: who may take it out again, and for how long it lies there."""

from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.board.rules.facts import TaskFacts
from campaigns.board.rules.moves import check_verb
from campaigns.board.rules.rights import Verb, may_plan
from campaigns.campaign.rules import check_open
from planner.core.errors import NotAllowed, Refused
from planner.core.words import say
from staff.people.rules import Actor

BIN_PERIOD = timedelta(days=30)


class Piece(StrEnum):
    """What can lie in the bin."""

    TASK = "task"
    ITEM = "item"
    COMMENT = "comment"
    EVIDENCE = "evidence"


_GIVING = {Piece.ITEM: Verb.ADD_ITEM, Piece.COMMENT: Verb.COMMENT, Piece.EVIDENCE: Verb.ADD_EVIDENCE}


def check_restore_piece(actor: Actor, facts: TaskFacts, piece: Piece, deleted_by_id: int | None) -> None:
    """Refuses to put back what the actor could not give now, and words that somebody else took away."""
    check_verb(actor, facts, _GIVING[piece])
    check_open(facts.campaign)
    if piece is Piece.COMMENT and deleted_by_id != actor.user_id and not may_plan(actor, facts):
        raise NotAllowed


def check_in_time(deleted_at: datetime | None, now: datetime) -> None:
    """Refuses to take out what has lain there to its end: its files may be gone already."""
    if deleted_at is not None and now - deleted_at > BIN_PERIOD:
        raise Refused("too_late", say("It has lain in the bin for 30 days and is gone for good."))


def days_left(deleted_at: datetime, now: datetime) -> int:
    """Whole days until it goes for good, rounded up; never less than none."""
    left = deleted_at + BIN_PERIOD - now
    return max(0, -(-left // timedelta(days=1)))
