"""Lines of the log as taking them back needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import visible
from campaigns.campaign.rules import ChangeFacts
from planner.core.errors import Missing
from planner.core.words import Said, say
from planner.web.templatetags.words import label
from planner.web.words import in_language
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
    together = _together(seen, change)
    # Taken back between the two looks: as it is now.
    return together if any(each.id == event_id for each in together) else _facts(seen.filter(pk=event_id))


def _together(rows: QuerySet[CampaignEvent], change: ChangeFacts) -> list[ChangeFacts]:
    near = rows.filter(pk__range=(change.id - NEAR, change.id + NEAR), actor_id=change.actor_id, at=change.at)
    return _facts(near.filter(undone=None).exclude(undo=None).order_by("-id"))


def is_undone(event_ids: list[int]) -> bool:
    """Whether one of these lines was taken back."""
    return CampaignEvent.objects.filter(undoes_id__in=event_ids).exists()


@dataclass(frozen=True)
class Offer:
    """What was just done, in words, and the line that takes it back."""

    event_id: int
    said: Said


def offer_of(user_id: int, since: datetime) -> Offer | None:
    """What this person has just done, when it can be taken back; one statement unless it was several things."""
    own = CampaignEvent.objects.filter(actor_id=user_id)
    newest = _facts(own.order_by("-id")[:2])
    if not newest or newest[0].at < since or newest[0].undo is None:
        return None
    last, *before = newest
    several = _together(own, last) if before and before[0].at == last.at else []
    return Offer(last.id, said_together(several or [last]))


def done_line(actor: Actor, task_id: int) -> int | None:
    """The line of the log by which this person marked the task done last, if they did."""
    rows = CampaignEvent.objects.filter(subject_kind="task", subject_id=task_id, actor_id=actor.user_id)
    return rows.filter(verb="complete_task", undone=None).order_by("-id").values_list("id", flat=True).first()


def said_together(changes: Sequence[ChangeFacts]) -> Said:
    """What one verb changed, newest first, in words: several new tasks by how many they are."""
    made = [change for change in changes if change.verb == "create_task"]
    # A lesson that made a task is told as the lesson, a hand-over as the role.
    of_more = next((change for change in changes if change.subject_kind != "task"), None)
    if len(made) > 1 and of_more is None:
        return say("%(n)s tasks added", n=len(made))
    return said_of(of_more or (made or changes)[0])


def said_of(change: ChangeFacts) -> Said:
    """A change in words; an edit by the names of its fields."""
    verb = label(change.verb)
    before, after = change.before, change.after
    edited = [label(name) for name in after if name != "version" and before.get(name) != after[name]]
    if change.verb == "edit_task" and edited:
        fields = in_language("、", ", ").join(edited)
        return say("%(subject)s: %(fields)s changed", subject=change.subject_label, fields=fields)
    if not change.subject_label:
        return say("%(verb)s", verb=verb)
    return say("%(subject)s: %(verb)s", subject=change.subject_label, verb=verb)
