"""What a derived procedure leaves out, changes and adds, and the figures of the shipped variants."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from campaigns.campaign.rules import Anchor, Platform
from campaigns.sop.rules import (
    MoveKind,
    Procedure,
    Step,
    base_key,
    in_order,
    leave_out,
    place,
    read_derived,
    row_of,
    select,
    used_anchors,
)
from planner.core.errors import Refused
from staff.people.rules import Role
from tests.campaigns.sop.test_rules import CALENDAR, EVERYWHERE, ZONE, anchors_for, step

# A chain with a diamond in it: A → B → D, A → C → D, D → E.
DIAMOND = (
    step("A", "S-9d"),
    step("B", "S-8d", "A"),
    step("C", "S-7d", "A"),
    step("D", "S-6d", "B", "C"),
    step("E", "S-5d", "D", "A"),
)
WORDS = {"zh": "中", "en": "en"}
HEAD: dict[str, Any] = {"key": "own", "name": WORDS, "base": "small"}


def links(steps: tuple[Step, ...]) -> dict[str, tuple[str, ...]]:
    """Who waits for whom."""
    return {item.code: item.depends_on for item in steps}


# --- leaving out ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("", {"A": (), "B": ("A",), "C": ("A",), "D": ("B", "C"), "E": ("D", "A")}),
        ("B", {"A": (), "C": ("A",), "D": ("A", "C"), "E": ("D", "A")}),
        # Both ways lead to A: it is named once.
        ("BC", {"A": (), "D": ("A",), "E": ("D", "A")}),
        ("D", {"A": (), "B": ("A",), "C": ("A",), "E": ("B", "C", "A")}),
        # Through several steps left out in a row.
        ("BCD", {"A": (), "E": ("A",)}),
        ("A", {"B": (), "C": (), "D": ("B", "C"), "E": ("D",)}),
        ("ABCD", {"E": ()}),
        ("E", {"A": (), "B": ("A",), "C": ("A",), "D": ("B", "C")}),
        ("ABCDE", {}),
    ],
)
def test_predecessors_of_what_is_left_out_are_linked_to_its_successors(
    codes: str, expected: dict[str, tuple[str, ...]]
) -> None:
    assert links(leave_out(DIAMOND, codes)) == expected


def test_leaving_out_keeps_everything_else_of_a_step(double11: Procedure) -> None:
    assert leave_out(double11.steps, ()) == double11.steps


def test_a_step_reads_back_from_its_row(double11: Procedure) -> None:
    untouched = {item.code: {} for item in double11.steps}
    assert read_derived({**HEAD, "change": untouched}, double11.steps).steps == double11.steps
    odd = step("A", "S-9d", due_time=time(10, 30), platforms=(Platform.JD,), urgent=True)
    assert read_derived({**HEAD, "change": {"A": {}}}, (odd,)).steps == (odd,)
    assert row_of(odd)["priority"] == "important_urgent"


# --- a file and its faults --------------------------------------------------------------------


def test_a_file_leaves_out_changes_and_adds() -> None:
    added = {
        **row_of(step("N", "S-6d", "C", role=Role.CS)),
        "phase": "prep",
    }
    found = read_derived(
        {**HEAD, "drop": ["B"], "change": {"D": {"hours": 8, "depends_on": ["C"]}}, "add": [added]}, DIAMOND
    )
    assert links(found.steps) == {"A": (), "C": ("A",), "D": ("C",), "E": ("D", "A"), "N": ("C",)}
    assert [item.hours for item in found.steps] == [3, 3, 8, 3, 3]
    assert found.steps[2].title == DIAMOND[3].title


def test_keeping_is_dropping_the_rest() -> None:
    kept = read_derived({**HEAD, "keep": ["A", "D", "E"]}, DIAMOND)
    dropped = read_derived({**HEAD, "drop": ["B", "C"]}, DIAMOND)
    assert kept.steps == dropped.steps


def test_a_change_of_priority_alone_leaves_the_must_have_alone() -> None:
    found = read_derived({**HEAD, "change": {"A": {"priority": "important_urgent"}}}, DIAMOND)
    assert (found.steps[0].urgent, found.steps[0].must_have) == (True, False)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"keep": ["A", "Z9"]}, "Z9: is named in keep, but the base has no such step."),
        ({"drop": ["Z9"]}, "Z9: is named in drop, but the base has no such step."),
        ({"change": {"Z9": {"hours": 2}}}, "Z9: is named in change, but the base has no such step."),
        ({"drop": ["B"], "change": {"B": {"hours": 2}}}, "B: is left out and changed."),
        ({"keep": ["A"], "drop": ["B"]}, "Say what is kept or what is dropped, not both."),
        ({"keep": "A"}, "keep: is not a list of codes."),
        ({"drop": [1]}, "drop: is not a list of codes."),
        ({"keep": []}, "No step is left."),
        ({"change": ["B"]}, "change: is not a table of codes and fields."),
        ({"change": {"B": "later"}}, "B: a change names fields, and not the code."),
        ({"change": {"B": {"code": "X"}}}, "B: a change names fields, and not the code."),
        ({"change": {"B": {"role": "boss"}}}, "B: unknown role boss."),
        ({"change": {"B": {"color": "red"}}}, "B: unknown field color."),
        ({"change": {"B": {"due": "S-99d"}}}, "B: due at S-99d, before its predecessor A at S-9d."),
        # The re-link is checked like every dependency: no way back to itself, nothing that is not there.
        ({"change": {"A": {"depends_on": ["E"]}}}, "A: waits for itself: A → E → D → B → A."),
        ({"drop": ["B"], "change": {"D": {"depends_on": ["B"]}}}, "D: depends on B, which is no step."),
        ({"add": "N"}, "add: is not a list of steps."),
        ({"add": [{"code": ""}]}, "Step 1: a step needs a code of up to 12 letters."),
        ({"add": [row_of(step("A", "S-3d"))]}, "A: the code is used 2 times."),
        ({"steps": []}, "key: unknown field steps."),
        ({"kepp": ["A"]}, "key: unknown field kepp."),
        ({"key": "ein wort"}, "key: the key is a word of up to 40 letters, digits, - or _."),
        ({"purpose": {"zh": "长" * 201}}, "key: purpose is too long."),
    ],
)
def test_every_kind_of_fault_is_named_by_step(values: dict[str, Any], fault: str) -> None:
    with pytest.raises(Refused, match="sop_invalid") as refused:
        read_derived({**HEAD, **values}, DIAMOND)
    assert fault in [str(reason) for reason in refused.value.reasons]


def test_all_faults_are_listed_at_once() -> None:
    faulty = {**HEAD, "drop": ["Z1", "Z2"], "change": {"Z3": {}, "A": {"hours": 0, "role": "boss"}}, "add": [{}]}
    with pytest.raises(Refused) as refused:
        read_derived(faulty, DIAMOND)
    assert [str(reason).split(":")[0] for reason in refused.value.reasons] == ["Z1", "Z2", "Z3", "A", "A", "Step 1"]


@pytest.mark.parametrize(("data", "key"), [(None, None), ([], None), ({"key": "a"}, None), (HEAD, "small")])
def test_a_file_with_a_base_names_it(data: Any, key: str | None) -> None:
    assert base_key(data) == key


@pytest.mark.parametrize("base", [None, 7, "", "zwei worte", "x" * 41, ["a"]])
def test_a_base_that_is_no_key_is_refused(base: Any) -> None:
    with pytest.raises(Refused, match="sop_invalid"):
        base_key({**HEAD, "base": base})


# --- the shipped variants ---------------------------------------------------------------------

LIGHT = (
    "P01 P02 P03 P05 P06 P08 P09 P11 P12 P15 P16 P17 P19 P20 P24 P25 P26 P28 P32 P34 P35 P36 P37 P39 P40 P50 P52 P56"
    " P57 P64 X01 X02 X04 X05 X07 X11 W01 W06 R02 R09"
)
DUTIES = ("C01", "C02", "C03", "C04")


def codes(procedure: Procedure) -> list[str]:
    """Its codes in their order."""
    return [item.code for item in procedure.steps]


@pytest.mark.parametrize(
    ("key", "count", "left_out"),
    [
        ("light", 40, None),
        ("no_presale", 107, {"P38", "P41"}),
        ("single_wave", 106, {"X17", "X18", "X20"}),
        ("b2b_1688", 110, {"P33", "P38", "P41"}),
    ],
)
def test_every_variant_has_its_steps(
    variants: dict[str, Procedure], double11: Procedure, key: str, count: int, left_out: set[str] | None
) -> None:
    found = codes(variants[key])
    assert len(found) == len(set(found)) == count
    if left_out is None:
        assert found == LIGHT.split()
    else:
        assert set(codes(double11)) - set(found) == left_out
    assert set(found) - set(codes(double11)) == (set(DUTIES) if key == "b2b_1688" else set())


def test_the_single_wave_is_closed_behind_the_mid_campaign_review(variants: dict[str, Procedure]) -> None:
    assert links(variants["single_wave"].steps)["X22"] == ("X16", "X21")


def test_without_a_presale_its_neighbours_are_linked(variants: dict[str, Procedure]) -> None:
    assert links(variants["no_presale"].steps)["P64"] == ("P32", "P40", "P17", "P37", "P56", "P63")


def test_wholesale_has_its_mechanics_and_its_daily_duties(variants: dict[str, Procedure]) -> None:
    steps = {item.code: item for item in variants["b2b_1688"].steps}
    mechanics = " ".join(item.zh for item in steps["P17"].checklist)
    assert "起订量" in mechanics
    assert "混批" in mechanics
    duties = [steps[code] for code in DUTIES]
    assert {(item.role, str(item.phase), str(item.due), item.platforms) for item in duties} == {
        (Role.CS, "execution", "E+0h", (Platform.B2B_1688,))
    }
    for item, quota in zip(duties, ("95%", "10 条/天", "7 天", "5 条"), strict=True):
        assert quota in item.acceptance.zh
    # They stand with execution, before wrap-up begins.
    order = codes(variants["b2b_1688"])
    assert order[order.index("X22") + 1 : order.index("W01")] == list(DUTIES)


@pytest.mark.parametrize(
    ("key", "optional"),
    [
        ("light", set()),
        ("no_presale", {Anchor.WAVE2_START, Anchor.PRICE_PROTECT_END}),
        ("single_wave", {Anchor.PRESALE_START, Anchor.PRICE_PROTECT_END}),
        ("b2b_1688", {Anchor.WAVE2_START, Anchor.PRICE_PROTECT_END}),
    ],
)
def test_a_variant_asks_only_for_dates_that_a_step_hangs_on(
    variants: dict[str, Procedure], key: str, optional: set[Anchor]
) -> None:
    assert used_anchors(variants[key].steps) == {Anchor.START, Anchor.END} | optional


def test_every_text_of_a_variant_is_there_in_both_languages(variants: dict[str, Procedure]) -> None:
    for procedure in variants.values():
        texts = [procedure.head.name, procedure.head.purpose]
        for item in procedure.steps:
            texts += [item.stage, item.title, item.acceptance, *item.checklist]
        assert all(text.zh and text.en for text in texts), procedure.key


@pytest.mark.parametrize("key", ["light", "no_presale", "single_wave", "b2b_1688"])
def test_over_three_years_of_starts_no_task_is_due_before_its_predecessor(
    variants: dict[str, Procedure], key: str
) -> None:
    steps = variants[key].steps
    assert in_order(links(steps))[1] == []
    assert all(before in links(steps) for befores in links(steps).values() for before in befores)
    selection, seen = select(steps, (*EVERYWHERE, Platform.B2B_1688)), 0
    for offset in range((date(2026, 12, 31) - date(2024, 1, 1)).days + 1):
        day = date(2024, 1, 1) + timedelta(days=offset)
        anchors = anchors_for(f"{day}T20:00", f"{day + timedelta(days=25)}T23:59")
        moments = {anchor: moment.at for anchor, moment in anchors.items()}
        tasks = place(selection, anchors=moments, calendar=CALENDAR, zone=ZONE).tasks
        due = {task.step.code: task.due_at for task in tasks}
        for task in tasks:
            assert all(due[before] <= task.due_at for before in task.depends_on), (day, task.step.code)
            assert task.start_at <= task.due_at
            assert MoveKind.TO_PREDECESSOR not in {move.kind for move in task.moves}
        seen += 1
    assert seen == 1096
