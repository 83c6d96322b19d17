"""Tasks as the verbs need them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from campaigns.board.models import ChecklistItem, Comment, Evidence, Task, TaskDependency
from campaigns.board.queries.beside import beside, full_name
from campaigns.board.rules import Status, TaskFacts
from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import COLUMNS, campaign_in, done_by_others, lock_campaign, visible
from campaigns.campaign.rules import CampaignFacts, Phase
from planner.core.errors import Missing
from planner.web.statements import ANY_ID, Statement
from planner.web.words import in_language
from staff.people.rules import Actor, Role


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """The tasks of the campaigns that this actor may see."""
    return Task.objects.filter(campaign__in=Campaign.objects.filter(visible(actor)))


def task_for(actor: Actor, task_id: int) -> TaskFacts:
    """The task, or `Missing` when it does not exist or is not this actor's to see."""
    row, campaign = task_row(actor, task_id)
    return facts_of([row], {campaign.id: campaign})[0]


def task_row(actor: Actor, task_id: int) -> tuple[Task, CampaignFacts]:
    """The task's row and its campaign, or `Missing`; one statement."""
    rows = _KEPT.rows(task_id)
    campaign = campaign_in(actor, rows)
    return _task(rows[0]), campaign


def lock_task(actor: Actor, task_id: int) -> TaskFacts:
    """As `task_for`, with the campaign's and the task's rows locked until the transaction ends.

    The campaign comes first, in every verb of the board: one order means no deadlock, and positions, dependencies and
    the campaign's phase hold still while a rule looks at them.
    """
    return _locked(actor, _KEPT, _KEPT_LOCKED, task_id)


def lock_deleted_task(actor: Actor, task_id: int) -> TaskFacts:
    """As `lock_task`, for one that lies in the bin."""
    return _locked(actor, _DELETED, _DELETED_LOCKED, task_id)


def _locked(actor: Actor, seen: Statement, locked: Statement, task_id: int) -> TaskFacts:
    campaign = lock_campaign(actor, campaign_in(actor, seen.rows(task_id)).id)
    rows = locked.rows(task_id)
    if not rows:
        raise Missing
    return facts_of([_task(rows[0])], {campaign.id: campaign})[0]


def _task(values: tuple[Any, ...]) -> Task:
    return Task.from_db("default", _FIELDS, values[: len(_FIELDS)])


_FIELDS = [field.attname for field in Task._meta.concrete_fields]


def _statements(rows: Callable[[], QuerySet[Task]]) -> tuple[Statement, Statement]:
    """A row with its campaign; the row alone, locked."""
    beside_it = [f"campaign__{name}" for name in COLUMNS]
    return (
        Statement(lambda: rows().filter(pk=ANY_ID).values_list(*_FIELDS, *beside_it)),
        Statement(lambda: rows().select_for_update().filter(pk=ANY_ID).values_list(*_FIELDS)),
    )


_KEPT, _KEPT_LOCKED = _statements(Task.objects.all)
_DELETED, _DELETED_LOCKED = _statements(lambda: Task.everything.exclude(deleted_at=None))


def task_of_item(actor: Actor, item_id: int) -> int:
    """The id of the task that a checklist line hangs on, or `Missing`."""
    rows = ChecklistItem.objects.filter(pk=item_id, task__in=visible_tasks(actor))
    return _found(rows.values_list("task_id", flat=True).first())


def task_of_comment(actor: Actor, comment_id: int) -> int:
    """The id of the task that a comment is about, or `Missing`."""
    rows = Comment.objects.filter(pk=comment_id, task__in=visible_tasks(actor))
    return _found(rows.values_list("task_id", flat=True).first())


def task_of_evidence(actor: Actor, evidence_id: int) -> int:
    """The id of the task that a piece of evidence hangs on, or `Missing`."""
    rows = Evidence.objects.filter(pk=evidence_id, task__in=visible_tasks(actor))
    return _found(rows.values_list("task_id", flat=True).first())


def _found(task_id: int | None) -> int:
    if task_id is None:
        raise Missing
    return task_id


def touched_by_others(actor: Actor, task_id: int) -> bool:
    """Whether anybody but the actor has left a line in the log about the task."""
    return done_by_others("task", task_id, actor.user_id)


def waits_for_of(campaign_id: int) -> dict[int, set[int]]:
    """Every dependency inside a campaign: task → the tasks it waits for."""
    waits_for: dict[int, set[int]] = defaultdict(set)
    rows = TaskDependency.objects.filter(task__campaign_id=campaign_id).values_list("task_id", "predecessor_id")
    for task_id, predecessor_id in rows:
        waits_for[task_id].add(predecessor_id)
    return dict(waits_for)


def task_names(task_ids: Iterable[int]) -> dict[int, str]:
    """Code and title of each of these tasks, those in the bin too."""
    rows = Task.everything.filter(pk__in=list(task_ids)).values_list("id", "code", "title", "title_en")
    return {pk: full_name(code, in_language(title, title_en)) for pk, code, title, title_en in rows}


def facts_of(rows: list[Task], campaigns: Mapping[int, CampaignFacts]) -> list[TaskFacts]:
    """The facts of these rows: one statement, however many rows."""
    hung = beside([row.pk for row in rows])
    return [
        TaskFacts(
            id=row.pk,
            campaign=campaigns[row.campaign_id],
            name=full_name(row.code, in_language(row.title, row.title_en)),
            code=row.code,
            title=row.title,
            title_en=row.title_en,
            acceptance=row.acceptance,
            acceptance_en=row.acceptance_en,
            phase=Phase(row.phase),
            role=Role(row.role),
            owner_id=row.owner_id,
            helper_ids=frozenset(hung[row.pk].helper_ids),
            status=Status(row.status),
            status_reason=row.status_reason,
            reviewer_id=row.reviewer_id,
            important=row.important,
            urgent=row.urgent,
            must_have=row.must_have,
            is_gate=row.is_gate,
            start_at=row.start_at,
            due_at=row.due_at,
            due_changes=row.due_changes,
            planned_due_at=row.planned_due_at,
            estimate_hours=row.estimate_hours,
            actual_hours=row.actual_hours,
            done_by_id=row.done_by_id,
            done_at=row.done_at,
            confirmed_by_id=row.confirmed_by_id,
            confirmed_at=row.confirmed_at,
            position=row.position,
            version=row.version,
            item_count=hung[row.pk].item_count,
            open_items=tuple(hung[row.pk].open_items),
            predecessors=tuple(hung[row.pk].predecessors),
            assigned_at=row.assigned_at,
            needs_evidence=row.needs_evidence,
            evidence_count=hung[row.pk].evidence_count,
            created_by_id=row.created_by_id,
            deleted_at=row.deleted_at,
            deleted_by_id=row.deleted_by_id,
            created_at=row.created_at,
            accepted_by_id=row.accepted_by_id,
            accepted_at=row.accepted_at,
        )
        for row in rows
    ]
