"""What readers do: mark notices as read; managers also send a dead message again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from campaigns.campaign.actions import record_event
from campaigns.campaign.queries import lock_campaign
from campaigns.campaign.rules import check_in_use
from campaigns.reminders.models import Delivery, Notice
from campaigns.reminders.queries.screens import own_notices
from campaigns.reminders.rules.sending import State
from planner.core.errors import Missing, Refused
from planner.core.words import say
from staff.people.rules import Actor, check_manage


def read_notice(*, actor: Actor, notice_id: int, now: datetime) -> str:
    """Marks one of the actor's own notices as read and returns where it leads; the first reading counts."""
    notices = own_notices(actor).filter(pk=notice_id)
    link = notices.values_list("link", flat=True).first()
    if link is None:
        raise Missing
    notices.filter(read_at__isnull=True).update(read_at=now)
    return link


def read_all(*, actor: Actor, now: datetime) -> None:
    """Marks all of the actor's own notices as read."""
    Notice.objects.filter(recipient_id=actor.user_id, read_at__isnull=True).update(read_at=now)


@transaction.atomic
def retry_delivery(*, actor: Actor, campaign_id: int, delivery_id: int, now: datetime) -> None:
    """Plans a message again that was given up; when it is sent it is checked like any other."""
    campaign = lock_campaign(actor, campaign_id)
    check_manage(actor, campaign.team_id)
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, campaign_id=campaign_id).first()
    if row is None:
        raise Missing
    check_in_use(campaign)
    if row.state != State.DEAD:
        raise Refused("not_dead", say("Only a message that was given up can be sent again."))
    before = {"state": row.state, "reason": row.reason}
    row.state, row.reason, row.attempts, row.next_try_at = State.PLANNED, "", 0, now
    row.save(update_fields=["state", "reason", "attempts", "next_try_at"])
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="retry_delivery",
        subject_kind="delivery",
        subject_id=row.pk,
        subject_label=str(row),
        before=before,
        after={"state": row.state},
        now=now,
    )


def forget_tasks(*, task_ids: Collection[int]) -> None:
    """Drops what was told about tasks that are removed for good; call it inside their transaction."""
    Delivery.objects.filter(task_id__in=task_ids).delete()
