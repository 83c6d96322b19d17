"""Campaigns as their readers may see them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from campaigns.campaign.models import Campaign, CampaignEvent, CampaignMember, CampaignStage, Store
from campaigns.campaign.rules import CampaignFacts, Kind, Phase
from planner.core.errors import Missing
from planner.web.statements import ANY_ID, Statement
from staff.people.models import IN_TEAM, Membership, Team
from staff.people.queries import LogFilter, moments_of
from staff.people.rules import Actor, Role, check_see


def visible(actor: Actor) -> Q:
    """The filter on campaigns that this actor may see."""
    return Q() if actor.is_system else Q(team_id__in=actor.team_ids)


COLUMNS = (
    "id", "team_id", "name", "kind", "platforms", "phase", "starts_at", "ends_at", "version", "board_version",
    "archived_at", "team__zone", "store__name",
)  # fmt: skip
_CAMPAIGN = Statement(lambda: Campaign.objects.filter(pk=ANY_ID).values_list(*COLUMNS))
# The row alone is locked: what is not its own comes by sub-selects.
_LOCKED = Statement(
    lambda: (
        Campaign.objects.select_for_update()
        .filter(pk=ANY_ID)
        .values_list(
            *COLUMNS[:-2],
            Subquery(Team.objects.filter(pk=OuterRef("team_id")).values("zone")),
            Subquery(Store.objects.filter(pk=OuterRef("store_id")).values("name")),
        )
    )
)


def _facts(campaign: Campaign) -> CampaignFacts:
    return CampaignFacts(
        id=campaign.pk,
        team_id=campaign.team_id,
        name=campaign.name,
        kind=Kind(campaign.kind),
        platforms=tuple(campaign.platforms),
        phase=Phase(campaign.phase),
        starts_at=campaign.starts_at,
        ends_at=campaign.ends_at,
        zone=campaign.team.zone,
        version=campaign.version,
        board_version=campaign.board_version,
        store_name=campaign.store.name if campaign.store else "",
        archived_at=campaign.archived_at,
    )


def _rows(actor: Actor) -> QuerySet[Campaign]:
    return Campaign.objects.filter(visible(actor)).select_related("team", "store")


def campaign_for(actor: Actor, campaign_id: int) -> CampaignFacts:
    """The campaign, or `Missing` when it does not exist or is not this actor's to see."""
    return campaign_in(actor, _CAMPAIGN.rows(campaign_id))


def campaign_in(actor: Actor, found: list[tuple[Any, ...]]) -> CampaignFacts:
    """The campaign in the last `COLUMNS` of the row that was found, or `Missing` as `campaign_for` says it.

    What `visible` asks the database is asked after the look: so the statement is the same for everybody.
    """
    if not found:
        raise Missing
    row = found[0][-len(COLUMNS) :]
    (pk, team_id, name, kind, platforms, phase, *dates, version, board_version, archived_at, zone, store_name) = row
    if not actor.is_system and team_id not in actor.team_ids:
        raise Missing
    return CampaignFacts(
        id=pk,
        team_id=team_id,
        name=name,
        kind=Kind(kind),
        platforms=tuple(platforms),
        phase=Phase(phase),
        starts_at=dates[0],
        ends_at=dates[1],
        zone=zone,
        version=version,
        board_version=board_version,
        store_name=store_name or "",
        archived_at=archived_at,
    )


def lock_campaign(actor: Actor, campaign_id: int) -> CampaignFacts:
    """As `campaign_for`, with its row locked until the transaction ends."""
    return campaign_in(actor, _LOCKED.rows(campaign_id))


def campaigns_of(actor: Actor, *, archived: bool = False) -> list[CampaignFacts]:
    """Every campaign the actor may see that is in use, or else `archived`: running ones first, newest start first."""
    found = _rows(actor).filter(archived_at__isnull=not archived)
    rows = sorted(found.order_by("-starts_at"), key=lambda row: row.phase == Phase.CLOSED)
    return [_facts(row) for row in rows]


ORDERINGS = ("-starts_at", "starts_at", "-ends_at", "ends_at", "name", "-name", "-id", "id")


@dataclass(frozen=True)
class CampaignFilter:
    """Which campaigns of a list; what is None is not asked."""

    archived: bool = False
    team_id: int | None = None
    kind: Kind | None = None
    phase: Phase | None = None
    text: str = ""


def campaigns_page(
    actor: Actor, asked: CampaignFilter, *, ordering: str, after: tuple[Any, int] | None = None, limit: int
) -> list[CampaignFacts]:
    """The next campaigns that the actor may see, by one of `ORDERINGS`; `after` is the value and the id of the last."""
    rows = _rows(actor).filter(archived_at__isnull=not asked.archived)
    given = {"team_id": asked.team_id, "kind": asked.kind, "phase": asked.phase}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if asked.text:
        rows = rows.filter(name__icontains=asked.text)
    field, sign = ordering.removeprefix("-"), "-" if ordering.startswith("-") else ""
    if after:
        value, pk = after
        beyond = "lt" if sign else "gt"
        rows = rows.filter(Q((f"{field}__{beyond}", value)) | Q((field, value), (f"pk__{beyond}", pk)))
    return [_facts(row) for row in rows.order_by(ordering, f"{sign}pk")[:limit]]


def archived_count(actor: Actor) -> int:
    """How many campaigns in the archive the actor may see."""
    return Campaign.objects.filter(visible(actor), archived_at__isnull=False).count()


def open_routine_of(team_id: int) -> int | None:
    """The id of the team's newest routine work that is neither closed nor archived."""
    rows = Campaign.objects.filter(team_id=team_id, kind=Kind.ROUTINE, archived_at=None).exclude(phase=Phase.CLOSED)
    return rows.order_by("-starts_at", "-id").values_list("pk", flat=True).first()


def anchors_of(campaign_id: int) -> dict[str, tuple[datetime, bool]]:
    """The optional anchors of a campaign: kind → (moment, is it only a default)."""
    return {row.kind: (row.at, row.is_default) for row in CampaignStage.objects.filter(campaign_id=campaign_id)}


def anchors_of_each(campaign_ids: Collection[int]) -> dict[int, dict[str, tuple[datetime, bool]]]:
    """As `anchors_of` for many campaigns, in one query."""
    found: dict[int, dict[str, tuple[datetime, bool]]] = {}
    for row in CampaignStage.objects.filter(campaign_id__in=campaign_ids):
        found.setdefault(row.campaign_id, {})[row.kind] = (row.at, row.is_default)
    return found


@dataclass(frozen=True)
class Habits:
    """What a team's campaigns are called, and where its last promotion sold."""

    names: frozenset[str]
    platforms: tuple[str, ...]
    store_id: int | None


def habits_of(team_id: int) -> Habits:
    """The habits of a team; the caller has checked that the actor may see it."""
    rows = Campaign.objects.filter(team_id=team_id).order_by("kind", "-created_at", "-id")
    found = list(rows.values_list("name", "kind", "platforms", "store_id"))
    last = next((row for row in found if row[1] == Kind.PROMOTION), None)
    return Habits(
        names=frozenset(row[0] for row in found),
        platforms=tuple(last[2]) if last else (),
        store_id=last[3] if last else None,
    )


def role_holders(campaign_id: int) -> dict[Role, int]:
    """Who holds which functional role in the campaign, by user id; those who left the team hold none."""
    here = Membership.objects.filter(IN_TEAM, team_id=OuterRef("campaign__team_id"), user_id=OuterRef("user_id"))
    rows = CampaignMember.objects.filter(Exists(here), campaign_id=campaign_id).values_list("role", "user_id")
    return {Role(role): user_id for role, user_id in rows}


def stores_of(actor: Actor, team_id: int) -> list[tuple[int, str]]:
    """The team's stores as (id, name)."""
    return [(store.id, store.name) for store in store_lines(actor, team_id)]


@dataclass(frozen=True)
class StoreLine:
    """A shop of a team."""

    id: int
    team_id: int
    name: str
    platform: str


def store_lines(actor: Actor, team_id: int) -> list[StoreLine]:
    """The team's stores by name; `Missing` when the team is not the actor's to see."""
    check_see(actor, team_id)
    rows = Store.objects.filter(team_id=team_id).order_by("name").values_list("id", "team_id", "name", "platform")
    return [StoreLine(*row) for row in rows]


@dataclass(frozen=True)
class EventFilter(LogFilter):
    """Which part of a campaign's log: what `person` did, and to what it was done; a `subject_id` goes with its kind."""

    subject_kind: str = ""
    subject_id: int | None = None


@dataclass(frozen=True)
class EventLine:
    """One line of the log, ready to show."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    verb: str
    subject_kind: str
    subject_id: int
    subject_label: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(field, before, after) for every field the event names."""
        return [(name, self.before.get(name), self.after.get(name)) for name in {**self.before, **self.after}]


def _lines(rows: Iterable[CampaignEvent]) -> list[EventLine]:
    return [
        EventLine(
            id=row.pk,
            at=row.at,
            actor_id=row.actor_id,
            actor_name=row.actor.display_name if row.actor else "",
            verb=row.verb,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject_label=row.subject_label,
            before=row.before,
            after=row.after,
            reason=row.reason,
        )
        for row in rows
    ]


def events_of(
    actor: Actor,
    campaign_id: int,
    asked: EventFilter | None = None,
    *,
    before_id: int | None = None,
    without: Collection[str] = (),
    limit: int = 50,
) -> list[EventLine]:
    """The campaign's log, newest first, `without` some verbs; `before_id` goes on from a line."""
    campaign = campaign_for(actor, campaign_id)
    rows = CampaignEvent.objects.filter(campaign_id=campaign_id).select_related("actor").order_by("-id")
    if asked:
        equal = {
            "actor_id": asked.person,
            "verb": asked.verb,
            "subject_kind": asked.subject_kind,
            "subject_id": asked.subject_id,
        }
        rows = rows.filter(moments_of(asked, campaign.zone), **{name: value for name, value in equal.items() if value})
    if without:
        rows = rows.exclude(verb__in=without)
    if before_id:
        rows = rows.filter(pk__lt=before_id)
    return _lines(rows[:limit])


def verbs_of(campaign_id: int) -> list[str]:
    """The verbs that stand in a campaign's log; the caller has checked that the actor may see the campaign."""
    rows = CampaignEvent.objects.filter(campaign_id=campaign_id).order_by()
    return list(rows.values_list("verb", flat=True).distinct())


def history_of(campaign_id: int, subject_kind: str, subject_id: int) -> list[EventLine]:
    """What happened to one thing, oldest first; the caller has checked that the actor may see the campaign."""
    rows = CampaignEvent.objects.filter(
        campaign_id=campaign_id, subject_kind=subject_kind, subject_id=subject_id
    ).select_related("actor")
    return _lines(rows.order_by("id"))


def fields_touched_since(subject_kind: str, subject_id: int, version: int) -> frozenset[str]:
    """The fields of a thing that changed after it had this version: events name its new version in `after`."""
    rows = CampaignEvent.objects.filter(subject_kind=subject_kind, subject_id=subject_id, after__version__gt=version)
    return frozenset(name for row in rows for name in row.after)


def fields_touched_since_each(subject_kind: str, versions: Mapping[int, int]) -> dict[int, frozenset[str]]:
    """As `fields_touched_since` for many things, subject id → the version it had, in one query."""
    touched: dict[int, set[str]] = {subject_id: set() for subject_id in versions}
    if versions:
        rows = CampaignEvent.objects.filter(
            subject_kind=subject_kind, subject_id__in=list(versions), after__version__gt=min(versions.values())
        )
        for subject_id, after in rows.values_list("subject_id", "after"):
            if after["version"] > versions[subject_id]:
                touched[subject_id].update(after)
    return {subject_id: frozenset(names) for subject_id, names in touched.items()}


def later_changes(subject_kind: str, subject_id: int, version: int) -> tuple[int, list[tuple[str, str]]]:
    """How many changes a thing had since it got this version, and (who, verb) of those that were not taken back."""
    rows = CampaignEvent.objects.filter(subject_kind=subject_kind, subject_id=subject_id, after__version__gt=version)
    found = list(rows.order_by("id").values_list("actor__display_name", "verb", "undoes_id", "undone__id"))
    return len(found), [(who or "", verb) for who, verb, undoes, undone in found if undoes is None and undone is None]


def since_by_others(subject_kind: str, subject_id: int, actor_id: int | None, event_id: int) -> list[tuple[str, str]]:
    """(who, verb) of what others did to a thing after this line of the log, but for what they took back."""
    rows = CampaignEvent.objects.filter(subject_kind=subject_kind, subject_id=subject_id, pk__gt=event_id)
    others = rows.filter(undoes=None, undone=None).exclude(actor=None).exclude(actor_id=actor_id)
    return list(others.order_by("id").values_list("actor__display_name", "verb"))


def done_by_others(subject_kind: str, subject_id: int, actor_id: int | None) -> bool:
    """Whether anybody but this person has done something to a thing."""
    rows = CampaignEvent.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return rows.exclude(actor_id=actor_id).exists()
