"""Where a campaign stands and what its gates ask about."""

from dataclasses import dataclass

from django.db.models import Q

from campaigns.board.models import Task
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import CampaignFacts, Kind, Phase
from campaigns.phases.rules import (
    ORDER,
    REVIEW_OPENERS,
    Blocker,
    PhaseFacts,
    PhaseTask,
    blockers,
    next_phase,
    previous_phase,
    required,
)
from planner.web.words import in_language
from staff.people.rules import Actor, may_manage


def phase_facts(campaign: CampaignFacts) -> PhaseFacts:
    """The facts behind the gates of a campaign that the caller may see."""
    asked = Q(must_have=True) | Q(is_gate=True) | Q(code__in=REVIEW_OPENERS)
    rows = (
        Task.objects.filter(asked, campaign_id=campaign.id)
        .order_by("due_at", "id")
        .values_list(
            "id",
            "code",
            "title",
            "title_en",
            "phase",
            "must_have",
            "is_gate",
            "status",
            "confirmed_by_id",
            "owner__display_name",
        )
    )
    tasks = tuple(
        PhaseTask(
            id=pk,
            code=code,
            title=in_language(title, title_en),
            phase=Phase(phase),
            must_have=must_have,
            is_gate=is_gate,
            status=status,
            confirmed=confirmed_by is not None,
            owner_name=owner or "",
        )
        for pk, code, title, title_en, phase, must_have, is_gate, status, confirmed_by, owner in rows
    )
    return PhaseFacts(kind=campaign.kind, phase=campaign.phase, tasks=tasks)


@dataclass(frozen=True)
class Step:
    """One phase of the stepper: where it stands and how many of its must-haves and gates are done."""

    phase: Phase
    state: str  # "past", "here" or "ahead"
    done: int
    total: int


@dataclass(frozen=True)
class PhaseScreen:
    """The stepper with its readiness, finished for the template."""

    campaign_id: int
    phase: Phase
    is_routine: bool
    steps: tuple[Step, ...]
    # Of the tasks that the next move asks about.
    ready_done: int
    ready_total: int
    blockers: tuple[Blocker, ...]
    next: Phase | None
    previous: Phase | None
    may_move: bool

    @property
    def is_closed(self) -> bool:
        """True at the end of the road."""
        return self.phase is Phase.CLOSED


def phase_screen(actor: Actor, campaign_id: int) -> PhaseScreen:
    """The stepper of a campaign; `Missing` when it is not the actor's to see."""
    campaign = campaign_for(actor, campaign_id)
    return phase_screen_of(actor, campaign)


def phase_screen_of(actor: Actor, campaign: CampaignFacts) -> PhaseScreen:
    """As `phase_screen`, for a campaign that was read already."""
    facts = phase_facts(campaign)
    asked = required(facts)
    return PhaseScreen(
        campaign_id=campaign.id,
        phase=campaign.phase,
        is_routine=campaign.kind is Kind.ROUTINE,
        steps=() if campaign.kind is Kind.ROUTINE else tuple(_step(facts, phase) for phase in ORDER),
        ready_done=sum(task.is_done for task in asked),
        ready_total=len(asked),
        blockers=blockers(facts),
        next=next_phase(campaign.kind, campaign.phase),
        previous=previous_phase(campaign.kind, campaign.phase),
        may_move=may_manage(actor, campaign.team_id) and not campaign.is_archived,
    )


def _step(facts: PhaseFacts, phase: Phase) -> Step:
    at, here = ORDER.index(phase), ORDER.index(facts.phase)
    asked = [task for task in facts.tasks if task.phase is phase and task.is_required]
    return Step(
        phase=phase,
        state="here" if at == here else "past" if at < here else "ahead",
        done=sum(task.is_done for task in asked),
        total=len(asked),
    )
