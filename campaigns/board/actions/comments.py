"""What is said about a task."""

from datetime import datetime

from django.db import transaction

from campaigns.board.actions.rows import added, columns_of, log_task, piece_undo, put_away
from campaigns.board.models import Comment, CommentMention
from campaigns.board.queries import lock_task, task_of_comment
from campaigns.board.rules import (
    WINDOW,
    TaskFacts,
    Verb,
    check_flood,
    check_may_change_comment,
    check_verb,
    mentioned,
)
from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say
from staff.people.queries import people_by_id
from staff.people.rules import Actor

COMMENT_LENGTH = 4000


@transaction.atomic
def add_comment(*, actor: Actor, task_id: int, body: str, now: datetime) -> int:
    """Says something about the task; members of the team named with @ hear of it, up to a limit. Returns its id."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.COMMENT)
    if actor.user_id is None:
        raise NotAllowed
    body = _checked(body)
    people = people_by_id(facts.campaign.team_id)
    named = mentioned(body, [(pk, person.name) for pk, person in people.items()]) - {actor.user_id}
    _check_flood(actor.user_id, named, now)
    comment = Comment.objects.create(task_id=task_id, author_id=actor.user_id, body=body, at=now)
    CommentMention.objects.bulk_create(CommentMention(comment=comment, user_id=pk) for pk in sorted(named))
    about, undo = {"comment_id": comment.pk}, added(comment, actor, now)
    log_task(actor=actor, facts=facts, verb=Verb.COMMENT, after=about, undo=undo, now=now)
    return comment.pk


@transaction.atomic
def edit_comment(*, actor: Actor, comment_id: int, body: str, now: datetime) -> None:
    """One's own words, put otherwise; whoever is named anew hears of it only from a new comment."""
    facts, comment = _locked(actor, comment_id, Verb.EDIT_COMMENT)
    body = _checked(body)
    if body == comment.body:
        return
    was = columns_of(comment, ("body",))
    comment.body = body
    comment.save(update_fields=["body"])
    about, undo = {"comment_id": comment_id}, piece_undo(comment, was)
    log_task(actor=actor, facts=facts, verb=Verb.EDIT_COMMENT, after=about, undo=undo, now=now)


@transaction.atomic
def remove_comment(*, actor: Actor, comment_id: int, now: datetime) -> None:
    """Puts a comment into the bin: one's own, or, for managers, anybody's."""
    facts, comment = _locked(actor, comment_id, Verb.REMOVE_COMMENT)
    about, undo = {"comment_id": comment_id}, put_away(comment, actor, now)
    log_task(actor=actor, facts=facts, verb=Verb.REMOVE_COMMENT, after=about, undo=undo, now=now)


def _locked(actor: Actor, comment_id: int, verb: Verb) -> tuple[TaskFacts, Comment]:
    facts = lock_task(actor, task_of_comment(actor, comment_id))
    check_verb(actor, facts, verb)
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None:
        raise Missing
    check_may_change_comment(actor, facts, comment.author_id, verb)
    return facts, comment


def _checked(body: str) -> str:
    body = body.strip()
    if not body or len(body) > COMMENT_LENGTH:
        fault = say("Write between one and %(most)s characters.", most=COMMENT_LENGTH)
        raise Refused("invalid", fault, fields={"body": fault})
    return body


def _check_flood(author_id: int, named: frozenset[int], now: datetime) -> None:
    # Counted in all campaigns, under the lock of this one: two said at once elsewhere may both be the last. What was
    # taken back counts too: to say and to take back is no way round.
    said = Comment.everything.filter(author_id=author_id, at__gt=now - WINDOW).order_by().values_list("at", flat=True)
    moments: dict[int, list[datetime]] = {}
    if named:
        rows = CommentMention.objects.filter(
            comment__author_id=author_id, comment__at__gt=now - WINDOW, user_id__in=named
        )
        for user_id, at in rows.values_list("user_id", "comment__at"):
            moments.setdefault(user_id, []).append(at)
    check_flood(list(said), moments, now)
