"""Verbs on tasks: each locks, looks, asks its rule, writes its own rows and leaves a line in the log."""

from campaigns.board.actions.bin import (
    delete_task,
    drop_pieces,
    drop_tasks,
    restore_comment,
    restore_evidence,
    restore_item,
    restore_task,
)
from campaigns.board.actions.bulk import apply_bulk_edit, undo_bulk_edit
from campaigns.board.actions.checklist import (
    add_item,
    edit_item,
    move_item,
    remove_item,
    tick_item,
    untick_item,
    waive_item,
)
from campaigns.board.actions.comments import add_comment, edit_comment, remove_comment
from campaigns.board.actions.create import create_plan_tasks, create_task
from campaigns.board.actions.dependencies import add_dependency, remove_dependency, waive_predecessor
from campaigns.board.actions.edit import edit_task, log_hours
from campaigns.board.actions.evidence import add_evidence, remove_evidence
from campaigns.board.actions.finish import finish_task
from campaigns.board.actions.lanes import move_card
from campaigns.board.actions.people import assign_task, hand_over_role, set_helpers, take_task
from campaigns.board.actions.quick import quick_add
from campaigns.board.actions.requests import accept_rush, create_request, decline_rush
from campaigns.board.actions.status import (
    block_task,
    cancel_task,
    complete_task,
    confirm_gate,
    move_task,
    reopen_task,
    send_to_review,
    start_task,
    unblock_task,
)
from campaigns.board.actions.undo import undo_board_change

__all__ = [
    "accept_rush",
    "add_comment",
    "add_dependency",
    "add_evidence",
    "add_item",
    "apply_bulk_edit",
    "assign_task",
    "block_task",
    "cancel_task",
    "complete_task",
    "confirm_gate",
    "create_plan_tasks",
    "create_request",
    "create_task",
    "decline_rush",
    "delete_task",
    "drop_pieces",
    "drop_tasks",
    "edit_comment",
    "edit_item",
    "edit_task",
    "finish_task",
    "hand_over_role",
    "log_hours",
    "move_card",
    "move_item",
    "move_task",
    "quick_add",
    "remove_comment",
    "remove_dependency",
    "remove_evidence",
    "remove_item",
    "reopen_task",
    "restore_comment",
    "restore_evidence",
    "restore_item",
    "restore_task",
    "send_to_review",
    "set_helpers",
    "start_task",
    "take_task",
    "tick_item",
    "unblock_task",
    "undo_board_change",
    "undo_bulk_edit",
    "untick_item",
    "waive_item",
    "waive_predecessor",
]
