"""Verbs on campaigns, and the one door to the log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.dateparse import parse_datetime

from campaigns.campaign.models import Campaign, CampaignEvent, CampaignMember, CampaignStage, Store
from campaigns.campaign.queries import EventFilter, EventLine, events_of, lock_campaign
from campaigns.campaign.rules import (
    EVENT_LABEL_LENGTH,
    OPTIONAL_ANCHORS,
    PINYIN_LENGTH,
    Anchor,
    CampaignDraft,
    CampaignFacts,
    ChangeFacts,
    Kind,
    changed_since,
    check_archive_reason,
    check_archived,
    check_draft,
    check_in_use,
    check_may_change,
    check_open,
    check_store,
    check_undo_change,
    name_taken,
    resolve_anchors,
)
from planner.core.errors import Refused
from planner.core.pinyin import search_words
from planner.core.words import say
from staff.people.actions import export_words, record_team_event
from staff.people.queries import team_zone, worker_ids
from staff.people.rules import EXPORT_LINES, Actor, Role, check_export, check_manage


@dataclass(frozen=True)
class EventDraft:
    """One line of the log before it is written."""

    verb: str
    subject_kind: str
    subject_id: int
    subject_label: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    # What taking it back needs; None: it cannot be taken back by its line.
    undo: Mapping[str, Any] | None = None


def record_events(*, campaign_id: int, actor: Actor, events: Sequence[EventDraft], now: datetime) -> None:
    """As `record_event` for many lines of one verb's work, in their order, at the price of a few statements."""
    CampaignEvent.objects.bulk_create(
        (
            CampaignEvent(
                campaign_id=campaign_id,
                actor_id=actor.user_id,
                verb=event.verb,
                subject_kind=event.subject_kind,
                subject_id=event.subject_id,
                subject_label=event.subject_label[:EVENT_LABEL_LENGTH],
                before=dict(event.before),
                after=dict(event.after),
                reason=event.reason,
                undo=event.undo,
                at=now,
            )
            for event in events
        ),
        batch_size=500,
    )
    Campaign.objects.filter(pk=campaign_id).update(board_version=F("board_version") + 1)


def record_event(
    *,
    campaign_id: int,
    actor: Actor,
    verb: str,
    subject_kind: str,
    subject_id: int,
    subject_label: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    undo: Mapping[str, Any] | None = None,
    undoes_id: int | None = None,
    now: datetime,
) -> None:
    """Appends to the campaign's log and raises its board version; call it inside the verb's transaction.

    `undo` is what the slice that writes the line needs to take it back; `undoes_id` is the line that this one takes
    back.
    """
    CampaignEvent.objects.create(
        campaign_id=campaign_id,
        actor_id=actor.user_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_label=subject_label[:EVENT_LABEL_LENGTH],
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
        undo=undo,
        undoes_id=undoes_id,
        at=now,
    )
    Campaign.objects.filter(pk=campaign_id).update(board_version=F("board_version") + 1)


@transaction.atomic
def create_campaign(
    *,
    actor: Actor,
    team_id: int,
    name: str,
    platforms: tuple[str, ...],
    starts_at: datetime,
    ends_at: datetime,
    kind: Kind = Kind.PROMOTION,
    store_id: int | None = None,
    anchors: Mapping[Anchor, datetime] | None = None,
    used: Collection[Anchor] = OPTIONAL_ANCHORS,
    roles: Mapping[Role, int] | None = None,
    now: datetime,
) -> int:
    """A new campaign with the optional anchors that are `used` and the person per role; returns its id."""
    check_may_change(actor, team_id)
    anchors, roles, name = dict(anchors or {}), dict(roles or {}), name.strip()
    check_draft(CampaignDraft(name, platforms, starts_at, ends_at, anchors, roles, kind), worker_ids(team_id))
    if store_id is not None and not Store.objects.filter(pk=store_id, team_id=team_id).exists():
        raise Refused(
            "invalid", say("Please correct what is marked."), fields={"store_id": say("There is no such store.")}
        )
    try:
        # The constraint decides, not a look before: two clicks at once would both see a free name.
        with transaction.atomic():
            campaign = Campaign.objects.create(
                team_id=team_id,
                store_id=store_id,
                name=name,
                pinyin=search_words(name, PINYIN_LENGTH),
                kind=kind,
                platforms=list(platforms),
                starts_at=starts_at,
                ends_at=ends_at,
                created_by_id=actor.user_id,
                created_at=now,
            )
    except IntegrityError:
        raise name_taken(name) from None
    moments = resolve_anchors(starts_at, ends_at, anchors, ZoneInfo(team_zone(team_id)))
    CampaignStage.objects.bulk_create(
        CampaignStage(campaign=campaign, kind=anchor, at=moments[anchor].at, is_default=moments[anchor].is_default)
        for anchor in OPTIONAL_ANCHORS
        if anchor in used
    )
    CampaignMember.objects.bulk_create(
        CampaignMember(campaign=campaign, role=role, user_id=user_id) for role, user_id in roles.items()
    )
    record_event(
        campaign_id=campaign.pk,
        actor=actor,
        verb="create_campaign",
        subject_kind="campaign",
        subject_id=campaign.pk,
        subject_label=name,
        after={"starts_at": starts_at, "ends_at": ends_at, "platforms": list(platforms), "kind": kind},
        now=now,
    )
    return campaign.pk


@transaction.atomic
def archive_campaign(*, actor: Actor, campaign_id: int, reason: str = "", now: datetime) -> CampaignFacts:
    """Puts a campaign of any phase into the archive: out of the lists, unchanged and silent until it is restored."""
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_in_use(campaign)
    return _set_archived(campaign, now, actor=actor, verb="archive_campaign", reason=reason, now=now)


@transaction.atomic
def restore_campaign(*, actor: Actor, campaign_id: int, reason: str = "", now: datetime) -> CampaignFacts:
    """Takes a campaign out of the archive as it went in; what came due meanwhile is told as after an outage."""
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_archived(campaign)
    return _set_archived(campaign, None, actor=actor, verb="restore_campaign", reason=reason, now=now)


def _set_archived(
    campaign: CampaignFacts, archived_at: datetime | None, *, actor: Actor, verb: str, reason: str, now: datetime
) -> CampaignFacts:
    reason = check_archive_reason(reason)
    Campaign.objects.filter(pk=campaign.id).update(archived_at=archived_at, version=F("version") + 1)
    record_event(
        campaign_id=campaign.id,
        actor=actor,
        verb=verb,
        subject_kind="campaign",
        subject_id=campaign.id,
        subject_label=campaign.name,
        before={"archived_at": campaign.archived_at},
        after={"version": campaign.version + 1, "archived_at": archived_at},
        reason=reason,
        undo={"archived_at": campaign.archived_at.isoformat() if campaign.archived_at else None},
        now=now,
    )
    return replace(
        campaign,
        archived_at=archived_at,
        version=campaign.version + 1,
        board_version=campaign.board_version + 1,
    )


@transaction.atomic
def set_role_holder(*, actor: Actor, campaign_id: int, role: Role, user_id: int, now: datetime) -> CampaignFacts:
    """Names the person who holds a role in the campaign; tasks that have an owner keep it."""
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_open(campaign)
    if user_id not in worker_ids(campaign.team_id):
        fault = say("Only members of the team who are not viewers can hold a role.")
        raise Refused("invalid", fault, fields={"user_id": fault})
    row = CampaignMember.objects.filter(campaign_id=campaign_id, role=role).first()
    before = row.user_id if row else None
    CampaignMember.objects.update_or_create(campaign_id=campaign_id, role=role, defaults={"user_id": user_id})
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="set_role_holder",
        subject_kind="campaign",
        subject_id=campaign_id,
        subject_label=campaign.name,
        before={str(role): before},
        after={str(role): user_id},
        undo={"role": role, "was": before, "is": user_id},
        now=now,
    )
    return campaign


@transaction.atomic
def undo_campaign_change(*, actor: Actor, change: ChangeFacts, now: datetime) -> None:
    """Takes back who holds a role, or the archive; refused once somebody has changed the same thing since."""
    check_undo_change(actor, change, now)
    campaign = lock_campaign(actor, change.subject_id)
    check_may_change(actor, campaign.team_id)
    undo = change.undo or {}
    after = dict(change.before)
    if "role" in undo:
        _hold_again(campaign, undo["role"], undo["was"], undo["is"])
    else:
        if campaign.version != change.after["version"]:
            raise changed_since(())
        after["version"] = campaign.version + 1
        archived_at = parse_datetime(undo["archived_at"]) if undo["archived_at"] else None
        Campaign.objects.filter(pk=campaign.id).update(archived_at=archived_at, version=campaign.version + 1)
    record_event(
        campaign_id=campaign.id,
        actor=actor,
        verb="undo_change",
        subject_kind="campaign",
        subject_id=campaign.id,
        subject_label=campaign.name,
        before=change.after,
        after=after,
        undoes_id=change.id,
        now=now,
    )


def _hold_again(campaign: CampaignFacts, role: str, was: int | None, present: int) -> None:
    check_open(campaign)
    rows = CampaignMember.objects.filter(campaign_id=campaign.id, role=role)
    if not rows.filter(user_id=present).exists():
        raise changed_since(())
    if was is None:
        rows.delete()
    elif was in worker_ids(campaign.team_id):
        rows.update(user_id=was)
    else:
        raise Refused("owner", say("Only members of the team who are not viewers can hold a role."))


@transaction.atomic
def create_store(*, actor: Actor, team_id: int, name: str, platform: str, now: datetime) -> tuple[int, bool]:
    """A shop of the team; returns its id and True, or False with the id of the one there is when the name is known."""
    check_may_change(actor, team_id)
    name = name.strip()
    check_store(name, platform)
    store, is_new = Store.objects.get_or_create(team_id=team_id, name=name, defaults={"platform": platform})
    if is_new:
        record_team_event(
            team_id=team_id,
            actor=actor,
            verb="create_store",
            subject_kind="store",
            subject_id=store.pk,
            after={"name": name, "platform": platform},
            now=now,
        )
    return store.pk, is_new


@transaction.atomic
def export_log(*, actor: Actor, campaign_id: int, asked: EventFilter, now: datetime) -> list[EventLine]:
    """The lines of the log that the filter lets through, for the team's managers; that they were taken is logged."""
    campaign = lock_campaign(actor, campaign_id)
    check_manage(actor, campaign.team_id)
    lines = events_of(actor, campaign_id, asked, limit=EXPORT_LINES + 1)
    check_export(len(lines))
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="export_log",
        subject_kind="campaign",
        subject_id=campaign_id,
        subject_label=campaign.name,
        after={"rows": len(lines), **export_words(asked, campaign.team_id)},
        now=now,
    )
    return lines
