"""Commands that speak like the pages: the same refusals, as text or as JSON, with an exit code for scripts."""

import json
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from planner.core.errors import DomainError
from planner.web.errors import as_json


class DomainCommand(BaseCommand):
    """A command that calls one action: implement `run`, end with `say_result`.

    A `DomainError` goes to stderr with every reason, as text or, with `--json`, as the JSON that pages answer with; the
    exit code is then 1.
    """

    as_json = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds `--json`; a command with arguments of its own calls this first."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Runs the command and turns refusals into words and an exit code."""
        self.as_json = options["as_json"]
        try:
            self.run(**options)
        except DomainError as error:
            self._refuse(error)

    def run(self, **options: Any) -> None:
        """The command itself; `options` are its parsed arguments."""
        raise NotImplementedError

    def say_result(self, result: Mapping[str, Any]) -> None:
        """Prints the result: one JSON object, or a line per entry with nested ones indented."""
        if self.as_json:
            self.stdout.write(json.dumps(result, cls=DjangoJSONEncoder, ensure_ascii=False))
            return
        for line in _lines(result, ""):
            self.stdout.write(line)

    def _refuse(self, error: DomainError) -> NoReturn:
        body = as_json(error)
        if self.as_json:
            text = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)
        else:
            reasons: Any = body["reasons"]
            text = "\n".join([str(body["detail"]), *(f"- {reason}" for reason in reasons)])
        self.stderr.write(text)
        sys.exit(1)


def _lines(value: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    for name, entry in value.items():
        if isinstance(entry, Mapping):
            lines += [f"{indent}{name}:", *_lines(entry, f"{indent}  ")]
        elif isinstance(entry, list | tuple):
            lines.append(f"{indent}{name}: {len(entry)}")
            lines += [f"{indent}  - {_one(item)}" for item in entry]
        else:
            lines.append(f"{indent}{name}: {entry}")
    return lines


def _one(item: object) -> str:
    return "  ".join(str(part) for part in item.values()) if isinstance(item, Mapping) else str(item)
