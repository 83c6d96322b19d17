"""Texts in the reader's language, and stored values as a person reads them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from planner.web.templatetags.words import label, moment
from staff.people.models import User


def names_of(user_ids: Iterable[int | None], known: Mapping[int, str] | None = None) -> dict[int, str]:
    """The names of these people, also of those who left; only those who are not `known` are asked for."""
    found = dict(known or {})
    wanted = {user_id for user_id in user_ids if user_id is not None} - found.keys()
    return found | dict(User.objects.filter(pk__in=wanted).values_list("id", "display_name")) if wanted else found


def people_in(name: str, value: Any) -> list[int]:
    """The user ids that a logged value names."""
    if name.endswith("_id") and isinstance(value, int):
        return [value]
    return list(value) if name.endswith("_ids") and isinstance(value, list | tuple | set | frozenset) else []


def shown_value(name: str, value: Any, names: Mapping[int, str]) -> str:
    """A column's value as a person reads it: a name, a moment, yes or no."""
    if value is None or value == "" or value == []:
        return "—"
    if name.endswith(("_id", "_ids")):
        return ", ".join(names.get(user_id, "?") for user_id in people_in(name, value)) or "—"
    if name.endswith("_at"):
        return moment(parse_datetime(value) if isinstance(value, str) else value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return label(value)
