"""What is to be sent now, and the facts that decide whether it still should be."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Count, Min, Q

from campaigns.board.models import OPEN, Comment, Task
from campaigns.campaign.rules import Phase
from campaigns.reminders.models import Delivery
from campaigns.reminders.queries.planning import leads_of, without_owner
from campaigns.reminders.rules.kinds import DIGEST_AHEAD, HORIZON, LEAD_KINDS, Channel, Kind, later_kinds
from campaigns.reminders.rules.sending import OPEN_STATES, DeliveryFacts, Recipient, State, TaskFacts
from staff.people.models import IN_TEAM, Membership

NOW_SQL = {"sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "SELECT statement_timestamp()"}


def database_now() -> datetime:
    """The database's clock: leases of several machines are measured by one."""
    with connection.cursor() as cursor:
        cursor.execute(NOW_SQL[connection.vendor])
        value = cursor.fetchone()[0]
    moment: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def due_deliveries(now: datetime, *, limit: int, after_id: int = 0) -> list[int]:
    """Ids of lines to send now, those with an expired lease included; `after_id` goes on from there."""
    rows = Delivery.objects.filter(state__in=OPEN_STATES, next_try_at__lte=now, pk__gt=after_id)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def sweep_lag(now: datetime) -> timedelta:
    """How long the oldest message that could be sent has been waiting; zero when none is."""
    oldest: datetime | None = Delivery.objects.filter(state__in=OPEN_STATES, next_try_at__lt=now).aggregate(
        oldest=Min("next_try_at")
    )["oldest"]
    return now - oldest if oldest else timedelta(0)


def waiting_deliveries(now: datetime) -> tuple[int, datetime | None]:
    """How many lines could be sent now, and since when the first of them."""
    rows = Delivery.objects.filter(state__in=OPEN_STATES, next_try_at__lte=now)
    found = rows.aggregate(n=Count("pk"), oldest=Min("next_try_at"))
    return found["n"], found["oldest"]


@dataclass(frozen=True)
class Claim:
    """The right to send one line until the lease runs out; `token` fences everybody else's."""

    id: int
    token: str
    attempts: int
    key: str


def delivery_facts(delivery_id: int, now: datetime) -> DeliveryFacts:
    """The line with its task, campaign and recipient as they are now."""
    row = Delivery.objects.select_related("campaign", "task__owner", "recipient").get(pk=delivery_id)
    kind, user = Kind(row.kind), row.recipient
    recipient = Recipient(
        user_id=user.pk,
        name=user.display_name,
        email=user.email,
        language=user.language,
        zone=user.zone,
        is_active=user.is_active,
        is_member=Membership.objects.filter(IN_TEAM, team_id=row.campaign.team_id, user_id=user.pk).exists(),
        is_lead=kind in LEAD_KINDS
        and any(lead.user_id == user.pk for lead in leads_of([row.campaign_id]).get(row.campaign_id, ())),
    )
    count, count_soon = _counts(row, kind, now)
    comment = _comment(row, kind)
    return DeliveryFacts(
        id=row.pk,
        kind=kind,
        channel=Channel(row.channel),
        due_at=row.due_at,
        campaign_id=row.campaign_id,
        campaign_name=row.campaign.name,
        campaign_closed=row.campaign.phase == Phase.CLOSED,
        campaign_archived=row.campaign.archived_at is not None,
        recipient=recipient,
        task=_task(row.task) if row.task else None,
        count=count,
        count_soon=count_soon,
        by_name=comment.author.display_name if comment else "",
        excerpt=comment.body if comment else "",
        comment_gone=kind is Kind.MENTION and (comment is None or comment.deleted_at is not None),
        has_later_line=_has_later_line(row, kind, now),
    )


def _task(task: Task) -> TaskFacts:
    return TaskFacts(
        id=task.pk,
        title=task.title,
        title_en=task.title_en,
        status=task.status,
        owner_id=task.owner_id,
        owner_name=task.owner.display_name if task.owner else "",
        due_at=task.due_at,
        in_bin=task.deleted_at is not None,
    )


def _counts(row: Delivery, kind: Kind, now: datetime) -> tuple[int, int]:
    tasks = Task.objects.filter(OPEN, campaign_id=row.campaign_id)
    if kind is Kind.PLAN_READY:
        return tasks.filter(owner_id=row.recipient_id).exclude(code="").count(), 0
    if kind is Kind.UNOWNED_DIGEST:
        soon = Q(due_at__gte=now - HORIZON, due_at__lte=now + DIGEST_AHEAD)
        counts = tasks.filter(without_owner()).aggregate(all=Count("pk"), soon=Count("pk", filter=soon))
        return counts["all"], counts["soon"]
    return 0, 0


def _comment(row: Delivery, kind: Kind) -> Comment | None:
    if kind is not Kind.MENTION:
        return None
    return Comment.everything.select_related("author").filter(pk=int(row.subject.removeprefix("comment:"))).first()


def _has_later_line(row: Delivery, kind: Kind, now: datetime) -> bool:
    live = Delivery.objects.filter(
        subject=row.subject,
        recipient_id=row.recipient_id,
        channel=row.channel,
        due_at__gt=row.due_at,
        due_at__lte=now,
        state__in=[*OPEN_STATES, State.SENT],
    )
    if kind is Kind.UNOWNED_DIGEST:
        return live.filter(kind=kind).exists()
    later = later_kinds(kind)
    return bool(later) and live.filter(kind__in=later, occurrence=row.occurrence).exists()
