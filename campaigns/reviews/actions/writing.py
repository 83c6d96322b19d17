"""What people write beside the summary: notes, and lessons with an owner and a date."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from campaigns.board.actions import create_task
from campaigns.campaign.actions import create_campaign, record_event
from campaigns.campaign.queries import fields_touched_since, lock_campaign, open_routine_of
from campaigns.campaign.rules import CampaignFacts, Kind, check_open
from campaigns.reviews.models import CampaignReview, Lesson
from campaigns.reviews.rules.lessons import TITLE_LENGTH, LessonKind, check_lesson, check_notes
from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say
from planner.web.words import translate
from staff.people.queries import people_by_id, worker_ids
from staff.people.rules import SYSTEM, Actor, Role, check_work, may_manage

# The end of the working day on which an improvement is due.
DUE_TIME = time(18)
# How long routine work founded for improvements is meant to run.
ROUTINE_PERIOD = timedelta(days=365)


def _open(actor: Actor, campaign_id: int) -> CampaignFacts:
    campaign = lock_campaign(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    return campaign


def _stale(current: dict[str, object], yours: dict[str, object]) -> Refused:
    return Refused("stale", say("Somebody changed this meanwhile."), current=current, yours=yours)


@transaction.atomic
def write_notes(*, actor: Actor, campaign_id: int, notes: str, version: int | None, now: datetime) -> int:
    """Replaces the notes that stand beside the summary; returns their new version.

    `version` is the one that was seen, None for whatever it is now.
    """
    campaign = _open(actor, campaign_id)
    notes = notes.replace("\r\n", "\n").strip()
    check_notes(notes)
    review, _ = CampaignReview.objects.select_for_update().get_or_create(campaign_id=campaign_id)
    if review.notes == notes:
        return review.notes_version
    if version not in {None, review.notes_version}:
        raise _stale({"notes": review.notes}, {"notes": notes})
    CampaignReview.objects.filter(pk=review.pk).update(notes=notes, notes_version=review.notes_version + 1)
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="write_notes",
        subject_kind="review",
        subject_id=review.pk,
        subject_label=campaign.name,
        before={"notes": review.notes},
        after={"version": review.notes_version + 1, "notes": notes},
        undo={"notes": review.notes},
        now=now,
    )
    return review.notes_version + 1


def _owner_role(campaign: CampaignFacts, owner_id: int) -> Role:
    roles = people_by_id(campaign.team_id)[owner_id].roles
    return roles[0] if roles else Role.OPS


def _routine_work(campaign: CampaignFacts, now: datetime) -> int:
    """Where improvements are worked on: the team's routine work, which goes on when the campaign is closed."""
    there = open_routine_of(campaign.team_id)
    if there is not None:
        return there
    name = translate(say("Improvements since %(day)s", day=now.astimezone(ZoneInfo(campaign.zone)).date()))
    return create_campaign(
        actor=SYSTEM,
        team_id=campaign.team_id,
        name=name,
        platforms=campaign.platforms,
        starts_at=now,
        ends_at=now + ROUTINE_PERIOD,
        kind=Kind.ROUTINE,
        now=now,
    )


def _make_task(actor: Actor, campaign: CampaignFacts, text: str, owner_id: int, due_on: date, now: datetime) -> int:
    """The task that an improve becomes: of its owner, in the team's routine work, due at the end of its day."""
    if owner_id != actor.user_id and not may_manage(actor, campaign.team_id):
        raise NotAllowed(
            "managers_fields", say("Members take improvements themselves; a manager hands them to others.")
        )
    return create_task(
        actor=actor,
        campaign_id=_routine_work(campaign, now),
        title=text[:TITLE_LENGTH],
        acceptance=text if len(text) > TITLE_LENGTH else "",
        role=_owner_role(campaign, owner_id),
        owner_id=owner_id,
        due_at=datetime.combine(due_on, DUE_TIME, ZoneInfo(campaign.zone)),
        now=now,
    )


def _check(
    campaign: CampaignFacts, kind: str, text: str, owner_id: int, due_on: date, now: datetime, known: date | None = None
) -> None:
    check_lesson(
        kind=kind,
        text=text,
        owner_id=owner_id,
        due_on=due_on,
        today=now.astimezone(ZoneInfo(campaign.zone)).date(),
        member_ids=worker_ids(campaign.team_id),
        keeps_date=due_on == known,
    )


@transaction.atomic
def add_lesson(
    *, actor: Actor, campaign_id: int, kind: str, text: str, owner_id: int, due_on: date, now: datetime
) -> int:
    """A lesson with an owner and a date; an improve becomes a task as well. Returns the lesson's id."""
    campaign = _open(actor, campaign_id)
    text = text.strip()
    _check(campaign, kind, text, owner_id, due_on, now)
    task_id = _make_task(actor, campaign, text, owner_id, due_on, now) if kind == LessonKind.IMPROVE else None
    lesson = Lesson.objects.create(
        campaign_id=campaign_id,
        kind=kind,
        text=text,
        owner_id=owner_id,
        due_on=due_on,
        task_id=task_id,
        created_by_id=actor.user_id,
        created_at=now,
    )
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="add_lesson",
        subject_kind="lesson",
        subject_id=lesson.pk,
        subject_label=text,
        after={"version": 1, "kind": kind, "text": text, "owner_id": owner_id, "due_on": due_on, "task_id": task_id},
        undo={"added": True},
        now=now,
    )
    return lesson.pk


def _lesson(campaign_id: int, lesson_id: int) -> Lesson:
    lesson = Lesson.objects.select_for_update().filter(pk=lesson_id, campaign_id=campaign_id).first()
    if lesson is None:
        raise Missing
    return lesson


def _in_words(campaign: CampaignFacts, names: Iterable[str], values: Mapping[str, object]) -> dict[str, object]:
    """These values as people read them: an owner by name."""
    people: dict[object, str] = {pk: person.name for pk, person in people_by_id(campaign.team_id).items()}
    return {name: people.get(values[name]) if name == "owner_id" else values[name] for name in sorted(names)}


def _touched(lesson: Lesson, changed: set[str], version: int) -> Collection[str]:
    # A version that is newer than the lesson nobody can have seen.
    return changed if version > lesson.version else fields_touched_since("lesson", lesson.pk, version)


@transaction.atomic
def edit_lesson(
    *,
    actor: Actor,
    campaign_id: int,
    lesson_id: int,
    kind: str,
    text: str,
    owner_id: int,
    due_on: date,
    version: int | None,
    now: datetime,
) -> None:
    """Changes a lesson; one that becomes an improve becomes a task, and a task that is there goes its own way.

    `version` is the one that was seen, None for whatever it is now.
    """
    campaign = _open(actor, campaign_id)
    lesson = _lesson(campaign_id, lesson_id)
    text = text.strip()
    _check(campaign, kind, text, owner_id, due_on, now, known=lesson.due_on)
    current: dict[str, object] = {name: getattr(lesson, name) for name in ("kind", "text", "owner_id", "due_on")}
    yours: dict[str, object] = {"kind": kind, "text": text, "owner_id": owner_id, "due_on": due_on}
    changed = {name for name in yours if yours[name] != current[name]}
    if not changed:
        return
    if version is not None and not changed.isdisjoint(_touched(lesson, changed, version)):
        raise _stale(_in_words(campaign, changed, current), _in_words(campaign, changed, yours))
    task_id = lesson.task_id
    if kind == LessonKind.IMPROVE and task_id is None:
        task_id = _make_task(actor, campaign, text, owner_id, due_on, now)
    Lesson.objects.filter(pk=lesson_id).update(**yours, task_id=task_id, version=lesson.version + 1)
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="edit_lesson",
        subject_kind="lesson",
        subject_id=lesson_id,
        subject_label=text,
        before={name: current[name] for name in sorted(changed)},
        after={"version": lesson.version + 1, **{name: yours[name] for name in sorted(changed)}},
        undo={"values": {**{name: current[name] for name in sorted(changed)}, "task_id": lesson.task_id}},
        now=now,
    )


@transaction.atomic
def remove_lesson(*, actor: Actor, campaign_id: int, lesson_id: int, now: datetime) -> None:
    """Takes a lesson off the page; the log keeps its words, and its task stays on the board."""
    _open(actor, campaign_id)
    lesson = _lesson(campaign_id, lesson_id)
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="remove_lesson",
        subject_kind="lesson",
        subject_id=lesson_id,
        subject_label=lesson.text,
        before={
            "kind": lesson.kind,
            "text": lesson.text,
            "owner_id": lesson.owner_id,
            "due_on": lesson.due_on,
            "task_id": lesson.task_id,
        },
        undo={
            "removed": {
                "kind": lesson.kind,
                "text": lesson.text,
                "owner_id": lesson.owner_id,
                "due_on": lesson.due_on,
                "task_id": lesson.task_id,
                "version": lesson.version,
                "created_by_id": lesson.created_by_id,
                "created_at": lesson.created_at.isoformat(),
            }
        },
        now=now,
    )
    lesson.delete()


def forget_tasks(*, task_ids: Collection[int]) -> None:
    """Lessons stay, the tasks they became are removed for good; call it inside their transaction."""
    Lesson.objects.filter(task_id__in=task_ids).update(task=None)
