"""The schema says the truth: made-up calls of every operation, valid and not, as three roles (P17).

`FUZZ_CALLS` says how many; a few hundred in the suite, 3,000 in `.ci/run`. Ids are often those of rows that are there,
so that calls reach what lies behind the door, and what a call writes is taken back. The seed is fixed.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import got_request_exception, request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode

from tests.walls.cells import Stage, judge
from tests.walls.world import World, undone

CALLS = int(os.environ.get("FUZZ_CALLS", "300"))
SEED = 20_261_124
ROLES = {"manager": "manager", "member": "owner", "viewer": "viewer"}
HELD = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "ignored_auth",
]
# What an id in a body or a query is about, where its name does not say it.
NOUNS = {"user": "other", "owner": "other", "reviewer": "other", "predecessor": "next_task", "person": "other"}
NOUNS |= {"before": "next_task", "after": "next_task", "edit": "bulk_edit", "delivery": "dead", "store": "store"}
pytestmark = pytest.mark.django_db


def known(name: str, value: Any, world: World) -> Any:
    """Three ids of four become one of a row that is there."""
    noun = name.removesuffix("_ids").removesuffix("_id")
    if noun == name or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [known(f"{noun}_id", each, world) for each in value]
    there = world.ids.get(NOUNS.get(noun, noun))
    return there if isinstance(value, int) and there is not None and value % 4 else value


def aim(case: Any, world: World) -> None:
    """Puts ids of rows that are there into the call, and half the time the word that any version will do."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            part.update({name: known(name, value, world) for name, value in part.items() if isinstance(name, str)})
    if case.headers and "If-Match" in case.headers and len(str(case.headers["If-Match"])) % 2 == 0:
        case.headers["If-Match"] = "*"


def failures(error: Exception) -> Iterator[str]:
    for each in error.exceptions if isinstance(error, FailureGroup) else [error]:
        yield f"{type(each).__name__}: {str(each)[:600]}"


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """As Django's own test client does: a request's end must not close the connection that holds the transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("kept_connection")
@pytest.mark.parametrize("role", ROLES)
def test_no_call_breaks_the_server_the_schema_or_the_door(
    stage: Stage, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token = stage.world.writers[ROLES[role]]
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application(), headers=headers)
    operations = [result.ok() for result in schema.get_all_operations()]
    checks = CHECKS.get_by_names(HELD)
    each = max(CALLS // len(ROLES) // len(operations) + 1, 3)
    counted: Counter[int] = Counter()
    faults: dict[str, str] = {}
    raised: list[str] = []

    def note(**told: Any) -> None:
        raised.append(repr(sys.exc_info()[1])[:300])

    got_request_exception.connect(note)

    def call(case: Any) -> None:
        aim(case, stage.world)
        cache.clear()
        raised.clear()
        with undone():
            response = case.call(headers=headers)
            counted[response.status_code] += 1
            try:
                case.validate_response(response, checks=checks, headers=headers, transport_kwargs={"headers": headers})
            except (Failure, FailureGroup) as error:
                for told in failures(error):
                    where = f"{role}: {case.operation.label}: {told.splitlines()[0]}"
                    faults.setdefault(where, f"{told}\n{raised}\n{case.as_curl_command(headers=headers)[:500]}")

    for operation in operations:
        for mode, share in ((GenerationMode.POSITIVE, each - each // 3), (GenerationMode.NEGATIVE, each // 3)):
            run = hypothesis.given(case=operation.as_strategy(generation_mode=mode))(call)
            run = hypothesis.seed(SEED)(run)
            run = hypothesis.settings(
                max_examples=share,
                deadline=None,
                database=None,
                phases=[hypothesis.Phase.generate],
                suppress_health_check=list(hypothesis.HealthCheck),
            )(run)
            try:
                run()
            except hypothesis.errors.Unsatisfiable:
                # An operation without anything to get wrong has no invalid call.
                continue
    got_request_exception.disconnect(note)
    with capsys.disabled():
        by_status = ", ".join(f"{status}: {count}" for status, count in sorted(counted.items()))
        print(f"\n{role}: {counted.total()} calls of {len(operations)} operations, seed {SEED}; {by_status}")  # noqa: T201
    assert counted.total() >= CALLS // len(ROLES)
    assert sum(count for status, count in counted.items() if status < 400) > counted.total() // 10, "reached too little"
    judge(f"{where}\n{told}" for where, told in faults.items())
