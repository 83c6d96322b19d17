"""Taking back what was just done, and emptying the bin of what lies there too long."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns.board.actions import drop_pieces, drop_tasks, undo_board_change
from campaigns.board.queries import out_of_time
from campaigns.board.rules import Piece
from campaigns.campaign.actions import undo_campaign_change
from campaigns.campaign.rules import ChangeFacts, check_undo_change
from campaigns.changes.queries import changes_of, is_undone
from campaigns.metrics.actions import undo_figures_change
from campaigns.phases.actions import undo_phase_change
from campaigns.reminders.actions import forget_tasks as forget_messages
from campaigns.reviews.actions import forget_tasks as forget_lessons
from campaigns.reviews.actions import undo_review_change
from planner.core.errors import Missing, Refused
from planner.core.words import say
from staff.people.rules import Actor

BATCH = 200
# Who knows how: what is about a task by that, everything else by its verb.
UNDOERS: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(("archive_campaign", "restore_campaign", "set_role_holder"), undo_campaign_change),
    **dict.fromkeys(("advance_phase", "override_phase", "step_back", "close_routine"), undo_phase_change),
    **dict.fromkeys(("set_target", "set_visitors"), undo_figures_change),
    **dict.fromkeys(("write_notes", "add_lesson", "edit_lesson", "remove_lesson"), undo_review_change),
}


def undo_change(*, actor: Actor, event_id: int, now: datetime) -> list[ChangeFacts]:
    """Takes back everything that the verb behind this line did, or nothing; returns the changes, this line's first.

    Only by who did it, within two minutes, once, and only while nobody has changed the same thing since.
    """
    changes = changes_of(actor, event_id)
    for change in changes:
        check_undo_change(actor, change, now)
    try:
        with transaction.atomic():
            for change in changes:
                UNDOERS.get(change.verb, undo_board_change)(actor=actor, change=change, now=now)
    except (IntegrityError, Missing, Refused):
        # The log holds one undo a line: of two at the same moment the second finds it taken, or what it was about gone.
        if is_undone([change.id for change in changes]):
            raise Refused("already_undone", say("This was taken back already.")) from None
        raise
    return sorted(changes, key=lambda change: change.id != event_id)


def empty_bin(*, now: datetime) -> int:
    """Removes for good what lies in the bins of all campaigns longer than 30 days; returns how many things.

    Batch by batch, each whole: a sweep that breaks off goes on with the next, and a second one finds nothing to do.
    """
    dropped = 0
    while some := drop_pieces(now=now, limit=BATCH):
        dropped += some
    while True:
        with transaction.atomic():
            task_ids = out_of_time(Piece.TASK, now, BATCH, lock=True)
            if not task_ids:
                return dropped
            forget_lessons(task_ids=task_ids)
            forget_messages(task_ids=task_ids)
            drop_tasks(task_ids=task_ids)
        dropped += len(task_ids)
