"""One installation that everybody reads, and fresh folders for what is done with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaigns.upkeep.actions.backup import Kept, take_backup
from campaigns.upkeep.adapters.places import Installation
from tests.campaigns.upkeep.keep.stage import TAKEN, installation, live_in


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Installation]:
    """An installation on SQLite in which every table has rows."""
    with django_db_blocker.unblock():
        place = installation(tmp_path_factory.mktemp("lived"))
        live_in(place)
        yield place


@pytest.fixture(scope="session")
def kept(lived: Installation, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Its backup."""
    return take_backup(source=lived, path=tmp_path_factory.mktemp("kept") / "b.zip", version="1.0", now=TAKEN)


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """An empty place for another one, with the same secret key."""
    return installation(tmp_path / "fresh")
