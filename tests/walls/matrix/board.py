"""The board: columns, tasks, lines, checklists."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import PNG
from tests.walls.matrix.shapes import CHECKERS, DOERS, MANAGERS, OWNERS, READ, WORKERS, at, route
from tests.walls.world import World

CAMPAIGN = {"campaign_id": "campaign"}
TASK = {"task_id": "task"}
UNOWNED = {"task_id": "unowned"}
DONE = {"task_id": "done"}
GATE = {"task_id": "gate"}
RUSH = {"task_id": "rush"}
NEW = {"title": "新任务", "role": "design", "phase": "prep"}
KEPT = {"role": "design", "initial-role": "design", "phase": "prep", "initial-phase": "prep"}
EDIT = {**KEPT, "title": "主图两版", "initial-title": "主图", "version": 1}
MANY = {"task": [at("task", form="{}:1"), at("next_task", form="{}:1")], "important": "yes"}
PREVIEW = {"task_ids": [at("task")], "changes": {"urgent": True}}
APPLY = {"tasks": [{"id": at("task"), "version": 1}], "changes": {"urgent": True}}
ITEM = {"item_id": "item"}
FINISHING = {"task_id": "finishing"}
OWN_WORDS = {"comment_id": "own_comment"}
# What somebody said, nobody else puts otherwise.
AUTHOR = OWNERS.but(manager=403)
LINE = {"lines": "补拍主图 明天下午 !重要", "campaign_id": at("campaign")}
# A gate is signed by a manager or by a second person of its role: the one who did it is not asked.
SIGNERS = MANAGERS


def picture(world: World) -> SimpleUploadedFile:
    """A picture, read once a request."""
    return SimpleUploadedFile("终稿.png", PNG)


ROWS = [
    route("campaigns:board", CAMPAIGN, GET=READ),
    route("campaigns:create_task", CAMPAIGN, GET=WORKERS, POST=WORKERS.sends(**NEW)),
    # The line goes to the campaign of the page it is written on; without script it is looked at before it is saved.
    route(
        "campaigns:quick_add",
        GET=WORKERS.asks(campaign_id=at("campaign")),
        POST=WORKERS.sends(**LINE).answers(200).writes_nothing(),
    ),
    route("campaigns:preview_quick_add", POST=WORKERS.sends(**LINE).answers(200).writes_nothing()),
    route("campaigns:task", TASK, GET=READ),
    route("campaigns:edit_task", TASK, GET=OWNERS, POST=OWNERS.sends(**EDIT)),
    route("campaigns:move_task", TASK, GET=READ, POST=OWNERS.sends(status="doing", version=1)),
    route("campaigns:take_task", UNOWNED, POST=OWNERS),
    route("campaigns:assign_task", TASK, POST=MANAGERS.sends(owner_id=at("other"))),
    route("campaigns:set_helpers", TASK, POST=MANAGERS.sends(user_ids=[at("other")])),
    route("campaigns:start_task", TASK, POST=OWNERS),
    route("campaigns:send_to_review", TASK, POST=OWNERS.sends(reviewer_id=at("other"))),
    route("campaigns:complete_task", TASK, POST=OWNERS.sends(actual_hours="1.5")),
    route("campaigns:reopen_task", DONE, POST=OWNERS),
    route("campaigns:block_task", TASK, POST=OWNERS.sends(reason="等样品")),
    route("campaigns:unblock_task", {"task_id": "blocked"}, POST=OWNERS),
    route("campaigns:cancel_task", TASK, POST=MANAGERS.sends(reason="不做了")),
    route("campaigns:confirm_gate", GATE, POST=SIGNERS),
    route("campaigns:accept_rush", RUSH, POST=MANAGERS),
    route("campaigns:decline_rush", RUSH, POST=MANAGERS.sends(reason="来不及")),
    route("campaigns:log_hours", TASK, POST=OWNERS.sends(hours="2")),
    route("campaigns:add_comment", TASK, POST=READ.sends(body="好")),
    route("campaigns:find_predecessor", TASK, GET=MANAGERS.asks(text="详情")),
    route("campaigns:add_dependency", TASK, POST=MANAGERS.sends(predecessor_id=at("next_task"))),
    route("campaigns:remove_dependency", {"task_id": "waiting"}, POST=MANAGERS.sends(predecessor_id=at("next_task"))),
    route(
        "campaigns:waive_predecessor",
        {"task_id": "waiting"},
        POST=MANAGERS.sends(predecessor_id=at("next_task"), reason="不等"),
    ),
    route("campaigns:complete_line", TASK, POST=OWNERS),
    route("campaigns:reopen_line", DONE, POST=OWNERS),
    route("campaigns:confirm_line", GATE, POST=SIGNERS),
    route("campaigns:take_line", UNOWNED, POST=OWNERS),
    route("campaigns:tick_item", {"item_id": "item"}, POST=OWNERS),
    route("campaigns:untick_item", {"item_id": "ticked"}, POST=OWNERS),
    route("campaigns:tasks", CAMPAIGN, GET=READ),
    route("campaigns:preview_bulk_edit", CAMPAIGN, POST=WORKERS.sends(**MANY).answers(200).writes_nothing()),
    route("campaigns:apply_bulk_edit", CAMPAIGN, POST=OWNERS.sends(**MANY)),
    route("campaigns:undo_bulk_edit", {"edit_id": "bulk_edit"}, POST=OWNERS),
    route("campaigns:waive_item", {"item_id": "item"}, POST=MANAGERS.sends(reason="不适用")),
    route("campaigns:add_item", TASK, POST=OWNERS.sends(text="白底")),
    route("campaigns:edit_item", ITEM, POST=OWNERS.sends(text="白底 800")),
    route("campaigns:move_item", ITEM, POST=OWNERS.sends(to="down")),
    route("campaigns:remove_item", ITEM, POST=OWNERS),
    route("campaigns:add_evidence", TASK, POST=OWNERS.sends(file=picture, note="终稿")),
    route("campaigns:evidence", {"evidence_id": "evidence"}, GET=READ),
    route("campaigns:remove_evidence", {"evidence_id": "evidence"}, POST=OWNERS),
    route("campaigns:finish_task", FINISHING, GET=READ, POST=OWNERS.sends(item_ids=[at("last_item")])),
    route("campaigns:edit_comment", OWN_WORDS, POST=AUTHOR.sends(body="改一下")),
    route("campaigns:remove_comment", OWN_WORDS, POST=OWNERS),
    route("api:add_item", TASK, POST=OWNERS.sends(text="白底")),
    route("api:edit_item", ITEM, POST=OWNERS.sends(text="白底 800")),
    route("api:move_item", ITEM, POST=OWNERS.sends(to="down")),
    route("api:remove_item", ITEM, POST=OWNERS),
    route("api:add_evidence", TASK, POST=OWNERS.sends(file=picture, note="终稿")),
    route("api:evidence", {"evidence_id": "evidence"}, GET=READ),
    route("api:remove_evidence", {"evidence_id": "evidence"}, POST=OWNERS),
    route("api:finish_task", FINISHING, POST=OWNERS.sends(item_ids=[at("last_item")])),
    route("api:edit_comment", OWN_WORDS, POST=AUTHOR.sends(body="改一下")),
    route("api:remove_comment", OWN_WORDS, POST=OWNERS),
    route("campaigns:bin", CAMPAIGN, GET=READ),
    route("campaigns:delete_task", TASK, GET=MANAGERS, POST=MANAGERS.sends(reason="重复")),
    route("campaigns:restore_task", {"task_id": "binned_task"}, POST=OWNERS),
    route("campaigns:restore_item", {"item_id": "binned_item"}, POST=OWNERS),
    route("campaigns:restore_comment", {"comment_id": "binned_comment"}, POST=OWNERS),
    route("campaigns:restore_evidence", {"evidence_id": "binned_evidence"}, POST=OWNERS),
    route("api:bin", CAMPAIGN, GET=READ),
    route("api:delete_task", TASK, POST=MANAGERS.sends(reason="重复")),
    route("api:restore_task", {"task_id": "binned_task"}, POST=OWNERS),
    route("api:restore_item", {"item_id": "binned_item"}, POST=OWNERS),
    route("api:restore_comment", {"comment_id": "binned_comment"}, POST=OWNERS),
    route("api:restore_evidence", {"evidence_id": "binned_evidence"}, POST=OWNERS),
    route("campaigns:undo_change", {"event_id": "change"}, POST=DOERS),
    route("api:undo_change", {"event_id": "change"}, POST=DOERS),
    route("api:board", CAMPAIGN, GET=READ),
    route("api:board_window", CAMPAIGN, GET=READ),
    route("api:tasks", CAMPAIGN, GET=READ, POST=WORKERS.sends(title="新任务", role="design")),
    route("api:preview_bulk_edit", CAMPAIGN, only_reads=True, POST=WORKERS.sends(**PREVIEW).writes_nothing()),
    route("api:apply_bulk_edit", CAMPAIGN, POST=OWNERS.sends(**APPLY)),
    route("api:bulk_edit", {"edit_id": "bulk_edit"}, GET=READ),
    route("api:undo_bulk_edit", {"edit_id": "bulk_edit"}, POST=OWNERS),
    route("api:quick_add", POST=WORKERS.sends(**LINE)),
    route("api:preview_quick_add", only_reads=True, POST=WORKERS.sends(**LINE).answers(200).writes_nothing()),
    route("api:task", TASK, GET=READ, PATCH=OWNERS.sends(title="主图两版")),
    route("api:comments", TASK, GET=READ, POST=READ.sends(body="好")),
    route("api:move_task", TASK, POST=OWNERS.sends(status="doing")),
    route("api:take_task", UNOWNED, POST=OWNERS),
    route("api:assign_task", TASK, POST=MANAGERS.sends(owner_id=at("other"))),
    route("api:set_helpers", TASK, POST=MANAGERS.sends(user_ids=[at("other")])),
    route("api:start_task", TASK, POST=OWNERS),
    route("api:send_to_review", TASK, POST=OWNERS.sends(reviewer_id=at("other"))),
    route("api:complete_task", TASK, POST=OWNERS.sends(actual_hours="1.5")),
    route("api:reopen_task", DONE, POST=OWNERS),
    route("api:block_task", TASK, POST=OWNERS.sends(reason="等样品")),
    route("api:unblock_task", {"task_id": "blocked"}, POST=OWNERS),
    route("api:cancel_task", TASK, POST=MANAGERS.sends(reason="不做了")),
    route("api:confirm_gate", GATE, POST=SIGNERS),
    route("api:accept_rush", RUSH, POST=MANAGERS),
    route("api:decline_rush", RUSH, POST=MANAGERS.sends(reason="来不及")),
    route("api:log_hours", TASK, POST=OWNERS.sends(hours="2")),
    route("api:add_dependency", TASK, POST=MANAGERS.sends(predecessor_id=at("next_task"))),
    route("api:remove_dependency", {"task_id": "waiting"}, POST=MANAGERS.sends(predecessor_id=at("next_task"))),
    route(
        "api:waive_predecessor",
        {"task_id": "waiting"},
        POST=MANAGERS.sends(predecessor_id=at("next_task"), reason="不等"),
    ),
    route("api:tick_item", {"item_id": "item"}, POST=OWNERS),
    route("api:untick_item", {"item_id": "ticked"}, POST=OWNERS),
    route("api:waive_item", {"item_id": "item"}, POST=MANAGERS.sends(reason="不适用")),
]
# The same routes with another row in their address: what depends on where a task stands.
MORE = [
    # A member's form offers only themselves.
    route("campaigns:create_task", CAMPAIGN, POST=OWNERS.but(other=409).sends(**NEW, owner_id=at("owner"))),
    route("campaigns:move_task", TASK, POST=OWNERS.sends(after_id=at("next_task"))),
    route("campaigns:move_task", TASK, POST=OWNERS.sends(before_id=at("next_task"))),
    route("campaigns:tasks", CAMPAIGN, GET=READ.asks(edit=at("bulk_edit"), person=at("owner"))),
    route("campaigns:apply_bulk_edit", CAMPAIGN, POST=MANAGERS.sends(**MANY, owner=at("other"))),
    route("campaigns:complete_task", {"task_id": "checked"}, POST=CHECKERS),
    route("campaigns:remove_comment", {"comment_id": "comment"}, POST=MANAGERS),
    route("campaigns:edit_comment", {"comment_id": "comment"}, POST=MANAGERS.sends(body="改一下")),
]
