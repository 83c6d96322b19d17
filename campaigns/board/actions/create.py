"""New tasks: one by hand, or a whole plan."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Max

from campaigns.board.models import ChecklistItem, Task, TaskDependency
from campaigns.board.rules import (
    GAP,
    ITEM_LENGTH,
    PINYIN_LENGTH,
    TaskChanges,
    TaskDraft,
    accepted,
    check_no_cycle,
    check_room,
    check_values,
    is_short,
    may_create,
)
from campaigns.campaign.actions import record_event
from campaigns.campaign.queries import lock_campaign
from campaigns.campaign.rules import Phase, check_may_change, check_open
from planner.core.errors import NotAllowed, Refused
from planner.core.pinyin import search_words
from planner.core.words import one_line, say
from staff.people.queries import worker_ids
from staff.people.rules import Actor, Role, may_manage


@transaction.atomic
def create_task(
    *,
    actor: Actor,
    campaign_id: int,
    title: str,
    role: Role,
    phase: Phase | None = None,
    owner_id: int | None = None,
    start_at: datetime | None = None,
    due_at: datetime | None = None,
    estimate_hours: Decimal = Decimal(0),
    important: bool = False,
    urgent: bool = False,
    must_have: bool = False,
    acceptance: str = "",
    acceptance_en: str = "",
    checklist: Sequence[str] = (),
    now: datetime,
) -> int:
    """A new task at the end of the plan, in the campaign's phase when none is named; returns its id.

    Members make tasks for themselves or for nobody yet; naming another owner or a must-have is a manager's.
    """
    campaign = lock_campaign(actor, campaign_id)
    if not may_create(actor, campaign.team_id):
        raise NotAllowed
    if (owner_id not in {None, actor.user_id} or must_have) and not may_manage(actor, campaign.team_id):
        raise NotAllowed("managers_fields", say("Owners and must-haves are a manager's to name."))
    check_open(campaign)
    count, last = _plan(campaign_id)
    check_room(count)
    values = TaskChanges(title=one_line(title), phase=phase or campaign.phase, estimate_hours=estimate_hours)
    check_values(values, start_at=start_at, due_at=due_at)
    _check_owners({owner_id}, campaign.team_id)
    # What a manager asks for at short notice needs no second manager.
    asked = role == Role.DESIGN and owner_id != actor.user_id and may_manage(actor, campaign.team_id)
    acceptance_now = accepted(actor, now) if asked and due_at and is_short(now, due_at, campaign.zone) else {}
    task = Task.objects.create(
        campaign_id=campaign_id,
        title=values["title"],
        pinyin=search_words(values["title"], PINYIN_LENGTH),
        acceptance=acceptance.strip(),
        acceptance_en=acceptance_en.strip(),
        phase=values["phase"],
        role=role,
        platforms=list(campaign.platforms),
        owner_id=owner_id,
        assigned_at=now if owner_id is not None else None,
        important=important,
        urgent=urgent,
        must_have=must_have,
        start_at=start_at,
        due_at=due_at,
        planned_due_at=due_at,
        estimate_hours=estimate_hours,
        position=last + GAP,
        created_by_id=actor.user_id,
        created_at=now,
        **acceptance_now,
    )
    lines = [line[:ITEM_LENGTH] for text in checklist if (line := one_line(text))]
    ChecklistItem.objects.bulk_create(
        ChecklistItem(task=task, position=index, text=text) for index, text in enumerate(lines, start=1)
    )
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="create_task",
        subject_kind="task",
        subject_id=task.pk,
        subject_label=task.title,
        after={"title": task.title, "role": role, "owner_id": owner_id, "due_at": due_at},
        # Taken back, it lies in the bin.
        undo={"bin": True},
        now=now,
    )
    return task.pk


@transaction.atomic
def create_plan_tasks(*, actor: Actor, campaign_id: int, drafts: Sequence[TaskDraft], now: datetime) -> dict[str, int]:
    """Writes a plan's tasks with checklists and dependencies, in the order given; returns the new ids by code.

    A draft whose code the campaign has already is left alone, so writing the same plan again adds nothing.
    """
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_open(campaign)
    # A step whose task lies in the bin is known too: a plan written again brings nothing back.
    known = dict(Task.everything.filter(campaign_id=campaign_id).exclude(code="").values_list("code", "id"))
    _check_drafts(drafts, frozenset(known))
    fresh = [draft for draft in drafts if draft.code not in known]
    if not fresh:
        return {}
    _check_owners({draft.owner_id for draft in fresh}, campaign.team_id)
    first = _plan(campaign_id)[1] + GAP
    Task.objects.bulk_create(
        (_row(draft, campaign_id, actor, first + GAP * index, now) for index, draft in enumerate(fresh)),
        batch_size=200,
    )
    ids = dict(
        Task.objects.filter(campaign_id=campaign_id, code__in=[draft.code for draft in fresh]).values_list("code", "id")
    )
    ChecklistItem.objects.bulk_create(
        (
            ChecklistItem(task_id=ids[draft.code], position=index, text=text, text_en=text_en)
            for draft in fresh
            for index, (text, text_en) in enumerate(draft.checklist, start=1)
        ),
        batch_size=500,
    )
    everyone = known | ids
    TaskDependency.objects.bulk_create(
        (
            TaskDependency(task_id=ids[draft.code], predecessor_id=everyone[code])
            for draft in fresh
            for code in dict.fromkeys(draft.depends_on)
        ),
        batch_size=500,
    )
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="create_plan_tasks",
        subject_kind="campaign",
        subject_id=campaign_id,
        subject_label=campaign.name,
        after={"tasks": len(fresh)},
        now=now,
    )
    return {draft.code: ids[draft.code] for draft in fresh}


def _row(draft: TaskDraft, campaign_id: int, actor: Actor, position: float, now: datetime) -> Task:
    return Task(
        campaign_id=campaign_id,
        code=draft.code,
        title=draft.title,
        title_en=draft.title_en,
        pinyin=search_words(draft.title, PINYIN_LENGTH),
        acceptance=draft.acceptance,
        acceptance_en=draft.acceptance_en,
        phase=draft.phase,
        stage=draft.stage,
        stage_en=draft.stage_en,
        role=draft.role,
        platforms=list(draft.platforms),
        owner_id=draft.owner_id,
        assigned_at=now if draft.owner_id is not None else None,
        important=draft.important,
        urgent=draft.urgent,
        must_have=draft.must_have,
        is_gate=draft.is_gate,
        needs_evidence=draft.needs_evidence,
        start_at=draft.start_at,
        due_at=draft.due_at,
        planned_due_at=draft.due_at,
        estimate_hours=draft.estimate_hours,
        position=position,
        created_by_id=actor.user_id,
        created_at=now,
    )


def _plan(campaign_id: int) -> tuple[int, float]:
    """How many tasks there are, and the last one's position."""
    found = Task.objects.filter(campaign_id=campaign_id).aggregate(count=Count("pk"), last=Max("position"))
    return found["count"], found["last"] or 0.0


def _check_owners(owner_ids: set[int | None], team_id: int) -> None:
    named = owner_ids - {None}
    if named and named - worker_ids(team_id):
        fault = say("This person cannot own tasks: choose a member of the team.")
        raise Refused("owner", fault, fields={"owner": fault})


def _check_drafts(drafts: Sequence[TaskDraft], known: frozenset[str]) -> None:
    codes = [draft.code for draft in drafts]
    reasons = [
        say("The code %(code)s is used twice.", code=code) for code in sorted(set(codes)) if codes.count(code) > 1
    ]
    reasons += [say("“%(title)s” has no code.", title=draft.title) for draft in drafts if not draft.code]
    reasons += [
        say("%(code)s waits for %(other)s, which is not there.", code=draft.code, other=other)
        for draft in drafts
        for other in draft.depends_on
        if other not in known and other not in codes
    ]
    if reasons:
        raise Refused("plan", say("This plan does not hold together."), reasons=tuple(reasons))
    check_no_cycle({draft.code: draft.depends_on for draft in drafts}, {})
