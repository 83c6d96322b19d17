"""What the board's rules promise, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from campaigns.board.rules import (
    GAP,
    MOST_COMMENTS,
    MOST_MENTIONS,
    TRANSITIONS,
    Predecessor,
    Status,
    TaskFacts,
    Verb,
    between,
    blockers,
    check_flood,
    check_no_cycle,
    check_reason,
    check_reviewer,
    check_step,
    check_values,
    check_verb,
    clashes,
    find_cycle,
    may,
    mentioned,
    moments,
    spread,
    verbs_now,
)
from campaigns.campaign.rules import CampaignFacts, Kind, Phase
from planner.core.errors import NotAllowed, Refused
from staff.people.rules import SYSTEM, Actor, Level, Role, Seat

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TEAM, OWNER, HELPER, REVIEWER, OTHER, BOSS = 7, 1, 2, 3, 4, 5


def person(user_id: int, level: Level, *roles: Role) -> Actor:
    return Actor(user_id=user_id, name=f"p{user_id}", seats=(Seat(TEAM, level, frozenset(roles)),))


MANAGER = person(BOSS, Level.MANAGER, Role.LEAD)
OWNING = person(OWNER, Level.MEMBER, Role.DESIGN)
HELPING = person(HELPER, Level.MEMBER, Role.OPS)
REVIEWING = person(REVIEWER, Level.MEMBER, Role.OPS)
SAME_ROLE = person(OTHER, Level.MEMBER, Role.DESIGN)
OTHER_ROLE = person(OTHER, Level.MEMBER, Role.CS)
VIEWER = person(6, Level.VIEWER, Role.DESIGN)
OUTSIDER = Actor(user_id=9, name="out", seats=(Seat(8, Level.MANAGER, frozenset({Role.DESIGN})),))


def campaign(phase: Phase = Phase.PREP) -> CampaignFacts:
    return CampaignFacts(
        id=1,
        team_id=TEAM,
        name="618",
        kind=Kind.PROMOTION,
        platforms=("tmall",),
        phase=phase,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=20),
        zone="Asia/Shanghai",
        version=1,
        board_version=1,
    )


def task(**values: Any) -> TaskFacts:
    plain: dict[str, Any] = {
        "id": 10,
        "campaign": campaign(),
        "name": "P24 主图",
        "code": "P24",
        "title": "主图",
        "title_en": "",
        "acceptance": "",
        "acceptance_en": "",
        "phase": Phase.PREP,
        "role": Role.DESIGN,
        "owner_id": OWNER,
        "helper_ids": frozenset({HELPER}),
        "status": Status.TODO,
        "status_reason": "",
        "reviewer_id": None,
        "important": False,
        "urgent": False,
        "must_have": False,
        "is_gate": False,
        "start_at": None,
        "due_at": NOW,
        "due_changes": 0,
        "planned_due_at": NOW,
        "estimate_hours": Decimal(4),
        "actual_hours": None,
        "done_by_id": None,
        "done_at": None,
        "confirmed_by_id": None,
        "confirmed_at": None,
        "position": GAP,
        "version": 3,
    }
    return TaskFacts(**(plain | values))


def waits(status: Status, **values: Any) -> Predecessor:
    plain = {"task_id": 11, "name": "P19 文案", "is_gate": False, "is_confirmed": False, "is_waived": False}
    return Predecessor(status=status, **(plain | values))


DONE = {"status": Status.DONE, "done_by_id": OWNER, "done_at": NOW}


@pytest.mark.parametrize(
    ("predecessor", "passed"),
    [
        (waits(Status.TODO), False),
        (waits(Status.IN_REVIEW), False),
        (waits(Status.DONE), True),
        (waits(Status.CANCELLED), True),
        (waits(Status.TODO, is_waived=True), True),
        (waits(Status.DONE, is_gate=True), False),
        (waits(Status.DONE, is_gate=True, is_confirmed=True), True),
        (waits(Status.CANCELLED, is_gate=True), False),
        (waits(Status.CANCELLED, is_gate=True, is_waived=True), True),
    ],
)
def test_a_predecessor_is_passed_when_done_or_waived_and_a_gate_only_when_confirmed(
    predecessor: Predecessor, passed: bool
) -> None:
    assert predecessor.is_passed is passed
    assert bool(blockers(task(predecessors=(predecessor,)))) is not passed


def test_blockers_name_the_open_items_first_and_then_what_it_waits_for() -> None:
    facts = task(
        open_items=("首图无边框", "无二维码"),
        predecessors=(waits(Status.DOING), waits(Status.DONE, name="P11 定品", is_gate=True), waits(Status.DONE)),
    )
    assert [str(reason) for reason in blockers(facts)] == [
        "Not ticked: 首图无边框",
        "Not ticked: 无二维码",
        "Waits for P19 文案 (Doing)",
        "P11 定品 is done, but nobody has confirmed it",
    ]


def test_the_screen_and_the_action_share_the_same_blockers() -> None:
    facts = task(open_items=("一",), predecessors=(waits(Status.TODO),))
    with pytest.raises(Refused, match="blocked") as refused:
        check_step(OWNING, facts, Status.DONE)
    assert refused.value.reasons == blockers(facts)


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [
        (Verb.EDIT, {"manager", "owner", "helper", "system"}),
        (Verb.TICK, {"manager", "owner", "helper", "system"}),
        (Verb.COMPLETE, {"manager", "owner", "helper", "system"}),
        (Verb.ASSIGN, {"manager", "system"}),
        (Verb.SET_HELPERS, {"manager", "system"}),
        (Verb.CANCEL, {"manager", "system"}),
        (Verb.WAIVE_ITEM, {"manager", "system"}),
        (Verb.WAIVE_PREDECESSOR, {"manager", "system"}),
        (Verb.ADD_DEPENDENCY, {"manager", "system"}),
        (Verb.COMMENT, {"manager", "owner", "helper", "same role", "other role", "viewer"}),
        (Verb.TAKE, set()),
    ],
)
def test_rights_by_person(verb: Verb, allowed: set[str]) -> None:
    people = {
        "manager": MANAGER,
        "owner": OWNING,
        "helper": HELPING,
        "same role": SAME_ROLE,
        "other role": OTHER_ROLE,
        "viewer": VIEWER,
        "outsider": OUTSIDER,
        "system": SYSTEM,
    }
    assert {name for name, actor in people.items() if may(actor, task(), verb)} == allowed


def test_an_unowned_task_is_taken_by_people_of_its_role_and_by_managers() -> None:
    free = task(owner_id=None, helper_ids=frozenset())
    people = [MANAGER, SAME_ROLE, OTHER_ROLE, VIEWER, OUTSIDER, SYSTEM]
    assert [may(actor, free, Verb.TAKE) for actor in people] == [True, True, False, False, False, False]


def test_while_it_is_checked_only_the_checker_or_a_manager_marks_it_done() -> None:
    checked = task(status=Status.IN_REVIEW, reviewer_id=REVIEWER)
    check_step(REVIEWING, checked, Status.DONE)
    check_step(MANAGER, checked, Status.DONE)
    for actor in (OWNING, HELPING, VIEWER):
        with pytest.raises(NotAllowed):
            check_step(actor, checked, Status.DONE)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(MANAGER, None), (SAME_ROLE, None), (OWNING, "two_people"), (OTHER_ROLE, "not_allowed"), (VIEWER, "not_allowed")],
)
def test_a_gate_is_confirmed_by_another_person(actor: Actor, refusal: str | None) -> None:
    gate = task(is_gate=True, **DONE)
    if refusal is None:
        check_verb(actor, gate, Verb.CONFIRM)
    else:
        with pytest.raises(NotAllowed) as refused:
            check_verb(actor, gate, Verb.CONFIRM)
        assert refused.value.code == refusal


def test_a_manager_who_did_the_gate_cannot_confirm_it_nor_can_the_machine() -> None:
    for actor, gate in (
        (MANAGER, task(is_gate=True, **DONE | {"done_by_id": BOSS})),
        (SYSTEM, task(is_gate=True, **DONE)),
    ):
        with pytest.raises(NotAllowed):
            check_verb(actor, gate, Verb.CONFIRM)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (task(is_gate=True), "not_now"),
        (task(**DONE), "no_gate"),
        (task(is_gate=True, confirmed_at=NOW, confirmed_by_id=OTHER, **DONE), "already_confirmed"),
    ],
)
def test_only_a_done_gate_without_a_signature_is_confirmed(facts: TaskFacts, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_verb(MANAGER, facts, Verb.CONFIRM)


def test_a_signed_gate_and_a_cancelled_task_are_reopened_by_managers_only() -> None:
    signed = task(is_gate=True, confirmed_at=NOW, confirmed_by_id=OTHER, **DONE)
    for facts in (signed, task(status=Status.CANCELLED)):
        assert may(MANAGER, facts, Verb.REOPEN)
        assert not may(OWNING, facts, Verb.REOPEN)
    assert may(OWNING, task(**DONE), Verb.REOPEN)


def test_whoever_marked_it_done_can_undo_that() -> None:
    assert may(SAME_ROLE, task(**DONE | {"done_by_id": OTHER}), Verb.REOPEN)
    assert not may(SAME_ROLE, task(**DONE), Verb.REOPEN)
    assert not may(SYSTEM.__class__(user_id=None, name="nobody"), task(**DONE | {"done_by_id": None}), Verb.REOPEN)


@pytest.mark.parametrize("now", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_every_step_is_in_the_table_or_refused(now: Status, to: Status) -> None:
    facts = task(status=now, done_at=NOW if now is Status.DONE else None)
    if to in TRANSITIONS[now]:
        assert check_step(MANAGER, facts, to) is TRANSITIONS[now][to]
    else:
        with pytest.raises(Refused, match="already" if now is to else "not_now"):
            check_step(MANAGER, facts, to)


def test_a_verb_does_not_lead_where_another_verb_leads() -> None:
    with pytest.raises(Refused, match="not_now"):
        check_step(OWNING, task(**DONE), Status.DOING, only=Verb.START)


@pytest.mark.parametrize("verb", list(Verb))
def test_what_may_be_used_now_is_what_is_not_refused_now(verb: Verb) -> None:
    for status in Status:
        for actor in (MANAGER, OWNING, SAME_ROLE, VIEWER):
            facts = task(status=status, is_gate=True, **({} if status is not Status.DONE else {"done_by_id": OWNER}))
            try:
                check_verb(actor, facts, verb)
            except (NotAllowed, Refused):
                assert verb not in verbs_now(actor, facts)
            else:
                assert verb in verbs_now(actor, facts)
                assert status in moments(verb)


def test_nothing_changes_in_a_closed_campaign() -> None:
    closed = replace(task(), campaign=campaign(Phase.CLOSED))
    assert verbs_now(MANAGER, closed) == frozenset()
    with pytest.raises(Refused, match="campaign_closed"):
        check_verb(MANAGER, closed, Verb.EDIT)


@pytest.mark.parametrize(
    ("reviewer_id", "fine"), [(REVIEWER, True), (None, False), (OWNER, False), (HELPER, False), (99, False)]
)
def test_the_checker_is_a_second_person_of_the_team(reviewer_id: int | None, fine: bool) -> None:
    team = frozenset({OWNER, HELPER, REVIEWER})
    if fine:
        assert check_reviewer(OWNING, task(), reviewer_id, team) == reviewer_id
    else:
        with pytest.raises(Refused, match="reviewer"):
            check_reviewer(OWNING, task(), reviewer_id, team)


def test_nobody_checks_their_own_unowned_task() -> None:
    with pytest.raises(Refused, match="reviewer"):
        check_reviewer(MANAGER, task(owner_id=None, helper_ids=frozenset()), BOSS, frozenset({BOSS}))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "长" * 121}, "title"),
        ({"estimate_hours": Decimal(-1)}, "estimate_hours"),
        ({"estimate_hours": Decimal(10000)}, "estimate_hours"),
        ({"phase": Phase.CLOSED}, "phase"),
        ({"due_at": NOW - timedelta(days=1)}, "due_at"),
        ({"start_at": NOW + timedelta(days=1)}, "start_at"),
        ({"start_at": datetime(1, 1, 1, tzinfo=UTC)}, "start_at"),
        ({"due_at": datetime(9999, 12, 31, tzinfo=UTC)}, "due_at"),
    ],
)
def test_values_that_cannot_be_meant_are_refused_by_field(values: Any, field: str) -> None:
    moments_after = {"start_at": NOW, "due_at": NOW} | {k: v for k, v in values.items() if k.endswith("_at")}
    with pytest.raises(Refused) as refused:
        check_values(values, **moments_after)
    assert set(refused.value.fields) == {field}


def test_a_reason_is_more_than_blanks() -> None:
    assert check_reason("  缺货 ") == "缺货"
    with pytest.raises(Refused, match="reason_missing"):
        check_reason(" \n")


@pytest.mark.parametrize(
    ("low", "high", "position"),
    [(None, None, GAP), (None, GAP, 0.0), (GAP, None, 2 * GAP), (1.0, 2.0, 1.5), (1.0, 1.0, None), (2.0, 1.0, None)],
)
def test_a_position_lies_between_its_neighbours(low: float | None, high: float | None, position: float | None) -> None:
    assert between(low, high) == position


def test_halving_ends_in_none_instead_of_a_wrong_order_and_a_fresh_spread_has_room() -> None:
    low, high, halvings = GAP, 2 * GAP, 0
    while (middle := between(low, high)) is not None:
        assert low < middle < high
        high, halvings = middle, halvings + 1
    assert halvings > 40
    fresh = spread(3)
    assert all(between(one, other) is not None for one, other in pairwise(fresh))


def test_a_ring_is_found_and_named_in_order() -> None:
    assert find_cycle({"P02": ["P01"], "P03": ["P02", "P01"]}) == ()
    ring = find_cycle({"P01": ["P03"], "P02": ["P01"], "P03": ["P02"]})
    assert ring[0] == ring[-1]
    assert set(ring) == {"P01", "P02", "P03"}
    with pytest.raises(Refused, match="cycle") as refused:
        check_no_cycle({1: [2], 2: [1]}, {1: "P01 立项", 2: "P02 节点"})
    assert str(refused.value.reasons[0]) in {"P01 立项 → P02 节点 → P01 立项", "P02 节点 → P01 立项 → P02 节点"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("@小美 请看", {1}),
        ("@小美丽明天交", {2}),
        ("请@小美丽和@小美周五前看", {1, 2}),
        ("＠阿敏", {3}),
        ("@Ann hello", {4}),
        ("@anna hello", set()),
        ("@王五", {5, 6}),
        ("小美，发到 a@b.cn", set()),
        ("@", set()),
        ("", set()),
    ],
)
def test_people_are_named_with_at_and_the_longest_name_wins(body: str, named: set[int]) -> None:
    people = [(1, "小美"), (2, "小美丽"), (3, "阿敏"), (4, "Ann"), (5, "王五"), (6, "王五")]
    assert mentioned(body, people) == named


def _minutes_ago(count: int, oldest: int) -> list[datetime]:
    return [NOW - timedelta(minutes=oldest) + timedelta(seconds=n) for n in range(count)]


@pytest.mark.parametrize(
    ("said", "named", "minutes"),
    [
        (_minutes_ago(MOST_COMMENTS - 1, 50), {}, None),
        (_minutes_ago(MOST_COMMENTS, 50), {}, 10),
        # Those of more than an hour ago count no more; of more than the limit the newest decide.
        (_minutes_ago(MOST_COMMENTS, 61), {}, None),
        ([*_minutes_ago(5, 59), *_minutes_ago(MOST_COMMENTS, 20)], {}, 40),
        ([], {OWNER: _minutes_ago(MOST_MENTIONS - 1, 30), HELPER: _minutes_ago(MOST_MENTIONS - 1, 30)}, None),
        ([], {OWNER: _minutes_ago(MOST_MENTIONS, 30)}, 30),
        # Who names two who have heard enough waits for the later one.
        ([], {OWNER: _minutes_ago(MOST_MENTIONS, 30), HELPER: _minutes_ago(MOST_MENTIONS, 5)}, 55),
    ],
)
def test_one_comment_too_many_says_when_to_come_back(
    said: list[datetime], named: dict[int, list[datetime]], minutes: int | None
) -> None:
    """H3."""
    if minutes is None:
        check_flood(said, named, NOW)
        return
    with pytest.raises(Refused, match="too_many") as refused:
        check_flood(said, named, NOW)
    assert refused.value.detail.params["minutes"] == minutes


def test_only_fields_that_differ_clash() -> None:
    facts = task(title="新", important=True)
    touched = frozenset({"title", "important", "version"})
    assert clashes(facts, touched, {"title": "我的", "important": True, "urgent": True}) == {"title"}
