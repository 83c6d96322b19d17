"""One change of many tasks, all or none, and taking it back once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from campaigns.board.actions.rows import as_kept, step_event
from campaigns.board.models import BulkEdit, BulkEditTask, Task, TaskHelper
from campaigns.board.queries.bulk import campaign_of_edit, edit_facts, parsed, tasks_of
from campaigns.board.queries.facts import task_names
from campaigns.board.queries.words import names_of, people_in, shown_value
from campaigns.board.rules import (
    GOES_WITH,
    KEPT_REASONS,
    BulkChanges,
    Kept,
    TaskFacts,
    TaskPlan,
    check_bulk,
    check_plans,
    check_undo,
    clashes,
    plan_bulk,
    undo_plan,
    wanted,
)
from campaigns.campaign.actions import EventDraft, record_events
from campaigns.campaign.queries import fields_touched_since_each, lock_campaign
from campaigns.campaign.rules import CampaignFacts, check_open
from planner.core.errors import Refused
from planner.core.words import say
from planner.web.templatetags.words import label
from staff.people.queries import worker_ids
from staff.people.rules import Actor, check_work


@transaction.atomic
def apply_bulk_edit(
    *, actor: Actor, campaign_id: int, seen: Mapping[int, int], changes: BulkChanges, now: datetime
) -> int:
    """Changes all these tasks or none of them; `seen` are their ids with the versions seen. Returns the edit's id.

    One id that is not in this campaign is `Missing`; one task whose very fields somebody changed meanwhile is `stale`;
    one task that a rule refuses holds up all, with the reasons of each.
    """
    changes = check_bulk(changes, len(seen))
    campaign = lock_campaign(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    tasks = tasks_of(campaign, seen, lock=True)
    _check_all_fresh(tasks, seen, changes)
    plans = plan_bulk(actor, tasks, changes, worker_ids(campaign.team_id), now)
    check_plans(plans)
    changing = [plan for plan in plans if plan.steps]
    helped = _write(changing)
    asked = {name: as_kept(value) for name, value in changes.items()}
    edit = BulkEdit.objects.create(
        campaign_id=campaign_id, actor_id=actor.user_id, asked=asked, count=len(changing), at=now
    )
    BulkEditTask.objects.bulk_create(
        (_part(edit.pk, plan, was_helper=plan.facts.id in helped) for plan in changing), batch_size=300
    )
    _log(actor, campaign, changing, _summary(edit, "bulk_edit", {"tasks": len(changing), **asked}), now)
    return edit.pk


@transaction.atomic
def undo_bulk_edit(*, actor: Actor, edit_id: int, now: datetime) -> int:
    """Gives every column back what it was, but those that somebody changed since; returns how many tasks went back.

    What stayed, and why, is kept with the edit. When nothing at all can go back it is refused, with the reasons.
    """
    campaign = lock_campaign(actor, campaign_of_edit(actor, edit_id))
    edit = BulkEdit.objects.select_for_update().get(pk=edit_id)
    check_undo(actor, edit_facts(edit, campaign), now)
    parts = {part.task_id: part for part in BulkEditTask.objects.filter(edit_id=edit_id)}
    touched = fields_touched_since_each("task", {task_id: part.version for task_id, part in parts.items()})
    workers = worker_ids(campaign.team_id)
    plans, kept = [], []
    # What lies in the bin stays as it went in.
    gone = set(parts) - set(Task.objects.filter(pk__in=parts).values_list("pk", flat=True))
    for facts in tasks_of(campaign, parts.keys() - gone, lock=True):
        part = parts[facts.id]
        plan, stays = undo_plan(actor, facts, parsed(part.before), parsed(part.after), touched[facts.id], workers)
        plans += [plan] if plan.steps else []
        kept += [(facts, name, why) for name, why in stays.items()]
    if not plans:
        raise Refused("nothing_left", say("None of this can be taken back any more."), reasons=_kept_reasons(kept))
    _write(plans)
    _help_again(plans, parts, touched, workers)
    edit.undone_at, edit.undone_by_id = now, actor.user_id
    edit.kept = [{"task_id": facts.id, "field": name, "why": why} for facts, name, why in kept]
    edit.kept += [{"task_id": pk, "field": "task", "why": Kept.DELETED} for pk in sorted(gone)]
    edit.save(update_fields=["undone_at", "undone_by", "kept"])
    after: dict[str, Any] = {"tasks": len(plans)}
    if kept or gone:
        after["left_out"] = sorted({facts.name for facts, _, _ in kept} | set(task_names(gone).values()))
    _log(actor, campaign, plans, _summary(edit, "undo_bulk_edit", after), now)
    return len(plans)


def _check_all_fresh(tasks: Sequence[TaskFacts], seen: Mapping[int, int], changes: BulkChanges) -> None:
    """Refuses all when somebody changed these very fields of one of them, with both values of each in words."""
    others = {facts.id: facts for facts in tasks if seen[facts.id] != facts.version}
    if not others:
        return
    touched = fields_touched_since_each("task", {pk: seen[pk] for pk in others})
    stale = []
    for pk, facts in others.items():
        yours = wanted(facts, changes)
        # A version that is newer than the task nobody can have seen.
        since = frozenset(yours) if seen[pk] > facts.version else touched[pk]
        stale += [(facts, name, yours[name]) for name in sorted(clashes(facts, since, yours))]
    if not stale:
        return
    names = names_of(
        pk for facts, name, value in stale for each in (getattr(facts, name), value) for pk in people_in(name, each)
    )
    raise Refused(
        "stale",
        say("Somebody changed some of these tasks meanwhile: nothing was changed."),
        reasons=tuple(say("%(task)s was changed.", task=name) for name in dict.fromkeys(f.name for f, _, _ in stale)),
        current={_place(facts, name): shown_value(name, getattr(facts, name), names) for facts, name, _ in stale},
        yours={_place(facts, name): shown_value(name, value, names) for facts, name, value in stale},
    )


def _place(facts: TaskFacts, name: str) -> str:
    return f"#{facts.id} {facts.name} · {label(name)}"


def _write(plans: Sequence[TaskPlan]) -> set[int]:
    """Writes every plan's columns in a few statements; returns the tasks whose new owner had been a helper."""
    columns = sorted({column for plan in plans for column in plan.columns})
    values = {column: [getattr(plan.after, column) for plan in plans] for column in columns}
    # Most columns get one value for all, which is one plain statement; a CASE of five hundred arms is slow to build.
    same = {column: found[0] for column, found in values.items() if all(value == found[0] for value in found)}
    state = {"status", *GOES_WITH["status"]} & set(columns)
    if not state <= set(same):
        # Constraints bind these columns to each other: they change in one statement.
        same = {column: value for column, value in same.items() if column not in state}
    for steps in {len(plan.steps) for plan in plans}:
        alike = Task.objects.filter(pk__in=[plan.facts.id for plan in plans if len(plan.steps) == steps])
        alike.update(**same, version=F("version") + steps)
    differing = [column for column in columns if column not in same]
    if differing:
        rows = [
            Task(pk=plan.facts.id, **{column: getattr(plan.after, column) for column in differing}) for plan in plans
        ]
        Task.objects.bulk_update(rows, differing, batch_size=250)
    helped = {plan.facts.id: plan.after.owner_id for plan in plans if plan.facts.helper_ids != plan.after.helper_ids}
    if helped:
        gone = Q(pk__in=[])
        for owner_id in set(helped.values()):
            gone |= Q(user_id=owner_id, task_id__in=[pk for pk, user_id in helped.items() if user_id == owner_id])
        TaskHelper.objects.filter(gone).delete()
    return set(helped)


def _help_again(
    plans: Sequence[TaskPlan],
    parts: Mapping[int, BulkEditTask],
    touched: Mapping[int, frozenset[str]],
    workers: frozenset[int],
) -> None:
    """Whoever stopped helping by becoming the owner helps again once somebody else owns it."""
    back = []
    for plan in plans:
        part = parts[plan.facts.id]
        helper_id = part.after.get("owner_id")
        fits = "owner_id" in plan.columns and helper_id in workers and "helper_ids" not in touched[part.task_id]
        if part.before.get("was_helper") and fits:
            back.append(TaskHelper(task_id=part.task_id, user_id=helper_id))
    TaskHelper.objects.bulk_create(back, ignore_conflicts=True)


def _part(edit_id: int, plan: TaskPlan, *, was_helper: bool) -> BulkEditTask:
    before = {column: as_kept(getattr(plan.facts, column)) for column in plan.columns}
    after = {column: as_kept(getattr(plan.after, column)) for column in plan.columns}
    return BulkEditTask(
        edit_id=edit_id,
        task_id=plan.facts.id,
        version=plan.after.version,
        before=before | ({"was_helper": True} if was_helper else {}),
        after=after,
    )


def _summary(edit: BulkEdit, verb: str, after: Mapping[str, Any]) -> EventDraft:
    shown = {name: value for name, value in after.items() if name != "reason"}
    return EventDraft(
        verb=verb,
        subject_kind="bulk_edit",
        subject_id=edit.pk,
        after=shown,
        reason=after.get("reason", ""),
        undo={"edit_id": edit.pk} if verb == "bulk_edit" else None,
    )


def _log(actor: Actor, campaign: CampaignFacts, plans: Sequence[TaskPlan], summary: EventDraft, now: datetime) -> None:
    """Each task's own lines, as the single verbs leave them, and one line about all."""
    events = []
    for plan in plans:
        facts = plan.facts
        for step in plan.steps:
            events.append(step_event(facts, step))
            facts = step.on(facts)
    record_events(campaign_id=campaign.id, actor=actor, events=[*events, summary], now=now)


def _kept_reasons(kept: Sequence[tuple[TaskFacts, str, Kept]]) -> tuple[Any, ...]:
    return tuple(
        say("%(task)s, %(field)s: %(why)s", task=facts.name, field=label(name), why=KEPT_REASONS[why])
        for facts, name, why in kept
    )
