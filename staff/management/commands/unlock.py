"""Lets somebody try to log in again at once."""

from typing import Any

from django.core.management.base import CommandParser

from planner.web.commands import DomainCommand
from staff.accounts.actions.guard import release_all


class Command(DomainCommand):
    """Forgets the counted tries of a log-in name, on known and unknown browsers."""

    help = "Forget the counted tries of a log-in name: whoever knows the password gets in at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """The log-in name."""
        super().add_arguments(parser)
        parser.add_argument("login", help="the log-in name")

    def run(self, **options: Any) -> None:
        """Unlocks."""
        release_all(login=options["login"])
        self.say_result({"unlocked": options["login"]})
