"""Everything about one task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.board.models import ChecklistItem, Task, TaskDependency
from campaigns.board.queries.beside import full_name
from campaigns.board.queries.comments import CommentLine, comments_of
from campaigns.board.queries.evidence import EvidenceLine, evidence_of
from campaigns.board.queries.facts import facts_of, task_for, task_row, visible_tasks
from campaigns.board.queries.lines import TaskLine, line_of
from campaigns.board.queries.words import names_of, people_in, shown_value
from campaigns.board.rules import Status, TaskChanges, TaskFacts, Verb, blockers, check_verb, may_plan, verbs_now
from campaigns.campaign.queries import EventLine, campaign_for, history_of
from campaigns.campaign.rules import CampaignFacts
from planner.core.errors import Missing
from planner.core.words import Said
from planner.web.templatetags.words import label
from planner.web.words import in_language
from staff.people.queries import people_of
from staff.people.rules import Actor, Level, check_work, may_manage

# Bookkeeping that says nothing to a person.
UNSHOWN = frozenset({"version", "position", "comment_id"})
# What a line is about, rather than a value that changed.
ABOUT = ("item", "predecessor", "evidence")
# Changes that are shown without being asked for.
LATEST = 5


@dataclass(frozen=True)
class ItemLine:
    """One line of the checklist: open, ticked or waived."""

    id: int
    text: str
    is_ticked: bool
    # Who ticked or waived it, and when or why.
    by_name: str
    at: datetime | None
    waived_reason: str

    @property
    def is_open(self) -> bool:
        """True while it is neither ticked nor waived."""
        return not self.is_ticked and not self.waived_reason


@dataclass(frozen=True)
class DependencyLine:
    """Another task that this one waits for, or that waits for this one."""

    task_id: int
    name: str
    status: Status
    due_at: datetime | None
    is_gate: bool
    is_passed: bool
    waived_reason: str
    waived_by_name: str


@dataclass(frozen=True)
class Change:
    """One field of a logged change, as a person reads it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryLine:
    """One line of the task's history."""

    at: datetime
    actor_name: str
    what: str
    # The checklist line or the other task that it is about; blank for the task itself.
    about: str
    changes: tuple[Change, ...]
    reason: str


@dataclass(frozen=True)
class TaskScreen:
    """Everything the page of a task shows."""

    facts: TaskFacts
    line: TaskLine
    acceptance: str
    stage: str
    platforms: tuple[str, ...]
    helper_names: tuple[str, ...]
    reviewer_name: str
    done_by_name: str
    confirmed_by_name: str
    accepted_by_name: str
    created_by_name: str
    created_at: datetime
    checklist: tuple[ItemLine, ...]
    waits_for: tuple[DependencyLine, ...]
    needed_by: tuple[DependencyLine, ...]
    evidence: tuple[EvidenceLine, ...]
    comments: tuple[CommentLine, ...]
    history: tuple[HistoryLine, ...]
    blockers: tuple[Said, ...]
    verbs: frozenset[Verb]
    may_plan: bool
    # What the fields hold, as a form shows them.
    initial: dict[str, Any]
    # (user id, name): who can own or check tasks, who may be named in a comment.
    workers: tuple[tuple[int, str], ...]
    checkers: tuple[tuple[int, str], ...]
    members: tuple[tuple[int, str], ...]

    @property
    def latest(self) -> tuple[HistoryLine, ...]:
        """The newest changes, few enough to be read at a glance."""
        return self.history[:LATEST]

    @property
    def earlier(self) -> tuple[HistoryLine, ...]:
        """The others."""
        return self.history[LATEST:]


def task_screen(actor: Actor, task_id: int, now: datetime) -> TaskScreen:
    """The task's page for this reader, or `Missing`."""
    row, campaign = task_row(actor, task_id)
    facts = facts_of([row], {campaign.id: campaign})[0]
    people = people_of(actor, campaign.team_id)
    people_named = (facts.reviewer_id, facts.done_by_id, facts.confirmed_by_id, facts.accepted_by_id)
    known = {person.user_id: person.name for person in people}
    names = names_of([facts.owner_id, *facts.helper_ids, *people_named, facts.created_by_id], known)
    workers = tuple((person.user_id, person.name) for person in people if person.level is not Level.VIEWER)
    verbs = verbs_now(actor, facts)
    return TaskScreen(
        facts=facts,
        line=line_of(actor, facts, _name(names, facts.owner_id), now),
        acceptance=in_language(facts.acceptance, facts.acceptance_en),
        stage=in_language(row.stage, row.stage_en),
        platforms=tuple(row.platforms),
        helper_names=tuple(sorted(names[user_id] for user_id in facts.helper_ids)),
        reviewer_name=_name(names, facts.reviewer_id),
        done_by_name=_name(names, facts.done_by_id),
        confirmed_by_name=_name(names, facts.confirmed_by_id),
        accepted_by_name=_name(names, facts.accepted_by_id),
        created_by_name=_name(names, facts.created_by_id),
        created_at=row.created_at,
        checklist=checklist_of(task_id) if facts.item_count else (),
        waits_for=waits_for_of(facts),
        needed_by=_needed_by(facts),
        evidence=evidence_of(task_id) if facts.evidence_count else (),
        comments=comments_of(task_id),
        history=_history(history_of(campaign.id, "task", task_id), names),
        blockers=blockers(facts) if facts.is_open else (),
        verbs=verbs,
        may_plan=may_plan(actor, facts),
        initial=_initial(facts),
        workers=workers,
        checkers=tuple(each for each in workers if each[0] not in (facts.workers or {actor.user_id})),
        members=tuple((person.user_id, person.name) for person in people),
    )


def task_news(actor: Actor, task_id: int) -> int:
    """A number that any change of the task's page raises: its campaign's version; or `Missing`."""
    row = visible_tasks(actor).filter(pk=task_id).values_list("campaign__board_version", flat=True).first()
    if row is None:
        raise Missing
    return row


@dataclass(frozen=True)
class NewTaskScreen:
    """What the form for a new task offers this person."""

    campaign: CampaignFacts
    # (user id, name): whom this person may name as owner.
    owners: tuple[tuple[int, str], ...]
    may_plan: bool
    initial: dict[str, Any]


def new_task_screen(actor: Actor, campaign_id: int) -> NewTaskScreen:
    """The form for a new task; refuses viewers."""
    campaign = campaign_for(actor, campaign_id)
    check_work(actor, campaign.team_id)
    manages = may_manage(actor, campaign.team_id)
    people = people_of(actor, campaign.team_id)
    owners = [
        (person.user_id, person.name)
        for person in people
        if person.level is not Level.VIEWER and (manages or person.user_id == actor.user_id)
    ]
    initial = {"phase": campaign.phase, "owner_id": "" if manages else actor.user_id}
    return NewTaskScreen(campaign=campaign, owners=tuple(owners), may_plan=manages, initial=initial)


@dataclass(frozen=True)
class EditScreen:
    """A task's fields as its form shows them."""

    facts: TaskFacts
    may_plan: bool
    initial: dict[str, Any]


def edit_screen(actor: Actor, task_id: int) -> EditScreen:
    """The form of a task; refuses those who may not edit it."""
    facts = task_for(actor, task_id)
    check_verb(actor, facts, Verb.EDIT)
    return EditScreen(facts=facts, may_plan=may_plan(actor, facts), initial=_initial(facts))


def _initial(facts: TaskFacts) -> dict[str, Any]:
    initial: dict[str, Any] = {name: getattr(facts, name) for name in ("version", *TaskChanges.__annotations__)}
    for name in ("start_at", "due_at"):
        # Browsers type moments to the minute: seconds would look like a change.
        initial[name] = initial[name].replace(second=0, microsecond=0) if initial[name] else None
    return initial


def _name(names: dict[int, str], user_id: int | None) -> str:
    return names.get(user_id, "") if user_id is not None else ""


def checklist_of(task_id: int) -> tuple[ItemLine, ...]:
    """The task's checklist in order; the caller has checked that the actor may see the task."""
    rows = ChecklistItem.objects.filter(task_id=task_id).select_related("ticked_by", "waived_by").order_by("position")
    lines = []
    for row in rows:
        person = row.ticked_by if row.ticked_at else row.waived_by
        lines.append(
            ItemLine(
                id=row.pk,
                text=in_language(row.text, row.text_en),
                is_ticked=row.ticked_at is not None,
                by_name=person.display_name if person else "",
                at=row.ticked_at,
                waived_reason=row.waived_reason,
            )
        )
    return tuple(lines)


def waits_for_of(facts: TaskFacts) -> tuple[DependencyLine, ...]:
    """What the task waits for, in the plan's order."""
    passed = {each.task_id: each.is_passed for each in facts.predecessors}
    if not passed:
        return ()
    rows = TaskDependency.objects.filter(task_id=facts.id).select_related("predecessor", "waived_by")
    return tuple(
        _dependency(
            row.predecessor,
            is_passed=passed[row.predecessor_id],
            waived_reason=row.waived_reason,
            waived_by_name=row.waived_by.display_name if row.waived_by else "",
        )
        for row in rows.order_by("predecessor__position", "predecessor_id")
        if row.predecessor_id in passed
    )


def _needed_by(facts: TaskFacts) -> tuple[DependencyLine, ...]:
    rows = TaskDependency.objects.filter(predecessor_id=facts.id, task__deleted_at=None).select_related("task")
    return tuple(
        _dependency(row.task, is_passed=row.task.status == Status.DONE, waived_reason=row.waived_reason)
        for row in rows.order_by("task__position", "task_id")
    )


def _dependency(task: Task, *, is_passed: bool, waived_reason: str = "", waived_by_name: str = "") -> DependencyLine:
    return DependencyLine(
        task_id=task.pk,
        name=full_name(task.code, in_language(task.title, task.title_en)),
        status=Status(task.status),
        due_at=task.due_at,
        is_gate=task.is_gate,
        is_passed=is_passed,
        waived_reason=waived_reason,
        waived_by_name=waived_by_name,
    )


def _history(events: list[EventLine], known: Mapping[int, str]) -> tuple[HistoryLine, ...]:
    said = [event for event in events if event.verb != Verb.COMMENT]
    ids = [pk for event in said for pk in _people_of(event)]
    names = names_of(ids, known)
    lines = []
    for event in reversed(said):
        changes = tuple(
            Change(label(name), shown_value(name, before, names), shown_value(name, after, names))
            for name, before, after in event.changes
            if name not in UNSHOWN and name not in ABOUT
        )
        about = next((str(text) for name, *pair in event.changes if name in ABOUT for text in pair if text), "")
        # Only the order of the cards changed: that is no news about the task.
        if changes or event.verb != Verb.MOVE:
            lines.append(HistoryLine(event.at, event.actor_name, label(event.verb), about, changes, event.reason))
    return tuple(lines)


def _people_of(event: EventLine) -> list[int]:
    values: list[tuple[str, Any]] = [(name, value) for name, *pair in event.changes for value in pair]
    return [pk for name, value in values for pk in people_in(name, value)]
