"""Tasks, of which there are many: matched and put in order by the database, as the rules say it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add, and_, or_

from django.db.models import Case, Count, F, IntegerField, Q, Value, When, Window
from django.db.models.expressions import Combinable

from campaigns.board.models import OPEN, Task
from campaigns.board.rules import OPEN as OPEN_STATUSES
from campaigns.board.rules import Status
from campaigns.campaign.models import Campaign
from campaigns.desk.queries.search.few import campaign_named, order_of, person_named
from campaigns.desk.queries.search.hits import MOST_TASKS, Group, TaskHit
from campaigns.desk.rules.search import Asked, Tier, number_of, pieces, tier
from planner.web.words import in_language
from staff.people.models import Membership
from staff.people.rules import Actor


@dataclass(frozen=True)
class _Word:
    """A word, with the people and the campaigns that it finds."""

    text: str
    owner_ids: Collection[int]
    campaign_ids: Collection[int]

    def _is(self, field: str, lookup: str) -> Q:
        # Without Latin letters there is no large and small, and the plain look-up costs a third.
        has_case = lookup == "exact" or re.search("[a-z]", self.text)
        return Q((f"{field}__{'i' if has_case else ''}{lookup}", self.text))

    @property
    def number(self) -> Q | None:
        """The task of this number."""
        number = number_of(self.text)
        return None if number is None else Q(pk=number)

    def itself(self) -> Q:
        """What finds a task by what it is, or whose."""
        found = self._is("code", "startswith") | self._is("title", "contains") | self._is("title_en", "contains")
        # Pinyin is written in small letters.
        found |= Q(pinyin__contains=self.text)
        found |= Q(owner_id__in=self.owner_ids) if self.owner_ids else Q()
        return found | (self.number or Q())

    def anywhere(self) -> Q:
        """What finds a task by where it belongs, too."""
        return self.itself() | (Q(campaign_id__in=self.campaign_ids) if self.campaign_ids else Q())

    def tier(self) -> Case:
        """`campaigns.desk.rules.search.tier` of a task that was found."""
        exact = self._is("code", "exact") | self._is("title", "exact")
        exact |= (self.text.startswith("#") and self.number) or Q()
        beside = self._is("title_en", "contains") | (self.number or Q())
        beside |= Q(owner_id__in=self.owner_ids) if self.owner_ids else Q()
        tiers = (
            (Tier.EXACT, exact),
            (Tier.PREFIX, self._is("title", "startswith") | self._is("code", "startswith")),
            (Tier.INSIDE, self._is("title", "contains")),
            (Tier.PINYIN, Q(pinyin__startswith=self.text)),
            (Tier.INITIALS, Q(pinyin__contains=f" {self.text}")),
            (Tier.WITHIN, Q(pinyin__contains=self.text)),
            (Tier.BESIDE, beside),
        )
        whens = [When(condition, then=Value(int(each))) for each, condition in tiers]
        return Case(*whens, default=Value(int(Tier.PLACE)), output_field=IntegerField())


def tasks_found(
    actor: Actor, asked: Asked, campaigns: Collection[Campaign], people: Collection[Membership], now: datetime
) -> Group[TaskHit]:
    """The best tasks of these campaigns: every word matches the task, its owner or its campaign, not only the last."""
    words = [_word(text, campaigns, people) for text in asked.words]
    by_id = {row.pk: row for row in campaigns}
    names = {row.user_id: row.user.display_name for row in people}
    rows = Task.objects.filter(campaign_id__in=list(by_id))
    rows = rows.filter(reduce(or_, (word.itself() for word in words)))
    if len(words) > 1:
        rows = rows.filter(reduce(and_, (word.anywhere() for word in words)))
    ranks: Combinable = reduce(add, (word.tier() for word in words))
    at_rest = [row.pk for row in campaigns if order_of(row)]
    rows = rows.annotate(rank=ranks, total=Window(Count("*"))).order_by(
        "rank",
        _last(~OPEN),
        _last(~Q(owner_id=actor.user_id) if actor.user_id else Q(pk__isnull=False)),
        _last(Q(campaign_id__in=at_rest)) if at_rest else "due_at",
        F("due_at").asc(nulls_last=True),
        "-id",
    )
    found = list(
        rows.values_list(
            "id", "code", "title", "title_en", "pinyin", "status", "owner_id", "due_at", "campaign_id", "total", "rank"
        )[:MOST_TASKS]
    )
    hits = []
    for pk, code, title, title_en, pinyin, status, owner_id, due_at, campaign_id, *_ in found:
        shown = in_language(title, title_en)
        hits.append(
            TaskHit(
                id=pk,
                code=code,
                title=shown,
                pieces=pieces(shown, pinyin if shown == title else "", asked.words),
                status=Status(status),
                owner_name=names.get(owner_id, ""),
                due_at=due_at,
                is_late=status in OPEN_STATUSES and due_at is not None and due_at < now,
                campaign_id=campaign_id,
                campaign_name=by_id[campaign_id].name,
            )
        )
    total, best = found[0][-2:] if found else (0, 0)
    return Group(tuple(hits), total, best)


def _word(text: str, campaigns: Iterable[Campaign], people: Iterable[Membership]) -> _Word:
    owners = {row.user_id for row in people if tier(text, person_named(row)) is not None}
    places = [row.pk for row in campaigns if tier(text, campaign_named(row)) is not None]
    return _Word(text, sorted(owners), places)


def _last(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
