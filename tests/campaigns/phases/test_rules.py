"""Which phase leads where, and what blocks a move: tables, no database."""

from typing import Any

import pytest

from campaigns.campaign.rules import Kind, Phase
from campaigns.phases.rules import (
    PhaseFacts,
    PhaseTask,
    blockers,
    check_advance,
    check_close_routine,
    check_step_back,
    next_phase,
    previous_phase,
    required,
)
from planner.core.errors import Refused


def task(code: str, phase: Phase = Phase.PREP, **values: Any) -> PhaseTask:
    given = {"title": "定品", "must_have": True, "is_gate": False, "status": "todo", "owner_name": "小美"} | values
    return PhaseTask(id=sum(map(ord, code)), code=code, phase=phase, **given)


def facts(phase: Phase, *tasks: PhaseTask, kind: Kind = Kind.PROMOTION) -> PhaseFacts:
    return PhaseFacts(kind=kind, phase=phase, tasks=tasks)


@pytest.mark.parametrize(
    ("phase", "ahead", "behind"),
    [
        (Phase.PREP, Phase.EXECUTION, None),
        (Phase.EXECUTION, Phase.WRAP_UP, Phase.PREP),
        (Phase.WRAP_UP, Phase.REVIEW, Phase.EXECUTION),
        (Phase.REVIEW, Phase.CLOSED, Phase.WRAP_UP),
        (Phase.CLOSED, None, Phase.REVIEW),
    ],
)
def test_phases_follow_one_another(phase: Phase, ahead: Phase | None, behind: Phase | None) -> None:
    assert next_phase(Kind.PROMOTION, phase) is ahead
    assert previous_phase(Kind.PROMOTION, phase) is behind
    assert next_phase(Kind.ROUTINE, phase) is None


def test_closed_routine_work_is_reopened_and_open_routine_work_has_no_way_back() -> None:
    assert previous_phase(Kind.ROUTINE, Phase.CLOSED) is Phase.PREP
    assert previous_phase(Kind.ROUTINE, Phase.PREP) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "done"}, None),
        ({"status": "todo"}, "P11 定品 is not done: 小美 has it."),
        ({"status": "doing", "owner_name": ""}, "P11 定品 is not done, and nobody has it."),
        ({"status": "in_review"}, "P11 定品 is being checked."),
        ({"status": "blocked"}, "P11 定品 is blocked."),
        ({"status": "cancelled"}, None),
        ({"must_have": False}, None),
        ({"is_gate": True, "status": "done", "confirmed": True}, None),
        ({"is_gate": True, "must_have": False, "status": "done", "confirmed": True}, None),
        ({"is_gate": True, "status": "done"}, "P11 定品 is done, but no second person has confirmed it."),
        ({"is_gate": True, "must_have": False}, "P11 定品 is not done: 小美 has it."),
        ({"is_gate": True, "status": "cancelled"}, "P11 定品 was cancelled, and a gate is not passed that way."),
    ],
)
def test_a_task_blocks_its_phase_with_words_that_name_it(values: dict[str, Any], words: str | None) -> None:
    found = blockers(facts(Phase.PREP, task("P11", **values)))
    assert [str(blocker.reason) for blocker in found] == ([words] if words else [])


def test_a_task_without_a_code_is_named_by_its_title() -> None:
    (found,) = blockers(facts(Phase.PREP, task("", title="补拍主图")))
    assert found.label == "补拍主图"


def test_only_the_tasks_of_the_present_phase_block() -> None:
    work = (task("P11"), task("X01", Phase.EXECUTION), task("W01", Phase.WRAP_UP), task("R08", Phase.REVIEW))
    assert [blocker.label for blocker in blockers(facts(Phase.PREP, *work))] == ["P11 定品"]
    assert [blocker.label for blocker in blockers(facts(Phase.EXECUTION, *work))] == ["X01 定品"]


@pytest.mark.parametrize(
    ("first", "second", "blocking"),
    [
        ("todo", "todo", ["W01", "W06"]),
        ("done", "todo", ["W06"]),
        ("done", "cancelled", ["W06"]),
        ("done", "done", []),
    ],
)
def test_the_review_opens_when_offers_are_down_and_figures_are_in(first: str, second: str, blocking: list[str]) -> None:
    work = (
        task("W01", Phase.WRAP_UP, status=first),
        task("W06", Phase.WRAP_UP, status=second),
        task("W07", Phase.WRAP_UP),
        task("W12", Phase.WRAP_UP, is_gate=True),
    )
    assert [blocker.label.split()[0] for blocker in blockers(facts(Phase.WRAP_UP, *work))] == blocking


def test_the_two_openers_count_even_when_they_are_no_must_haves() -> None:
    work = (task("W01", Phase.WRAP_UP, must_have=False), task("W06", Phase.WRAP_UP, must_have=False))
    assert len(blockers(facts(Phase.WRAP_UP, *work))) == 2


@pytest.mark.parametrize("codes", [("A1", "A2"), ("W01", "A2")])
def test_in_a_plan_without_both_openers_the_whole_wrap_up_counts(codes: tuple[str, str]) -> None:
    done = task(codes[0], Phase.WRAP_UP, status="done")
    assert [blocker.label for blocker in blockers(facts(Phase.WRAP_UP, done, task(codes[1], Phase.WRAP_UP)))] == [
        "A2 定品"
    ]


def test_closing_needs_the_must_haves_of_wrap_up_too() -> None:
    work = (task("W07", Phase.WRAP_UP), task("R08", Phase.REVIEW, is_gate=True, status="done"), task("P11"))
    assert [blocker.label for blocker in blockers(facts(Phase.REVIEW, *work))] == ["W07 定品", "R08 定品"]


def test_nothing_blocks_routine_work_or_an_empty_plan() -> None:
    assert required(facts(Phase.PREP, task("P11"), kind=Kind.ROUTINE)) == ()
    assert blockers(facts(Phase.PREP)) == ()


@pytest.mark.parametrize(
    ("where", "to", "kind", "code"),
    [
        (Phase.PREP, Phase.EXECUTION, Kind.ROUTINE, "no_phases"),
        (Phase.PREP, Phase.WRAP_UP, Kind.PROMOTION, "phase_moved"),
        (Phase.EXECUTION, Phase.EXECUTION, Kind.PROMOTION, "phase_moved"),
        (Phase.CLOSED, Phase.CLOSED, Kind.PROMOTION, "phase_moved"),
    ],
)
def test_only_the_next_phase_can_be_entered(where: Phase, to: Phase, kind: Kind, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_advance(facts(where, kind=kind), to=to, override_reason="急")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_blocked_move_without_a_reason_is_refused_with_the_same_words(reason: str) -> None:
    stand = facts(Phase.PREP, task("P11"), task("P37", is_gate=True))
    with pytest.raises(Refused, match="phase_blocked") as refused:
        check_advance(stand, to=Phase.EXECUTION, override_reason=reason)
    assert refused.value.reasons == tuple(blocker.reason for blocker in blockers(stand))


def test_a_reason_lets_the_move_through_and_names_what_it_overrides() -> None:
    stand = facts(Phase.PREP, task("P11"))
    assert check_advance(stand, to=Phase.EXECUTION, override_reason="老板同意") == blockers(stand)
    assert check_advance(facts(Phase.PREP), to=Phase.EXECUTION, override_reason="") == ()


@pytest.mark.parametrize(
    ("where", "to", "reason", "code"),
    [
        (Phase.PREP, Phase.PREP, "错", "phase_moved"),
        (Phase.REVIEW, Phase.PREP, "错", "phase_moved"),
        (Phase.EXECUTION, Phase.PREP, " ", "reason_missing"),
    ],
)
def test_a_step_back_is_one_step_with_a_reason(where: Phase, to: Phase, reason: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_step_back(facts(where), to=to, reason=reason)


def test_a_promotion_is_not_closed_like_routine_work() -> None:
    with pytest.raises(Refused, match="not_routine"):
        check_close_routine(facts(Phase.REVIEW))
