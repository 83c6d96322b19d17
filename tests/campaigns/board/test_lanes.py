"""Lanes and ways, decided without a database."""

from dataclasses import replace
from typing import Any

import pytest

from campaigns.board.rules import Group, Status, Way, lane_changes, ways
from planner.core.errors import Refused
from tests.campaigns.board.test_rules import MANAGER, OWNING, VIEWER, task

TASK = task(status=Status.TODO)


@pytest.mark.parametrize(
    ("group", "lane", "changes"),
    [
        (Group.ROLE, "design", {"role": "design"}),
        (Group.PHASE, "wrap_up", {"phase": "wrap_up"}),
        (Group.PERSON, "7", {"owner_id": 7}),
        (Group.PERSON, "nobody", {"owner_id": None}),
        (Group.QUADRANTS, "q10", {"important": True, "urgent": False}),
        (Group.QUADRANTS, "q01", {"important": False, "urgent": True}),
    ],
)
def test_a_lane_means_the_columns_that_make_it(group: Group, lane: str, changes: dict[str, Any]) -> None:
    assert lane_changes(group, lane) == changes


@pytest.mark.parametrize(
    ("group", "lane"),
    [
        (None, "design"),
        (Group.ROLE, "king"),
        (Group.PHASE, "closed"),
        (Group.PHASE, "design"),
        (Group.PERSON, "somebody"),
        (Group.PERSON, "9" * 30),
        (Group.QUADRANTS, "q12"),
    ],
)
def test_a_lane_that_there_is_not_is_refused(group: Group | None, lane: str) -> None:
    with pytest.raises(Refused, match="no_lane"):
        lane_changes(group, lane)


def test_every_other_column_is_open_or_says_why_not() -> None:
    found = {way.to: way for way in ways(MANAGER, TASK)}
    assert list(found) == [status for status in Status if status is not TASK.status]
    assert found[Status.BLOCKED].asks_reason
    assert found[Status.CANCELLED].asks_reason
    assert found[Status.IN_REVIEW].asks_person
    assert found[Status.DOING] == Way(Status.DOING)
    blocked = {way.to: way for way in ways(MANAGER, replace(TASK, open_items=("白底",)))}
    assert [str(reason) for reason in blocked[Status.DONE].reasons] == ["Not ticked: 白底"]
    assert not blocked[Status.DONE].asks_reason


def test_a_viewer_finds_every_way_closed_and_an_owner_those_of_a_manager() -> None:
    assert all(way.refusal for way in ways(VIEWER, TASK))
    assert [way.to for way in ways(OWNING, TASK) if way.refusal] == [Status.CANCELLED]
