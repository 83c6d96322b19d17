"""What is said about a task."""

from datetime import datetime

from django.db import transaction

from campaigns.board.actions.rows import log_task
from campaigns.board.models import Comment, CommentMention
from campaigns.board.queries import lock_task
from campaigns.board.rules import Verb, check_verb, mentioned
from planner.core.errors import NotAllowed, Refused
from planner.core.words import say
from staff.people.queries import people_by_id
from staff.people.rules import Actor

COMMENT_LENGTH = 4000


@transaction.atomic
def add_comment(*, actor: Actor, task_id: int, body: str, now: datetime) -> int:
    """Says something about the task; members of the team named with @ hear of it. Returns the comment's id."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.COMMENT)
    if actor.user_id is None:
        raise NotAllowed
    body = body.strip()
    if not body or len(body) > COMMENT_LENGTH:
        fault = say("Write between one and %(most)s characters.", most=COMMENT_LENGTH)
        raise Refused("invalid", fault, fields={"body": fault})
    comment = Comment.objects.create(task_id=task_id, author_id=actor.user_id, body=body, at=now)
    people = people_by_id(facts.campaign.team_id)
    named = mentioned(body, [(pk, person.name) for pk, person in people.items()]) - {actor.user_id}
    CommentMention.objects.bulk_create(CommentMention(comment=comment, user_id=pk) for pk in sorted(named))
    log_task(actor=actor, facts=facts, verb=Verb.COMMENT, after={"comment_id": comment.pk}, now=now)
    return comment.pk
