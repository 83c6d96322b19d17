"""The board of one campaign."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from campaigns.board.models import Task, TaskHelper
from campaigns.board.queries.facts import facts_of
from campaigns.board.queries.lines import TaskLine, line_of
from campaigns.board.rules import TRANSITIONS, Status, TaskFacts, Verb, blockers, may_create, verbs_now
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts, Phase
from staff.people.queries import people_of
from staff.people.rules import Actor, Role

COLUMN_LENGTH = 100
# The states a card can go to with one click; the others ask for a person or a reason, on the task's page.
DIRECT = (Status.TODO, Status.DOING, Status.DONE)


@dataclass(frozen=True)
class BoardFilters:
    """What the reader wants to see; blank means everything."""

    role: str = ""
    # A user id, "mine" or "nobody".
    person: str = ""
    phase: str = ""
    text: str = ""
    # The column shown in full.
    show: str = ""

    @property
    def query(self) -> str:
        """The filters as a query string."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    @property
    def is_set(self) -> bool:
        """True when something may be hidden."""
        return any((self.role, self.person, self.phase, self.text))


@dataclass(frozen=True)
class Card:
    """A task on the board: its line, and where it may go from here."""

    line: TaskLine
    moves: tuple[Status, ...]
    may_order: bool
    # Neighbours in the shown column, to go before or after with the keyboard.
    previous_id: int | None
    next_id: int | None

    @property
    def has_menu(self) -> bool:
        """True when this reader may move the card at all."""
        return bool(self.moves) or (self.may_order and bool(self.previous_id or self.next_id))


@dataclass(frozen=True)
class Column:
    """One state's cards: the first hundred, or all."""

    status: Status
    cards: tuple[Card, ...]
    count: int
    show_all_query: str

    @property
    def hidden(self) -> int:
        """How many cards are not shown."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class BoardScreen:
    """Everything the board page shows."""

    campaign: CampaignFacts
    columns: tuple[Column, ...]
    filters: BoardFilters
    # (user id, name) of everyone who can own a task.
    people: tuple[tuple[str, str], ...]
    roles: tuple[Role, ...]
    phases: tuple[Phase, ...]
    count: int
    late: int
    may_create: bool

    @property
    def poll_query(self) -> str:
        """The query string that asks whether anything has changed since."""
        version = urlencode({"version": self.campaign.board_version})
        return f"{self.filters.query}&{version}" if self.filters.query else version


def board_screen(actor: Actor, campaign_id: int, filters: BoardFilters, now: datetime) -> BoardScreen:
    """The campaign's tasks by state, filtered; the number of queries does not grow with the tasks."""
    campaign = campaign_for(actor, campaign_id)
    wanted = filtered(Task.objects.filter(campaign_id=campaign_id), actor, filters)
    by_status: dict[str, list[int]] = defaultdict(list)
    late = 0
    for status, pk, due_at in wanted.order_by("position", "id").values_list("status", "id", "due_at"):
        by_status[status].append(pk)
        late += due_at is not None and due_at < now and status not in {Status.DONE, Status.CANCELLED}
    shown = {status: ids if status == filters.show else ids[:COLUMN_LENGTH] for status, ids in by_status.items()}
    rows = list(
        Task.objects.filter(pk__in=[pk for ids in shown.values() for pk in ids])
        .select_related("owner")
        .order_by("position", "id")
    )
    owners = {row.pk: row.owner.display_name if row.owner else "" for row in rows}
    cards: dict[Status, list[Card]] = defaultdict(list)
    for facts in facts_of(rows, {campaign_id: campaign}):
        cards[facts.status].append(_card(actor, facts, line_of(actor, facts, owners[facts.id], now)))
    return BoardScreen(
        campaign=campaign,
        columns=tuple(
            Column(
                status=status,
                cards=_with_neighbours(cards[status]),
                count=len(by_status[status]),
                show_all_query=replace(filters, show=status).query,
            )
            for status in Status
            if status is not Status.CANCELLED or by_status[status]
        ),
        filters=filters,
        people=tuple((str(person.user_id), person.name) for person in people_of(actor, campaign.team_id)),
        roles=tuple(Role),
        phases=tuple(phase for phase in Phase if phase is not Phase.CLOSED),
        count=sum(len(ids) for ids in by_status.values()),
        late=late,
        may_create=may_create(actor, campaign.team_id) and not campaign.is_frozen,
    )


def filtered(rows: QuerySet[Task], actor: Actor, filters: BoardFilters) -> QuerySet[Task]:
    """Those of the rows that the reader wants; an id from elsewhere finds nothing, as one that nobody has."""
    if filters.role:
        rows = rows.filter(role=filters.role)
    if filters.phase:
        rows = rows.filter(phase=filters.phase)
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
            | Q(code__icontains=word)
            | Q(owner__display_name__icontains=word)
            | Q(owner__pinyin__icontains=word)
        )
    return rows


def _card(actor: Actor, facts: TaskFacts, line: TaskLine) -> Card:
    verbs = verbs_now(actor, facts)
    moves = tuple(
        to
        for to in DIRECT
        if TRANSITIONS[facts.status].get(to) in verbs and (to is not Status.DONE or not blockers(facts))
    )
    return Card(line=line, moves=moves, may_order=Verb.MOVE in verbs, previous_id=None, next_id=None)


def _with_neighbours(cards: list[Card]) -> tuple[Card, ...]:
    ids = [None, *(card.line.id for card in cards), None]
    return tuple(replace(card, previous_id=ids[index], next_id=ids[index + 2]) for index, card in enumerate(cards))
