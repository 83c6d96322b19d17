"""Tasks as the verbs need them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, QuerySet

from campaigns.board.models import ChecklistItem, Comment, Evidence, Task, TaskDependency, TaskHelper
from campaigns.board.rules import Predecessor, Status, TaskFacts
from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import campaign_for, done_by_others, lock_campaign, visible
from campaigns.campaign.rules import CampaignFacts, Phase
from planner.core.errors import Missing
from planner.web.words import in_language
from staff.people.rules import Actor, Role


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """The tasks of the campaigns that this actor may see."""
    return Task.objects.filter(campaign__in=Campaign.objects.filter(visible(actor)))


def task_for(actor: Actor, task_id: int) -> TaskFacts:
    """The task, or `Missing` when it does not exist or is not this actor's to see."""
    row = visible_tasks(actor).filter(pk=task_id).first()
    if row is None:
        raise Missing
    return facts_of([row], {row.campaign_id: campaign_for(actor, row.campaign_id)})[0]


def lock_task(actor: Actor, task_id: int) -> TaskFacts:
    """As `task_for`, with the campaign's and the task's rows locked until the transaction ends.

    The campaign comes first, in every verb of the board: one order means no deadlock, and positions, dependencies and
    the campaign's phase hold still while a rule looks at them.
    """
    return _locked(actor, Task.objects.all(), task_id)


def lock_deleted_task(actor: Actor, task_id: int) -> TaskFacts:
    """As `lock_task`, for one that lies in the bin."""
    return _locked(actor, Task.everything.exclude(deleted_at=None), task_id)


def _locked(actor: Actor, rows: QuerySet[Task], task_id: int) -> TaskFacts:
    seen = rows.filter(pk=task_id, campaign__in=Campaign.objects.filter(visible(actor)))
    campaign_id = seen.values_list("campaign_id", flat=True).first()
    if campaign_id is None:
        raise Missing
    campaign = lock_campaign(actor, campaign_id)
    row = rows.select_for_update(of=("self",)).filter(pk=task_id).first()
    if row is None:
        raise Missing
    return facts_of([row], {campaign_id: campaign})[0]


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


def full_name(code: str, title: str) -> str:
    """What a task is called in a sentence."""
    return f"{code} {title}".strip()


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
    """The facts of these rows: three queries, however many rows, and one more where evidence is needed."""
    ids = [row.pk for row in rows]
    helpers: dict[int, set[int]] = defaultdict(set)
    for task_id, user_id in TaskHelper.objects.filter(task_id__in=ids).values_list("task_id", "user_id"):
        helpers[task_id].add(user_id)
    counts, open_items = _items(ids)
    predecessors = _predecessors(ids)
    evidence = _evidence([row.pk for row in rows if row.needs_evidence])
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
            helper_ids=frozenset(helpers[row.pk]),
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
            item_count=counts[row.pk],
            open_items=tuple(open_items[row.pk]),
            predecessors=tuple(predecessors[row.pk]),
            assigned_at=row.assigned_at,
            needs_evidence=row.needs_evidence,
            evidence_count=evidence.get(row.pk, 0),
            created_by_id=row.created_by_id,
            deleted_at=row.deleted_at,
            deleted_by_id=row.deleted_by_id,
            created_at=row.created_at,
            accepted_by_id=row.accepted_by_id,
            accepted_at=row.accepted_at,
        )
        for row in rows
    ]


def _evidence(ids: list[int]) -> dict[int, int]:
    if not ids:
        return {}
    rows = Evidence.objects.filter(task_id__in=ids).order_by().values("task_id").annotate(count=Count("pk"))
    return dict(rows.values_list("task_id", "count"))


def _items(ids: list[int]) -> tuple[dict[int, int], dict[int, list[str]]]:
    counts: dict[int, int] = defaultdict(int)
    open_items: dict[int, list[str]] = defaultdict(list)
    rows = ChecklistItem.objects.filter(task_id__in=ids).order_by("task_id", "position")
    for task_id, text, text_en, ticked_at, reason in rows.values_list(
        "task_id", "text", "text_en", "ticked_at", "waived_reason"
    ):
        counts[task_id] += 1
        if ticked_at is None and not reason:
            open_items[task_id].append(in_language(text, text_en))
    return counts, open_items


_BEFORE = (
    "task_id",
    "predecessor_id",
    "predecessor__code",
    "predecessor__title",
    "predecessor__title_en",
    "predecessor__status",
    "predecessor__is_gate",
    "predecessor__confirmed_at",
    "waived_reason",
)


def _predecessors(ids: list[int]) -> dict[int, list[Predecessor]]:
    predecessors: dict[int, list[Predecessor]] = defaultdict(list)
    # What lies in the bin holds nobody up.
    kept = TaskDependency.objects.filter(task_id__in=ids, predecessor__deleted_at=None)
    rows = kept.order_by("predecessor__position", "predecessor_id")
    for task_id, pk, code, title, title_en, status, is_gate, confirmed_at, reason in rows.values_list(*_BEFORE):
        predecessors[task_id].append(
            Predecessor(
                task_id=pk,
                name=full_name(code, in_language(title, title_en)),
                status=Status(status),
                is_gate=is_gate,
                is_confirmed=confirmed_at is not None,
                is_waived=bool(reason),
            )
        )
    return predecessors
