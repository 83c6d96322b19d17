"""Loads procedures: a file for a team or for everybody, or all that come with the product."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from campaigns.sop.actions import load_sop
from campaigns.sop.adapters.yaml_file import shipped_files
from planner.web.commands import DomainCommand
from staff.calendars.actions import seed_calendar
from staff.people.queries import team_named
from staff.people.rules import SYSTEM

FIRST_YEAR = 2023


class Command(DomainCommand):
    """`load_sop [FILE] [--team T] [--json]`."""

    help = "Load an SOP template from a YAML file; without a file, every shipped one and the calendar of working days."

    def add_arguments(self, parser: CommandParser) -> None:
        """A file, and whose template it becomes."""
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--team", help="the team's name; without it the template is for every team")

    def run(self, **options: Any) -> None:
        """Loads each file on its own; loading the same again changes nothing."""
        now, path = timezone.now(), options["file"]
        team_id = team_named(SYSTEM, options["team"]) if options["team"] else None
        if path is None:
            seed_calendar(actor=SYSTEM, first_year=FIRST_YEAR, last_year=now.year + 5, now=now)
        loaded = []
        for file in [path] if path else shipped_files():
            try:
                text = file.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{file}: {error}") from None
            done = load_sop(actor=SYSTEM, text=text, team_id=team_id, now=now)
            loaded.append({"key": done.key, "version": done.number, "steps": done.steps, "new": done.is_new})
        self.say_result({"loaded": loaded})
