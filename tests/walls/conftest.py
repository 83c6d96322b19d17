"""Settings as production reads them, for tests that take single values from there; and the stage of the matrix."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.harness import ROOT, clean_env
from tests.walls.cells import Stage
from tests.walls.world import make_world

PRODUCTION = {
    "SHAPE": "production",
    "SECRET_KEY": "kT9-vZ2q8Lw5Xr1Nf7Bd3Hs6Jy0Mc4Pg-Ua_Ei.Oo+Qt=Wb/Rn",
    "ALLOWED_HOSTS": "planner.test",
    "BASE_URL": "https://planner.test",
    "DATABASE_URL": "postgres://planner:pw@127.0.0.1/planner",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_HOST": "mail.test",
}
_DUMP = """
import json, planner.settings as settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""


def start(data_dir: Any, **surroundings: str) -> "subprocess.CompletedProcess[str]":
    """Reads the settings in a process of its own, in these surroundings."""
    env = clean_env(DATA_DIR=str(data_dir), **surroundings)
    command = [sys.executable, "-c", _DUMP]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The production settings by name."""
    read = start(tmp_path_factory.mktemp("production"), **PRODUCTION)
    assert read.returncode == 0, read.stderr
    return json.loads(read.stdout)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """The world of the matrix with its actors, written once a file; whoever asks takes back what that wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Stage(make_world())
        transaction.set_rollback(True)
