"""What a procedure is, whether a loaded one is fit for use, how it becomes dates, and what to tell before writing."""

from campaigns.sop.rules.check import Procedure, check_links, check_order, read_procedure
from campaigns.sop.rules.plan import Move, MoveKind, Plan, PlannedTask, Selection, expand, place, select, to_drafts
from campaigns.sop.rules.preview import Preview, Tally, fill_roles, preview_of, reasons_of
from campaigns.sop.rules.steps import Offset, Priority, Step, Words, digest_of, in_order

__all__ = [
    "Move",
    "MoveKind",
    "Offset",
    "Plan",
    "PlannedTask",
    "Preview",
    "Priority",
    "Procedure",
    "Selection",
    "Step",
    "Tally",
    "Words",
    "check_links",
    "check_order",
    "digest_of",
    "expand",
    "fill_roles",
    "in_order",
    "place",
    "preview_of",
    "read_procedure",
    "reasons_of",
    "select",
    "to_drafts",
]
