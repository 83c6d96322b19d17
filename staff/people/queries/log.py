"""What happened to a team's people and settings, for its managers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from planner.core.words import Said, say
from planner.web.labels import LABELS
from planner.web.templatetags.words import shown
from planner.web.words import translate
from staff.people.models import Team, TeamEvent, User
from staff.people.queries.people import FIELD_NAMES, SENTENCES, names_of_team, team_zone
from staff.people.rules import Actor, check_manage

LOG_PAGE = 50
# The machine's own business.
UNSHOWN = frozenset({"version"})


@dataclass(frozen=True)
class LogFilter:
    """Which part of a log: about or by a person, of one verb, between two days, both of them included."""

    person: int | None = None
    verb: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TeamEventLine:
    """One line of a team's log, ready to show."""

    id: int
    at: datetime
    verb: str
    actor_id: int | None
    actor_name: str
    subject_kind: str
    subject_id: int
    # Of a person; other things have none.
    subject_name: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def sentence(self) -> Said:
        """What happened, in one sentence."""
        told = {"actor": self.actor_name or say("The system"), "subject": self.subject_name, "verb": self.verb_name}
        return Said(SENTENCES.get(self.verb, say("%(actor)s: %(verb)s.")).text, told)

    @property
    def verb_name(self) -> str:
        """What was done, in a word or two of the reader's language."""
        return verb_name(self.verb)

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(field, before, after) in the reader's words, for every field that is another one now."""
        return [
            (_field(name), shown(self.before.get(name)), shown(self.after.get(name)))
            for name in {**self.before, **self.after}
            if name not in UNSHOWN and self.before.get(name) != self.after.get(name)
        ]


@dataclass(frozen=True)
class LogPage:
    """One page of a log, and what it can be filtered by; `older` is where the next page begins."""

    team_id: int
    team_name: str
    lines: tuple[TeamEventLine, ...]
    older: int | None
    people: tuple[tuple[int, str], ...]
    verbs: tuple[tuple[str, str], ...]


def verb_name(verb: str) -> str:
    """A logged verb in a word or two of the reader's language."""
    return translate(Said(LABELS[verb])) if verb in LABELS else verb.replace("_", " ")


def _field(name: str) -> str:
    told = FIELD_NAMES.get(name)
    return translate(told) if told else translate(Said(LABELS.get(name, name.replace("_", " "))))


def moments_of(asked: LogFilter, zone: str) -> Q:
    """The filter on `at` for the two days of a filter, in this time zone."""
    here, span = ZoneInfo(zone), Q()
    if asked.since:
        span &= Q(at__gte=datetime.combine(asked.since, time(), here))
    if asked.until and asked.until < date.max:
        span &= Q(at__lt=datetime.combine(asked.until + timedelta(days=1), time(), here))
    return span


def _rows(team_id: int, asked: LogFilter) -> QuerySet[TeamEvent]:
    rows = TeamEvent.objects.filter(moments_of(asked, team_zone(team_id)), team_id=team_id).select_related("actor")
    if asked.person:
        rows = rows.filter(Q(actor_id=asked.person) | Q(subject_kind="user", subject_id=asked.person))
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    return rows.order_by("-id")


def _lines(rows: Iterable[TeamEvent]) -> list[TeamEventLine]:
    found = list(rows)
    about = {row.subject_id for row in found if row.subject_kind == "user"}
    names = dict(User.objects.filter(pk__in=about).values_list("id", "display_name"))
    return [
        TeamEventLine(
            id=row.pk,
            at=row.at,
            verb=row.verb,
            actor_id=row.actor_id,
            actor_name=row.actor.display_name if row.actor else "",
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject_name=names.get(row.subject_id, "") if row.subject_kind == "user" else "",
            before=row.before,
            after=row.after,
        )
        for row in found
    ]


def log_lines(
    actor: Actor, team_id: int, asked: LogFilter | None = None, *, before_id: int | None = None, limit: int
) -> list[TeamEventLine]:
    """The team's log, newest first, for its managers; `before_id` goes on from a line."""
    check_manage(actor, team_id)
    rows = _rows(team_id, asked or LogFilter())
    return _lines((rows.filter(pk__lt=before_id) if before_id else rows)[:limit])


def log_page(actor: Actor, team_id: int, asked: LogFilter, before_id: int | None = None) -> LogPage:
    """One page of the team's log, for its managers."""
    found = log_lines(actor, team_id, asked, before_id=before_id, limit=LOG_PAGE + 1)
    events = TeamEvent.objects.filter(team_id=team_id)
    verbs = {verb: verb_name(verb) for verb in events.order_by().values_list("verb", flat=True).distinct()}
    people = sorted(names_of_team(team_id).items(), key=lambda each: each[1])
    return LogPage(
        team_id=team_id,
        team_name=Team.objects.values_list("name", flat=True).get(pk=team_id),
        lines=tuple(found[:LOG_PAGE]),
        older=found[LOG_PAGE - 1].id if len(found) > LOG_PAGE else None,
        people=tuple(people),
        verbs=tuple(sorted(verbs.items(), key=lambda each: each[1])),
    )
