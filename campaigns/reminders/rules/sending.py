"""How a message travels: states, leases, attempts, and what stops it at the last moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.reminders.rules.kinds import HORIZON, LEAD_KINDS, OFFSETS, Channel, Kind, later_kinds, moment_of
from planner.core.words import say


class State(StrEnum):
    """Where a line of the ledger stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    QUARANTINED = "quarantined"


OPEN_STATES = (State.PLANNED, State.CLAIMED)
# Claimed from claimed: the lease ran out. Planned again: after a failed try, by a manager's hand, or because the reason
# to keep silent is gone. Out of quarantine only by a manager's hand.
TRANSITIONS = {
    State.PLANNED: {State.CLAIMED, State.QUARANTINED},
    State.CLAIMED: {State.CLAIMED, State.PLANNED, State.SENT, State.DEAD, State.SUPPRESSED, State.QUARANTINED},
    State.SENT: set[State](),
    State.DEAD: {State.PLANNED},
    State.SUPPRESSED: {State.PLANNED, State.QUARANTINED},
    State.QUARANTINED: set[State](),
}

# Longer than three times the mail server's time-out and than a worker's time limit, shorter than the broker's
# visibility time-out: nobody takes a message from a sender who may still be at it.
LEASE = timedelta(seconds=90)
# With the delays below, about ten hours: a mail server may be down for a night.
MAX_ATTEMPTS = 16
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)

# A message this much behind its moment says so; after a day it gives way to a later one about the same thing.
LATE_AFTER = timedelta(minutes=10)
TOO_LATE_AFTER = timedelta(hours=24)


class Reason(StrEnum):
    """Why a planned message was not sent, in a word that is stored."""

    TASK_DONE = "task_done"
    TASK_CANCELLED = "task_cancelled"
    TASK_DELETED = "task_deleted"
    REASSIGNED = "reassigned"
    DUE_CHANGED = "due_changed"
    ALL_OWNED = "all_owned"
    COMMENT_GONE = "comment_gone"
    CAMPAIGN_CLOSED = "campaign_closed"
    CAMPAIGN_ARCHIVED = "campaign_archived"
    RECIPIENT_GONE = "recipient_gone"
    NO_ADDRESS = "no_address"
    SUPERSEDED = "superseded"
    TOO_LATE = "too_late"
    BROKE_OFF = "broke_off"
    RESTORED = "restored"


REASON_WORDS = {
    Reason.TASK_DONE: say("The task was done."),
    Reason.TASK_CANCELLED: say("The task was cancelled."),
    Reason.TASK_DELETED: say("The task lies in the bin."),
    Reason.REASSIGNED: say("It is somebody else's by now."),
    Reason.DUE_CHANGED: say("The due date was changed."),
    Reason.ALL_OWNED: say("Every task has an owner by now."),
    Reason.COMMENT_GONE: say("The comment was taken back."),
    Reason.CAMPAIGN_CLOSED: say("The campaign is closed."),
    Reason.CAMPAIGN_ARCHIVED: say("The campaign lies in the archive."),
    Reason.RECIPIENT_GONE: say("The person has left the team."),
    Reason.NO_ADDRESS: say("The person has no e-mail address."),
    Reason.SUPERSEDED: say("A later message about the same thing took its place."),
    Reason.TOO_LATE: say("More than a day late: a later message took its place."),
    Reason.BROKE_OFF: say("Every try broke off."),
    Reason.RESTORED: say("Held back: the data was restored after its moment, and it may have been sent before."),
}
# When these no longer hold, the line is planned again: a task done and undone is due again.
REVIVABLE = (
    Reason.TASK_DONE,
    Reason.TASK_CANCELLED,
    Reason.TASK_DELETED,
    Reason.REASSIGNED,
    Reason.DUE_CHANGED,
    Reason.COMMENT_GONE,
    Reason.CAMPAIGN_ARCHIVED,
    Reason.RECIPIENT_GONE,
)


def sources(target: State) -> tuple[State, ...]:
    """The states from which a line may go to `target`."""
    return tuple(state for state, targets in TRANSITIONS.items() if target in targets)


def state_when_planned(due_at: datetime, restored_at: datetime | None) -> State:
    """Held back when its moment lies before the last restore: in the time that was lost it may have been sent."""
    return State.QUARANTINED if restored_at and due_at <= restored_at else State.PLANNED


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the n-th failed try: doubling, capped, spread by `jitter` in 0..1 to 80–120 %."""
    doubled: timedelta = FIRST_DELAY * 2 ** (min(attempts, MAX_ATTEMPTS) - 1)
    return min(doubled, LONGEST_DELAY) * (0.8 + 0.4 * jitter)


def is_late(due_at: datetime, at: datetime) -> bool:
    """True when a message goes out so long after its moment that it must say so."""
    return at - due_at > LATE_AFTER


@dataclass(frozen=True)
class Recipient:
    """Who gets the message and how they read."""

    user_id: int
    name: str
    email: str
    language: str
    zone: str
    is_active: bool
    is_member: bool
    # Among the campaign's leads as they are now; asked only where the message is for them.
    is_lead: bool


@dataclass(frozen=True)
class TaskFacts:
    """The task a message is about, as it is now."""

    id: int
    title: str
    title_en: str
    status: str
    owner_id: int | None
    owner_name: str
    due_at: datetime | None
    in_bin: bool = False


@dataclass(frozen=True)
class DeliveryFacts:
    """Everything that decides whether a claimed line is sent, and what it says."""

    id: int
    kind: Kind
    channel: Channel
    due_at: datetime
    campaign_id: int
    campaign_name: str
    campaign_closed: bool
    campaign_archived: bool
    recipient: Recipient
    task: TaskFacts | None = None
    # Tasks the message counts: the recipient's own in a plan, the unowned in a digest.
    count: int = 0
    # Of the unowned, those due soon or late already.
    count_soon: int = 0
    # The comment that names the recipient.
    by_name: str = ""
    excerpt: str = ""
    # It lies in the bin by now.
    comment_gone: bool = False
    # A later line about the same thing, to the same person by the same channel, is sent or about to be.
    has_later_line: bool = False


def verdict(facts: DeliveryFacts, now: datetime) -> Reason | None:
    """Why the message must not go out now; None when it must."""
    stopped = _about_recipient(facts) or _about_task(facts) or _about_campaign(facts)
    if stopped:
        return stopped
    if facts.has_later_line or _later_is_due(facts, now):
        return Reason.TOO_LATE if now - facts.due_at > TOO_LATE_AFTER else Reason.SUPERSEDED
    return None


def _about_recipient(facts: DeliveryFacts) -> Reason | None:
    person = facts.recipient
    if not (person.is_active and person.is_member):
        return Reason.RECIPIENT_GONE
    if facts.channel is Channel.EMAIL and not person.email:
        return Reason.NO_ADDRESS
    return None


def _about_task(facts: DeliveryFacts) -> Reason | None:
    task = facts.task
    if task is not None and task.in_bin:
        return Reason.TASK_DELETED
    if facts.kind not in OFFSETS or task is None:
        return None
    if task.status in {"done", "cancelled"}:
        return Reason.TASK_DONE if task.status == "done" else Reason.TASK_CANCELLED
    is_addressee = facts.recipient.is_lead if facts.kind in LEAD_KINDS else task.owner_id == facts.recipient.user_id
    if not is_addressee or task.owner_id is None:
        return Reason.REASSIGNED
    if task.due_at is None or moment_of(facts.kind, task.due_at) != facts.due_at:
        return Reason.DUE_CHANGED
    return None


def _about_campaign(facts: DeliveryFacts) -> Reason | None:
    if facts.campaign_archived:
        return Reason.CAMPAIGN_ARCHIVED
    if facts.kind is Kind.MENTION:
        return Reason.COMMENT_GONE if facts.comment_gone else None
    if facts.campaign_closed:
        return Reason.CAMPAIGN_CLOSED
    if facts.kind is Kind.PLAN_READY and not facts.count:
        return Reason.REASSIGNED
    if facts.kind is Kind.UNOWNED_DIGEST:
        if not facts.recipient.is_lead:
            return Reason.REASSIGNED
        return None if facts.count else Reason.ALL_OWNED
    return None


def _later_is_due(facts: DeliveryFacts, now: datetime) -> bool:
    # The sweep has not written the later line yet, but it will: the deadline is within its reach.
    if facts.task is None or facts.task.due_at is None or facts.task.due_at < now - HORIZON:
        return False
    return any(moment_of(kind, facts.task.due_at) <= now for kind in later_kinds(facts.kind))
