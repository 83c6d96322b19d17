"""Tasks as lines: what the board, the Today page and every list show of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.board.models import Task
from campaigns.board.queries.facts import facts_of, visible_tasks
from campaigns.board.rules import Status, TaskFacts, Verb, blockers, verbs_now
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts, Phase
from planner.core.errors import Missing
from planner.core.words import Said
from planner.web.words import in_language
from staff.people.rules import Actor, Role

# The verbs that are one tap away on a line.
LINE_VERBS = (Verb.COMPLETE, Verb.REOPEN, Verb.CONFIRM, Verb.TAKE)


@dataclass(frozen=True)
class TaskLine:
    """One task in a list, ready to show, with what this reader may do to it right there."""

    id: int
    code: str
    title: str
    owner_id: int | None
    owner_name: str
    role: Role
    phase: Phase
    status: Status
    due_at: datetime | None
    is_late: bool
    is_gate: bool
    must_have: bool
    campaign_id: int
    campaign_name: str
    checklist_done: int
    checklist_total: int
    version: int
    # Why it cannot be done yet; empty when nothing is in the way.
    blockers: tuple[Said, ...]
    # One tap away: yours to mark done, and nothing is in the way.
    can_complete: bool
    # Yours to mark done, but something is in the way: the line leads to the task.
    must_first: bool
    can_reopen: bool
    can_confirm: bool
    can_take: bool
    # A gate that is done and waits for the second signature.
    unconfirmed: bool


def line_of(actor: Actor, facts: TaskFacts, owner_name: str, now: datetime) -> TaskLine:
    """The line of a task whose facts are known."""
    verbs = verbs_now(actor, facts, LINE_VERBS)
    reasons = blockers(facts) if facts.is_open else ()
    return TaskLine(
        id=facts.id,
        code=facts.code,
        title=in_language(facts.title, facts.title_en),
        owner_id=facts.owner_id,
        owner_name=owner_name,
        role=facts.role,
        phase=facts.phase,
        status=facts.status,
        due_at=facts.due_at,
        is_late=facts.is_late(now),
        is_gate=facts.is_gate,
        must_have=facts.must_have,
        campaign_id=facts.campaign.id,
        campaign_name=facts.campaign.name,
        checklist_done=facts.item_count - len(facts.open_items),
        checklist_total=facts.item_count,
        version=facts.version,
        blockers=reasons,
        can_complete=Verb.COMPLETE in verbs and not reasons,
        must_first=Verb.COMPLETE in verbs and bool(reasons),
        can_reopen=Verb.REOPEN in verbs and facts.status is Status.DONE,
        can_confirm=Verb.CONFIRM in verbs,
        can_take=Verb.TAKE in verbs,
        unconfirmed=facts.waits_for_confirmation,
    )


def task_lines(
    actor: Actor, rows: Iterable[Task], campaigns: Mapping[int, CampaignFacts], now: datetime
) -> list[TaskLine]:
    """Lines of these rows in their order; the rows come with their owner selected."""
    tasks = list(rows)
    owners = {task.pk: task.owner.display_name if task.owner else "" for task in tasks}
    return [line_of(actor, facts, owners[facts.id], now) for facts in facts_of(tasks, campaigns)]


def line_for(actor: Actor, task_id: int, now: datetime) -> TaskLine:
    """One task as a line, or `Missing`."""
    row = visible_tasks(actor).select_related("owner").filter(pk=task_id).first()
    if row is None:
        raise Missing
    return task_lines(actor, [row], {row.campaign_id: campaign_for(actor, row.campaign_id)}, now)[0]
