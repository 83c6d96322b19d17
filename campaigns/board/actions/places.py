"""Where a card goes between two others: a number between theirs, and room made around them when none is left."""

from dataclasses import replace

from django.db.models import OuterRef, Q, QuerySet, Subquery

from campaigns.board.models import Task
from campaigns.board.rules import Status, TaskFacts, between, spread
from planner.core.errors import Refused
from planner.core.words import say
from planner.web.statements import ANOTHER_ID, ANY_ID, Statement

# How many cards on either side make room at first. Wider only where these stand too close themselves: a column in
# which all go to one place writes on average a card or two more a move, whatever its length.
NEAR = 32
WIDER = 4

UP, DOWN = ("-position", "-pk"), ("position", "pk")


def _before(position: object, pk: object) -> Q:
    # `lte` beside the finer comparison: the index of the column ends the search there.
    return Q(position__lte=position) & (Q(position__lt=position) | Q(pk__lt=pk))


def _behind(position: object, pk: object) -> Q:
    return Q(position__gte=position) & (Q(position__gt=position) | Q(pk__gt=pk))


def _neighbour(side: Q, order: tuple[str, str]) -> QuerySet[Task, tuple[int, str, float, float | None]]:
    column = Task.objects.filter(side, campaign_id=OuterRef("campaign_id"), status=OuterRef("status"))
    nearest = Subquery(column.exclude(pk=ANOTHER_ID).order_by(*order).values("position")[:1])
    rows = Task.objects.filter(pk=ANY_ID).annotate(nearest=nearest)
    return rows.values_list("campaign_id", "status", "position", "nearest")


# A card's column and place, and that of the card above or below it which is not the one that moves.
_ABOVE = Statement(lambda: _neighbour(_before(OuterRef("position"), OuterRef("pk")), UP))
_BELOW = Statement(lambda: _neighbour(_behind(OuterRef("position"), OuterRef("pk")), DOWN))


def place_beside(
    facts: TaskFacts, to: Status, before_id: int | None, after_id: int | None
) -> tuple[TaskFacts, float | None]:
    """The new position beside the neighbour, None when no neighbour is named; and the card, as room-making left it."""
    beside = before_id or after_id
    if beside is None or beside == facts.id:
        return facts, None
    while (position := _between(facts, to, beside, before=before_id is not None)) is None:
        made = make_room(facts.campaign.id, beside)
        facts = replace(facts, position=made.get(facts.id, facts.position))
    return facts, position


def _between(facts: TaskFacts, to: Status, beside: int, *, before: bool) -> float | None:
    rows = (_ABOVE if before else _BELOW).rows(beside, facts.id)
    if not rows or rows[0][:2] != (facts.campaign.id, to):
        raise Refused("neighbour_gone", say("The card beside it has moved meanwhile: look at the board again."))
    *_, anchor, nearest = rows[0]
    return between(nearest, anchor) if before else between(anchor, nearest)


def make_room(campaign_id: int, beside: int) -> dict[int, float]:
    """Spreads the cards around this one anew, in the same order: few, or as many as it takes; the new positions."""
    # Of every column, so that the order also holds for cards that change theirs later.
    plan = Task.objects.filter(campaign_id=campaign_id)
    anchor = plan.only("pk", "position").get(pk=beside)
    place, near = (anchor.position, anchor.pk), NEAR
    positions: list[float] | None = None
    while positions is None:
        above = list(plan.filter(_before(*place)).order_by(*UP).only("pk", "position")[: near + 1])
        below = list(plan.filter(_behind(*place)).order_by(*DOWN).only("pk", "position")[: near + 1])
        low, high = (each[near].position if len(each) > near else None for each in (above, below))
        rows = [*reversed(above[:near]), anchor, *below[:near]]
        positions, near = spread(len(rows), low, high), near * WIDER
    for row, position in zip(rows, positions, strict=True):
        row.position = position
    Task.objects.bulk_update(rows, ["position"], batch_size=300)
    return {row.pk: row.position for row in rows}
