"""The guide of the first steps, until its reader puts it away."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from campaigns.board.models import OPEN, ChecklistItem, Task
from campaigns.campaign.models import Campaign
from campaigns.campaign.rules import Kind, Phase
from campaigns.desk.rules.guide import GuideFacts, GuideStep, guide_steps
from campaigns.sop.models import SopVersion
from staff.accounts.models import Invitation
from staff.people.models import IN_TEAM, Membership, User
from staff.people.rules import Actor, may_manage, may_work


@dataclass(frozen=True)
class GuideLine:
    """One step as it stands; `is_next` is the first that is not done."""

    step: GuideStep
    is_done: bool
    is_next: bool


@dataclass(frozen=True)
class Guide:
    """The steps, and where they lead."""

    lines: tuple[GuideLine, ...]
    team_id: int
    has_template: bool
    # The board to open, and the reader's first open task, if there are any.
    campaign_id: int | None
    task_id: int | None

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(line.is_done for line in self.lines)

    @property
    def is_done(self) -> bool:
        """True when nothing is left but to put it away."""
        return self.done == len(self.lines)


def guide_screen(actor: Actor) -> Guide | None:
    """The guide for this reader; None once it is put away, and for those who only look on. One statement."""
    teams = sorted(actor.team_ids)
    managed = [team_id for team_id in teams if may_manage(actor, team_id)]
    works = any(may_work(actor, team_id) for team_id in teams)
    if actor.user_id is None or not works:
        return None
    campaigns = Campaign.objects.filter(team_id__in=managed or teams, archived_at=None)
    running = campaigns.exclude(phase=Phase.CLOSED).order_by("kind", "-starts_at", "-id")
    own = Task.objects.filter(owner_id=actor.user_id)
    open_own = own.filter(OPEN, campaign__archived_at=None).exclude(campaign__phase=Phase.CLOSED)
    found = (
        User.objects.filter(pk=actor.user_id, guide_closed_at=None)
        .annotate(
            has_colleague=Exists(
                Membership.objects.filter(IN_TEAM, team_id__in=managed).exclude(user_id=OuterRef("pk"))
            ),
            has_invited=Exists(Invitation.objects.filter(team_id__in=managed, accepted_at=None)),
            has_template=Exists(SopVersion.objects.filter(Q(template__team=None) | Q(template__team_id__in=teams))),
            has_campaign=Exists(campaigns.filter(kind=Kind.PROMOTION)),
            has_owned=Exists(own),
            has_ticked=Exists(ChecklistItem.objects.filter(ticked_by_id=actor.user_id)),
            has_finished=Exists(Task.objects.filter(done_by_id=actor.user_id)),
            campaign_id=Subquery(running.values("pk")[:1]),
            task_id=Subquery(open_own.order_by("due_at", "id").values("pk")[:1]),
        )
        .values()
        .first()
    )
    if found is None:
        return None
    steps = guide_steps(
        GuideFacts(
            manages=bool(managed),
            works=works,
            has_team=found["has_colleague"] or found["has_invited"],
            has_template=found["has_template"],
            has_campaign=found["has_campaign"],
            has_owned=found["has_owned"],
            has_ticked=found["has_ticked"] or found["has_finished"],
        )
    )
    following = next((step for step, is_done in steps if not is_done), None)
    return Guide(
        lines=tuple(GuideLine(step, is_done, step is following) for step, is_done in steps),
        team_id=(managed or teams)[0],
        has_template=found["has_template"],
        campaign_id=found["campaign_id"],
        task_id=found["task_id"],
    )
