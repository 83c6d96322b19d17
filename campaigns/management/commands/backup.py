"""Backs everything up into one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from campaigns.management.commands._watched import WatchedCommand, summary
from campaigns.upkeep.actions.backup import take_backup
from campaigns.upkeep.adapters.places import this_installation
from planner.core.errors import Refused
from planner.core.words import say


class Command(WatchedCommand):
    """`backup FILE [--no-verify] [--json]`."""

    help = "Writes rows, uploads and secret key into one file, and restores it into a scratch folder to compare."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--no-verify", action="store_true", help="do not restore it into a scratch folder")

    def run(self, **options: Any) -> None:
        """Prints what is in it."""
        kept = take_backup(
            source=this_installation(),
            path=options["file"].absolute(),
            version=settings.VERSION,
            now=timezone.now(),
            verify=not options["no_verify"],
            tell=self.tell,
        )
        about = {"bytes": kept.bytes, "verified": kept.verified}
        self.say_result({"file": str(kept.path), **summary(kept.manifest), **about})
        if kept.manifest.missing:
            raise Refused(
                "uploads_missing",
                say("Everything else is in the backup, but these uploads are named by rows and are not there:"),
                reasons=tuple(say("%(file)s", file=name) for name in kept.manifest.missing),
            )
