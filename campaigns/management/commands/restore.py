"""Brings a backup back."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from campaigns.management.commands._watched import WatchedCommand, summary
from campaigns.upkeep.actions.backup import verify_backup
from campaigns.upkeep.actions.restore import restore_backup
from campaigns.upkeep.adapters.places import this_installation


class Command(WatchedCommand):
    """`restore FILE [--replace] [--other-secret] [--check] [--json]`."""

    help = "Puts a backup of the same or an older version in the place of what is here: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, and over what."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="where people are: back them up, then replace them")
        parser.add_argument(
            "--other-secret", action="store_true", help="keep this SECRET_KEY: second steps and open links become void"
        )
        parser.add_argument("--check", action="store_true", help="restore it into a scratch folder only, and compare")

    def run(self, **options: Any) -> None:
        """Prints what was brought back."""
        path = options["file"].absolute()
        if options["check"]:
            self.say_result({"checked": str(path), **summary(verify_backup(path=path, tell=self.tell))})
            return
        done = restore_backup(
            target=this_installation(),
            path=path,
            version=settings.VERSION,
            now=timezone.now(),
            replace=options["replace"],
            other_secret=options["other_secret"],
            tell=self.tell,
        )
        kept = {"what_was_here": str(done.replaced)} if done.replaced else {}
        about = {"new_secret": done.new_secret, "messages_held": done.held, **kept}
        self.say_result({"restored": str(path), **summary(done.manifest), **about})
