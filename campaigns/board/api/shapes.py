"""What comes in about tasks and what goes out."""

from typing import Any

from rest_framework import serializers

from campaigns.board.queries import TaskDetail, task_detail
from campaigns.board.queries.table import ORDERS
from campaigns.board.queries.windows import WINDOW
from campaigns.board.rules import ITEM_LENGTH, Status, Verb
from campaigns.campaign.rules import Phase
from planner.web.api import Choice, Hours, Id, In, Moment, Out, PageQuery, Sentence, Text
from staff.people.rules import Actor, Role

WORK_PHASES = [phase.value for phase in Phase if phase is not Phase.CLOSED]
MOST_LINES = 100
MOST_PEOPLE = 200
REASON = 1000


class TaskOut(Out):
    """A task as lists show it."""

    id = Id(help_text="The task's id.")
    campaign_id = Id(source="campaign.id", help_text="The campaign that it belongs to.")
    code = serializers.CharField(allow_blank=True, help_text="Its step's code in the SOP, as P24; empty without one.")
    title = serializers.CharField(help_text="What is to be done, in Chinese.")
    title_en = serializers.CharField(allow_blank=True, help_text="The same in English; may be empty.")
    acceptance = serializers.CharField(allow_blank=True, help_text="When it is good, in Chinese; may be empty.")
    acceptance_en = serializers.CharField(allow_blank=True, help_text="The same in English; may be empty.")
    phase = Choice(Phase, help_text="The phase that it belongs to.")
    role = Choice(Role, help_text="The functional role that does it.")
    owner_id = Id(allow_null=True, help_text="The user id of its owner; null while nobody owns it.")
    helper_ids = serializers.SerializerMethodField(help_text="The user ids of those who help.")
    status = Choice(Status, help_text="Where it stands.")
    status_reason = serializers.CharField(allow_blank=True, help_text="Why it is blocked or cancelled; else empty.")
    reviewer_id = Id(allow_null=True, help_text="The user id of the person who checks it, if any.")
    important = serializers.BooleanField(help_text="True when it matters much.")
    urgent = serializers.BooleanField(help_text="True when it cannot wait.")
    must_have = serializers.BooleanField(help_text="True when its phase does not end without it.")
    needs_evidence = serializers.BooleanField(help_text="True when it is done only with a piece of evidence.")
    is_gate = serializers.BooleanField(help_text="True when one person does it and another confirms it.")
    start_at = Moment(allow_null=True, help_text="When work on it is to begin; null when not planned.")
    due_at = Moment(allow_null=True, help_text="When it is due; null without a deadline.")
    due_changes = serializers.IntegerField(help_text="How often a given due moment was changed.")
    planned_due_at = Moment(allow_null=True, help_text="The due moment first given: slip is measured against it.")
    estimate_hours = Hours(help_text="Estimated work, in person-hours.")
    actual_hours = Hours(allow_null=True, help_text="Work logged so far, in person-hours; null when none.")
    done_by_id = Id(allow_null=True, help_text="The user id of whoever marked it done.")
    done_at = Moment(allow_null=True, help_text="When it was marked done.")
    confirmed_by_id = Id(allow_null=True, help_text="The user id of the second person under a gate.")
    confirmed_at = Moment(allow_null=True, help_text="When the gate was confirmed.")
    created_by_id = Id(allow_null=True, help_text="The user id of whoever added it; null for the system.")
    created_at = Moment(help_text="When it was added; of a design request, when it was raised.")
    accepted_by_id = Id(allow_null=True, help_text="The user id of the manager who accepted it as a rush request.")
    accepted_at = Moment(allow_null=True, help_text="When it was accepted as a rush request; null otherwise.")
    position = serializers.FloatField(help_text="Its place in the plan's order; only the order means something.")
    version = serializers.IntegerField(help_text="Raised by every change of the task; send it back as If-Match.")

    def get_helper_ids(self, task: Any) -> list[int]:
        """The ids in order."""
        return sorted(task["helper_ids"] if isinstance(task, dict) else task.helper_ids)


class ItemOut(Out):
    """One line of a checklist."""

    id = Id(help_text="The line's id, for `tick_item`, `untick_item` and `waive_item`.")
    text = serializers.CharField(help_text="What to tick, in the caller's language.")
    is_ticked = serializers.BooleanField(help_text="True when it is done.")
    by_name = serializers.CharField(allow_blank=True, help_text="Who ticked or waived it; empty while it is open.")
    at = Moment(allow_null=True, help_text="When it was ticked.")
    waived_reason = serializers.CharField(allow_blank=True, help_text="Why it need not be done; empty otherwise.")


class EvidenceOut(Out):
    """What shows that a task was done: a link, or a file."""

    id = Id(help_text="Its id.")
    note = serializers.CharField(allow_blank=True, help_text="What it shows; may be empty.")
    url = serializers.CharField(allow_blank=True, help_text="The link; empty for a file.")
    name = serializers.CharField(allow_blank=True, help_text="The file's name; empty for a link.")
    content_type = serializers.CharField(allow_blank=True, help_text="The file's media type; empty for a link.")
    size = serializers.IntegerField(help_text="The file's bytes; 0 for a link.")
    added_by_id = Id(help_text="The user id of whoever added it.")
    added_by_name = serializers.CharField(help_text="Their name.")
    added_at = Moment(help_text="When.")


class DependencyOut(Out):
    """Another task that this one waits for."""

    task_id = Id(help_text="The id of that task.")
    name = serializers.CharField(help_text="Its code and title, in the caller's language.")
    status = Choice(Status, help_text="Where that task stands.")
    due_at = Moment(allow_null=True, help_text="When that task is due.")
    is_gate = serializers.BooleanField(help_text="True when it is a gate.")
    is_passed = serializers.BooleanField(help_text="True when nothing waits for it any more.")
    waived_reason = serializers.CharField(allow_blank=True, help_text="Why it is not waited for; empty otherwise.")


class TaskDetailOut(TaskOut):
    """A task with what hangs on it, and what the caller may do to it now."""

    checklist = ItemOut(many=True, help_text="Its lines in order.")
    evidence = EvidenceOut(many=True, help_text="What shows that it was done, oldest first.")
    waits_for = DependencyOut(many=True, help_text="The tasks that come first.")
    blockers = serializers.ListField(
        child=Sentence(help_text="One reason, in the caller's language."),
        help_text="What must happen before it can be done; empty when nothing is in the way.",
    )
    verbs = serializers.ListField(
        child=Choice(Verb, help_text="The name of an action."), help_text="What the caller may do to it as it stands."
    )


def detail(actor: Actor, task_id: int) -> dict[str, Any]:
    """The value that `TaskDetailOut` shows."""
    found: TaskDetail = task_detail(actor, task_id)
    beside = {name: value for name, value in vars(found).items() if name != "facts"}
    return {**vars(found.facts), **beside}


class FiltersIn(In):
    """Which tasks of a board."""

    role = Choice(Role, required=False, help_text="Only tasks of this functional role.")
    phase = serializers.ChoiceField(WORK_PHASES, required=False, help_text="Only tasks of this phase.")
    person = serializers.RegexField(
        r"^(mine|nobody|[0-9]{1,9})$",
        required=False,
        help_text="Only tasks that this user id owns or helps with; `mine` for the caller, `nobody` for unowned ones.",
    )
    late = serializers.BooleanField(required=False, default=False, help_text="True for those whose moment has passed.")
    text = Text(required=False, max_length=80, help_text="Words in title, code or owner's name; all must be found.")
    mark = serializers.ChoiceField(
        ["must", "gate"], required=False, help_text="Only must-haves (`must`) or only gates (`gate`)."
    )


class WindowQueryIn(FiltersIn):
    """Which tasks, and how many of each state."""

    limit = serializers.IntegerField(
        required=False, default=WINDOW, min_value=1, max_value=WINDOW, help_text="How many of each state at most."
    )


class TasksQueryIn(FiltersIn, PageQuery):
    """Which tasks, and in which order."""

    status = serializers.ChoiceField(
        ["open", *(status.value for status in Status)],
        required=False,
        help_text="Only tasks in this state; `open` for all in which there is work left.",
    )
    ordering = serializers.ChoiceField(
        [each for name in ORDERS for each in (name, f"-{name}")],
        required=False,
        default="plan",
        help_text="What to sort by; a minus in front turns it round. What has no value comes last both ways.",
    )


class TaskIn(In):
    """What a new task and an edited one have in common."""

    acceptance = Text(required=False, allow_blank=True, max_length=2000, help_text="When it is good.")
    start_at = Moment(required=False, allow_null=True, help_text="When work on it is to begin.")
    due_at = Moment(required=False, allow_null=True, help_text="When it is due; a manager's to change.")
    estimate_hours = Hours(required=False, min_value=0, help_text="Estimated work, in person-hours.")
    important = serializers.BooleanField(required=False, help_text="True when it matters much.")
    urgent = serializers.BooleanField(required=False, help_text="True when it cannot wait.")
    must_have = serializers.BooleanField(
        required=False, help_text="True when its phase is not to end without it; a manager's to say."
    )


class EditTaskIn(TaskIn):
    """Only what is present changes."""

    title_en = Text(required=False, allow_blank=True, max_length=160, help_text="The title in English.")
    acceptance_en = Text(required=False, allow_blank=True, max_length=2000, help_text="When it is good, in English.")
    title = Text(required=False, max_length=120, help_text="What is to be done.")
    needs_evidence = serializers.BooleanField(
        required=False, help_text="True when it is to be done only with a piece of evidence; a manager's to say."
    )
    role = Choice(Role, required=False, help_text="The functional role that does it; a manager's to change.")
    phase = Choice(Phase, required=False, help_text="Its phase, not `closed`; a manager's to change.")


class CreateTaskIn(TaskIn):
    """A new task."""

    title = Text(max_length=120, help_text="What is to be done.")
    role = Choice(Role, help_text="The functional role that does it.")
    phase = Choice(Phase, required=False, help_text="Its phase, not `closed`; left out, the campaign's present one.")
    owner_id = Id(required=False, allow_null=True, help_text="Its owner: the caller, or, for managers, anybody.")
    checklist = serializers.ListField(
        child=Text(max_length=ITEM_LENGTH, help_text="What to tick."),
        required=False,
        max_length=MOST_LINES,
        help_text="Lines to tick, in order; at most 100.",
    )


class CommentOut(Out):
    """What somebody said about a task."""

    id = Id(help_text="The comment's id.")
    author_id = Id(help_text="The user id of whoever said it.")
    author_name = serializers.CharField(help_text="Their name.")
    at = Moment(help_text="When.")
    body = serializers.CharField(help_text="What was said; plain text.")


class CommentIn(In):
    """What somebody says."""

    body = Text(help_text="1 to 4,000 characters of plain text; people of the team named with @ hear of it.")


class ReasonIn(In):
    """Why."""

    reason = Text(max_length=REASON, help_text="Why; it is kept with the change.")


class AssignIn(In):
    """The new owner."""

    owner_id = Id(allow_null=True, help_text="The new owner's user id; null for nobody.")


class AcceptIn(In):
    """Who does it."""

    owner_id = Id(
        required=False, allow_null=True, help_text="Gives it to this user id; absent or null leaves its owner as it is."
    )


class HelpersIn(In):
    """Everyone who helps."""

    user_ids = serializers.ListField(
        child=Id(help_text="A user id."), max_length=MOST_PEOPLE, help_text="Exactly these people help from now on."
    )


class ReviewIn(In):
    """The second person."""

    reviewer_id = Id(help_text="The user id of the person who is to check it.")


class CompleteIn(In):
    """How long it took."""

    actual_hours = Hours(required=False, allow_null=True, min_value=0, help_text="Work it took, in person-hours.")


class HoursIn(In):
    """Hours to add."""

    hours = Hours(help_text="Person-hours to add to those logged; negative takes wrong ones back.")


class MoveIn(In):
    """A column, a neighbour, or both."""

    status = Choice(Status, required=False, help_text="The column to move it to; left out, it stays in its own.")
    before_id = Id(required=False, allow_null=True, help_text="The task of that column that is to come right after it.")
    after_id = Id(required=False, allow_null=True, help_text="The task of that column that is to come right before it.")
    reason = Text(required=False, max_length=REASON, help_text="Why; needed for `blocked` and `cancelled`.")
    reviewer_id = Id(required=False, allow_null=True, help_text="Who checks it; needed for `in_review`.")


class PredecessorIn(In):
    """Another task of the campaign."""

    predecessor_id = Id(help_text="The id of the task that comes first.")


class WaivePredecessorIn(PredecessorIn):
    """Another task, and why this one need not wait for it."""

    reason = Text(max_length=REASON, help_text="Why it need not wait; it is kept.")
