"""Verbs that move a campaign from phase to phase; nothing else sets `Campaign.phase`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from campaigns.campaign.actions import record_event
from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import lock_campaign
from campaigns.campaign.rules import (
    CampaignFacts,
    ChangeFacts,
    Phase,
    changed_since,
    check_in_use,
    check_may_change,
    check_open,
    check_undo_change,
)
from campaigns.phases.queries import phase_facts
from campaigns.phases.rules import check_advance, check_close_routine, check_step_back
from staff.people.rules import Actor


def _enter(
    campaign: CampaignFacts, phase: Phase, *, actor: Actor, verb: str, reason: str, now: datetime, **noted: Any
) -> None:
    Campaign.objects.filter(pk=campaign.id).update(phase=phase, version=F("version") + 1)
    record_event(
        campaign_id=campaign.id,
        actor=actor,
        verb=verb,
        subject_kind="campaign",
        subject_id=campaign.id,
        subject_label=campaign.name,
        before={"phase": campaign.phase},
        after={"version": campaign.version + 1, "phase": phase, **noted},
        reason=reason,
        undo={"phase": campaign.phase},
        now=now,
    )


@transaction.atomic
def advance_phase(*, actor: Actor, campaign_id: int, to: Phase, override_reason: str = "", now: datetime) -> None:
    """Moves the campaign into its next phase `to`; a written reason overrides what blocks the move, and is logged."""
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_open(campaign)
    reason = override_reason.strip()
    overridden = check_advance(phase_facts(campaign), to=to, override_reason=reason)
    if overridden:
        labels = [blocker.label for blocker in overridden]
        _enter(campaign, to, actor=actor, verb="override_phase", reason=reason, now=now, blockers=labels)
    else:
        _enter(campaign, to, actor=actor, verb="advance_phase", reason=reason, now=now)


@transaction.atomic
def step_back(*, actor: Actor, campaign_id: int, to: Phase, reason: str, now: datetime) -> None:
    """Moves the campaign into the phase before, a closed one included, with a written reason."""
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_in_use(campaign)
    check_step_back(phase_facts(campaign), to=to, reason=reason)
    _enter(campaign, to, actor=actor, verb="step_back", reason=reason.strip(), now=now)


@transaction.atomic
def close_routine(*, actor: Actor, campaign_id: int, now: datetime) -> None:
    """Closes routine work, which has no phases to go through."""
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_open(campaign)
    check_close_routine(phase_facts(campaign))
    _enter(campaign, Phase.CLOSED, actor=actor, verb="close_routine", reason="", now=now)


@transaction.atomic
def undo_phase_change(*, actor: Actor, change: ChangeFacts, now: datetime) -> None:
    """The campaign is in the phase that it left, a closed one open again; refused once it was changed since."""
    check_undo_change(actor, change, now)
    campaign = lock_campaign(actor, change.subject_id)
    check_may_change(actor, campaign.team_id)
    check_in_use(campaign)
    if campaign.version != change.after["version"]:
        raise changed_since(())
    phase = (change.undo or {})["phase"]
    Campaign.objects.filter(pk=campaign.id).update(phase=phase, version=F("version") + 1)
    record_event(
        campaign_id=campaign.id,
        actor=actor,
        verb="undo_change",
        subject_kind="campaign",
        subject_id=campaign.id,
        subject_label=campaign.name,
        before={"phase": campaign.phase},
        after={"version": campaign.version + 1, "phase": phase},
        undoes_id=change.id,
        now=now,
    )
