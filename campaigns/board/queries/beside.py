"""What hangs on tasks and decides their verbs, in one statement: lines, helpers, predecessors, evidence."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, CharField, DateTimeField, F, FloatField, QuerySet, Value
from django.db.models.functions import Cast

from campaigns.board.models import ChecklistItem, Evidence, TaskDependency, TaskHelper
from campaigns.board.rules import Predecessor, Status
from planner.web.statements import ANY_ID, Statement
from planner.web.words import in_language

LINE, HELPER, BEFORE, EVIDENCE = range(4)
_NAMES = (
    "b_kind", "b_task", "b_ref", "b_place", "b_code", "b_title", "b_title_en", "b_status", "b_gate", "b_at", "b_reason",
)  # fmt: skip
_EMPTY = Value("", output_field=CharField())
_NOTHING: dict[str, Any] = {
    "b_place": Value(0.0, output_field=FloatField()),
    "b_code": _EMPTY,
    "b_title": _EMPTY,
    "b_title_en": _EMPTY,
    "b_status": _EMPTY,
    "b_gate": Value(False, output_field=BooleanField()),
    "b_at": Value(None, output_field=DateTimeField()),
    "b_reason": _EMPTY,
}


@dataclass
class Beside:
    """What hangs on one task."""

    helper_ids: set[int] = field(default_factory=set)
    item_count: int = 0
    open_items: list[str] = field(default_factory=list)
    predecessors: list[Predecessor] = field(default_factory=list)
    evidence_count: int = 0


def beside(ids: list[int]) -> dict[int, Beside]:
    """What hangs on these tasks, one statement for all; a task alone needs none to be built."""
    found: dict[int, Beside] = defaultdict(Beside)
    rows = _ALONE.rows(ids[0]) if len(ids) == 1 else list(_union(task_id__in=ids)) if ids else []
    # Lines by place, predecessors by the plan's order and then by id.
    for kind, task_id, ref, _place, code, title, title_en, status, is_gate, at, reason in sorted(
        rows, key=lambda row: (row[1], row[0], row[3], row[2])
    ):
        here = found[task_id]
        if kind == LINE:
            here.item_count += 1
            here.open_items += [in_language(title, title_en)] if at is None and not reason else []
        elif kind == HELPER:
            here.helper_ids.add(ref)
        elif kind == EVIDENCE:
            here.evidence_count += 1
        else:
            here.predecessors.append(_predecessor(ref, code, in_language(title, title_en), status, is_gate, at, reason))
    return found


def _predecessor(
    task_id: int, code: str, title: str, status: str, is_gate: bool, at: datetime | None, reason: str
) -> Predecessor:
    return Predecessor(
        task_id=task_id,
        name=full_name(code, title),
        status=Status(status),
        is_gate=bool(is_gate),
        is_confirmed=at is not None,
        is_waived=bool(reason),
    )


def full_name(code: str, title: str) -> str:
    """What a task is called in a sentence."""
    return f"{code} {title}".strip()


def _union(**which: Any) -> QuerySet[Any, Any]:
    # The lines come first: PostgreSQL takes the columns' types from them.
    lines = _part(
        ChecklistItem.objects.filter(**which),
        LINE,
        b_ref=F("pk"),
        b_place=Cast("position", FloatField()),
        b_title=F("text"),
        b_title_en=F("text_en"),
        b_at=F("ticked_at"),
        b_reason=F("waived_reason"),
    )
    helpers = _part(TaskHelper.objects.filter(**which), HELPER, b_ref=F("user_id"))
    # What lies in the bin holds nobody up.
    before = _part(
        TaskDependency.objects.filter(**which, predecessor__deleted_at=None),
        BEFORE,
        b_ref=F("predecessor_id"),
        b_place=F("predecessor__position"),
        b_code=F("predecessor__code"),
        b_title=F("predecessor__title"),
        b_title_en=F("predecessor__title_en"),
        b_status=F("predecessor__status"),
        b_gate=F("predecessor__is_gate"),
        b_at=F("predecessor__confirmed_at"),
        b_reason=F("waived_reason"),
    )
    evidence = _part(Evidence.objects.filter(**which), EVIDENCE, b_ref=F("pk"))
    return lines.union(helpers, before, evidence, all=True)


def _part(rows: QuerySet[Any], kind: int, **columns: Any) -> QuerySet[Any, Any]:
    named = {**_NOTHING, "b_kind": Value(kind), "b_task": F("task_id"), **columns}
    part: QuerySet[Any, Any] = rows.order_by().annotate(**{name: named[name] for name in _NAMES}).values_list(*_NAMES)
    return part


_ALONE = Statement(lambda: _union(task_id=ANY_ID))
