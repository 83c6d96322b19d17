"""What a rush request is, who takes it on, and what waits for that, without a database."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.board.rules import (
    Brief,
    Priority,
    Status,
    Step,
    TaskChanges,
    TaskFacts,
    Verb,
    accept_step,
    blockers,
    check_brief,
    check_step,
    days_ahead,
    decline_step,
    edit_step,
    first_calm_day,
    hint_of,
    priority_of,
    status_step,
    verbs_now,
)
from planner.core.errors import NotAllowed, Refused
from staff.people.rules import Role
from tests.campaigns.board.test_rules import BOSS, MANAGER, NOW, OTHER, OWNER, OWNING, VIEWER, task

DAY = timedelta(days=1)


def asked(**values: Any) -> TaskFacts:
    """A request by hand: somebody else asked the owner two days ago for in three days."""
    plain = {"code": "", "created_by_id": OTHER, "created_at": NOW - 2 * DAY, "due_at": NOW + 3 * DAY}
    return task(**(plain | values))


@pytest.mark.parametrize(
    ("values", "is_rush", "waits"),
    [
        ({}, True, True),
        ({"due_at": NOW + 11 * DAY}, True, True),
        # Fourteen days to the day: on time, whatever the hour.
        ({"due_at": NOW + 12 * DAY}, False, False),
        ({"due_at": NOW + 12 * DAY - timedelta(minutes=30)}, False, False),
        ({"due_at": None}, False, False),
        ({"role": Role.OPS}, False, False),
        # A plan's task was asked for with its campaign.
        ({"code": "P24"}, False, False),
        ({"code": "P24", "accepted_at": NOW, "accepted_by_id": BOSS}, True, False),
        # One's own work is asked of nobody.
        ({"created_by_id": OWNER}, False, False),
        ({"created_by_id": OWNER, "owner_id": None}, True, True),
        ({"created_by_id": None}, True, False),
        ({"accepted_at": NOW, "accepted_by_id": BOSS}, True, False),
        ({"status": Status.CANCELLED}, True, False),
    ],
)
def test_what_is_a_rush_and_which_waits(values: dict[str, Any], is_rush: bool, waits: bool) -> None:
    facts = asked(**values)
    assert (facts.is_rush, facts.rush_waits) == (is_rush, waits)


def test_days_are_those_of_the_teams_zone() -> None:
    # 01:00 on the 24th in Shanghai is still the 23rd in Los Angeles.
    late = datetime.fromisoformat("2026-11-23T17:00:00+00:00")
    assert days_ahead(late, late + timedelta(hours=20), "Asia/Shanghai") == 0
    assert days_ahead(late, late + timedelta(hours=20), "America/Los_Angeles") == 1
    assert first_calm_day(NOW, "Asia/Shanghai").isoformat() == "2026-12-07T18:00:00+08:00"


@pytest.mark.parametrize("to", [Status.DOING, Status.IN_REVIEW])
def test_nobody_works_on_a_rush_that_waits(to: Status) -> None:
    with pytest.raises(Refused) as refused:
        check_step(OWNING, asked(), to)
    assert refused.value.code == "rush_waits"
    assert check_step(OWNING, asked(accepted_at=NOW), to)


def test_a_rush_that_waits_is_not_done() -> None:
    assert [reason.text for reason in blockers(asked())] == ["Rush request: waits until a manager accepts it"]
    with pytest.raises(Refused, match="blocked"):
        check_step(MANAGER, asked(), Status.DONE)
    # What stands still may be said, and it may be called off.
    assert check_step(OWNING, asked(), Status.BLOCKED) is Verb.BLOCK


def test_only_managers_decide_and_only_while_it_waits() -> None:
    both = {Verb.ACCEPT_RUSH, Verb.DECLINE_RUSH}
    assert verbs_now(MANAGER, asked()) & both == both
    assert verbs_now(MANAGER, asked()) & {Verb.START, Verb.SEND_TO_REVIEW} == set()
    assert verbs_now(OWNING, asked()) & both == set()
    assert verbs_now(MANAGER, asked(accepted_at=NOW)) & both == set()
    assert Verb.START in verbs_now(OWNING, asked(accepted_at=NOW))
    for actor in (OWNING, VIEWER):
        with pytest.raises(NotAllowed):
            accept_step(actor, asked(), NOW)
    with pytest.raises(Refused, match="no_rush"):
        accept_step(MANAGER, asked(accepted_at=NOW), NOW)
    with pytest.raises(Refused, match="reason_missing"):
        decline_step(MANAGER, asked(), "  ")


def columns(step: Step | None) -> dict[str, Any]:
    assert step is not None
    return {**step.values, **step.silent}


@pytest.mark.parametrize(
    ("facts", "changes", "accepted"),
    [
        # A manager who sets a date answers for it.
        (asked(), {"due_at": NOW + 5 * DAY}, True),
        (asked(code="P24", due_at=NOW + 40 * DAY), {"due_at": NOW + 5 * DAY}, True),
        (asked(due_at=None), {"due_at": NOW + 5 * DAY}, True),
        (asked(role=Role.OPS), {"role": Role.DESIGN}, True),
        # Far enough away, or no request: nothing to accept.
        (asked(), {"due_at": NOW + 30 * DAY}, None),
        (asked(code="P24", due_at=NOW + 5 * DAY), {"due_at": NOW + 9 * DAY}, None),
        (asked(code="P24", due_at=None, planned_due_at=None), {"due_at": NOW + 5 * DAY}, None),
        (asked(role=Role.OPS), {"due_at": NOW + 1 * DAY}, None),
        # It was one, and it is none any more.
        (asked(accepted_at=NOW - DAY, accepted_by_id=BOSS), {"due_at": NOW + 30 * DAY}, False),
        (asked(accepted_at=NOW - DAY, accepted_by_id=BOSS), {"role": Role.CS}, False),
        # It stays one: who accepted it then did so.
        (asked(accepted_at=NOW - DAY, accepted_by_id=OWNER), {"due_at": NOW + 5 * DAY}, None),
    ],
)
def test_a_new_date_decides_anew(facts: TaskFacts, changes: TaskChanges, accepted: bool | None) -> None:
    written = columns(edit_step(MANAGER, facts, changes, NOW))
    if accepted is None:
        assert "accepted_at" not in written
    else:
        assert (written["accepted_by_id"], written["accepted_at"]) == ((BOSS, NOW) if accepted else (None, None))


def test_a_declined_rush_comes_back_accepted() -> None:
    gone = asked(status=Status.CANCELLED)
    written = columns(status_step(MANAGER, gone, Status.DOING, now=NOW))
    assert (written["status"], written["accepted_by_id"]) == (Status.DOING, BOSS)


@pytest.mark.parametrize(
    ("days", "manages", "is_rush", "word"),
    [
        (None, False, False, "Designers need 14 days"),
        (-1, False, True, "has passed"),
        (9, False, True, "9 days to the need date: a rush request, a manager has to accept it"),
        (9, True, True, "accepted as you send it"),
        (14, False, False, "14 days to the need date: no rush"),
    ],
)
def test_the_hint_says_what_a_date_means(days: int | None, manages: bool, is_rush: bool, word: str) -> None:
    hint = hint_of(NOW, None if days is None else NOW + days * DAY, "Asia/Shanghai", manages=manages)
    assert hint.is_rush is is_rush
    assert word in str(hint.text)


def test_a_brief_says_everything_and_names_what_is_missing() -> None:
    with pytest.raises(Refused) as refused:
        check_brief(Brief(" ", "\n"), None, NOW)
    assert set(refused.value.fields) == {"purpose", "sizes", "due_at"}
    with pytest.raises(Refused) as refused:
        check_brief(Brief("首页", "\n".join(["图"] * 21)), NOW, NOW)
    assert set(refused.value.fields) == {"sizes", "due_at"}
    brief = Brief("首页", "800×800 A\n\n 750×390 B ", references="去年")
    assert check_brief(brief, NOW + DAY, NOW) == NOW + DAY
    assert brief.text(english=False) == "用途：首页\n尺寸：800×800 A、750×390 B\n参考：去年"
    assert brief.text(english=True) == "Purpose: 首页\nSizes: 800×800 A, 750×390 B\nReferences: 去年"


def test_every_pair_of_marks_is_one_priority() -> None:
    for priority in Priority:
        important, urgent = priority.marks
        assert priority_of(important=important, urgent=urgent) is priority
