"""Notices and the ledger, ready to show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from campaigns.campaign.queries import campaign_for
from campaigns.reminders.models import Delivery, Notice
from campaigns.reminders.rules.kinds import Kind
from campaigns.reminders.rules.messages import KIND_WORDS, late_text, titled_for
from campaigns.reminders.rules.sending import REASON_WORDS, Reason, State, is_late
from planner.core.errors import Missing
from planner.core.words import Said
from planner.web.templatetags.words import moment
from planner.web.words import in_language, translate
from staff.people.rules import Actor, may_manage

PAGE = 50


def spoken(text: str, params: dict[str, Any], *, late: bool = False) -> str:
    """The sentence in the active language and zone."""
    shown = titled_for(params, get_language() or "")
    if "due" in shown:
        shown["due"] = moment(datetime.fromisoformat(shown["due"]))
    sentence = translate(Said(text, shown))
    return translate(late_text(sentence)) if late else sentence


@dataclass(frozen=True)
class NoticeLine:
    """One notice of a person; `task_id` leads to what it is about, where that is a task."""

    id: int
    kind: str
    text: str
    link: str
    campaign_id: int
    campaign_name: str
    task_id: int | None
    at: datetime
    read_at: datetime | None

    @property
    def is_read(self) -> bool:
        """True once its reader has seen it."""
        return self.read_at is not None


@dataclass(frozen=True)
class NoticesScreen:
    """A person's notices, newest first; `older_than` goes on when there are more."""

    lines: list[NoticeLine]
    unread: int
    older_than: int | None


def own_notices(actor: Actor) -> QuerySet[Notice]:
    """The person's own notices; of teams that they have left, and of tasks that lie in the bin, none."""
    own = Notice.objects.filter(recipient_id=actor.user_id, delivery__campaign__team_id__in=actor.team_ids)
    return own.filter(delivery__task__deleted_at=None)


def unread_count(actor: Actor) -> int:
    """How many notices this person has not read."""
    return own_notices(actor).filter(read_at__isnull=True).count()


def notices_of(
    actor: Actor, *, before_id: int | None = None, unread: bool = False, limit: int = PAGE
) -> list[NoticeLine]:
    """The person's own notices, newest first, all or the `unread` ones; `before_id` goes on from a line."""
    rows = own_notices(actor)
    if before_id:
        rows = rows.filter(pk__lt=before_id)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    return [_notice_line(row) for row in rows.select_related("delivery__campaign").order_by("-pk")[:limit]]


def notice_for(actor: Actor, notice_id: int) -> NoticeLine:
    """One of the person's own notices, or `Missing`."""
    row = own_notices(actor).select_related("delivery__campaign").filter(pk=notice_id).first()
    if row is None:
        raise Missing
    return _notice_line(row)


def _notice_line(row: Notice) -> NoticeLine:
    return NoticeLine(
        id=row.pk,
        kind=row.delivery.kind,
        text=spoken(row.text, row.params, late=is_late(row.delivery.due_at, row.at)),
        link=row.link,
        campaign_id=row.delivery.campaign_id,
        campaign_name=row.delivery.campaign.name,
        task_id=row.delivery.task_id,
        at=row.at,
        read_at=row.read_at,
    )


def notices_screen(actor: Actor, *, before_id: int | None = None) -> NoticesScreen:
    """A page of the person's own notices."""
    found = notices_of(actor, before_id=before_id, limit=PAGE + 1)
    lines = found[:PAGE]
    return NoticesScreen(lines, unread_count(actor), lines[-1].id if len(found) > PAGE else None)


@dataclass(frozen=True)
class LedgerLine:
    """One line of the ledger; `tone` and `icon` mark its state beside the word."""

    id: int
    due_at: datetime
    kind: Kind
    about: Said
    task_id: int | None
    task_title: str
    person_id: int
    person_name: str
    channel: str
    state: str
    tone: str
    icon: str
    # Why it was not sent: a stored word where the reason is one of ours, and the sentence or a mail server's own words.
    reason_code: Reason | None
    reason: Said | str
    attempts: int
    next_try_at: datetime | None
    sent_at: datetime | None
    is_late: bool
    possibly_twice: bool


@dataclass(frozen=True)
class LedgerScreen:
    """A page of a campaign's ledger, newest first, with counts over all of it."""

    lines: list[LedgerLine]
    counts: list[tuple[str, int]]
    possibly_twice: int
    state: str
    task: tuple[int, str] | None
    person: tuple[int, str] | None
    page: int
    has_next: bool
    may_retry: bool

    @property
    def also(self) -> str:
        """The filter by task and person, to go on with in an address that has a query already."""
        also = {"task": self.task, "person": self.person}
        return "".join(f"&{name}={value[0]}" for name, value in also.items() if value)

    @property
    def keep(self) -> str:
        """The same filter as a query of its own."""
        return self.also.replace("&", "?", 1)


TONES = {
    State.PLANNED: ("info", "clock"),
    State.CLAIMED: ("info", "send"),
    State.SENT: ("done", "circle-check"),
    State.DEAD: ("late", "circle-x"),
    State.SUPPRESSED: ("plain", "circle-minus"),
    State.QUARANTINED: ("risk", "archive-restore"),
}
# The filter beside the states.
TWICE = "twice"


def _shown(campaign_id: int) -> QuerySet[Delivery]:
    """The campaign's lines, but those about a task that lies in the bin."""
    return Delivery.objects.filter(campaign_id=campaign_id, task__deleted_at=None)


def _ledger_rows(
    campaign_id: int, *, state: str = "", twice: bool | None = None, task_id: int | None, person_id: int | None
) -> QuerySet[Delivery]:
    asked = {"state": state or None, "possibly_twice": twice, "task_id": task_id, "recipient_id": person_id}
    rows = _shown(campaign_id).filter(**{name: value for name, value in asked.items() if value is not None})
    return rows.select_related("task", "recipient").order_by("-due_at", "-pk")


def deliveries_of(
    actor: Actor,
    campaign_id: int,
    *,
    state: str = "",
    twice: bool | None = None,
    task_id: int | None = None,
    person_id: int | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> list[LedgerLine]:
    """A campaign's ledger, newest moment first, filtered; `after` goes on from a line's moment and id."""
    campaign_for(actor, campaign_id)
    rows = _ledger_rows(campaign_id, state=state, twice=twice, task_id=task_id, person_id=person_id)
    if after:
        at, pk = after
        rows = rows.filter(Q(due_at__lt=at) | Q(due_at=at, pk__lt=pk))
    return [_ledger_line(row) for row in rows[:limit]]


def delivery_for(actor: Actor, campaign_id: int, delivery_id: int) -> LedgerLine:
    """One line of a campaign's ledger, or `Missing`."""
    campaign_for(actor, campaign_id)
    row = _shown(campaign_id).select_related("task", "recipient").filter(pk=delivery_id).first()
    if row is None:
        raise Missing
    return _ledger_line(row)


def ledger_screen(
    actor: Actor,
    campaign_id: int,
    *,
    state: str = "",
    task_id: int | None = None,
    person_id: int | None = None,
    page: int = 1,
) -> LedgerScreen:
    """Who was told what, when and how it went, filtered by state, task and person."""
    campaign = campaign_for(actor, campaign_id)
    rows = _shown(campaign_id)
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    n_twice = rows.filter(possibly_twice=True).count()
    by_state: dict[str, Any] = {"twice": True} if state == TWICE else {"state": state}
    start = (page - 1) * PAGE
    asked = _ledger_rows(campaign_id, task_id=task_id, person_id=person_id, **by_state)
    found = list(asked[start : start + PAGE + 1])
    lines = [_ledger_line(row) for row in found[:PAGE]]
    first = lines[0] if lines else None
    return LedgerScreen(
        lines=lines,
        counts=[(name.value, counted.get(name, 0)) for name in State],
        possibly_twice=n_twice,
        state=state,
        task=(task_id, first.task_title if first else "") if task_id else None,
        person=(person_id, first.person_name if first else "") if person_id else None,
        page=page,
        has_next=len(found) > PAGE,
        may_retry=may_manage(actor, campaign.team_id) and not campaign.is_archived,
    )


def _ledger_line(row: Delivery) -> LedgerLine:
    state = State(row.state)
    tone, icon = TONES[state]
    title = in_language(row.task.title, row.task.title_en) if row.task else ""
    reason_code = Reason(row.reason) if row.reason in set(Reason) else None
    return LedgerLine(
        id=row.pk,
        due_at=row.due_at,
        kind=Kind(row.kind),
        about=KIND_WORDS[Kind(row.kind)],
        task_id=row.task_id,
        task_title=title,
        person_id=row.recipient_id,
        person_name=row.recipient.display_name,
        channel=row.channel,
        state=row.state,
        tone=tone,
        icon=icon,
        reason_code=reason_code,
        reason=REASON_WORDS[reason_code] if reason_code else row.reason,
        attempts=row.attempts,
        next_try_at=row.next_try_at if state is State.PLANNED and row.attempts else None,
        sent_at=row.sent_at,
        is_late=bool(row.sent_at and is_late(row.due_at, row.sent_at)),
        possibly_twice=row.possibly_twice,
    )
