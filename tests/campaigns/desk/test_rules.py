"""What is a risk, how far a moment is, what an event says, who sees lanes: tables, no database."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from campaigns.campaign.rules import Phase
from campaigns.desk.rules.activity import SENTENCES, sentence
from campaigns.desk.rules.overview import GATE_NOTICE, RiskFacts, distance, risks_of
from campaigns.desk.rules.today import leads
from staff.people.rules import SYSTEM, Actor, Level, Role, Seat
from tests.factories import NOW

CALM = {
    "phase": Phase.PREP,
    "status": "todo",
    "has_owner": True,
    "due_at": NOW + timedelta(days=3),
    "is_gate": False,
    "confirmed": False,
}
PAST, SOON, FAR = NOW - timedelta(seconds=1), NOW + GATE_NOTICE, NOW + GATE_NOTICE + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("values", "risks"),
    [
        ({}, []),
        ({"due_at": None}, []),
        ({"due_at": PAST}, ["late"]),
        ({"due_at": NOW}, []),
        ({"due_at": PAST, "status": "done"}, []),
        ({"due_at": PAST, "status": "cancelled", "has_owner": False}, []),
        ({"status": "blocked"}, ["blocked"]),
        ({"has_owner": False}, ["unassigned"]),
        ({"has_owner": False, "status": "done"}, []),
        ({"due_at": PAST, "status": "blocked", "has_owner": False}, ["late", "blocked", "unassigned"]),
        ({"is_gate": True, "due_at": SOON}, ["gate"]),
        ({"is_gate": True, "due_at": None}, ["gate"]),
        ({"is_gate": True, "due_at": FAR}, []),
        ({"is_gate": True, "status": "done"}, ["gate"]),
        ({"is_gate": True, "status": "done", "confirmed": True}, []),
        ({"is_gate": True, "status": "cancelled"}, ["gate"]),
        ({"is_gate": True, "phase": Phase.EXECUTION}, []),
    ],
)
def test_a_task_is_at_risk_for_reasons(values: dict[str, Any], risks: list[str]) -> None:
    assert list(risks_of(RiskFacts(**CALM | values), phase=Phase.PREP, now=NOW)) == risks


def test_a_closed_campaign_has_no_risks() -> None:
    late = RiskFacts(**CALM | {"due_at": PAST, "has_owner": False})
    assert risks_of(late, phase=Phase.CLOSED, now=NOW) == ()


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=12, hours=3, minutes=59), "12 d 3 h"),
        (timedelta(days=1), "1 d 0 h"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 h 59 min"),
        (timedelta(seconds=59), "0 h 0 min"),
    ],
)
def test_a_distance_is_never_rounded_up(away: timedelta, words: str) -> None:
    assert str(distance(NOW + away, NOW)) == words


def told(verb: str, actor: str = "小美", **after: Any) -> str:
    return str(sentence(verb, actor=actor, subject="P24 主图", after=after, names={7: "阿敏"}))


def test_every_sentence_says_who() -> None:
    for verb in SENTENCES.keys() - {"fail_import", "cancel_import"}:
        assert "小美" in told(verb)


def test_every_verb_that_a_campaign_logs_has_a_sentence() -> None:
    written = " ".join(file.read_text() for file in Path("campaigns").glob("*/actions*/**/*.py"))
    written += " ".join(file.read_text() for file in Path("campaigns").glob("*/actions.py"))
    verbs = set(re.findall(r'(?:verb=|_log\([a-z]+, [a-zA-Z]+, )"([a-z_]+)"', written))
    assert len(verbs) > 15
    # These two are the team's, no campaign's.
    assert verbs - SENTENCES.keys() <= {"create_store", "load_sop"}


def test_the_system_and_unknown_verbs_have_words_too() -> None:
    assert told("complete_task", actor="") == "The system finished P24 主图."
    assert told("fly_kite") == "小美: fly kite, P24 主图"


@pytest.mark.parametrize(
    ("owner_id", "sentence"),
    [
        (7, "小美 assigned P24 主图 to 阿敏."),
        (8, "小美 assigned P24 主图 to nobody."),
        (None, "小美 took the owner off P24 主图."),
    ],
)
def test_an_assignment_says_to_whom(owner_id: int | None, sentence: str) -> None:
    assert told("assign_task", owner_id=owner_id) == sentence


def test_a_move_says_where_to() -> None:
    assert told("advance_phase", phase="wrap_up") == "小美 moved the campaign on: Wrap-up."


@pytest.mark.parametrize(
    ("level", "roles", "watches"),
    [
        (Level.MANAGER, set(), True),
        (Level.MEMBER, {Role.LEAD}, True),
        (Level.VIEWER, {Role.LEAD}, True),
        (Level.MEMBER, {Role.CS}, False),
    ],
)
def test_managers_and_leads_watch_the_lanes(level: Level, roles: set[Role], watches: bool) -> None:
    actor = Actor(1, "小美", (Seat(7, level, frozenset(roles)), Seat(8, Level.VIEWER)))
    assert leads(actor) == (frozenset({7}) if watches else frozenset())
    assert leads(SYSTEM) == frozenset()
