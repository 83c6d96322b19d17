"""One task as a program reads it, and the whole board in as few bytes and statements as it takes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

import orjson
from django.db.models import Count, F, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from campaigns.board.models import ChecklistItem, Task, TaskHelper
from campaigns.board.queries.evidence import EvidenceLine, evidence_of
from campaigns.board.queries.facts import task_for
from campaigns.board.queries.filters import BoardFilters, filtered, late_only
from campaigns.board.queries.task import DependencyLine, ItemLine, checklist_of, waits_for_of
from campaigns.board.queries.windows import WINDOW, Place, Row, Tally, checklists, tallies, window
from campaigns.board.rules import Status, TaskFacts, Verb, blockers, verbs_now
from campaigns.campaign.queries import campaign_for
from planner.core.words import Said
from planner.web.api.paging import write_cursor
from planner.web.words import in_language
from staff.people.queries import names_of_team
from staff.people.rules import Actor


@dataclass(frozen=True)
class TaskDetail:
    """A task with what hangs on it, and what this reader may do to it now."""

    facts: TaskFacts
    checklist: tuple[ItemLine, ...]
    evidence: tuple[EvidenceLine, ...]
    waits_for: tuple[DependencyLine, ...]
    blockers: tuple[Said, ...]
    verbs: tuple[Verb, ...]


def task_detail(actor: Actor, task_id: int) -> TaskDetail:
    """The task, or `Missing`."""
    facts = task_for(actor, task_id)
    verbs = verbs_now(actor, facts)
    return TaskDetail(
        facts=facts,
        checklist=checklist_of(task_id) if facts.item_count else (),
        evidence=evidence_of(task_id) if facts.evidence_count else (),
        waits_for=waits_for_of(facts),
        blockers=blockers(facts) if facts.is_open else (),
        verbs=tuple(verb for verb in Verb if verb in verbs),
    )


# Columns of the database as they come; then those that are counted beside.
_STORED = (
    "id", "code", "title", "status", "phase", "role", "owner_id", "due_at", "start_at", "version", "position",
    "important", "urgent", "must_have", "is_gate", "confirmed_by_id", "reviewer_id",
)  # fmt: skip
WHOLE_COLUMNS = (*_STORED, "checklist_done", "checklist_total", "helper_ids")
_TITLE = _STORED.index("title")
_MOMENTS = ("due_at", "start_at")


def _iso(text: str | None) -> str | None:
    # "2026-11-26 01:00:00" in SQLite, "2026-11-26 01:00:00.5+00" in PostgreSQL: both in UTC.
    return f"{text[:10]}T{text[11:19]}Z" if text else None


@dataclass(frozen=True)
class WholeBoard:
    """A board before it is read: what it is now, and how to read it."""

    campaign_id: int
    version: int
    # By user id, of all who have or had a place in the team.
    names: Mapping[int, str]
    # The version, the people and the language: titles come in the reader's.
    tag: str


def whole_board(actor: Actor, campaign_id: int) -> WholeBoard:
    """The board's present version with the names that it may show, or `Missing`; two statements."""
    campaign = campaign_for(actor, campaign_id)
    names = names_of_team(campaign.team_id)
    people = crc32(orjson.dumps(sorted(names.items())))
    language = "e" if (get_language() or "").startswith("en") else "c"
    tag = f'"{campaign.board_version}.{people:x}.{language}"'
    return WholeBoard(campaign_id, campaign.board_version, names, tag)


def whole_board_bytes(board: WholeBoard) -> bytes:
    """`{"version", "columns", "rows", "people"}` as JSON: every task of the campaign in the plan's order.

    Two statements at any size, and no object a task: from the rows of the database to bytes.
    """
    title = F("title_en") if board.tag.endswith('e"') else F("title")
    rows = Task.objects.filter(campaign_id=board.campaign_id).order_by("position", "id")
    counts, helpers = _beside(board.campaign_id)
    none = (0, 0)
    found: list[list[Any]] = []
    people: set[int | None] = set()
    places = [_STORED.index(name) for name in _MOMENTS]
    owner, reviewer, confirmer = (_STORED.index(name) for name in ("owner_id", "reviewer_id", "confirmed_by_id"))
    # Moments come as the database writes them: to make a datetime of each takes longer than all the rest.
    moments = {f"{name}_text": Cast(name, TextField()) for name in _MOMENTS}
    columns = [f"{name}_text" if name in _MOMENTS else name for name in _STORED]
    for *row, shown in rows.annotate(shown=title, **moments).values_list(*columns, "shown"):
        # What has no English title has its Chinese one.
        row[_TITLE] = shown or row[_TITLE]
        for index in places:
            row[index] = _iso(row[index])
        people.update((row[owner], row[reviewer], row[confirmer]))
        row += (*counts.get(row[0], none), helpers.get(row[0], []))
        found.append(row)
    people.update(user_id for several in helpers.values() for user_id in several)
    body: dict[str, Any] = {"version": board.version, "columns": WHOLE_COLUMNS, "rows": found}
    body["people"] = {user_id: name for user_id, name in board.names.items() if user_id in people}
    return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)


def _beside(campaign_id: int) -> tuple[dict[int, tuple[int, int]], dict[int, list[int]]]:
    """Ticked or waived and all lines of each checklist, and who helps, by task; one statement for both."""
    closed = Q(ticked_at__isnull=False) | ~Q(waived_reason="")
    items = (
        ChecklistItem.objects.filter(task__campaign_id=campaign_id, task__deleted_at=None).order_by().values("task_id")
    )
    lines = items.annotate(one=Count("pk", filter=closed), other=Count("pk")).values_list("task_id", "one", "other")
    helping = TaskHelper.objects.filter(task__campaign_id=campaign_id, task__deleted_at=None)
    # A checklist that is there has lines: none at all marks a helper.
    people = helping.annotate(one=F("user_id"), other=Value(0)).values_list("task_id", "one", "other")
    counts: dict[int, tuple[int, int]] = {}
    helpers: dict[int, list[int]] = defaultdict(list)
    for task_id, one, other in lines.union(people, all=True):
        if other:
            counts[task_id] = (one, other)
        else:
            helpers[task_id].append(one)
    return counts, helpers


WINDOW_COLUMNS = (
    "id", "code", "title", "phase", "role", "owner_id", "due_at", "version", "position", "important", "urgent",
    "must_have", "is_gate", "is_confirmed", "checklist_done", "checklist_total",
)  # fmt: skip


def board_window_bytes(
    actor: Actor, campaign_id: int, filters: BoardFilters, *, size: int = WINDOW, now: datetime
) -> bytes:
    """`{"version", "columns", "states", "people"}` as JSON: the first cards of every state and how many it has.

    What it costs follows the cards that it holds: the rest is counted by the database in one statement.
    """
    campaign = campaign_for(actor, campaign_id)
    rows = filtered(Task.objects.filter(campaign_id=campaign_id), actor, filters)
    rows = late_only(rows, now) if filters.late else rows
    counts = tallies(rows, None, now)
    found = {place: window(rows, None, place, size) for place in counts}
    lines = checklists(row.id for several in found.values() for row in several)
    people: dict[int, str] = {}
    states = []
    for status in Status:
        place = Place(status)
        tally, cards = counts.get(place, Tally()), found.get(place, [])
        people |= {row.owner_id: row.owner_name or "" for row in cards if row.owner_id is not None}
        following = write_cursor("plan", cards[-1].position, cards[-1].id) if tally.count > len(cards) > 0 else ""
        rows_out = [_window_row(row, lines.get(row.id, (0, 0))) for row in cards]
        state = {"status": status, "count": tally.count, "late": tally.late, "rows": rows_out, "next": following}
        states.append(state)
    body = {"version": campaign.board_version, "columns": WINDOW_COLUMNS, "states": states, "people": people}
    return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS)


def _window_row(row: Row, lines: tuple[int, int]) -> list[Any]:
    title = in_language(row.title, row.title_en)
    kept = (row.id, row.code, title, row.phase, row.role, row.owner_id, row.due_at, row.version, row.position)
    return [*kept, row.important, row.urgent, row.must_have, row.is_gate, row.confirmed_at is not None, *lines]
