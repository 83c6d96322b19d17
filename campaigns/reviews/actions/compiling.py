"""Compiling: facts to a summary, written only when it says something else than the one that is there."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from campaigns.campaign.actions import record_event
from campaigns.campaign.queries import lock_campaign
from campaigns.campaign.rules import check_open
from campaigns.reviews.models import CampaignReview
from campaigns.reviews.queries import campaigns_to_compile, review_facts
from campaigns.reviews.rules.facts import REVIEW_KIND
from campaigns.reviews.rules.summary import canonical, summarise
from planner.core.errors import DomainError
from staff.people.rules import SYSTEM, Actor, check_work
from staff.runs.actions import claim_run, fail_run, finish_run, queue_run, release_run, report_progress, stop_run
from staff.runs.rules import Claim, LeaseLost

Clock = Callable[[], datetime]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


@transaction.atomic
def compile_review(*, actor: Actor, campaign_id: int, now: datetime) -> bool:
    """Compiles the campaign's review; False, and nothing is written, when the facts say what it says already.

    Notes and lessons live beside the summary and are not touched.
    """
    campaign = lock_campaign(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    text = canonical(summarise(review_facts(campaign_id)))
    review, _ = CampaignReview.objects.select_for_update().get_or_create(campaign_id=campaign_id)
    if review.compiled_at is not None and review.summary == text:
        return False
    before = review.summary
    CampaignReview.objects.filter(pk=review.pk).update(summary=text, compiled_at=now)
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="compile_review",
        subject_kind="review",
        subject_id=review.pk,
        subject_label=campaign.name,
        before={"digest": _digest(before)},
        after={"digest": _digest(text)},
        now=now,
    )
    return True


@transaction.atomic
def ask_compile(*, actor: Actor, campaign_id: int, now: datetime) -> int:
    """Leaves a run for a worker to compile the review; returns the run's id, the open one when there is one."""
    campaign = lock_campaign(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    return queue_run(actor=actor, team_id=campaign.team_id, kind=REVIEW_KIND, subject_id=campaign_id, now=now)


def queue_due_reviews(*, now: datetime) -> int:
    """Leaves a run for every campaign whose review was not compiled since it opened; returns how many."""
    due = campaigns_to_compile()
    for campaign_id, team_id in due:
        queue_run(actor=SYSTEM, team_id=team_id, kind=REVIEW_KIND, subject_id=campaign_id, now=now)
    return len(due)


def run_compile(*, run_id: int, clock: Clock) -> None:
    """Compiles for a queued run; does nothing when another worker holds it or it has ended."""
    claim = claim_run(run_id=run_id, kind=REVIEW_KIND, now=clock())
    if claim is None:
        return
    try:
        _compile(claim, clock)
    except LeaseLost:
        # Whoever holds the run now compiles; what was begun here has been rolled back.
        return
    except DomainError as error:
        fail_run(claim=claim, error=error.detail, now=clock())
    except Exception:
        release_run(claim=claim)
        raise


@transaction.atomic
def _compile(claim: Claim, clock: Clock) -> None:
    # Names the token first: a worker that lost its lease stops before it writes.
    if report_progress(claim=claim, done=0, total=1, now=clock()):
        stop_run(claim=claim, now=clock())
        return
    changed = compile_review(actor=SYSTEM, campaign_id=claim.subject_id, now=clock())
    finish_run(claim=claim, result={"changed": changed}, now=clock())
