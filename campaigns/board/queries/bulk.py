"""Many tasks at once: their facts, what a change would do to them, and the changes that can be taken back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from campaigns.board.models import BulkEdit, Task
from campaigns.board.queries.facts import facts_of, task_names
from campaigns.board.queries.task import Change
from campaigns.board.queries.words import names_of, people_in, shown_value
from campaigns.board.rules import (
    KEPT_REASONS,
    UNDO_WITHIN,
    BulkChanges,
    BulkEditFacts,
    Kept,
    TaskFacts,
    TaskPlan,
    check_bulk,
    may_undo,
    plan_bulk,
)
from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import campaign_for, visible
from campaigns.campaign.rules import CampaignFacts, check_open
from planner.core.errors import Missing
from planner.core.words import Said
from planner.web.templatetags.words import label
from staff.people.queries import Person, people_of, worker_ids
from staff.people.rules import Actor, Level, check_work, may_manage

RECENT = 5


def tasks_of(campaign: CampaignFacts, task_ids: Collection[int], *, lock: bool = False) -> list[TaskFacts]:
    """Exactly these tasks of the campaign in the plan's order, or `Missing` when one of them is not in it."""
    wanted = set(task_ids)
    rows = Task.objects.filter(campaign_id=campaign.id, pk__in=wanted).order_by("position", "id")
    found = list(rows.select_for_update() if lock else rows)
    if len(found) != len(wanted):
        raise Missing
    return facts_of(found, {campaign.id: campaign})


@dataclass(frozen=True)
class BulkLine:
    """One task of a preview: what changes, or why it cannot."""

    plan: TaskPlan
    changes: tuple[Change, ...]
    reasons: tuple[Said, ...]
    becomes_late: bool


@dataclass(frozen=True)
class BulkPreview:
    """What a change of many tasks would do; nothing is written."""

    campaign: CampaignFacts
    lines: tuple[BulkLine, ...]

    @property
    def changing(self) -> tuple[BulkLine, ...]:
        """The tasks that would change."""
        return tuple(line for line in self.lines if line.plan.steps)

    @property
    def refused(self) -> tuple[BulkLine, ...]:
        """The tasks that hold all of them up."""
        return tuple(line for line in self.lines if line.plan.fault is not None)

    @property
    def unchanged(self) -> int:
        """How many are like that already."""
        return len(self.lines) - len(self.changing) - len(self.refused)

    @property
    def becoming_late(self) -> int:
        """How many the change makes late."""
        return sum(line.becomes_late for line in self.lines)

    @property
    def can_apply(self) -> bool:
        """True when nothing holds it up and something would change."""
        return bool(self.changing) and not self.refused


def bulk_preview(
    actor: Actor, campaign_id: int, task_ids: Collection[int], changes: BulkChanges, now: datetime
) -> BulkPreview:
    """Each task's fields before → after, what is refused and why, and what becomes late."""
    changes = check_bulk(changes, len(set(task_ids)))
    campaign = campaign_for(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    plans = plan_bulk(actor, tasks_of(campaign, task_ids), changes, worker_ids(campaign.team_id), now)
    changed = [pair for plan in plans for name, values in plan.changed.items() for pair in ((name, v) for v in values)]
    names = names_of(pk for name, value in changed for pk in people_in(name, value))
    lines = (
        BulkLine(
            plan=plan,
            changes=tuple(
                Change(label(name), shown_value(name, before, names), shown_value(name, after, names))
                for name, (before, after) in plan.changed.items()
            ),
            reasons=(plan.fault.reasons or (plan.fault.detail,)) if plan.fault else (),
            becomes_late=plan.becomes_late(now),
        )
        for plan in plans
    )
    return BulkPreview(campaign, tuple(lines))


@dataclass(frozen=True)
class BulkOffer:
    """What this person may choose for many tasks at once."""

    # (user id, name): whom they may name as owner.
    owners: tuple[tuple[int, str], ...]
    may_plan: bool


def bulk_offer(actor: Actor, campaign_id: int) -> BulkOffer:
    """The offer in this campaign; refuses viewers."""
    campaign = campaign_for(actor, campaign_id)
    check_work(actor, campaign.team_id)
    owners = nameable(actor, campaign.team_id, people_of(actor, campaign.team_id))
    return BulkOffer(owners, may_manage(actor, campaign.team_id))


def nameable(actor: Actor, team_id: int, people: Iterable[Person]) -> tuple[tuple[int, str], ...]:
    """(user id, name) of those whom the actor may name as owners: everyone who works, for members only themselves."""
    manages = may_manage(actor, team_id)
    workers = [each for each in people if each.level is not Level.VIEWER]
    return tuple((each.user_id, each.name) for each in workers if manages or each.user_id == actor.user_id)


def _edits(actor: Actor) -> QuerySet[BulkEdit]:
    return BulkEdit.objects.filter(campaign__in=Campaign.objects.filter(visible(actor)))


def campaign_of_edit(actor: Actor, edit_id: int) -> int:
    """The id of the campaign in which a bulk edit was made, or `Missing`."""
    found = _edits(actor).filter(pk=edit_id).values_list("campaign_id", flat=True).first()
    if found is None:
        raise Missing
    return found


def edit_facts(row: BulkEdit, campaign: CampaignFacts) -> BulkEditFacts:
    """A bulk edit as its undo needs it."""
    return BulkEditFacts(row.pk, campaign, row.actor_id, row.at, row.undone_at)


def parsed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as they were kept: moments are moments again."""
    return {
        name: parse_datetime(value) if name.endswith("_at") and isinstance(value, str) else value
        for name, value in values.items()
    }


@dataclass(frozen=True)
class KeptLine:
    """A part of a bulk edit that its undo left as it is."""

    task_id: int
    task: str
    field: str
    why: Kept

    @property
    def reason(self) -> Said:
        """Why it stayed."""
        return KEPT_REASONS[self.why]


@dataclass(frozen=True)
class BulkEditLine:
    """A bulk edit, ready to show."""

    id: int
    campaign_id: int
    actor_name: str
    at: datetime
    count: int
    # What was asked: (field, value) in words.
    asked: tuple[tuple[str, str], ...]
    undone_at: datetime | None
    kept: tuple[KeptLine, ...]
    may_undo: bool


def recent_bulk_edits(actor: Actor, campaign: CampaignFacts, now: datetime) -> tuple[BulkEditLine, ...]:
    """The newest bulk edits of a day, newest first; the caller has checked that the actor may see the campaign."""
    rows = BulkEdit.objects.filter(campaign_id=campaign.id, at__gte=now - UNDO_WITHIN).select_related("actor")
    return _lines(actor, campaign, list(rows.order_by("-at", "-id")[:RECENT]), now)


def bulk_edit_line(actor: Actor, edit_id: int, now: datetime) -> BulkEditLine:
    """One bulk edit, or `Missing`."""
    campaign = campaign_for(actor, campaign_of_edit(actor, edit_id))
    return _lines(actor, campaign, [_edits(actor).select_related("actor").get(pk=edit_id)], now)[0]


def _lines(actor: Actor, campaign: CampaignFacts, rows: list[BulkEdit], now: datetime) -> tuple[BulkEditLine, ...]:
    people = names_of(pk for row in rows for name, value in row.asked.items() for pk in people_in(name, value))
    kept = [each["task_id"] for row in rows for each in row.kept]
    tasks = task_names(kept) if kept else {}
    return tuple(
        BulkEditLine(
            id=row.pk,
            campaign_id=campaign.id,
            actor_name=row.actor.display_name if row.actor else "",
            at=row.at,
            count=row.count,
            asked=tuple((label(name), shown_value(name, value, people)) for name, value in row.asked.items()),
            undone_at=row.undone_at,
            kept=tuple(
                KeptLine(each["task_id"], tasks.get(each["task_id"], "?"), each["field"], Kept(each["why"]))
                for each in row.kept
            ),
            may_undo=row.undone_at is None
            and not campaign.is_frozen
            and now - row.at <= UNDO_WITHIN
            and may_undo(actor, edit_facts(row, campaign)),
        )
        for row in rows
    )
