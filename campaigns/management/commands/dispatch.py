"""Tells people what is due, without Celery: the same sweep in this process."""

import time
from typing import Any

from django.core.management.base import CommandParser

from campaigns.reminders.actions import dispatch_due, plan_deliveries
from campaigns.reminders.queries import database_now
from planner.web.commands import DomainCommand

SWEEP_SECONDS = 15


class Command(DomainCommand):
    """Plans and sends everything due, every 15 seconds or once."""

    # The checks are for who changes the product; reading every route would double the time of a sweep from cron.
    requires_system_checks: list[str] = []  # noqa: RUF012 - typed by Django
    help = "Plan and send every reminder that is due; --once does it once and ends."

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds `--once`."""
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="one sweep, then end")

    def run(self, **options: Any) -> None:
        """One sweep, or one after the other until interrupted."""
        while True:
            now = database_now()
            planned = plan_deliveries(now=now)
            ended = dispatch_due(now=now)
            if options["once"] or planned or ended:
                self.say_result({"at": now, "planned": planned, **dict(sorted(ended.items()))})
            if options["once"]:
                return
            time.sleep(SWEEP_SECONDS)
