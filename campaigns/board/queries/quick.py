"""What a quick line can name, and how lines are read against it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.board.rules import may_create
from campaigns.board.rules.quick import (
    MOST_LINES,
    Choice,
    Issue,
    QuickCampaign,
    QuickFacts,
    QuickPerson,
    Reading,
    read,
    tag_of,
)
from campaigns.campaign.models import CampaignEvent, CampaignMember, CampaignStage
from campaigns.campaign.queries import campaign_for, campaigns_of
from campaigns.campaign.rules import Anchor, CampaignFacts, check_open, resolve_anchors
from planner.core.errors import NotAllowed, Refused
from planner.core.pinyin import search_words
from planner.core.words import say
from staff.calendars.queries import work_calendar
from staff.people.models import IN_TEAM, Membership
from staff.people.rules import Actor, Level, Role, may_manage

# How long a reading that was shown holds: whoever comes back to the page after it sees it read anew.
HOLDS = timedelta(hours=12)


@dataclass(frozen=True)
class QuickIssue:
    """An issue as the page shows it: each answer with the whole text as it is written then."""

    issue: Issue
    answers: tuple[tuple[Choice, str], ...]


@dataclass(frozen=True)
class QuickRow:
    """One line of the page."""

    number: int
    reading: Reading
    issues: tuple[QuickIssue, ...]


@dataclass(frozen=True)
class QuickScreen:
    """Lines as they were read; `tag` changes when anything that would be saved changes."""

    lines: tuple[str, ...]
    readings: tuple[Reading, ...]
    as_of: datetime
    tag: str
    campaign_id: int | None

    @property
    def is_clear(self) -> bool:
        """True when all of it can be saved."""
        return bool(self.readings) and all(reading.is_clear for reading in self.readings)

    @property
    def text(self) -> str:
        """The lines as they are sent again."""
        return "\n".join(self.lines)

    @property
    def rows(self) -> tuple[QuickRow, ...]:
        """The lines with what is asked about them."""
        return tuple(
            QuickRow(number, each, tuple(self._shown(number, issue) for issue in each.issues))
            for number, each in enumerate(self.readings, 1)
        )

    def _shown(self, number: int, issue: Issue) -> QuickIssue:
        before, after = self.lines[: number - 1], self.lines[number:]
        whole = ("\n".join((*before, each.line, *after)) for each in issue.choices)
        return QuickIssue(issue, tuple(zip(issue.choices, whole, strict=True)))

    @property
    def is_many(self) -> bool:
        """True when it is more than one line."""
        return len(self.readings) > 1

    @property
    def blocking(self) -> tuple[tuple[int, Issue], ...]:
        """What stands in the way, with the number of its line."""
        return tuple((number, issue) for number, each in enumerate(self.readings, 1) for issue in each.blocking)


def quick_screen(
    actor: Actor, text: str, *, campaign_id: int | None = None, as_of: datetime | None = None, now: datetime
) -> QuickScreen:
    """The lines as tasks, read as of the moment at which they were shown before, if that still holds."""
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if len(lines) > MOST_LINES:
        fault = say("These are %(lines)s lines: at most %(most)s are added at once.", lines=len(lines), most=MOST_LINES)
        raise Refused("too_many_lines", fault, fields={"lines": fault})
    moment = as_of if as_of and now - HOLDS <= as_of <= now else now
    facts = quick_facts(actor, campaign_id, moment)
    readings = tuple(read(line, facts) for line in lines)
    return QuickScreen(lines, readings, moment, tag_of(readings), campaign_id)


def quick_facts(actor: Actor, campaign_id: int | None, now: datetime) -> QuickFacts:
    """What the actor may name: their running campaigns with people and anchors; nine queries, however many."""
    if actor.user_id is None or not any(may_create(actor, team_id) for team_id in actor.team_ids):
        raise NotAllowed
    if campaign_id is not None:
        here = campaign_for(actor, campaign_id)
        if not may_create(actor, here.team_id):
            raise NotAllowed
        check_open(here)
    running = [each for each in campaigns_of(actor) if not each.is_closed and may_create(actor, each.team_id)]
    people = _people({each.team_id for each in running})
    given, holders = _anchors(running), _holders(running)
    return QuickFacts(
        me=actor.user_id,
        now=now,
        campaigns=tuple(
            QuickCampaign(
                id=each.id,
                name=each.name,
                pinyin=search_words("".join(each.name.split())),
                zone=each.zone,
                anchors=_moments(each, given[each.id]),
                people=people[each.team_id],
                holders=holders[each.id],
                may_manage=may_manage(actor, each.team_id),
            )
            for each in running
        ),
        default_id=campaign_id or _last_used(actor, running),
        calendar=work_calendar(now.date() - timedelta(days=1), date(now.year + 1, 12, 31)),
    )


def _people(team_ids: set[int]) -> dict[int, tuple[QuickPerson, ...]]:
    order = list(Role)
    found: dict[int, list[QuickPerson]] = defaultdict(list)
    rows = Membership.objects.filter(IN_TEAM, team_id__in=team_ids).exclude(level=Level.VIEWER)
    for row in rows.select_related("user").prefetch_related("roles").order_by("user__display_name", "user_id"):
        roles = sorted((Role(held.role) for held in row.roles.all()), key=order.index)
        user = row.user
        found[row.team_id].append(QuickPerson(user.pk, user.display_name, user.pinyin, user.login, tuple(roles)))
    return {team_id: tuple(found[team_id]) for team_id in team_ids}


def _anchors(running: list[CampaignFacts]) -> dict[int, dict[Anchor, datetime]]:
    given: dict[int, dict[Anchor, datetime]] = defaultdict(dict)
    known = {anchor.value: anchor for anchor in Anchor}
    for row in CampaignStage.objects.filter(campaign_id__in=[each.id for each in running]):
        if row.kind in known:
            given[row.campaign_id][known[row.kind]] = row.at
    return given


def _moments(campaign: CampaignFacts, given: dict[Anchor, datetime]) -> dict[Anchor, datetime]:
    resolved = resolve_anchors(campaign.starts_at, campaign.ends_at, given, ZoneInfo(campaign.zone))
    return {anchor: moment.at for anchor, moment in resolved.items()}


def _holders(running: list[CampaignFacts]) -> dict[int, dict[Role, int]]:
    holders: dict[int, dict[Role, int]] = defaultdict(dict)
    for row in CampaignMember.objects.filter(campaign_id__in=[each.id for each in running]):
        holders[row.campaign_id][Role(row.role)] = row.user_id
    return holders


def _last_used(actor: Actor, running: list[CampaignFacts]) -> int | None:
    """The campaign in which the actor did something last."""
    rows = CampaignEvent.objects.filter(actor_id=actor.user_id, campaign_id__in=[each.id for each in running])
    return rows.order_by("-id").values_list("campaign_id", flat=True).first()
