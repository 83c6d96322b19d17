"""One verb: take back what was just done."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns.board.actions import undo_board_change
from campaigns.campaign.rules import ChangeFacts, check_undo_change
from campaigns.changes.queries import changes_of, is_undone
from planner.core.errors import Refused
from planner.core.words import say
from staff.people.rules import Actor

# Who knows how, by what the line is about.
UNDOERS: Mapping[str, Callable[..., Any]] = {"task": undo_board_change, "bulk_edit": undo_board_change}


def undo_change(*, actor: Actor, event_id: int, now: datetime) -> ChangeFacts:
    """Takes back everything that the verb behind this line did, or nothing; returns the change.

    Only by who did it, within two minutes, once, and only while nobody has changed the same thing since.
    """
    changes = changes_of(actor, event_id)
    for change in changes:
        check_undo_change(actor, change, now)
    try:
        with transaction.atomic():
            for change in changes:
                UNDOERS[change.subject_kind](actor=actor, change=change, now=now)
    except IntegrityError:
        # The log holds one undo a line: of two at the same moment the second finds it taken.
        if is_undone([change.id for change in changes]):
            raise Refused("already_undone", say("This was taken back already.")) from None
        raise
    return next(change for change in changes if change.id == event_id)
