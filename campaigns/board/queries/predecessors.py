"""What a task could wait for: found by what somebody types, never listed whole."""

import re
from dataclasses import dataclass
from unicodedata import normalize

from django.db.models import Case, Q, QuerySet, Value, When

from campaigns.board.models import Task
from campaigns.board.queries.beside import full_name
from campaigns.board.queries.facts import task_for, waits_for_of
from campaigns.board.queries.filters import BoardFilters, filtered
from campaigns.board.rules import TaskFacts, Verb, check_verb, waiting_for
from planner.web.words import in_language
from staff.people.rules import Actor

MOST = 20
_NUMBER = re.compile(r"#?([0-9]{1,18})$", re.ASCII)


@dataclass(frozen=True)
class Predecessors:
    """The first few tasks that fit what was typed, (id, name) each, and how many more do."""

    text: str
    lines: tuple[tuple[int, str], ...]
    more: int


def predecessors_found(actor: Actor, task_id: int, text: str) -> Predecessors:
    """What the task could wait for by this code, number or these words; refuses those who may not make it wait."""
    facts = _facts(actor, task_id)
    if not text:
        return Predecessors(text, (), 0)
    rows = _candidates(actor, facts, text)
    exact = Case(When(code__iexact=_plain(text), then=Value(0)), default=Value(1))
    best = rows.order_by(exact, "position", "id").values_list("id", "code", "title", "title_en")[: MOST + 1]
    lines = tuple((pk, full_name(code, in_language(title, title_en))) for pk, code, title, title_en in best)
    return Predecessors(text, lines[:MOST], rows.count() - MOST if len(lines) > MOST else 0)


def predecessor_named(actor: Actor, task_id: int, text: str) -> int | None:
    """The task of the campaign with this code or #number, or the only one that fits; None when it is not clear."""
    facts, plain = _facts(actor, task_id), _plain(text)
    named = Q(code__iexact=plain)
    if plain.startswith("#"):
        named |= _numbered(plain)
    pk = Task.objects.filter(named, campaign_id=facts.campaign.id).values_list("id", flat=True).first()
    if pk is not None:
        return pk
    fitting = _candidates(actor, facts, text).order_by().values_list("id", flat=True)[:2]
    return fitting[0] if len(fitting) == 1 else None


def _facts(actor: Actor, task_id: int) -> TaskFacts:
    facts = task_for(actor, task_id)
    check_verb(actor, facts, Verb.ADD_DEPENDENCY)
    return facts


def _candidates(actor: Actor, facts: TaskFacts, text: str) -> QuerySet[Task]:
    taken = {facts.id, *(each.task_id for each in facts.predecessors)}
    taken |= waiting_for(facts.id, waits_for_of(facts.campaign.id))
    rows = Task.objects.filter(campaign_id=facts.campaign.id)
    fitting = filtered(rows, actor, BoardFilters(text=text)) | rows.filter(_numbered(_plain(text)))
    return fitting.exclude(pk__in=taken)


def _plain(text: str) -> str:
    # What a Chinese keyboard makes of letters, digits and #.
    return normalize("NFKC", text).strip()


def _numbered(plain: str) -> Q:
    found = _NUMBER.match(plain)
    return Q(pk=int(found[1])) if found else Q(pk__in=())
