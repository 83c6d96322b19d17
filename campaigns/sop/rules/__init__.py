"""What a procedure is, whether a loaded one is fit for use, how it becomes dates, and what to tell before writing."""

from campaigns.sop.rules.check import Head, Procedure, check_links, check_order, read_procedure, refused
from campaigns.sop.rules.derive import base_key, leave_out, no_base, read_derived, row_of
from campaigns.sop.rules.plan import Move, MoveKind, Plan, PlannedTask, Selection, expand, place, select, to_drafts
from campaigns.sop.rules.preview import (
    Preview,
    Tally,
    Week,
    busiest_week,
    fill_roles,
    preview_of,
    reasons_of,
    used_anchors,
)
from campaigns.sop.rules.steps import Offset, Priority, Step, Words, bridge, digest_of, in_order

__all__ = [
    "Head",
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
    "Week",
    "Words",
    "base_key",
    "bridge",
    "busiest_week",
    "check_links",
    "check_order",
    "digest_of",
    "expand",
    "fill_roles",
    "in_order",
    "leave_out",
    "no_base",
    "place",
    "preview_of",
    "read_derived",
    "read_procedure",
    "reasons_of",
    "refused",
    "row_of",
    "select",
    "to_drafts",
    "used_anchors",
]
