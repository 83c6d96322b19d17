"""The shipped procedure, in memory and in the database."""

import pytest

from campaigns.sop.actions import Loaded, load_sop
from campaigns.sop.adapters.yaml_file import read_yaml, shipped_files
from campaigns.sop.rules import Procedure, read_derived, read_procedure
from staff.calendars.actions import seed_calendar
from staff.people.rules import SYSTEM
from tests.factories import NOW


def shipped_text() -> str:
    """The file of the Double 11 procedure."""
    (path,) = [path for path in shipped_files() if path.stem == "double11"]
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def double11() -> Procedure:
    """The Double 11 procedure, read and checked."""
    return read_procedure(read_yaml(shipped_text()))


def variant_text(key: str) -> str:
    """The file of a shipped procedure that is derived from it."""
    (path,) = [path for path in shipped_files() if path.stem == key]
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def variants(double11: Procedure) -> dict[str, Procedure]:
    """The shipped procedures that are derived from Double 11, by key."""
    keys = [path.stem for path in shipped_files() if path.stem != "double11"]
    return {key: read_derived(read_yaml(variant_text(key)), double11.steps) for key in keys}


@pytest.fixture
def loaded(db: None) -> Loaded:
    """The Double 11 procedure as the first shipped version, with the calendar of its years."""
    seed_calendar(actor=SYSTEM, first_year=2024, last_year=2028, now=NOW)
    return load_sop(actor=SYSTEM, text=shipped_text(), now=NOW)
