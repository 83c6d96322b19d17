"""Offsets, faults, re-linking, the holiday rule, and the figures of the shipped procedure."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.campaign.rules import Anchor, AnchorMoment, Phase, Platform, resolve_anchors
from campaigns.sop.rules import (
    MoveKind,
    Offset,
    Plan,
    Preview,
    Procedure,
    Selection,
    Step,
    Words,
    digest_of,
    expand,
    fill_roles,
    place,
    preview_of,
    read_procedure,
    select,
    to_drafts,
)
from planner.core.errors import Refused
from staff.calendars.adapters.china import days_of
from staff.calendars.rules import WorkCalendar
from staff.people.rules import Role

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar.of(day for year in (*range(2023, 2029), 2040) for day in days_of(year))
EVERYWHERE = (Platform.TMALL, Platform.JD, Platform.DOUYIN, Platform.PDD)


def at(text: str) -> datetime:
    """A moment on the team's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def anchors_for(start: str, end: str, given: dict[Anchor, datetime] | None = None) -> dict[Anchor, AnchorMoment]:
    """The anchors of a campaign in Shanghai."""
    return resolve_anchors(at(start), at(end), given or {}, ZONE)


def plan(steps: tuple[Step, ...], anchors: dict[Anchor, AnchorMoment], platforms: Any = EVERYWHERE) -> Plan:
    """The steps on these anchors and the real calendar."""
    moments = {anchor: moment.at for anchor, moment in anchors.items()}
    return expand(steps, anchors=moments, calendar=CALENDAR, platforms=platforms, zone=ZONE)


def look(steps: tuple[Step, ...], anchors: dict[Anchor, AnchorMoment], **options: Any) -> Preview:
    """The preview of such a plan."""
    facts: dict[str, Any] = {"owners": {}, "capacities": {}, "now": at("2024-01-01T00:00"), **options}
    return preview_of(plan(steps, anchors), anchors=anchors, calendar=CALENDAR, **facts)


def step(code: str, due: str, *befores: str, role: Role = Role.OPS, phase: Phase = Phase.PREP, **values: Any) -> Step:
    """A small office step."""
    usual: dict[str, Any] = {
        "stage": Words("甲"),
        "title": Words(f"步骤{code}", f"Step {code}"),
        "due_time": None,
        "hours": Decimal(3),
        "platforms": (),
        "important": True,
        "urgent": False,
        "must_have": False,
        "is_gate": False,
        "acceptance": Words("好"),
        "checklist": (),
    }
    return Step(code=code, phase=phase, role=role, due=Offset.parse(due), depends_on=befores, **{**usual, **values})


# --- offsets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("S-45d", "2025-09-05T18:00"),
        ("S+0d", "2025-10-20T18:00"),
        ("S-2h", "2025-10-20T18:00"),
        ("S+30h", "2025-10-22T02:00"),
        ("E+3d", "2025-11-17T18:00"),
        ("E+2h", "2025-11-15T01:59"),
        ("presale_start-4d", "2025-10-11T18:00"),
        ("presale_start+1h", "2025-10-15T21:00"),
        ("wave2_start-2d", "2025-10-29T18:00"),
        ("price_protect_end+1d", "2025-11-30T18:00"),
    ],
)
def test_days_are_due_at_six_in_the_evening_and_hours_exactly(text: str, moment: str) -> None:
    anchors = {anchor: found.at for anchor, found in anchors_for("2025-10-20T20:00", "2025-11-14T23:59").items()}
    offset = Offset.parse(text)
    assert offset.moment(anchors, ZONE) == at(moment)
    assert str(offset) == text


def test_a_step_may_have_its_own_time_of_day() -> None:
    anchors = {anchor: found.at for anchor, found in anchors_for("2025-10-20T20:00", "2025-11-14T23:59").items()}
    assert Offset.parse("S-1d").moment(anchors, ZONE, time(10, 30)) == at("2025-10-19T10:30")


@pytest.mark.parametrize(
    "text", ["", "S", "S45d", "S-45", "S-45w", "s-45d", "X+1d", "S-4.5d", "S-45d ", "S-٣d", "S-401d"]
)
def test_anything_else_is_no_offset(text: str) -> None:
    with pytest.raises(Refused, match="bad_offset"):
        Offset.parse(text)


# --- a file and its faults --------------------------------------------------------------------


def file_of(*changes: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    """A sound file of three steps, changed at these places."""
    words = {"zh": "中", "en": "en"}
    steps: list[dict[str, Any]] = [
        {
            "code": code,
            "phase": "prep",
            "stage": words,
            "title": words,
            "role": "ops",
            "due": due,
            "hours": 2,
            "depends_on": befores,
            "platforms": "all",
            "priority": "important",
            "acceptance": words,
            "checklist": [words],
        }
        for code, due, befores in [("A1", "S-9d", []), ("A2", "S-8d", ["A1"]), ("A3", "S-7d", ["A2"])]
    ]
    for index, change in changes:
        steps[index] |= change
    return {"key": "small", "name": words, "steps": steps}


def test_a_sound_file_is_read() -> None:
    procedure = read_procedure(file_of((1, {"due_time": 630, "platforms": ["jd"], "gate": True, "hours": 1.5})))
    second = procedure.steps[1]
    assert (second.due_time, second.platforms, second.is_gate) == (time(10, 30), (Platform.JD,), True)
    assert second.hours == Decimal("1.5")
    assert [each.needs_evidence for each in procedure.steps] == [False, False, False]


def test_a_step_that_needs_evidence_makes_a_task_that_does() -> None:
    plain, needing = (read_procedure(file_of((1, {"evidence": flag}))) for flag in (False, True))
    assert [each.needs_evidence for each in needing.steps] == [False, True, False]
    drafts = to_drafts(plan(needing.steps, anchors_for("2025-10-20T20:00", "2025-11-14T23:59")), {})
    assert {draft.code: draft.needs_evidence for draft in drafts} == {"A1": False, "A2": True, "A3": False}
    # It is part of what a procedure says, and one that does not say it is the one it was before.
    assert digest_of(plain.steps) == digest_of(read_procedure(file_of()).steps) != digest_of(needing.steps)


@pytest.mark.parametrize(
    ("priority", "own", "must_have"),
    [
        ("important_urgent", None, True),
        ("important", None, False),
        ("important_urgent", False, False),
        ("urgent", True, True),
    ],
)
def test_what_is_important_and_urgent_is_a_must_unless_the_step_says_otherwise(
    priority: str, own: bool | None, must_have: bool
) -> None:
    change: dict[str, Any] = {"priority": priority} | ({} if own is None else {"must_have": own})
    assert read_procedure(file_of((0, change))).steps[0].must_have is must_have


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"role": "boss"}, "A2: unknown role boss."),
        ({"phase": "closed"}, "A2: unknown phase closed."),
        ({"priority": "high"}, "A2: unknown priority high."),
        ({"platforms": ["tmall", "ebay"]}, "A2: unknown platform ebay."),
        ({"platforms": []}, "A2: platforms is neither all nor a list."),
        ({"due": "S-8w"}, "A2: S-8w is not a due moment: write S-45d, S+1h or wave2_start-2d."),
        ({"due_time": "25:00"}, "A2: 25:00 is not a time of day."),
        ({"due_time": "18:30+08:00"}, "A2: 18:30+08:00 is not a time of day."),
        ({"due_time": 10**20}, "A2: 100000000000000000000 is not a time of day."),
        ({"hours": 0}, "A2: hours must be between 0.1 and 1000 with one decimal, not 0."),
        ({"hours": 0.25}, "A2: hours must be between 0.1 and 1000 with one decimal, not 0.25."),
        ({"hours": "many"}, "A2: hours must be between 0.1 and 1000 with one decimal, not many."),
        ({"title": {"zh": " ", "en": "x"}}, "A2: title is missing."),
        ({"acceptance": None}, "A2: acceptance is missing."),
        ({"title": "长" * 121}, "A2: title is too long."),
        ({"checklist": "one"}, "A2: checklist is not a list."),
        ({"gate": "yes"}, "A2: gate is neither true nor false."),
        ({"evidence": "yes"}, "A2: evidence is neither true nor false."),
        ({"depends_on": ["A9"]}, "A2: depends on A9, which is no step."),
        ({"depends_on": ["A2"]}, "A2: waits for itself: A2 → A2."),
        ({"depends_on": ["A3"]}, "A2: waits for itself: A2 → A3 → A2."),
        ({"code": "A1"}, "A1: the code is used 2 times."),
        ({"code": 7}, "Step 2: a step needs a code of up to 12 letters."),
        ({"due": "S-10d"}, "A2: due at S-10d, before its predecessor A1 at S-9d."),
        ({"color": "red"}, "A2: unknown field color."),
    ],
)
def test_every_kind_of_fault_is_named_by_step(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(Refused, match="sop_invalid") as refused:
        read_procedure(file_of((1, change)))
    assert fault in [str(reason) for reason in refused.value.reasons]


def test_all_faults_are_listed_at_once() -> None:
    faulty = file_of((0, {"role": "boss", "hours": -1}), (1, {"due": "soon"}), (2, {"depends_on": ["A9"]}))
    with pytest.raises(Refused) as refused:
        read_procedure(faulty)
    assert [str(reason)[:2] for reason in refused.value.reasons] == ["A1", "A1", "A2", "A3"]


@pytest.mark.parametrize("data", [None, [], {"key": "a"}, {"key": "a", "name": "n", "steps": []}, {"steps": "x"}])
def test_what_is_no_procedure_is_refused(data: Any) -> None:
    with pytest.raises(Refused, match="sop_invalid"):
        read_procedure(data)


def test_equal_steps_have_equal_digests(double11: Procedure) -> None:
    first, *rest = double11.steps
    assert digest_of(double11.steps) == digest_of((replace(first), *rest))
    assert digest_of(double11.steps) != digest_of((replace(first, hours=first.hours + 1), *rest))


# --- platforms --------------------------------------------------------------------------------


def links(selection: Selection) -> dict[str, tuple[str, ...]]:
    """Who waits for whom."""
    return {item.code: selection.links[item.code] for item in selection.steps}


def test_a_step_left_out_hands_its_predecessors_to_its_successors() -> None:
    steps = (
        step("A", "S-9d"),
        step("B", "S-8d", "A", platforms=(Platform.JD,)),
        step("C", "S-7d", "A", "B", platforms=(Platform.JD, Platform.TMALL)),
        step("D", "S-6d", "B", platforms=(Platform.JD,)),
        step("E", "S-5d", "C", "D"),
    )
    selection = select(steps, (Platform.TMALL,))
    assert links(selection) == {"A": (), "C": ("A",), "E": ("C", "A")}
    assert [item.code for item in selection.left_out] == ["B", "D"]
    assert selection.platforms["C"] == (Platform.TMALL,)


def test_a_pure_pinduoduo_campaign_has_no_presale_and_no_second_wave(double11: Procedure) -> None:
    chosen = plan(double11.steps, anchors_for("2025-10-20T20:00", "2025-11-14T23:59"), (Platform.PDD,))
    by_code = {task.step.code: task for task in chosen.tasks}
    assert [item.code for item in chosen.left_out] == ["P38", "P41", "X17", "X18", "X20"]
    assert by_code["P64"].depends_on == ("P32", "P40", "P17", "P37", "P56", "P63")
    assert by_code["X22"].depends_on == ("X16", "X21")
    assert {task.platforms for task in chosen.tasks} == {(Platform.PDD,)}


# --- the holiday rule -------------------------------------------------------------------------

# A Thursday evening; S-5d is a Saturday, S-4d a Sunday, S-6d a Friday.
PLAIN = anchors_for("2025-11-13T20:00", "2025-12-08T23:59")


@pytest.mark.parametrize(
    ("due", "role", "phase", "expected"),
    [
        ("S-5d", Role.OPS, Phase.PREP, "2025-11-07T18:00"),  # Saturday: back to Friday
        ("S-4d", Role.PURCHASE, Phase.PREP, "2025-11-07T18:00"),
        ("S-6d", Role.LEAD, Phase.PREP, "2025-11-07T18:00"),  # Friday stays
        ("S-5d", Role.CS, Phase.PREP, "2025-11-08T18:00"),  # shift roles are on duty
        ("S-5d", Role.WAREHOUSE, Phase.PREP, "2025-11-08T18:00"),
        ("S-5d", Role.LIVE, Phase.PREP, "2025-11-08T18:00"),
        ("S-120h", Role.OPS, Phase.PREP, "2025-11-08T20:00"),  # hours never move
        ("S+2d", Role.OPS, Phase.EXECUTION, "2025-11-15T18:00"),  # duty
        ("E+5d", Role.OPS, Phase.WRAP_UP, "2025-12-13T18:00"),
        ("E+5d", Role.OPS, Phase.REVIEW, "2025-12-15T18:00"),  # review goes on to Monday
        ("E+5d", Role.CS, Phase.REVIEW, "2025-12-15T18:00"),  # of every role
        ("E+120h", Role.OPS, Phase.REVIEW, "2025-12-13T23:59"),
    ],
)
def test_who_leaves_a_day_off_and_in_which_direction(due: str, role: Role, phase: Phase, expected: str) -> None:
    (task,) = plan((step("A", due, role=role, phase=phase),), PLAIN).tasks
    assert task.due_at == at(expected)
    assert [move.kind for move in task.moves] == ([MoveKind.DAY_OFF] if task.due_at != task.raw_due else [])


def test_a_makeup_saturday_is_a_working_day() -> None:
    (task,) = plan((step("A", "S-2d"),), anchors_for("2025-10-13T20:00", "2025-11-07T23:59")).tasks
    assert (task.due_at, task.moves) == (at("2025-10-11T18:00"), ())


def test_a_predecessor_on_duty_takes_the_due_of_a_step_that_leaves_a_day_off() -> None:
    steps = (
        step("A", "S-7d", role=Role.WAREHOUSE),
        step("B", "S-5d", "A", role=Role.WAREHOUSE),
        step("C", "S-4d", "B"),
    )
    first, second, third = plan(steps, PLAIN).tasks
    assert second.raw_due == at("2025-11-08T18:00")
    assert second.due_at == third.due_at == at("2025-11-07T18:00")
    assert [(move.kind, move.code) for move in second.moves] == [(MoveKind.WITH_SUCCESSOR, "C")]
    assert [move.kind for move in third.moves] == [MoveKind.DAY_OFF]
    assert first.moves == ()


def test_a_step_that_its_offset_puts_before_a_predecessor_waits_for_it_and_says_so() -> None:
    steps = (
        step("A", "S+6d", phase=Phase.EXECUTION),
        step("B", "E-2d", "A", phase=Phase.EXECUTION),
        step("C", "E+0h", "B", phase=Phase.EXECUTION),
    )
    tasks = plan(steps, anchors_for("2025-11-13T20:00", "2025-11-16T23:59")).tasks
    assert [task.due_at for task in tasks] == [at("2025-11-19T18:00")] * 3
    assert [(move.kind, move.code) for move in tasks[1].moves] == [(MoveKind.TO_PREDECESSOR, "A")]


def test_in_execution_and_after_nobody_begins_before_what_comes_before_is_over(double11: Procedure) -> None:
    tasks = {
        task.step.code: task for task in plan(double11.steps, anchors_for("2025-10-20T20:00", "2025-11-14T23:59")).tasks
    }
    assert tasks["X04"].start_at == tasks["X01"].due_at
    assert tasks["X11"].start_at == tasks["X10"].due_at
    assert tasks["W02"].start_at == tasks["X22"].due_at
    assert tasks["P24"].start_at == at("2025-09-26T15:00")


# --- the shipped procedure --------------------------------------------------------------------


def test_double_11_of_2025_has_its_known_figures(double11: Procedure) -> None:
    shown = look(double11.steps, anchors_for("2025-10-20T20:00", "2025-11-14T23:59"))
    assert (shown.total.tasks, shown.total.hours) == (109, 710)
    assert {str(phase): tally.tasks for phase, tally in shown.by_phase.items()} == {
        "prep": 66,
        "execution": 22,
        "wrap_up": 11,
        "review": 10,
    }
    assert {str(role): int(tally.hours) for role, tally in shown.by_role.items()} == {
        "lead": 65,
        "ops": 156,
        "design": 175,
        "cs": 97,
        "warehouse": 116,
        "ads": 55,
        "purchase": 22,
        "live": 24,
    }
    assert len(shown.collisions) == 16
    assert all(date(2025, 10, 1) <= task.raw_due.date() <= date(2025, 10, 8) for task in shown.collisions)
    assert shown.provisional_years == ()
    assert sum(len(item.checklist) for item in double11.steps) == 424


@pytest.mark.parametrize(
    ("start", "holidays"),
    [
        ("2025-05-16", {"Tomb-Sweeping Day": 1, "Labour Day": 11}),
        ("2026-10-20", {"National Day": 12, "Mid-Autumn Festival": 3}),
    ],
)
def test_other_campaigns_have_their_known_collisions(double11: Procedure, start: str, holidays: dict[str, int]) -> None:
    end = f"{date.fromisoformat(start) + timedelta(days=25)}T23:59"
    shown = look(double11.steps, anchors_for(f"{start}T20:00", end))
    names = [task.holiday for task in shown.collisions]
    assert {name: names.count(name) for name in names} == holidays


@pytest.mark.parametrize("ends", [time(20), time(23, 59)])
def test_over_three_years_of_starts_no_task_is_due_before_its_predecessor(double11: Procedure, ends: time) -> None:
    began, selection, seen = perf_counter(), select(double11.steps, EVERYWHERE), 0
    for offset in range((date(2026, 12, 31) - date(2024, 1, 1)).days + 1):
        day = date(2024, 1, 1) + timedelta(days=offset)
        end = datetime.combine(day + timedelta(days=25), ends)
        anchors = anchors_for(f"{day}T20:00", end.isoformat())
        moments = {anchor: moment.at for anchor, moment in anchors.items()}
        tasks = place(selection, anchors=moments, calendar=CALENDAR, zone=ZONE).tasks
        due = {task.step.code: task.due_at for task in tasks}
        for task in tasks:
            assert all(due[before] <= task.due_at for before in task.depends_on), (day, task.step.code)
            assert task.start_at <= task.due_at
            assert MoveKind.TO_PREDECESSOR not in {move.kind for move in task.moves}
            _check_day(task)
        seen += 1
    assert seen == 1096
    assert perf_counter() - began < 10


def _check_day(task: Any) -> None:
    """An office task that the rule moves is due on a working day; duty without a reason stays where it was."""
    office = task.step.role not in {Role.CS, Role.WAREHOUSE, Role.LIVE}
    if task.step.due.in_days and (task.step.phase is Phase.REVIEW or (office and task.step.phase is Phase.PREP)):
        assert CALENDAR.is_workday(task.due_at.date())
    elif not task.moves:
        assert task.due_at == task.raw_due


@pytest.mark.parametrize("days", [1, 3, 7])
def test_short_campaigns_keep_their_order_too(double11: Procedure, days: int) -> None:
    for offset in range(0, 366, 5):
        start = at("2025-01-01T20:00") + timedelta(days=offset)
        anchors = resolve_anchors(start, start + timedelta(days=days), {}, ZONE)
        tasks = plan(double11.steps, anchors).tasks
        due = {task.step.code: task.due_at for task in tasks}
        assert all(due[before] <= task.due_at for task in tasks for before in task.depends_on)
        assert any(move.kind is MoveKind.TO_PREDECESSOR for task in tasks for move in task.moves)


def test_the_preview_names_what_needs_a_look(double11: Procedure) -> None:
    shown = look(
        double11.steps,
        anchors_for("2040-05-20T20:00", "2040-06-20T23:59", {Anchor.WAVE2_START: at("2040-06-01T20:00")}),
        owners={Role.LEAD: 1, Role.OPS: 2},
        now=at("2040-03-25T12:00"),
    )
    assert [task.step.code for task in shown.late] == ["P01", "P02", "P03"]
    assert shown.provisional_years == (2040,)
    assert shown.roles_without_person == (Role.DESIGN, Role.CS, Role.WAREHOUSE, Role.ADS, Role.PURCHASE, Role.LIVE)
    assert [anchor for anchor, moment in shown.anchors.items() if moment.is_default] == [
        Anchor.PRESALE_START,
        Anchor.PRICE_PROTECT_END,
    ]
    moved = {task.step.code for task in shown.collisions + shown.moved if task.moves}
    assert moved == {task.step.code for task in plan(double11.steps, dict(shown.anchors)).tasks if task.moves}


def test_drafts_carry_the_owner_of_their_role(double11: Procedure) -> None:
    drafts = to_drafts(plan(double11.steps, anchors_for("2025-10-20T20:00", "2025-11-14T23:59")), {Role.DESIGN: 7})
    assert {draft.owner_id for draft in drafts if draft.role is Role.DESIGN} == {7}
    assert {draft.owner_id for draft in drafts if draft.role is not Role.DESIGN} == {None}
    assert sum(len(draft.checklist) for draft in drafts) == 424
    assert sorted(draft.code for draft in drafts if draft.is_gate) == ["P11", "P37", "P40", "P63", "P64", "R08", "X01"]


Given = dict[Role, int | None]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {Role.CS: 3}),
        ({Role.OPS: 2}, {Role.OPS: 2, Role.CS: 3}),
        ({Role.CS: None}, {}),
        ({Role.CS: 1}, {Role.CS: 1}),
    ],
)
def test_a_role_that_one_person_holds_is_filled_in(given: Given, expected: dict[Role, int]) -> None:
    assert fill_roles(given, {Role.OPS: [1, 2], Role.CS: [3]}) == expected
