"""What every `api.py` stands on: one declaration per operation that drives both what happens and what the schema says.

Slices import from here: `ApiView`, `operation`, the fields, and the paging helpers.
"""

from planner.web.api.fields import Choice, Day, File, Hours, Id, In, Moment, Money, Out, Percent, Sentence, Text
from planner.web.api.operations import operation
from planner.web.api.paging import (
    Page,
    PageQuery,
    cut,
    keyset,
    read_cursor,
    read_id_cursor,
    read_moment_cursor,
    write_cursor,
)
from planner.web.api.views import ApiView

__all__ = [
    "ApiView",
    "Choice",
    "Day",
    "File",
    "Hours",
    "Id",
    "In",
    "Moment",
    "Money",
    "Out",
    "Page",
    "PageQuery",
    "Percent",
    "Sentence",
    "Text",
    "cut",
    "keyset",
    "operation",
    "read_cursor",
    "read_id_cursor",
    "read_moment_cursor",
    "write_cursor",
]
