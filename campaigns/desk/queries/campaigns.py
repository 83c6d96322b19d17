"""The list of campaigns: where each stands, how far it is, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from campaigns.board.models import OPEN, Task
from campaigns.board.rules import Status
from campaigns.campaign.queries import anchors_of_each, archived_count, campaigns_of
from campaigns.campaign.rules import CampaignFacts
from campaigns.desk.queries.today import coming
from campaigns.desk.rules.campaigns import State, state_of
from planner.core.words import Said
from staff.people.models import IN_TEAM, Membership
from staff.people.queries import teams_of
from staff.people.rules import Actor, may_manage

# Of what is over, in the list of everything.
CLOSED_LINES = 10


@dataclass(frozen=True)
class CampaignLine:
    """A campaign in the list; `team` is empty for readers of one team."""

    campaign: CampaignFacts
    team: str
    # How far its next dated moment is; None for routine work and when all have passed.
    says: Said | None
    done: int
    total: int
    late: int
    blocked: int
    unassigned: int

    @property
    def is_calm(self) -> bool:
        """True when nothing in it is wrong."""
        return not (self.late or self.blocked or self.unassigned)


@dataclass(frozen=True)
class Group:
    """One part of the list; `more` are left out of it."""

    state: State
    lines: tuple[CampaignLine, ...]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


@dataclass(frozen=True)
class CampaignsScreen:
    """The list, whole or one part of it."""

    groups: tuple[Group, ...]
    # How many there are of each part.
    counts: tuple[tuple[State, int], ...]
    asked: State | None
    may_create: bool


def campaigns_screen(actor: Actor, asked: State | None, *, now: datetime) -> CampaignsScreen:
    """The campaigns that the actor may see; seven queries, however many they are."""
    found = campaigns_of(actor, archived=asked is State.ARCHIVED)
    by_state = {state: [each for each in found if state_of(each, now=now) is state] for state in State}
    wanted = (asked,) if asked else (State.RUNNING, State.UPCOMING, State.CLOSED)
    cuts = {state: by_state[state] if asked else by_state[state][: _most(state)] for state in wanted}
    lines = _lines(actor, [each for rows in cuts.values() for each in rows], now)
    counts = {state: len(rows) for state, rows in by_state.items()}
    if asked is State.ARCHIVED:
        in_use = campaigns_of(actor)
        counts |= {
            state: sum(state_of(each, now=now) is state for each in in_use) for state in State if state is not asked
        }
    else:
        counts[State.ARCHIVED] = archived_count(actor)
    return CampaignsScreen(
        groups=tuple(
            Group(state, tuple(lines[each.id] for each in rows), len(by_state[state]))
            for state, rows in cuts.items()
            if rows
        ),
        counts=tuple(counts.items()),
        asked=asked,
        may_create=any(may_manage(actor, team_id) for team_id in actor.team_ids),
    )


def _most(state: State) -> int | None:
    return CLOSED_LINES if state is State.CLOSED else None


def _lines(actor: Actor, campaigns: list[CampaignFacts], now: datetime) -> dict[int, CampaignLine]:
    teams = dict(teams_of(actor))
    ids = [campaign.id for campaign in campaigns]
    stages, sums = anchors_of_each(ids), _sums(ids, now)
    found = {}
    for campaign in campaigns:
        next_one = None if campaign.is_frozen else coming(campaign, stages.get(campaign.id, {}), now)
        found[campaign.id] = CampaignLine(
            campaign=campaign,
            team=teams[campaign.team_id] if len(teams) > 1 else "",
            says=next_one[0] if next_one else None,
            # What is over has nothing that is wrong any more.
            **{
                name: 0 if campaign.is_frozen and name not in {"done", "total"} else number
                for name, number in sums.get(campaign.id, dict.fromkeys(_COUNTS, 0)).items()
            },
        )
    return found


_COUNTS = ("done", "total", "late", "blocked", "unassigned")


def _sums(ids: list[int], now: datetime) -> Mapping[int, dict[str, int]]:
    # Whoever left the team has nothing: their open work is as good as nobody's.
    here = Membership.objects.filter(IN_TEAM, team_id=OuterRef("campaign__team_id"), user_id=OuterRef("owner_id"))
    rows = (
        Task.objects.filter(campaign_id__in=ids)
        .exclude(status=Status.CANCELLED)
        .annotate(is_owned=Exists(here))
        .order_by()
        .values("campaign_id")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(status=Status.DONE)),
            late=Count("pk", filter=OPEN & Q(due_at__lt=now)),
            blocked=Count("pk", filter=Q(status=Status.BLOCKED)),
            unassigned=Count("pk", filter=OPEN & Q(is_owned=False)),
        )
    )
    sums = rows.values_list("campaign_id", *_COUNTS)
    return {pk: dict(zip(_COUNTS, numbers, strict=True)) for pk, *numbers in sums}
