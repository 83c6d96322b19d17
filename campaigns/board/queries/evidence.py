"""What shows that a task was done."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File

from campaigns.board.models import Evidence
from campaigns.board.queries.facts import visible_tasks
from campaigns.board.rules import IMAGES
from planner.core.errors import Missing
from staff.people.rules import Actor


@dataclass(frozen=True)
class EvidenceLine:
    """A link, or a file under the name that its uploader gave it."""

    id: int
    note: str
    url: str
    name: str
    content_type: str
    size: int
    added_by_id: int
    added_by_name: str
    added_at: datetime

    @property
    def is_image(self) -> bool:
        """True for what a browser shows as a picture."""
        return self.content_type in IMAGES


@dataclass(frozen=True)
class StoredFile:
    """An uploaded file, open for reading."""

    name: str
    content_type: str
    # Other for every upload, and never given to another one: what a browser has under it is good for ever.
    tag: str
    file: "File[bytes]"

    @property
    def is_image(self) -> bool:
        """True for what a browser shows as a picture."""
        return self.content_type in IMAGES


def evidence_of(task_id: int) -> tuple[EvidenceLine, ...]:
    """The task's evidence, oldest first; the caller has checked that the actor may see the task."""
    rows = Evidence.objects.filter(task_id=task_id).select_related("added_by")
    return tuple(
        EvidenceLine(
            id=row.pk,
            note=row.note,
            url=row.url,
            name=row.name,
            content_type=row.content_type,
            size=row.size,
            added_by_id=row.added_by_id,
            added_by_name=row.added_by.display_name,
            added_at=row.added_at,
        )
        for row in rows
    )


def evidence_file(actor: Actor, evidence_id: int) -> StoredFile:
    """The file of a piece of evidence of a task that this actor may see, or `Missing`."""
    row = Evidence.objects.filter(pk=evidence_id, task__in=visible_tasks(actor)).exclude(file="").first()
    if row is None:
        raise Missing
    try:
        opened = row.file.open("rb")
    except FileNotFoundError:
        raise Missing from None
    return StoredFile(row.name, row.content_type, str(row.file.name).rsplit("/", 1)[-1], opened)
