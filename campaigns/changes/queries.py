"""Lines of the log as taking them back needs them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import visible
from campaigns.campaign.rules import ChangeFacts
from planner.core.errors import Missing
from planner.core.words import Said, say
from planner.web.templatetags.words import label
from staff.people.rules import Actor

# One verb may leave several lines; they were written together.
NEAR = 1000


def _facts(rows: QuerySet[CampaignEvent]) -> list[ChangeFacts]:
    return [
        ChangeFacts(
            id=row.pk,
            campaign_id=row.campaign_id,
            actor_id=row.actor_id,
            verb=row.verb,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject_label=row.subject_label,
            before=row.before,
            after=row.after,
            undo=row.undo,
            at=row.at,
            is_undo=row.undoes_id is not None,
            is_undone=hasattr(row, "undone"),
        )
        for row in rows.select_related("undone")
    ]


def changes_of(actor: Actor, event_id: int) -> list[ChangeFacts]:
    """What the verb that left this line changed, newest first, or `Missing` when the line is not the actor's to see.

    A verb that did several things at one moment is taken back whole.
    """
    seen = CampaignEvent.objects.filter(campaign__in=Campaign.objects.filter(visible(actor)))
    found = _facts(seen.filter(pk=event_id))
    if not found:
        raise Missing
    change = found[0]
    if change.undo is None or change.is_undone:
        return found
    near = seen.filter(pk__range=(change.id - NEAR, change.id + NEAR), actor_id=change.actor_id, at=change.at)
    together = _facts(near.filter(undone=None).exclude(undo=None).order_by("-id"))
    # Taken back between the two looks: as it is now.
    return together if any(each.id == event_id for each in together) else _facts(seen.filter(pk=event_id))


def is_undone(event_ids: list[int]) -> bool:
    """Whether one of these lines was taken back."""
    return CampaignEvent.objects.filter(undoes_id__in=event_ids).exists()


@dataclass(frozen=True)
class Offer:
    """What was just done, in words, and the line that takes it back."""

    event_id: int
    said: Said


def offer_of(actor: Actor, since: datetime) -> Offer | None:
    """What the actor has just done, when it can be taken back."""
    newest = CampaignEvent.objects.filter(actor_id=actor.user_id).order_by("-id")
    event = newest.values_list("id", "at", "undo").first()
    if event is None or event[1] < since or event[2] is None:
        return None
    changes = changes_of(actor, event[0])
    # A lesson that made a task is told as the lesson, a hand-over as the role.
    told = next((change for change in changes if change.subject_kind != "task"), changes[0])
    return Offer(event[0], said_of(told))


def said_of(change: ChangeFacts) -> Said:
    """A change in words."""
    verb = label(change.verb)
    if not change.subject_label:
        return say("%(verb)s", verb=verb)
    return say("%(subject)s: %(verb)s", subject=change.subject_label, verb=verb)
