"""What each verb of the log says, in words."""

from collections.abc import Mapping
from typing import Any

from campaigns.campaign.rules import Phase
from campaigns.phases.rules import NAMES
from planner.core.words import Said, say

# Four ticks a task would push everything else off the short list; the whole log has them.
SMALL_VERBS = frozenset({"tick_item", "untick_item"})
# %(actor)s did it, %(subject)s is the task or campaign, %(owner)s and %(phase)s are what it has since.
# A verb that is not here says its own name.
SENTENCES: Mapping[str, Said] = {
    "create_campaign": say("%(actor)s created the campaign."),
    "set_role_holder": say("%(actor)s changed who holds a role."),
    "advance_phase": say("%(actor)s moved the campaign on: %(phase)s."),
    "override_phase": say("%(actor)s moved the campaign on although tasks were in the way: %(phase)s."),
    "step_back": say("%(actor)s moved the campaign back: %(phase)s."),
    "close_routine": say("%(actor)s closed the routine work."),
    "archive_campaign": say("%(actor)s archived the campaign."),
    "restore_campaign": say("%(actor)s took the campaign out of the archive."),
    "generate_plan": say("%(actor)s generated the plan from the SOP."),
    "create_plan_tasks": say("%(actor)s added the plan's tasks."),
    "create_task": say("%(actor)s added %(subject)s."),
    "take_task": say("%(actor)s took %(subject)s."),
    "assign_task": say("%(actor)s assigned %(subject)s to %(owner)s."),
    "set_helpers": say("%(actor)s changed who helps with %(subject)s."),
    "edit_task": say("%(actor)s edited %(subject)s."),
    "log_hours": say("%(actor)s logged hours on %(subject)s."),
    "move_task": say("%(actor)s moved %(subject)s."),
    "start_task": say("%(actor)s started %(subject)s."),
    "send_to_review": say("%(actor)s sent %(subject)s to be checked."),
    "complete_task": say("%(actor)s finished %(subject)s."),
    "reopen_task": say("%(actor)s reopened %(subject)s."),
    "block_task": say("%(actor)s reported that %(subject)s is blocked."),
    "unblock_task": say("%(actor)s unblocked %(subject)s."),
    "cancel_task": say("%(actor)s cancelled %(subject)s."),
    "confirm_gate": say("%(actor)s confirmed the gate %(subject)s."),
    "tick_item": say("%(actor)s ticked an item of %(subject)s."),
    "untick_item": say("%(actor)s took back a tick of %(subject)s."),
    "waive_item": say("%(actor)s waived an item of %(subject)s."),
    "waive_predecessor": say("%(actor)s waived what %(subject)s waits for."),
    "add_dependency": say("%(actor)s made %(subject)s wait for another task."),
    "remove_dependency": say("%(actor)s removed what %(subject)s waited for."),
    "add_item": say("%(actor)s added a checklist line to %(subject)s."),
    "edit_item": say("%(actor)s changed a checklist line of %(subject)s."),
    "move_item": say("%(actor)s moved a checklist line of %(subject)s."),
    "remove_item": say("%(actor)s removed a checklist line of %(subject)s."),
    "add_evidence": say("%(actor)s added evidence to %(subject)s."),
    "remove_evidence": say("%(actor)s removed evidence of %(subject)s."),
    "add_comment": say("%(actor)s commented on %(subject)s."),
    "edit_comment": say("%(actor)s changed a comment on %(subject)s."),
    "remove_comment": say("%(actor)s removed a comment on %(subject)s."),
    "delete_task": say("%(actor)s put %(subject)s into the bin."),
    "undelete_task": say("%(actor)s took %(subject)s out of the bin."),
    "undelete_piece": say("%(actor)s put something of %(subject)s back from the bin."),
    "undo_change": say("%(actor)s took a change of %(subject)s back."),
    "accept_rush": say("%(actor)s accepted the rush request %(subject)s."),
    "decline_rush": say("%(actor)s declined the rush request %(subject)s."),
    "bulk_edit": say("%(actor)s changed many tasks at once."),
    "undo_bulk_edit": say("%(actor)s took a change of many tasks back."),
    "restore_task": say("%(actor)s took a change of many tasks back for %(subject)s."),
    "import_orders": say("%(actor)s imported orders."),
    "start_import": say("%(actor)s handed in the order file %(subject)s."),
    "fail_import": say("The import of %(subject)s failed."),
    "cancel_import": say("The import of %(subject)s was cancelled."),
    "undo_import": say("%(actor)s took the import of %(subject)s back."),
    "set_target": say("%(actor)s set the targets."),
    "set_visitors": say("%(actor)s noted visitors."),
    "retry_delivery": say("%(actor)s had a message sent again."),
    "compile_review": say("%(actor)s compiled the review."),
    "write_notes": say("%(actor)s wrote notes for the review."),
    "add_lesson": say("%(actor)s wrote down a lesson."),
    "edit_lesson": say("%(actor)s changed a lesson."),
    "remove_lesson": say("%(actor)s removed a lesson."),
    "export_log": say("%(actor)s exported the log."),
}


def sentence(verb: str, *, actor: str, subject: str, after: Mapping[str, Any], names: Mapping[int, str]) -> Said:
    """The event in one sentence; without an actor the system did it. `names` are people by user id."""
    known = SENTENCES.get(verb)
    if verb == "assign_task" and not after.get("owner_id"):
        known = say("%(actor)s took the owner off %(subject)s.")
    if verb == "accept_rush" and after.get("owner_id"):
        known = say("%(actor)s accepted the rush request %(subject)s and gave it to %(owner)s.")
    who = actor or say("The system")
    if known is None:
        return say("%(actor)s: %(verb)s, %(subject)s", actor=who, verb=verb.replace("_", " "), subject=subject)
    params = {
        "actor": who,
        "subject": subject,
        "owner": names.get(after.get("owner_id") or 0) or say("nobody"),
        "phase": NAMES[Phase(after["phase"])] if after.get("phase") in set(Phase) else "—",
    }
    return Said(known.text, params)
