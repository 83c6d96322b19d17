"""What shows that a task was done: a file is written before its row, and goes when the row does not come."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from campaigns.board.actions.rows import added, log_task, put_away
from campaigns.board.models import Evidence
from campaigns.board.queries import lock_task, task_for, task_of_evidence
from campaigns.board.rules import Upload, Verb, check_evidence, check_evidence_room, check_upload, check_verb
from planner.core.errors import Missing, NotAllowed
from staff.people.rules import Actor


@dataclass(frozen=True)
class Proof:
    """A piece of evidence that is checked, its file written; only the row is missing."""

    url: str
    note: str
    file: str = ""
    name: str = ""
    content_type: str = ""
    size: int = 0


def add_evidence(
    *, actor: Actor, task_id: int, url: str = "", upload: Upload | None = None, note: str = "", now: datetime
) -> int:
    """A link or a file that shows the work; returns its id."""
    with proof(actor=actor, task_id=task_id, url=url, upload=upload, note=note, now=now) as checked:
        return add_proof(actor=actor, task_id=task_id, proof=checked, now=now)


@contextmanager
def proof(*, actor: Actor, task_id: int, url: str, upload: Upload | None, note: str, now: datetime) -> Iterator[Proof]:
    """The evidence with its file written; when what is done with it fails, the file is gone again."""
    # Before a byte is written, and outside of the lock: nobody waits for the disk.
    check_verb(actor, task_for(actor, task_id), Verb.ADD_EVIDENCE)
    link, words = check_evidence(url, upload, note)
    if upload is None:
        yield Proof(link, words)
        return
    name, content_type = check_upload(upload)
    # Nothing of the uploader's own name is in the path.
    stored = default_storage.save(f"evidence/{now:%Y/%m}/{secrets.token_hex(16)}", ContentFile(upload.data))
    try:
        yield Proof("", words, stored, name, content_type, len(upload.data))
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def add_proof(*, actor: Actor, task_id: int, proof: Proof, now: datetime) -> int:
    """The row of a piece of evidence; returns its id."""
    facts = lock_task(actor, task_id)
    check_verb(actor, facts, Verb.ADD_EVIDENCE)
    if actor.user_id is None:
        raise NotAllowed
    check_evidence_room(Evidence.everything.filter(task_id=task_id).count())
    row = Evidence.objects.create(task_id=task_id, added_by_id=actor.user_id, added_at=now, **vars(proof))
    undo = added(row, actor, now)
    log_task(actor=actor, facts=facts, verb=Verb.ADD_EVIDENCE, after={"evidence": str(row)}, undo=undo, now=now)
    return row.pk


@transaction.atomic
def remove_evidence(*, actor: Actor, evidence_id: int, now: datetime) -> None:
    """Puts a piece of evidence into the bin; that of a task that is done stays."""
    facts = lock_task(actor, task_of_evidence(actor, evidence_id))
    check_verb(actor, facts, Verb.REMOVE_EVIDENCE)
    row = Evidence.objects.filter(pk=evidence_id).first()
    if row is None:
        raise Missing
    undo = put_away(row, actor, now)
    log_task(actor=actor, facts=facts, verb=Verb.REMOVE_EVIDENCE, before={"evidence": str(row)}, undo=undo, now=now)
