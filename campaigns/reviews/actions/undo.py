"""Taking back at once what people wrote beside the summary."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.board.queries.facts import task_names
from campaigns.campaign.actions import record_event
from campaigns.campaign.queries import lock_campaign
from campaigns.campaign.rules import ChangeFacts, changed_since, check_open, check_undo_change
from campaigns.reviews.models import CampaignReview, Lesson
from staff.people.queries import worker_ids
from staff.people.rules import Actor, check_work


@transaction.atomic
def undo_review_change(*, actor: Actor, change: ChangeFacts, now: datetime) -> None:
    """Notes and lessons are as they were; refused once somebody has changed the same thing since."""
    check_undo_change(actor, change, now)
    campaign = lock_campaign(actor, change.campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    undo = change.undo or {}
    version = change.after.get("version", 0)
    after: dict[str, Any] = {"version": version + 1, **change.before}
    if "notes" in undo:
        reviews = CampaignReview.objects.filter(pk=change.subject_id, notes_version=version)
        if not reviews.update(notes=undo["notes"], notes_version=version + 1):
            raise changed_since(())
    elif "added" in undo:
        if not Lesson.objects.filter(pk=change.subject_id, version=version).delete()[0]:
            raise changed_since(())
    elif "removed" in undo:
        Lesson.objects.create(pk=change.subject_id, campaign_id=campaign.id, **_able(undo["removed"], campaign.team_id))
    else:
        values = _able(undo["values"], campaign.team_id)
        if not Lesson.objects.filter(pk=change.subject_id, version=version).update(**values, version=version + 1):
            raise changed_since(())
    record_event(
        campaign_id=campaign.id,
        actor=actor,
        verb="undo_change",
        subject_kind=change.subject_kind,
        subject_id=change.subject_id,
        subject_label=change.subject_label,
        before=change.after,
        after=after,
        undoes_id=change.id,
        now=now,
    )


def _able(values: Mapping[str, Any], team_id: int) -> dict[str, Any]:
    """The values, when their person can still own a lesson and their task is still there."""
    if "owner_id" in values and values["owner_id"] not in worker_ids(team_id):
        raise changed_since(())
    task_id = values.get("task_id")
    gone = task_id is not None and not task_names([task_id])
    return {**values, "task_id": None} if gone else dict(values)
