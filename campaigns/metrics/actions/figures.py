"""Targets and daily visitors."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from campaigns.campaign.actions import record_event
from campaigns.campaign.queries import lock_campaign
from campaigns.campaign.rules import ChangeFacts, changed_since, check_open, check_undo_change
from campaigns.metrics.models import DailyFigure, KpiTarget
from campaigns.metrics.queries import target_of, visitors_by_day
from campaigns.metrics.rules.targets import Target, resolve_target
from campaigns.metrics.rules.visitors import check_visitors
from planner.core.errors import Refused
from planner.core.words import say
from staff.people.rules import Actor, check_work


@transaction.atomic
def set_target(
    *,
    actor: Actor,
    campaign_id: int,
    paid_amount: Decimal | None = None,
    visitors: int | None = None,
    conversion: Decimal | None = None,
    order_value: Decimal | None = None,
    version: int | None = 0,
    now: datetime,
) -> Target:
    """What the campaign should reach; `conversion` in percent. Any three give four.

    `version` is the one that was seen, 0 for the first target, None for whatever it is now. The four figures are one
    statement, so a change from a stale page is always answered with both.
    """
    campaign = lock_campaign(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    target = resolve_target(paid_amount=paid_amount, visitors=visitors, conversion=conversion, order_value=order_value)
    known = target_of(campaign_id)
    before, present = known or (None, 0)
    if before == target:
        return target
    shown = before.shown if before else {}
    if version not in {None, present}:
        raise Refused("stale", say("Somebody changed this meanwhile."), current=shown, yours=target.shown)
    KpiTarget.objects.update_or_create(
        campaign_id=campaign_id,
        defaults={
            "paid_amount": target.paid_amount,
            "visitors": target.visitors,
            "buyers": target.buyers,
            "updated_at": now,
            "version": present + 1,
        },
    )
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="set_target",
        subject_kind="campaign",
        subject_id=campaign_id,
        subject_label=campaign.name,
        before=shown,
        # Not "version": that name belongs to the campaign's own version in events about a campaign.
        after={**target.shown, "target_version": present + 1},
        undo={"target": _kept(before), "is": present + 1},
        now=now,
    )
    return target


@transaction.atomic
def set_daily_figures(
    *,
    actor: Actor,
    campaign_id: int,
    visitors: Mapping[date, int | None],
    seen: Mapping[date, int | None] | None = None,
    now: datetime,
) -> int:
    """Sets the visitors of these days, None removes a day; returns how many days changed.

    With `seen`, what the page showed before, only days that were changed on it count, and a day that somebody else
    changed meanwhile is answered with both values.
    """
    campaign = lock_campaign(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    check_visitors(visitors)
    known = visitors_by_day(campaign_id)
    edited = {on: value for on, value in visitors.items() if seen is None or seen.get(on) != value}
    changed = {on: value for on, value in edited.items() if known.get(on) != value}
    if seen is not None:
        clash = sorted(on for on in changed if known.get(on) != seen.get(on))
        if clash:
            raise Refused(
                "stale",
                say("Somebody changed this meanwhile."),
                current={on.isoformat(): known.get(on) for on in clash},
                yours={on.isoformat(): changed[on] for on in clash},
            )
    if not changed:
        return 0
    _write_days(campaign_id, changed)
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="set_visitors",
        subject_kind="campaign",
        subject_id=campaign_id,
        subject_label=campaign.name,
        before={on.isoformat(): known.get(on) for on in sorted(changed)},
        after={on.isoformat(): changed[on] for on in sorted(changed)},
        undo={"visitors": True},
        now=now,
    )
    return len(changed)


def _write_days(campaign_id: int, days: Mapping[date, int | None]) -> None:
    DailyFigure.objects.filter(campaign_id=campaign_id, on__in=[on for on in days if days[on] is None]).delete()
    kept = {on: value for on, value in days.items() if value is not None}
    DailyFigure.objects.bulk_create(
        [DailyFigure(campaign_id=campaign_id, on=on, visitors=value) for on, value in kept.items()],
        update_conflicts=True,
        unique_fields=["campaign", "on"],
        update_fields=["visitors"],
    )


def _kept(target: Target | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {"paid_amount": str(target.paid_amount), "visitors": target.visitors, "buyers": target.buyers}


@transaction.atomic
def undo_figures_change(*, actor: Actor, change: ChangeFacts, now: datetime) -> None:
    """Takes a target or a day's visitors back; refused once somebody has changed the same figures since."""
    check_undo_change(actor, change, now)
    campaign = lock_campaign(actor, change.subject_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    undo = change.undo or {}
    after = dict(change.before)
    if "visitors" in undo:
        known = visitors_by_day(campaign.id)
        if any(known.get(date.fromisoformat(on)) != value for on, value in change.after.items()):
            raise changed_since(())
        _write_days(campaign.id, {date.fromisoformat(on): value for on, value in change.before.items()})
    else:
        rows = KpiTarget.objects.filter(campaign_id=campaign.id, version=undo["is"])
        if not rows.exists():
            raise changed_since(())
        if undo["target"] is None:
            rows.delete()
        else:
            rows.update(**undo["target"], updated_at=now, version=undo["is"] + 1)
            after["target_version"] = undo["is"] + 1
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
