"""A procedure as a YAML file: plain data only, of a bounded size, with the line of what cannot be read."""

from pathlib import Path
from typing import Any

import yaml

from planner.core.errors import Refused
from planner.core.words import Said, say

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 12
# Longer than any text of a procedure, and too short for a number that Python will not print.
MAX_WORD = 3000
SHIPPED = Path(__file__).parent.parent / "data"
# libyaml is ten times quicker and makes the same plain data.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def shipped_files() -> list[Path]:
    """The procedures that come with the product, those that others are derived from first."""
    return [*sorted(SHIPPED.glob("*.yaml")), *sorted(SHIPPED.glob("variants/*.yaml"))]


def read_yaml(text: str) -> Any:
    """The plain data in this text; `Refused("sop_unreadable")` says the line and what is wrong with it."""
    if len(text) > MAX_CHARACTERS:
        raise _refused(say("The file has more than %(most)s characters.", most=MAX_CHARACTERS))
    try:
        _check_shape(text)
        return yaml.load(text, Loader=Loader)  # noqa: S506  # nosec B506 # a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = say("Line %(line)s: %(problem)s.", line=line, problem=error.problem or "not YAML")
        raise _refused(fault) from None
    except (yaml.YAMLError, ValueError) as error:
        # E.g. a character that may not stand in a file, or the 45th of a month.
        raise _refused(Said("%(problem)s", {"problem": str(error).splitlines()[0]})) from None


def _check_shape(text: str) -> None:
    """Refuses references, which can grow without bound, tags, and nesting and numbers that no procedure has."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _refused(say("Line %(line)s: references (*name) are not read here.", line=line))
        if getattr(event, "tag", None):
            # E.g. !!int "" breaks the loader itself; plain data needs none.
            raise _refused(say("Line %(line)s: tags (!name) are not read here.", line=line))
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and len(event.value) > MAX_WORD:
            raise _refused(say("Line %(line)s: longer than any text of a procedure.", line=line))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.ScalarEvent) and "\x00" in event.value:
            raise _refused(say("Line %(line)s: a character that no text has.", line=line))
        if depth > MAX_DEPTH:
            raise _refused(say("Line %(line)s: nested too deeply.", line=line))


def _refused(fault: Said) -> Refused:
    detail = say("This file cannot be read as a procedure. Nothing was written.")
    return Refused("sop_unreadable", detail, reasons=(fault,))
