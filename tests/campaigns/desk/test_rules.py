"""What is a risk, how far a moment is, what an event says, who sees lanes: tables, no database."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from campaigns.board.rules import Verb
from campaigns.campaign.rules import Anchor, CampaignFacts, Kind, Phase
from campaigns.desk.rules.activity import SENTENCES, sentence
from campaigns.desk.rules.overview import GATE_NOTICE, RiskFacts, distance, risks_of
from campaigns.desk.rules.today import Mark, after, cursor_of, leads, midnight_after, next_moment, part_of, version_of
from planner.web.templatetags.words import label
from staff.people.queries.log import verb_name
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


def campaign_facts(**values: Any) -> CampaignFacts:
    given = {
        "id": 1, "team_id": 1, "name": "双11", "kind": Kind.PROMOTION, "platforms": ("tmall",), "phase": Phase.PREP,
        "starts_at": NOW, "ends_at": NOW, "zone": "Asia/Shanghai", "version": 1, "board_version": 0,
    }  # fmt: skip
    return CampaignFacts(**given | values)


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


# How a verb of the log is written where it is recorded; those of tasks have an enum of their own.
RECORDED = re.compile(r'(?:verb=|_log\([a-z]+, [a-zA-Z]+, |_end\([^()]*, |^[A-Z_]+ = )"([a-z]+_[a-z_]+)"', re.MULTILINE)


def recorded_in(folder: str) -> set[str]:
    """Every verb that the actions of an app write into a log."""
    files = [file for file in Path(folder).rglob("*.py") if {"actions", "actions.py"} & set(file.parts)]
    return {verb for file in files for verb in RECORDED.findall(file.read_text())}


def test_every_verb_that_a_campaign_logs_has_a_sentence() -> None:
    verbs = recorded_in("campaigns") | {str(verb) for verb in Verb}
    assert {"complete_task", "add_evidence", "accept_rush", "create_campaign", "undelete_piece"} <= verbs
    # These two are the team's, no campaign's.
    assert verbs - SENTENCES.keys() <= {"create_store", "load_sop"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_verb_that_is_logged_has_a_name(language: str) -> None:
    verbs = recorded_in("campaigns") | recorded_in("staff") | {str(verb) for verb in Verb} | SENTENCES.keys()
    with override(language):
        names = {verb: (label(verb), verb_name(verb)) for verb in verbs}
    assert not [verb for verb, name in names.items() if {verb, verb.replace("_", " ")} & set(name)]
    if language != "en":
        assert not [name for name in names.values() if str(name).isascii()]


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


MIDNIGHT = midnight_after(NOW.astimezone(ZoneInfo("Asia/Shanghai")))


@pytest.mark.parametrize(
    ("due_at", "part"),
    [
        (NOW - timedelta(microseconds=1), "overdue"),
        (NOW, "today"),
        (MIDNIGHT - timedelta(microseconds=1), "today"),
        (MIDNIGHT, "week"),
        (MIDNIGHT + timedelta(days=7) - timedelta(microseconds=1), "week"),
        (MIDNIGHT + timedelta(days=7), "later"),
        (None, "later"),
    ],
)
def test_a_task_of_mine_stands_in_one_list(due_at: datetime | None, part: str) -> None:
    assert part_of(due_at, now=NOW, midnight=MIDNIGHT) == part


def test_a_day_ends_by_its_own_zones_clock() -> None:
    assert MIDNIGHT.isoformat() == "2026-11-24T00:00:00+08:00"


def test_a_place_in_a_list_is_found_again_though_what_stood_there_is_gone() -> None:
    marks = [Mark(pk, due, is_open=True) for pk, due in ((4, None), (3, NOW), (1, NOW), (2, NOW - timedelta(days=1)))]
    ordered = after(marks, "")
    assert [mark.id for mark in ordered] == [2, 1, 3, 4]
    for index, mark in enumerate(ordered):
        rest = [other for other in marks if other is not mark]
        assert after(rest, cursor_of(mark)) == ordered[index + 1 :]


def test_the_next_moment_is_the_first_that_is_still_to_come() -> None:
    moments = [
        (Anchor.END, NOW + timedelta(days=2)),
        (Anchor.START, NOW),
        (Anchor.WAVE2_START, NOW + timedelta(days=1)),
    ]
    assert next_moment(moments, NOW) == (Anchor.WAVE2_START, NOW + timedelta(days=1))
    assert next_moment(moments, NOW + timedelta(days=2)) is None


def test_a_version_changes_with_any_campaign_the_day_and_the_quarter_of_an_hour() -> None:
    one, two = campaign_facts(id=1, board_version=3), campaign_facts(id=2, board_version=1)
    base = version_of([one, two], NOW)
    assert version_of([two, one], NOW + timedelta(minutes=14)) == base
    others = [
        version_of([one], NOW),
        version_of([replace(one, board_version=4), two], NOW),
        version_of([one, two], NOW + timedelta(minutes=15)),
        version_of([one, two], NOW + timedelta(days=1)),
    ]
    assert len({base, *others}) == 5
