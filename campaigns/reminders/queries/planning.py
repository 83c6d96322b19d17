"""What has come due and has no line in the ledger yet. Reads by moment, never all open tasks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Concat

from campaigns.board.models import OPEN, CommentMention, Task
from campaigns.campaign.models import CampaignMember
from campaigns.campaign.rules import Phase
from campaigns.reminders.models import Delivery
from campaigns.reminders.rules.kinds import (
    DIGEST_AHEAD,
    HORIZON,
    LEAD_KINDS,
    OFFSETS,
    Addressee,
    Channel,
    DueTask,
    Kind,
    Line,
    campaign_lines,
    campaign_subject,
    digest_day,
    digest_moment,
    due_lines,
    mention_lines,
    plan_occurrence,
)
from campaigns.reminders.rules.sending import REVIVABLE, Reason, State
from campaigns.sop.models import PlanGeneration
from staff.people.models import IN_TEAM, Membership
from staff.people.rules import Level, Role

# What the archive kept silent is told after all when the campaign is back.
KEPT_SILENT = Q(state=State.SUPPRESSED, reason=Reason.CAMPAIGN_ARCHIVED)
RUNNING = Q(campaign__archived_at=None) & ~Q(campaign__phase=Phase.CLOSED)


def lines_to_plan(now: datetime) -> list[Line]:
    """Every line whose moment has come and which the ledger does not have, or has kept silent for a reason now gone."""
    lines: list[Line] = []
    for kind in OFFSETS:
        lines += _due_lines(kind, now)
    lines += _mention_lines(now)
    lines += _plan_lines(now)
    lines += _digest_lines(now)
    return lines


def _member(team: str, user: str) -> Exists:
    return Exists(Membership.objects.filter(IN_TEAM, team_id=OuterRef(team), user_id=OuterRef(user)))


def without_owner() -> Q:
    """The filter on tasks that nobody in the team has: whoever left it has nothing any more."""
    return Q(~_member("campaign__team_id", "owner_id"))


def _settled() -> Q:
    # Lines that keep a reminder from being planned again.
    return ~Q(state=State.SUPPRESSED, reason__in=REVIVABLE)


def _moment(offset: timedelta) -> Expression:
    return ExpressionWrapper(OuterRef("due_at") + Value(offset), output_field=DateTimeField())


def _due_rows(kind: Kind, now: datetime) -> QuerySet[Task]:
    told = Delivery.objects.filter(
        _settled(), task_id=OuterRef("pk"), kind=kind, channel=Channel.IN_APP, due_at=_moment(OFFSETS[kind])
    )
    if kind not in LEAD_KINDS:
        told = told.filter(recipient_id=OuterRef("owner_id"))
    return Task.objects.filter(
        OPEN,
        RUNNING,
        ~Exists(told),
        _member("campaign__team_id", "owner_id"),
        owner__isnull=False,
        due_at__gte=now - HORIZON,
        due_at__lte=now - OFFSETS[kind],
    )


def _due_lines(kind: Kind, now: datetime) -> list[Line]:
    rows = _due_rows(kind, now).values_list(
        "id", "campaign_id", "due_at", "owner_id", "owner__email", "created_at", "assigned_at"
    )
    tasks = [
        DueTask(pk, campaign_id, due_at, Addressee(owner_id, bool(email)), created_at, assigned_at)
        for pk, campaign_id, due_at, owner_id, email, created_at, assigned_at in rows
        if owner_id and due_at
    ]
    leads = leads_of({task.campaign_id for task in tasks}) if kind in LEAD_KINDS else {}
    return [line for task in tasks for line in due_lines(kind, task, leads.get(task.campaign_id, ()), now)]


def leads_of(campaign_ids: Iterable[int]) -> dict[int, tuple[Addressee, ...]]:
    """Who hears about a campaign's troubles: its holder of the lead role, else the managers of its team."""
    ids = set(campaign_ids)
    if not ids:
        return {}
    holders = CampaignMember.objects.filter(
        _member("campaign__team_id", "user_id"), campaign_id__in=ids, role=Role.LEAD
    ).values_list("campaign_id", "user_id", "user__email")
    leads = _by_campaign(holders)
    managers = (
        Membership.objects.filter(IN_TEAM, team__campaigns__in=ids - leads.keys(), level=Level.MANAGER)
        .order_by("user_id")
        .values_list("team__campaigns", "user_id", "user__email")
    )
    return leads | _by_campaign(managers)


def _by_campaign(rows: Iterable[tuple[int, int, str]]) -> dict[int, tuple[Addressee, ...]]:
    people: dict[int, tuple[Addressee, ...]] = {}
    for campaign_id, user_id, email in rows:
        people[campaign_id] = (*people.get(campaign_id, ()), Addressee(user_id, bool(email)))
    return people


def _mention_lines(now: datetime) -> list[Line]:
    told = Delivery.objects.filter(
        _settled(),
        kind=Kind.MENTION,
        channel=Channel.IN_APP,
        recipient_id=OuterRef("user_id"),
        subject=Concat(Value("comment:"), Cast(OuterRef("comment_id"), CharField())),
    )
    rows = (
        CommentMention.objects.filter(
            ~Exists(told),
            _member("comment__task__campaign__team_id", "user_id"),
            comment__task__campaign__archived_at=None,
            comment__deleted_at=None,
            comment__task__deleted_at=None,
            comment__at__gte=now - HORIZON,
            comment__at__lte=now,
        )
        .exclude(user_id=F("comment__author_id"))
        .values_list(
            "comment__task__campaign_id", "comment__task_id", "comment_id", "comment__at", "user_id", "user__email"
        )
    )
    return [
        line
        for campaign_id, task_id, comment_id, at, user_id, email in rows
        for line in mention_lines(campaign_id, task_id, comment_id, at, Addressee(user_id, bool(email)))
    ]


def _untold_generations(kind: Kind, now: datetime) -> dict[int, datetime]:
    told = Delivery.objects.filter(
        ~KEPT_SILENT, kind=kind, campaign_id=OuterRef("campaign_id"), due_at=OuterRef("created_at")
    )
    rows = PlanGeneration.objects.filter(RUNNING, ~Exists(told), created_at__gte=now - HORIZON, created_at__lte=now)
    return dict(rows.values_list("campaign_id", "created_at"))


def _plan_lines(now: datetime) -> list[Line]:
    generations = _untold_generations(Kind.PLAN_READY, now)
    # Those who own tasks since the plan was made; who got one later was not given it by the plan.
    owners = (
        Task.objects.filter(
            _member("campaign__team_id", "owner_id"),
            campaign_id__in=generations,
            owner__isnull=False,
            assigned_at__lte=F("campaign__generation__created_at"),
        )
        .exclude(code="")
        .order_by("campaign_id", "owner_id")
        .values_list("campaign_id", "owner_id", "owner__email")
        .distinct()
    )
    lines: list[Line] = []
    for campaign_id, people in _by_campaign((c, user, email) for c, user, email in owners if user).items():
        at = generations[campaign_id]
        lines += campaign_lines(Kind.PLAN_READY, campaign_id, people, plan_occurrence(at), at)
    return lines


def _digest_lines(now: datetime) -> list[Line]:
    generations = _untold_generations(Kind.UNOWNED_DIGEST, now)
    unowned = Task.objects.filter(OPEN, without_owner(), campaign_id__in=generations).exclude(code="")
    moments = {
        campaign_id: (plan_occurrence(generations[campaign_id]), generations[campaign_id])
        for campaign_id in unowned.values_list("campaign_id", flat=True).distinct()
    }
    # The day of the generation has its digest already.
    moments = _daily_digests(now) | moments
    leads = leads_of(moments)
    lines: list[Line] = []
    for campaign_id, (occurrence, moment) in moments.items():
        lines += campaign_lines(Kind.UNOWNED_DIGEST, campaign_id, leads.get(campaign_id, ()), occurrence, moment)
    return lines


def _daily_digests(now: datetime) -> dict[int, tuple[str, datetime]]:
    rows = (
        Task.objects.filter(OPEN, RUNNING, without_owner(), due_at__gte=now - HORIZON, due_at__lte=now + DIGEST_AHEAD)
        .order_by()
        .values_list("campaign_id", "campaign__team__zone", "campaign__generation__created_at")
        .annotate(first_created_at=Min("created_at"))
    )
    moments: dict[int, tuple[str, datetime]] = {}
    for campaign_id, zone_name, generated_at, first_created_at in rows:
        zone = ZoneInfo(zone_name)
        moment = digest_moment(now, zone)
        if moment is None or first_created_at > moment:
            continue
        if generated_at and digest_day(generated_at, zone) == digest_day(moment, zone):
            continue
        moments[campaign_id] = (digest_day(moment, zone), moment)
    told = Delivery.objects.filter(
        ~KEPT_SILENT,
        kind=Kind.UNOWNED_DIGEST,
        subject__in=[campaign_subject(pk) for pk in moments],
        due_at__gte=now - timedelta(days=2),
    ).values_list("campaign_id", "occurrence")
    for campaign_id, occurrence in told:
        if moments.get(campaign_id, ("", now))[0] == occurrence:
            del moments[campaign_id]
    return moments
