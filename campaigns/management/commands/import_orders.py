"""Imports an order file into a campaign, in this process."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from campaigns.metrics.actions import run_import, start_import
from campaigns.metrics.queries import import_outcome, numbers_screen
from campaigns.metrics.rules.orders import BatchState
from planner.core.errors import Refused
from planner.core.words import say
from planner.web.commands import DomainCommand
from planner.web.words import translate
from staff.people.rules import SYSTEM

WAIT_SECONDS = 120


class Command(DomainCommand):
    """`import_orders FILE --campaign ID`."""

    help = "Imports an order export (CSV) into a campaign and prints the campaign's figures."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and the campaign."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--campaign", type=int, required=True, metavar="ID")

    def run(self, **options: Any) -> None:
        """Takes the file in and writes its orders before it returns."""
        file, campaign = options["file"], options["campaign"]
        try:
            data = file.read_bytes()
        except OSError as error:
            raise Refused("no_file", say("%(file)s cannot be read.", file=str(file))) from error
        started = start_import(actor=SYSTEM, campaign_id=campaign, file_name=file.name, data=data, now=timezone.now())
        run_import(run_id=started.run_id, clock=timezone.now)
        outcome = import_outcome(SYSTEM, started.batch_id)
        deadline = time.monotonic() + WAIT_SECONDS
        while outcome.state is BatchState.PENDING and time.monotonic() < deadline:
            # A worker was quicker to claim the run.
            time.sleep(0.2)
            outcome = import_outcome(SYSTEM, started.batch_id)
        if outcome.state is not BatchState.IMPORTED:
            raise Refused("not_imported", outcome.error or say("The import was stopped."))
        told = {"import": started.batch_id, "dropped_columns": list(outcome.dropped_columns), **outcome.result}
        self.say_result({**told, **_figures(campaign)})


def _figures(campaign_id: int) -> dict[str, Any]:
    """The campaign's figures, and what its files cannot give."""
    screen = numbers_screen(SYSTEM, campaign_id)
    numbers = screen.figures
    if numbers is None:
        return {}
    best, rate = numbers.best_day, numbers.refund_rate
    figures = {
        "orders": numbers.orders,
        "total_amount": numbers.total_amount,
        "paid_orders": numbers.paid_orders,
        "paid_amount": numbers.paid_amount,
        "refund_amount": numbers.refunds,
        "net_paid_amount": numbers.net,
        "refund_rate": None if rate is None else round(rate, 4),
        "fully_refunded_orders": numbers.fully_refunded,
        "received_amount": numbers.received,
        "orders_that_do_not_add_up": numbers.mismatched,
        "visitors": numbers.visitors,
        "best_day": best.on if best else None,
        "best_day_paid_amount": best.paid_amount if best else None,
        "best_day_net_paid_amount": best.net if best else None,
    }
    return {
        "figures": {name: value for name, value in figures.items() if value is not None},
        "cannot_give": [translate(line) for line in screen.cannot_give],
    }
