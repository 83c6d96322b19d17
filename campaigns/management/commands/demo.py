"""Fills an empty database with the demonstration."""

from typing import Any

from django.utils import timezone

from campaigns.demo.actions import build_demo
from planner.web.commands import DomainCommand
from staff.people.rules import SYSTEM


class Command(DomainCommand):
    """`demo`."""

    help = "Makes a team of nine with a campaign ahead, one running and one closed. Wants an empty database."

    def run(self, **_options: Any) -> None:
        """Builds it and prints the log-ins."""
        made = build_demo(actor=SYSTEM, now=timezone.now())
        self.say_result(
            {
                "team": made.team,
                "password": made.password,
                "logins": dict(made.logins),
                "campaigns": list(made.campaigns),
            }
        )
