"""Routes of the board: pages, and the same under /api/."""

from django.urls import path

from campaigns.board.api import bulk as api_bulk
from campaigns.board.api import tasks as api_tasks
from campaigns.board.api import verbs
from campaigns.board.views import board, lines, table, task

urlpatterns = [
    path("campaigns/<int:campaign_id>/board/", board.board, name="board"),
    path("campaigns/<int:campaign_id>/tasks/new/", board.create_task, name="create_task"),
    path("campaigns/<int:campaign_id>/tasks/", table.tasks, name="tasks"),
    path("campaigns/<int:campaign_id>/tasks/bulk/", table.preview_bulk, name="preview_bulk_edit"),
    path("campaigns/<int:campaign_id>/tasks/bulk/apply/", table.apply_bulk, name="apply_bulk_edit"),
    path("bulk-edits/<int:edit_id>/undo/", table.undo_bulk, name="undo_bulk_edit"),
    path("tasks/<int:task_id>/", task.task, name="task"),
    path("tasks/<int:task_id>/edit/", task.edit_task, name="edit_task"),
    path("tasks/<int:task_id>/move/", board.move_task, name="move_task"),
    path("tasks/<int:task_id>/take/", task.take, name="take_task"),
    path("tasks/<int:task_id>/assign/", task.assign, name="assign_task"),
    path("tasks/<int:task_id>/helpers/", task.helpers, name="set_helpers"),
    path("tasks/<int:task_id>/start/", task.start, name="start_task"),
    path("tasks/<int:task_id>/review/", task.review, name="send_to_review"),
    path("tasks/<int:task_id>/complete/", task.complete, name="complete_task"),
    path("tasks/<int:task_id>/reopen/", task.reopen, name="reopen_task"),
    path("tasks/<int:task_id>/block/", task.block, name="block_task"),
    path("tasks/<int:task_id>/unblock/", task.unblock, name="unblock_task"),
    path("tasks/<int:task_id>/cancel/", task.cancel, name="cancel_task"),
    path("tasks/<int:task_id>/confirm/", task.confirm, name="confirm_gate"),
    path("tasks/<int:task_id>/hours/", task.hours, name="log_hours"),
    path("tasks/<int:task_id>/comments/", task.comment, name="add_comment"),
    path("tasks/<int:task_id>/dependencies/add/", task.add_dependency, name="add_dependency"),
    path("tasks/<int:task_id>/dependencies/remove/", task.remove_dependency, name="remove_dependency"),
    path("tasks/<int:task_id>/dependencies/waive/", task.waive_predecessor, name="waive_predecessor"),
    path("tasks/<int:task_id>/line/complete/", lines.complete, name="complete_line"),
    path("tasks/<int:task_id>/line/reopen/", lines.reopen, name="reopen_line"),
    path("tasks/<int:task_id>/line/confirm/", lines.confirm, name="confirm_line"),
    path("tasks/<int:task_id>/line/take/", lines.take, name="take_line"),
    path("items/<int:item_id>/tick/", task.tick, name="tick_item"),
    path("items/<int:item_id>/untick/", task.untick, name="untick_item"),
    path("items/<int:item_id>/waive/", task.waive_item, name="waive_item"),
]

api_urlpatterns = [
    path("campaigns/<int:campaign_id>/board/", api_tasks.WholeBoardView.as_view(), name="board"),
    path("campaigns/<int:campaign_id>/tasks/", api_tasks.TasksView.as_view(), name="tasks"),
    path("campaigns/<int:campaign_id>/tasks/bulk/", api_bulk.PreviewBulkView.as_view(), name="preview_bulk_edit"),
    path("campaigns/<int:campaign_id>/tasks/bulk/apply/", api_bulk.ApplyBulkView.as_view(), name="apply_bulk_edit"),
    path("bulk-edits/<int:edit_id>/", api_bulk.BulkEditView.as_view(), name="bulk_edit"),
    path("bulk-edits/<int:edit_id>/undo/", api_bulk.UndoBulkView.as_view(), name="undo_bulk_edit"),
    path("tasks/<int:task_id>/", api_tasks.TaskView.as_view(), name="task"),
    path("tasks/<int:task_id>/comments/", api_tasks.CommentsView.as_view(), name="comments"),
    path("tasks/<int:task_id>/move/", verbs.MoveView.as_view(), name="move_task"),
    path("tasks/<int:task_id>/take/", verbs.TakeView.as_view(), name="take_task"),
    path("tasks/<int:task_id>/assign/", verbs.AssignView.as_view(), name="assign_task"),
    path("tasks/<int:task_id>/helpers/", verbs.HelpersView.as_view(), name="set_helpers"),
    path("tasks/<int:task_id>/start/", verbs.StartView.as_view(), name="start_task"),
    path("tasks/<int:task_id>/review/", verbs.ReviewView.as_view(), name="send_to_review"),
    path("tasks/<int:task_id>/complete/", verbs.CompleteView.as_view(), name="complete_task"),
    path("tasks/<int:task_id>/reopen/", verbs.ReopenView.as_view(), name="reopen_task"),
    path("tasks/<int:task_id>/block/", verbs.BlockView.as_view(), name="block_task"),
    path("tasks/<int:task_id>/unblock/", verbs.UnblockView.as_view(), name="unblock_task"),
    path("tasks/<int:task_id>/cancel/", verbs.CancelView.as_view(), name="cancel_task"),
    path("tasks/<int:task_id>/confirm/", verbs.ConfirmView.as_view(), name="confirm_gate"),
    path("tasks/<int:task_id>/hours/", verbs.LogHoursView.as_view(), name="log_hours"),
    path("tasks/<int:task_id>/dependencies/add/", verbs.AddDependencyView.as_view(), name="add_dependency"),
    path("tasks/<int:task_id>/dependencies/remove/", verbs.RemoveDependencyView.as_view(), name="remove_dependency"),
    path("tasks/<int:task_id>/dependencies/waive/", verbs.WaivePredecessorView.as_view(), name="waive_predecessor"),
    path("items/<int:item_id>/tick/", verbs.TickView.as_view(), name="tick_item"),
    path("items/<int:item_id>/untick/", verbs.UntickView.as_view(), name="untick_item"),
    path("items/<int:item_id>/waive/", verbs.WaiveItemView.as_view(), name="waive_item"),
]
