"""What a reader of tasks wants to see, as it stands in the address, and as chips to take away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from campaigns.board.models import OPEN as OPEN_ROWS
from campaigns.board.models import Task, TaskHelper
from planner.web.templatetags.words import label
from staff.people.rules import Actor


@dataclass(frozen=True)
class BoardFilters:
    """What the reader wants to see; blank means everything."""

    role: str = ""
    # A user id, "mine" or "nobody".
    person: str = ""
    phase: str = ""
    # "must" for must-haves, "gate" for gates.
    mark: str = ""
    late: bool = False
    text: str = ""

    @property
    def query(self) -> str:
        """The filters as a query string."""
        return as_query(vars(self))

    @property
    def is_set(self) -> bool:
        """True when something may be hidden."""
        return any(getattr(self, name) for name in BoardFilters.__dataclass_fields__)


def as_query(values: Mapping[str, Any]) -> str:
    """What is given, as a query string; a yes is 1."""
    return urlencode({name: "1" if value is True else value for name, value in values.items() if value})


@dataclass(frozen=True)
class Chip:
    """One filter in use: what it says, and the address without it."""

    text: str
    query: str


Asked = TypeVar("Asked", bound=BoardFilters)


def chips_of(asked: Asked, people: Mapping[str, str]) -> tuple[Chip, ...]:
    """The filters in use, in words."""
    said = {
        "role": label(asked.role),
        "person": {"mine": gettext("Mine"), "nobody": gettext("Nobody yet")}.get(asked.person, "")
        or people.get(asked.person, "?"),
        "phase": label(asked.phase),
        "mark": {"must": gettext("Must-have"), "gate": gettext("Gate")}.get(asked.mark, ""),
        "late": gettext("Late"),
        "text": f"“{asked.text}”",
    }
    off: dict[str, Any] = {name: type(getattr(asked, name))() for name in said}
    return tuple(
        Chip(text, replace(asked, **{name: off[name]}).query) for name, text in said.items() if getattr(asked, name)
    )


def filtered(rows: QuerySet[Task], actor: Actor, filters: BoardFilters) -> QuerySet[Task]:
    """Those of the rows that the reader wants, but for lateness; an id from elsewhere finds nothing."""
    if filters.role:
        rows = rows.filter(role=filters.role)
    if filters.phase:
        rows = rows.filter(phase=filters.phase)
    if filters.mark:
        rows = rows.filter(is_gate=True) if filters.mark == "gate" else rows.filter(must_have=True)
    if filters.person == "nobody":
        rows = rows.filter(owner=None)
    elif filters.person:
        user_id = actor.user_id if filters.person == "mine" else int(filters.person)
        rows = rows.filter(
            Q(owner_id=user_id) | Q(pk__in=TaskHelper.objects.filter(user_id=user_id or 0).values("task_id"))
        )
    for word in filters.text.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(title_en__icontains=word)
            | Q(pinyin__icontains=word)
            | Q(code__icontains=word)
            | Q(owner__display_name__icontains=word)
            | Q(owner__pinyin__icontains=word)
        )
    return rows


def late_only(rows: QuerySet[Task], now: Any) -> QuerySet[Task]:
    """Those with work left whose moment has passed."""
    return rows.filter(OPEN_ROWS, due_at__lt=now)
