"""Order files over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from campaigns.metrics import actions, jobs
from campaigns.metrics.queries import ImportLine, import_for, imports_of
from campaigns.metrics.rules.orders import MAX_BYTES, BatchState
from planner.web.api import ApiView, Choice, Day, File, Id, In, Moment, Out, Page, keyset, operation, read_id_cursor
from planner.web.bell import ring
from planner.web.limits import takes
from staff.people.queries import actor_for
from staff.runs.api import RunOut


class Columns(serializers.ListField):
    """Names of columns."""

    child = serializers.CharField(help_text="A column's heading as the file writes it.")


class ImportIn(In):
    """A form with one file."""

    file = File(
        help_text=(
            "The order export: CSV (commas, tabs or semicolons; UTF-8 or GB 18030), at most 50 MB, 500,000 orders and"
            " 300 columns. Needed columns: 订单编号, 总金额, 买家实际支付金额, 订单创建时间, 订单付款时间; used where"
            " there: 退款金额. Every other column is left out before anything is stored."
        ),
    )


class ImportOut(Out):
    """One upload and what became of it."""

    id = Id(help_text="The import's id.")
    file_name = serializers.CharField(help_text="The file's name.")
    by = serializers.CharField(allow_blank=True, help_text="Who uploaded it, by name; empty for the command line.")
    created_at = Moment(source="at", help_text="When it was uploaded.")
    state = Choice(
        BatchState,
        help_text=(
            "`pending` waits to be written, see `run`; `imported` is in the figures; of `failed`, `cancelled` and"
            " `undone` no order is in the figures, and the file may be sent again."
        ),
    )
    orders_in_file = serializers.IntegerField(source="rows", help_text="Different orders in the file.")
    orders = serializers.IntegerField(
        source="result.orders", allow_null=True, help_text="Orders that it brought; null unless it was imported."
    )
    known_orders = serializers.IntegerField(
        source="result.known_orders",
        allow_null=True,
        help_text="Orders in it that an earlier import had brought and that stayed as they were; null unless imported.",
    )
    skipped_repeats = serializers.IntegerField(
        source="result.repeated_rows", allow_null=True, help_text="Rows left out because they say an order again."
    )
    skipped_totals = serializers.IntegerField(
        source="result.total_rows", allow_null=True, help_text="Rows of totals that were left out."
    )
    skipped_blanks = serializers.IntegerField(
        source="result.blank_rows", allow_null=True, help_text="Rows without an order that were left out."
    )
    has_refunds = serializers.BooleanField(
        source="result.has_refunds", allow_null=True, help_text="Whether the file says what was refunded."
    )
    first_on = Day(
        source="result.first_day", allow_null=True, help_text="The first day on which an order in it was made."
    )
    last_on = Day(source="result.last_day", allow_null=True, help_text="The last day on which an order in it was made.")
    dropped_columns = Columns(
        help_text="Personal columns, dropped before anything was stored: addresses, names, telephones."
    )
    ignored_columns = Columns(
        source="result.ignored_columns", allow_null=True, help_text="Other columns that were not used."
    )
    run = RunOut(allow_null=True, help_text="The work that writes its orders; null where there is none.")


class ImportView(ApiView):
    """One import."""

    @operation("get_import", gives=ImportOut)
    def get(self, request: Request, *, campaign_id: int, batch_id: int) -> ImportLine:
        """The import."""
        return import_for(actor_for(request.user), campaign_id, batch_id)


@takes(MAX_BYTES)
class ImportsView(ApiView):
    """A campaign's imports."""

    parser_classes = (MultiPartParser,)

    @operation("list_imports", gives=ImportOut, pages=True)
    def get(self, request: Request, *, campaign_id: int, query: dict[str, Any]) -> Page:
        """The imports, newest first."""
        before_id, limit = read_id_cursor(query), query["limit"] + 1
        found = imports_of(actor_for(request.user), campaign_id, before_id=before_id, limit=limit)
        return keyset(found, query, lambda line: (line.id,))

    @operation("start_import", takes=ImportIn, gives=ImportOut, status=201)
    def post(self, request: Request, *, campaign_id: int, values: dict[str, Any]) -> ImportLine:
        """Takes an order file in; a worker then writes its orders, all or none: see `run`.

        A file at fault is refused whole with `fields.file`, and `reasons` say what is wrong in which row and column:
        the first 100 places, and before them, where there are more, how many there are in each column. Codes:
        `too_large`, `empty`, `not_a_table`, `missing_column`, `repeated_column`, `truncated`, `bad_rows`,
        `conflicting_orders`. Refused with 409: `same_file` when its orders are in the campaign already, `busy` while
        other files are read.
        """
        actor, file = actor_for(request.user), values["file"]
        started = actions.start_import(
            actor=actor, campaign_id=campaign_id, file_name=file.name, data=file.read(), now=timezone.now()
        )
        ring(jobs.sweep_imports)
        return import_for(actor, campaign_id, started.batch_id)


class UndoImportView(ApiView):
    """The undoing of one import."""

    @operation("undo_import", gives=ImportOut)
    def post(self, request: Request, *, campaign_id: int, batch_id: int) -> ImportLine:
        """Removes the orders that came with the import; a manager's to do. The file may then be sent again."""
        actor = actor_for(request.user)
        actions.undo_import(actor=actor, campaign_id=campaign_id, batch_id=batch_id, now=timezone.now())
        return import_for(actor, campaign_id, batch_id)
