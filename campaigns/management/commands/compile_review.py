"""Compiles a campaign's review, in this process."""

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from campaigns.reviews.actions import compile_review
from campaigns.reviews.queries import stored_summary
from planner.web.commands import DomainCommand
from staff.people.rules import SYSTEM


class Command(DomainCommand):
    """`compile_review --campaign ID`."""

    help = "Compiles the review of a campaign and prints its summary."

    def add_arguments(self, parser: CommandParser) -> None:
        """The campaign."""
        super().add_arguments(parser)
        parser.add_argument("--campaign", type=int, required=True, metavar="ID")

    def run(self, **options: Any) -> None:
        """Compiles, and prints what the review says."""
        campaign_id = options["campaign"]
        changed = compile_review(actor=SYSTEM, campaign_id=campaign_id, now=timezone.now())
        summary = json.loads(stored_summary(SYSTEM, campaign_id))
        self.say_result({"campaign": campaign_id, "changed": changed, "summary": summary})
