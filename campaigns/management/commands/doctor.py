"""Looks at the installation and says what is wrong and what to do."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation

from campaigns.upkeep.queries.facts import gather
from campaigns.upkeep.rules.doctor import Finding, Grade, exit_code, findings, worst
from planner.web.words import translate

MARKS = {Grade.OK: "ok     ", Grade.WARNING: "WARNING", Grade.FAULT: "FAULT  "}


class Command(BaseCommand):
    """`doctor [--json] [--language zh-hans]`; 0 when all is fine, 1 with warnings, 2 with faults."""

    # They need a database, and this is asked when there is none.
    requires_system_checks: list[str] = []  # noqa: RUF012 - typed by Django
    help = "Looks at database, broker, processes, mail, clocks, disk, backups and settings; exit code 0, 1 or 2."

    def add_arguments(self, parser: CommandParser) -> None:
        """How to answer."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the findings as one JSON object")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the sentences")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints every finding and ends with the code of the worst."""
        found = findings(gather(timezone.now(), thorough=True))
        with translation.override(options["language"]):
            self.stdout.write(_as_json(found) if options["as_json"] else "\n".join(map(_line, found)))
        sys.exit(exit_code(found))


def _line(finding: Finding) -> str:
    todo = f"\n        → {translate(finding.todo)}" if finding.todo else ""
    return f"{MARKS[finding.grade]} {finding.area:<9} {translate(finding.what)}{todo}"


def _as_json(found: tuple[Finding, ...]) -> str:
    entries = [
        {
            "area": finding.area,
            "grade": finding.grade,
            "code": finding.code,
            "what": translate(finding.what),
            "todo": translate(finding.todo) if finding.todo else "",
        }
        for finding in found
    ]
    return json.dumps({"grade": worst(found), "findings": entries}, cls=DjangoJSONEncoder, ensure_ascii=False)
