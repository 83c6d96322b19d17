"""Template words used on every page."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from planner.core.words import Said
from planner.web.labels import LABELS
from planner.web.theme import theme_of
from planner.web.toasts import Toast, told
from planner.web.words import translate

register = template.Library()
WEEKDAYS = "一二三四五六日"
# How moments and days stand in a log: ISO 8601.
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?$")


@register.filter
def said(value: Any) -> str:
    """A `Said` in the reader's language; anything else as text."""
    return translate(value) if isinstance(value, Said) else str(value)


@register.filter
def moment(value: datetime | date | None) -> str:
    """A moment or a day as its reader writes it: 6月12日 周五 18:00, Fri 12 Jun 18:00; the year when not this one."""
    if value is None:
        return "—"
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    other_year = local.year != timezone.localdate().year
    if (get_language() or "").startswith("zh"):
        text = f"{local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]}"
        text = f"{local.year}年{text}" if other_year else text
    else:
        text = date_format(local, "D j M Y" if other_year else "D j M")
    return f"{text} {local:%H:%M}" if isinstance(local, datetime) else text


@register.filter
def due(value: datetime | None) -> str:
    """A due moment from where its reader stands: 3 h late, Today 18:00, Tomorrow 9:00, Fri 18:00; else its date."""
    if value is None:
        return gettext("No date")
    now = timezone.now()
    if value < now:
        hours_late = int((now - value).total_seconds()) // 3600
        if hours_late < 1:
            return gettext("Just late")
        if hours_late < 24:
            return gettext("%(n)s h late") % {"n": hours_late}
        return gettext("%(n)s d late") % {"n": hours_late // 24}
    local = timezone.localtime(value)
    days = (local.date() - timezone.localdate(now)).days
    if days == 0:
        return gettext("Today %(time)s") % {"time": f"{local:%H:%M}"}
    if days == 1:
        return gettext("Tomorrow %(time)s") % {"time": f"{local:%H:%M}"}
    if days < 7:
        is_chinese = (get_language() or "").startswith("zh")
        weekday = f"周{WEEKDAYS[local.weekday()]}" if is_chinese else date_format(local, "D")
        return f"{weekday} {local:%H:%M}"
    return day(local)


@register.filter
def day(value: datetime | date | None) -> str:
    """A short date without its weekday: 6月12日, 12 Jun; the year when it is not this one."""
    if value is None:
        return "—"
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    other_year = local.year != timezone.localdate().year
    if (get_language() or "").startswith("zh"):
        return f"{local.year}年{local.month}月{local.day}日" if other_year else f"{local.month}月{local.day}日"
    return date_format(local, "j M Y" if other_year else "j M")


def short_moment(value: datetime) -> str:
    """A moment where there is little room: 6月12日 18:00, 12 Jun 18:00; of another year its day only."""
    local = timezone.localtime(value)
    is_chinese = (get_language() or "").startswith("zh")
    if local.year != timezone.localdate().year:
        return f"{local.year}年{local.month}月{local.day}日" if is_chinese else date_format(local, "j M Y")
    day = f"{local.month}月{local.day}日" if is_chinese else date_format(local, "j M")
    return f"{day} {local:%H:%M}"


@register.filter
def money(value: Decimal | float | None) -> str:
    """1,902,487.15; a dash when there is no figure."""
    return "—" if value is None else f"{value:,.2f}"


@register.filter
def count(value: int | None) -> str:
    """28,010; a dash when there is no figure. Grouped by three in every language, as the platforms' own pages do."""
    return "—" if value is None else f"{value:,}"


@register.filter
def hours(value: Decimal | float | None) -> str:
    """Hours without idle zeros: 3, 1.5; a dash when there is none."""
    return "—" if value is None else f"{Decimal(value).normalize():f}"


@register.filter
def percent(value: Decimal | float | None) -> str:
    """A share as 23.13 %; a dash when there is none."""
    return "—" if value is None else f"{value * 100:.2f} %"


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A lucide icon as inline SVG, hidden from screen readers: a word always stands beside it."""
    svg = lucide._render_icon(str(name) + "", 16, aria_hidden="true", **{"class": "icon"})
    # Drawn by the library from its own files; the name only chooses one.
    return mark_safe(svg)  # noqa: S308  # nosec B308 B703 # nosemgrep: marked-safe


@register.simple_block_tag(takes_context=True)
def part(context: template.Context, content: str, part_name: str, **values: Any) -> SafeString:
    """A part of templates/parts around what stands in the block; it knows `values` and nothing of the page."""
    engine = template.Engine.get_default()
    return engine.get_template(f"parts/{part_name}.html").render(context.new({**values, "content": content}))


@register.filter
def initials(name: object) -> str:
    """What stands in somebody's round picture: the last character of a Chinese name, the first letters of another."""
    words = str(name).split()
    if not words:
        return "?"
    if not words[0].isascii():
        return words[0][-1]
    return "".join(word[0] for word in words[:2]).upper()


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The theme that was chosen in this browser; empty for the device's own."""
    return theme_of(context.get("request"))


@register.simple_tag
def drawn(template_name: str, value: object, flag: bool = False) -> str:
    """A small template with `value` and `flag` alone in it, drawn once for each frozen value and language and kept.

    For what stands on a page some hundred times and is asked for every few seconds, as the cards of a board are.
    """
    return _drawn(template_name, get_language(), value, flag)


@lru_cache(maxsize=8192)
def _drawn(template_name: str, _language: str | None, value: object, flag: bool) -> str:
    return get_template(template_name).render({"value": value, "flag": flag})


@register.filter
def label(code: object) -> str:
    """The name of a stored code in the reader's language; an unknown code as it is."""
    name = LABELS.get(str(code))
    return gettext(name) if name else str(code)


@register.filter
def shown(value: object) -> str:
    """A logged value as its reader writes it: moments, days, yes and no, codes, lists; a dash for nothing."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list | tuple):
        return ", ".join(shown(part) for part in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{label(name)} {shown(part)}" for name, part in value.items())
    if isinstance(value, str) and _STAMP.match(value):
        # Notes and titles may look like a moment without being one: those stay as they were written.
        with suppress(ValueError, OverflowError):
            return moment(datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value))
    return moment(value) if isinstance(value, date) else label(value)


@register.simple_tag(takes_context=True)
def toasts(context: Any) -> list[Toast]:
    """What is to be said to the reader on this page, once."""
    request = context.get("request")
    return told(request) if request is not None else []
