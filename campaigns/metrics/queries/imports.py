"""Uploads of orders: their lines, and what became of them."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from campaigns.campaign.queries import campaign_for
from campaigns.metrics.models import ImportBatch
from campaigns.metrics.rules.orders import BatchState
from planner.core.errors import Missing
from planner.core.words import Said
from staff.people.rules import Actor
from staff.runs.models import Run
from staff.runs.queries import RunScreen, run_screens

IMPORTS_SHOWN = 20


def kept_lines(batch_id: int) -> Iterator[str]:
    """The kept lines of a batch that waits to be written, unpacked piece by piece."""
    packed = bytes(ImportBatch.objects.values_list("payload", flat=True).get(pk=batch_id) or b"")
    unpacker, rest = zlib.decompressobj(), b""
    for start in range(0, len(packed), 1 << 16):
        rest += unpacker.decompress(packed[start : start + (1 << 16)])
        *lines, rest = rest.split(b"\n")
        yield from (line.decode() for line in lines)


@dataclass(frozen=True)
class ImportLine:
    """One upload with what became of it, ready to show."""

    id: int
    file_name: str
    by: str
    at: datetime
    state: str
    rows: int
    run: RunScreen | None
    result: dict[str, Any]
    dropped_columns: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """True while its run waits or works."""
        return self.run is not None and self.run.is_open

    @property
    def is_imported(self) -> bool:
        """True when its orders are in the figures."""
        return self.state == BatchState.IMPORTED


def import_lines(actor: Actor, found: QuerySet[ImportBatch]) -> tuple[ImportLine, ...]:
    """These uploads ready to show; the caller has checked that the actor may see them."""
    rows = list(found.defer("payload").select_related("created_by"))
    runs = run_screens(actor, [row.run_id for row in rows if row.run_id])
    return tuple(
        ImportLine(
            id=row.pk,
            file_name=row.file_name,
            by=row.created_by.display_name if row.created_by else "",
            at=row.created_at,
            state=row.state,
            rows=row.rows,
            run=runs.get(row.run_id) if row.run_id else None,
            result=row.result,
            dropped_columns=tuple(row.dropped_columns),
        )
        for row in rows
    )


def imports_of(
    actor: Actor, campaign_id: int, *, before_id: int | None = None, limit: int = IMPORTS_SHOWN
) -> tuple[ImportLine, ...]:
    """The imports of a campaign, newest first; `before_id` goes on from a line."""
    campaign_for(actor, campaign_id)
    rows = ImportBatch.objects.filter(campaign_id=campaign_id).order_by("-id")
    return import_lines(actor, (rows.filter(pk__lt=before_id) if before_id else rows)[:limit])


def import_for(actor: Actor, campaign_id: int, batch_id: int) -> ImportLine:
    """One import of this campaign, or `Missing`."""
    campaign_for(actor, campaign_id)
    lines = import_lines(actor, ImportBatch.objects.filter(campaign_id=campaign_id, pk=batch_id))
    if not lines:
        raise Missing
    return lines[0]


@dataclass(frozen=True)
class ImportOutcome:
    """How an import ended, for a program that waits for it."""

    state: BatchState
    # Personal columns that were left out before anything was stored.
    dropped_columns: tuple[str, ...]
    result: dict[str, Any]
    error: Said | None


def import_outcome(actor: Actor, batch_id: int) -> ImportOutcome:
    """How this import stands; `Missing` when it is not this actor's to see."""
    batch = ImportBatch.objects.defer("payload").select_related("run").filter(pk=batch_id).first()
    if batch is None:
        raise Missing
    campaign_for(actor, batch.campaign_id)
    run: Run | None = batch.run
    error = Said(run.error, run.result.get("params", {})) if run and run.error else None
    return ImportOutcome(BatchState(batch.state), tuple(batch.dropped_columns), batch.result, error)
