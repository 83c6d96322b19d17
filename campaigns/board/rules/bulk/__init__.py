"""One change of many tasks: planned task by task with the rules of the single verbs, and taken back once."""

from campaigns.board.rules.bulk.changes import BULK_STATES, MOST_DAYS, MOST_TASKS, BulkChanges, check_bulk, wanted
from campaigns.board.rules.bulk.plans import TaskPlan, check_plans, plan_bulk
from campaigns.board.rules.bulk.undo import (
    GOES_WITH,
    KEPT_REASONS,
    UNDO_WITHIN,
    BulkEditFacts,
    Kept,
    check_undo,
    may_undo,
    undo_plan,
)

__all__ = [
    "BULK_STATES",
    "GOES_WITH",
    "KEPT_REASONS",
    "MOST_DAYS",
    "MOST_TASKS",
    "UNDO_WITHIN",
    "BulkChanges",
    "BulkEditFacts",
    "Kept",
    "TaskPlan",
    "check_bulk",
    "check_plans",
    "check_undo",
    "may_undo",
    "plan_bulk",
    "undo_plan",
    "wanted",
]
