"""Tasks as their readers may see them: facts for the verbs, lines for lists, the board, the page of one task."""

from campaigns.board.queries.bin import BinLine, BinScreen, DeleteScreen, bin_screen, delete_screen, out_of_time
from campaigns.board.queries.board import (
    BoardAsked,
    BoardScreen,
    Card,
    Cell,
    board_more,
    board_screen,
)
from campaigns.board.queries.bulk import (
    BulkEditLine,
    BulkPreview,
    bulk_edit_line,
    bulk_offer,
    bulk_preview,
    recent_bulk_edits,
)
from campaigns.board.queries.clashes import FieldClash, field_clashes, item_text
from campaigns.board.queries.comments import CommentLine, comment_line, comments_page
from campaigns.board.queries.detail import TaskDetail, board_window_bytes, task_detail, whole_board, whole_board_bytes
from campaigns.board.queries.evidence import EvidenceLine, StoredFile, evidence_file, evidence_of
from campaigns.board.queries.facts import (
    facts_of,
    lock_deleted_task,
    lock_task,
    task_for,
    task_of_comment,
    task_of_evidence,
    task_of_item,
    touched_by_others,
    visible_tasks,
)
from campaigns.board.queries.filters import BoardFilters
from campaigns.board.queries.lines import TaskLine, line_for, line_of, task_lines
from campaigns.board.queries.moving import MoveScreen, move_screen
from campaigns.board.queries.predecessors import Predecessors, predecessor_named, predecessors_found
from campaigns.board.queries.quick import QuickScreen, quick_screen
from campaigns.board.queries.table import (
    TableScreen,
    TaskFilters,
    page_of,
    table_query,
    table_screen,
    task_facts_page,
    task_rows,
)
from campaigns.board.queries.task import (
    EditScreen,
    NewTaskScreen,
    TaskScreen,
    edit_screen,
    new_task_screen,
    task_news,
    task_screen,
)
from campaigns.board.queries.windows import Place

__all__ = [
    "BinLine",
    "BinScreen",
    "BoardAsked",
    "BoardFilters",
    "BoardScreen",
    "BulkEditLine",
    "BulkPreview",
    "Card",
    "Cell",
    "CommentLine",
    "DeleteScreen",
    "EditScreen",
    "EvidenceLine",
    "FieldClash",
    "MoveScreen",
    "NewTaskScreen",
    "Place",
    "Predecessors",
    "QuickScreen",
    "StoredFile",
    "TableScreen",
    "TaskDetail",
    "TaskFilters",
    "TaskLine",
    "TaskScreen",
    "bin_screen",
    "board_more",
    "board_screen",
    "board_window_bytes",
    "bulk_edit_line",
    "bulk_offer",
    "bulk_preview",
    "comment_line",
    "comments_page",
    "delete_screen",
    "edit_screen",
    "evidence_file",
    "evidence_of",
    "facts_of",
    "field_clashes",
    "item_text",
    "line_for",
    "line_of",
    "lock_deleted_task",
    "lock_task",
    "move_screen",
    "new_task_screen",
    "out_of_time",
    "page_of",
    "predecessor_named",
    "predecessors_found",
    "quick_screen",
    "recent_bulk_edits",
    "table_query",
    "table_screen",
    "task_detail",
    "task_facts_page",
    "task_for",
    "task_lines",
    "task_news",
    "task_of_comment",
    "task_of_evidence",
    "task_of_item",
    "task_rows",
    "task_screen",
    "touched_by_others",
    "visible_tasks",
    "whole_board",
    "whole_board_bytes",
]
