"""What a review is compiled from, read from the slices below."""

from django.db.models import Count, OuterRef, Subquery

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import Phase
from campaigns.metrics.queries import figures_of, target_of
from campaigns.reminders.models import Delivery
from campaigns.reviews.models import CampaignReview
from campaigns.reviews.rules.facts import REVIEW_KIND, OverrideFact, ReminderFact, ReviewFacts, TaskFact
from planner.core.errors import Missing
from staff.people.rules import Actor
from staff.runs.queries import last_ended


def _tasks(campaign_id: int) -> tuple[TaskFact, ...]:
    # A task that came out of a lesson is work after the review, not part of what is reviewed.
    rows = Task.objects.filter(campaign_id=campaign_id, lesson__isnull=True).exclude(status="cancelled")
    return tuple(
        TaskFact(
            id=row.pk,
            phase=row.phase,
            role=row.role,
            owner_id=row.owner_id,
            is_done=row.status == "done",
            done_at=row.done_at if row.status == "done" else None,
            due_at=row.due_at,
            planned_due_at=row.planned_due_at,
            due_changes=row.due_changes,
            estimate_hours=row.estimate_hours,
            actual_hours=row.actual_hours,
        )
        for row in rows.order_by("id")
    )


def _overrides(campaign_id: int) -> tuple[OverrideFact, ...]:
    rows = CampaignEvent.objects.filter(campaign_id=campaign_id, verb="override_phase").order_by("id")
    return tuple(
        OverrideFact(
            at=row.at,
            actor_id=row.actor_id,
            from_phase=row.before.get("phase", ""),
            to_phase=row.after.get("phase", ""),
            reason=row.reason,
        )
        for row in rows
    )


def _reminders(campaign_id: int) -> tuple[ReminderFact, ...]:
    sent = Delivery.objects.filter(campaign_id=campaign_id, state="sent", task__isnull=False, task__deleted_at=None)
    rows = sent.values("kind").annotate(messages=Count("id"), tasks=Count("task", distinct=True)).order_by("kind")
    return tuple(ReminderFact(row["kind"], row["messages"], row["tasks"]) for row in rows)


def review_facts(campaign_id: int) -> ReviewFacts:
    """Everything a summary says; the caller has checked that the actor may see the campaign."""
    target = target_of(campaign_id)
    return ReviewFacts(
        figures=figures_of(campaign_id),
        target=target[0] if target else None,
        tasks=_tasks(campaign_id),
        overrides=_overrides(campaign_id),
        reminders=_reminders(campaign_id),
    )


def campaigns_to_compile() -> list[tuple[int, int]]:
    """(campaign, team) of every campaign in use and in review not compiled nor tried to be since that opened."""
    opened = CampaignEvent.objects.filter(
        campaign_id=OuterRef("pk"), subject_kind="campaign", after__phase=Phase.REVIEW
    ).order_by("-id")
    rows = Campaign.objects.filter(phase=Phase.REVIEW, archived_at=None).annotate(
        opened_at=Subquery(opened.values("at")[:1])
    )
    tried = last_ended(REVIEW_KIND)
    return [
        (pk, team_id)
        for pk, team_id, opened_at, compiled_at in rows.order_by("id").values_list(
            "id", "team_id", "opened_at", "review__compiled_at"
        )
        if not any(look and (opened_at is None or look >= opened_at) for look in (compiled_at, tried.get(pk)))
    ]


def stored_summary(actor: Actor, campaign_id: int) -> str:
    """The compiled summary as canonical JSON; `Missing` before the first compilation."""
    campaign_for(actor, campaign_id)
    text = CampaignReview.objects.filter(campaign_id=campaign_id).values_list("summary", flat=True).first()
    if not text:
        raise Missing
    return text
