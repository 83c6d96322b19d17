"""Taking in order files: an upload leaves a batch and a queued run, the run writes the orders, undoing removes them."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from campaigns.campaign.actions import record_event
from campaigns.campaign.queries import campaign_for, lock_campaign
from campaigns.campaign.rules import CampaignFacts, check_open
from campaigns.metrics.adapters.order_file import read_order_file
from campaigns.metrics.models import ImportBatch, Order
from campaigns.metrics.queries import kept_lines
from campaigns.metrics.rules.orders import IMPORT_KIND, BatchState, OrderFile, OrderRow, StartedImport, order_rows
from planner.core.errors import DomainError, Missing, Refused
from planner.core.words import Said, say
from staff.people.rules import SYSTEM, Actor, check_manage, check_work
from staff.runs.actions import claim_run, fail_run, finish_run, queue_run, release_run, report_progress, stop_run
from staff.runs.rules import Claim, LeaseLost

Clock = Callable[[], datetime]
FILE_NAME_LENGTH = 200
INSERT_ROWS = 2000
AMOUNTS = ("total_amount", "received_amount", "refund_amount")
MOMENTS = ("ordered_at", "paid_at")
# How often a run says how far it is; each time is a commit.
STEPS = 20
# One file is read at a time in a process: several large ones at once would take its memory and its processor.
_READING = threading.BoundedSemaphore(1)
TURN_SECONDS = 20.0


def start_import(*, actor: Actor, campaign_id: int, file_name: str, data: bytes, now: datetime) -> StartedImport:
    """Takes in an order file: drops what is personal, keeps the rest for a worker; refuses a file it cannot trust.

    The bytes are read before its own transaction begins, so that nobody waits for the database meanwhile. A call that
    keeps its answer beside a key is a transaction as a whole: there SQLite's other writers wait for the reading.
    """
    campaign = campaign_for(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    return _take_in(actor=actor, campaign_id=campaign_id, file_name=file_name, file=_read(data), now=now)


def _read(data: bytes) -> OrderFile:
    """What is kept of the file, or a refusal that names the file as the input at fault."""
    # Inside a transaction nobody waits for a turn: whoever writes to SQLite would wait with them, and give up.
    patience = 0.0 if connection.in_atomic_block else TURN_SECONDS
    if not _READING.acquire(timeout=patience):
        raise Refused("busy", say("Other files are being read: try again in a minute. Nothing was imported."))
    try:
        return read_order_file(data)
    except Refused as refused:
        fields = {"file": refused.detail}
        raise Refused(refused.code, refused.detail, reasons=refused.reasons, fields=fields) from None
    finally:
        _READING.release()


def _shown(file_name: str) -> str:
    """The name without what cannot be printed: line ends, and marks that turn it round."""
    return "".join(char for char in file_name if char.isprintable()).strip()[-FILE_NAME_LENGTH:] or "orders.csv"


@transaction.atomic
def _take_in(*, actor: Actor, campaign_id: int, file_name: str, file: OrderFile, now: datetime) -> StartedImport:
    campaign = lock_campaign(actor, campaign_id)
    check_work(actor, campaign.team_id)
    check_open(campaign)
    _check_new(campaign, file.digest)
    batch = ImportBatch.objects.create(
        campaign_id=campaign_id,
        file_name=_shown(file_name),
        encoding=file.encoding,
        digest=file.digest,
        payload=file.payload,
        rows=file.rows,
        dropped_columns=list(file.dropped_columns),
        result=file.notes,
        created_by_id=actor.user_id,
        created_at=now,
    )
    batch.run_id = queue_run(
        actor=actor, team_id=campaign.team_id, kind=IMPORT_KIND, subject_id=batch.pk, total=file.rows, now=now
    )
    batch.save(update_fields=["run"])
    _log(batch, actor, "start_import", {"rows": file.rows, "encoding": file.encoding}, now)
    return StartedImport(batch_id=batch.pk, run_id=batch.run_id)


def _check_new(campaign: CampaignFacts, digest: str) -> None:
    kept = [BatchState.PENDING, BatchState.IMPORTED]
    row = ImportBatch.objects.filter(campaign_id=campaign.id, digest=digest, state__in=kept)
    earlier = row.select_related("created_by").defer("payload").first()
    if earlier:
        raise Refused(
            "same_file",
            say(
                "These orders are in this campaign already: %(name)s, uploaded %(at)s.",
                name=earlier.file_name,
                at=f"{earlier.created_at.astimezone(ZoneInfo(campaign.zone)):%Y-%m-%d %H:%M}",
            ),
        )


def _log(batch: ImportBatch, actor: Actor, verb: str, after: dict[str, object], now: datetime) -> None:
    record_event(
        campaign_id=batch.campaign_id,
        actor=actor,
        verb=verb,
        subject_kind="import",
        subject_id=batch.pk,
        subject_label=batch.file_name,
        before={"state": batch.state},
        after=after,
        now=now,
    )


def run_import(*, run_id: int, clock: Clock) -> None:
    """Writes the orders of a queued import, all or none; does nothing when another worker holds it or it has ended."""
    claim = _claim(run_id, clock())
    if claim is None:
        return
    try:
        _import(claim, clock)
    except LeaseLost:
        # Whoever holds the run now does the work; what was begun here has been rolled back.
        return
    except DomainError as error:
        _close(claim, BatchState.FAILED, error.detail, clock())
    except Exception:
        release_run(claim=claim)
        raise


@transaction.atomic
def _claim(run_id: int, now: datetime) -> Claim | None:
    claim = claim_run(run_id=run_id, kind=IMPORT_KIND, now=now)
    if claim is None:
        # A run that was given up takes its batch with it, so that the file may be tried again.
        waiting = ImportBatch.objects.filter(run_id=run_id, state=BatchState.PENDING, run__state="failed")
        waiting.update(state=BatchState.FAILED, payload=None)
    return claim


@transaction.atomic
def _close(claim: Claim, state: BatchState, error: Said | None, now: datetime) -> None:
    """Ends run and batch without orders."""
    if error:
        fail_run(claim=claim, error=error, now=now)
    else:
        stop_run(claim=claim, now=now)
    batch = ImportBatch.objects.defer("payload").get(pk=claim.subject_id)
    ImportBatch.objects.filter(pk=batch.pk).update(state=state, payload=None)
    verb = "fail_import" if error else "cancel_import"
    _log(batch, SYSTEM, verb, {"state": state}, now)


def _import(claim: Claim, clock: Clock) -> None:
    batch = ImportBatch.objects.defer("payload").get(pk=claim.subject_id)
    campaign = campaign_for(SYSTEM, batch.campaign_id)
    check_open(campaign)
    zone = ZoneInfo(campaign.zone)
    if claim.cancel_asked or _checked(claim, batch, zone, clock):
        _close(claim, BatchState.CANCELLED, None, clock())
    else:
        _write(claim, batch, zone, clock)


def _checked(claim: Claim, batch: ImportBatch, zone: ZoneInfo, clock: Clock) -> bool:
    """Reads every kept row before anything is written, saying how far it is; True when somebody asked to stop."""
    step, done = max(batch.rows // STEPS, INSERT_ROWS), 0
    rows = order_rows(kept_lines(batch.pk), zone)
    while count := sum(1 for _row in islice(rows, step)):
        done += count
        if report_progress(claim=claim, done=done, now=clock()):
            return True
    if done != batch.rows:
        raise Refused("damaged", say("The kept rows are not whole. Import the file again."))
    return False


@transaction.atomic
def _write(claim: Claim, batch: ImportBatch, zone: ZoneInfo, clock: Clock) -> None:
    """All orders in one short transaction, with the end of the run in it: they count together or not at all."""
    # Names the token first: a worker that lost its lease stops here, before it writes a row.
    report_progress(claim=claim, done=batch.rows, now=clock())
    _insert(batch, order_rows(kept_lines(batch.pk), zone))
    orders = Order.objects.filter(batch_id=batch.pk).count()
    result = {**batch.result, "orders": orders, "known_orders": batch.rows - orders}
    now = clock()
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.IMPORTED, payload=None, result=result)
    counts = {"state": BatchState.IMPORTED, "orders": orders, "known_orders": batch.rows - orders}
    _log(batch, SYSTEM, "import_orders", counts, now)
    finish_run(claim=claim, result=counts, now=now)


def _insert(batch: ImportBatch, rows: Iterator[OrderRow]) -> None:
    """Writes the orders as one prepared statement; an order that came with an earlier file stays as it is.

    Half a million rows hold SQLite's only writer for about 12 s this way, for 37 s through `bulk_create`; others wait
    at most 20 s for it.
    """
    ops = connection.ops
    table = ops.quote_name(Order._meta.db_table)
    names = ["campaign_id", "batch_id", "order_no", *AMOUNTS, *MOMENTS, "paid_on"]
    columns = ", ".join(ops.quote_name(name) for name in names)
    places = ", ".join(["%s"] * len(names))
    # Names of our own tables and columns only; every value is a parameter.
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608  # nosec B608 # our own names

    def values(row: OrderRow) -> tuple[Any, ...]:
        amounts = [ops.adapt_decimalfield_value(getattr(row, name), 12, 2) for name in AMOUNTS]
        moments = [ops.adapt_datetimefield_value(getattr(row, name)) for name in MOMENTS]
        return (batch.campaign_id, batch.pk, row.order_no, *amounts, *moments, ops.adapt_datefield_value(row.paid_on))

    with connection.cursor() as cursor:
        while chunk := [values(row) for row in islice(rows, INSERT_ROWS)]:
            cursor.executemany(statement, chunk)  # nosemgrep: raw-sql


@transaction.atomic
def undo_import(*, actor: Actor, campaign_id: int, batch_id: int, now: datetime) -> int:
    """Removes the orders that came with this import; returns how many. The file may then be imported again."""
    campaign = lock_campaign(actor, campaign_id)
    batch = ImportBatch.objects.filter(pk=batch_id, campaign_id=campaign_id).defer("payload").first()
    if batch is None:
        raise Missing
    check_manage(actor, campaign.team_id)
    check_open(campaign)
    if batch.state != BatchState.IMPORTED:
        raise Refused("not_imported", say("This import has no orders in the campaign."))
    removed, _ = Order.objects.filter(batch_id=batch_id).delete()
    ImportBatch.objects.filter(pk=batch_id).update(state=BatchState.UNDONE)
    _log(batch, actor, "undo_import", {"state": BatchState.UNDONE, "orders": removed}, now)
    return removed
