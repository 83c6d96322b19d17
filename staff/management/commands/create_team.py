"""The first team and its manager, for an installation without the demo."""

import getpass
import os
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from planner.web.commands import DomainCommand
from staff.people.actions import found_team
from staff.people.rules import SYSTEM


class Command(DomainCommand):
    """Makes a team and the person who manages it; the password comes from PLANNER_PASSWORD, or is asked for."""

    help = "Make a team and its first manager. The password is read from PLANNER_PASSWORD, or asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        """The team's name and its first manager's log-in name and name."""
        super().add_arguments(parser)
        parser.add_argument("--name", required=True, help="the team's name, a shop or a brand")
        parser.add_argument("--login", required=True, help="the manager's log-in name")
        parser.add_argument("--display", required=True, help="the manager's name as colleagues see it")

    def run(self, **options: Any) -> None:
        """Makes both or nothing."""
        password = os.environ.get("PLANNER_PASSWORD") or getpass.getpass()
        team_id = found_team(
            actor=SYSTEM,
            name=options["name"],
            login=options["login"],
            display_name=options["display"],
            password=password,
            now=timezone.now(),
        )
        self.say_result({"team": team_id, "login": options["login"]})
