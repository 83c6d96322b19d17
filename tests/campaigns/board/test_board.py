"""The board: what it shows, what it costs, and moving its cards."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.board import actions
from campaigns.board.models import Task, TaskHelper
from campaigns.board.queries import BoardAsked, BoardScreen, Card, Place, board_more, board_screen, move_screen
from campaigns.board.queries.windows import PAGE_CARDS, WINDOW, window_size
from campaigns.board.rules import Group, Status
from campaigns.campaign.models import Campaign
from planner.core.errors import NotAllowed, Refused
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    for person in (cast.manager, cast.designer, cast.viewer):
        person.language = "en"
        person.save(update_fields=["language"])
    return CampaignFactory(team=cast.team, name="618 2027")


def as_(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def shown(screen: BoardScreen) -> Iterator[Card]:
    for lane in screen.lanes:
        for cell in lane.cells:
            yield from cell.cards


def codes(cast: Cast, campaign: Campaign, who: str = "manager", **asked: Any) -> set[str]:
    return {card.code for card in shown(board_screen(cast.actor(who), campaign.pk, BoardAsked(**asked), NOW))}


def test_the_board_shows_each_state_in_order_with_what_a_card_needs(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, code="B", position=2.0, role="design", due_at=None)
    late = TaskFactory(
        campaign=campaign,
        code="A",
        position=1.0,
        owner=cast.designer,
        due_at=NOW.replace(year=2025),
        is_gate=True,
        must_have=True,
    )
    ChecklistItemFactory(task=late, ticked_at=NOW, ticked_by=cast.designer)
    ChecklistItemFactory(task=late, waived_reason="不适用")
    ChecklistItemFactory(task=late)
    TaskFactory(campaign=campaign, code="C", status="doing")
    screen = board_screen(cast.actor("viewer"), campaign.pk, BoardAsked(), NOW)
    assert [(column.key, column.count, column.late) for column in screen.columns] == [
        ("todo", 2, 1),
        ("doing", 1, 0),
        ("in_review", 0, 0),
        ("blocked", 0, 0),
        ("done", 0, 0),
    ]
    first, second = screen.lanes[0].cells[0].cards
    assert [first.code, second.code] == ["A", "B"]
    assert (first.owner_name, first.is_late, first.is_gate, first.must_have, first.checklist) == (
        "小美",
        True,
        True,
        True,
        "2/3",
    )
    assert (second.owner_name, second.due, second.checklist) == ("", "", "")
    assert (screen.count, screen.late, screen.may_create, screen.may_move) == (3, 1, False, False)


def test_the_filters_each_narrow_the_board(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(
        campaign=campaign, code="P24", title="主图", pinyin="zhutu zt", role="design", owner=cast.designer, is_gate=True
    )
    helped = TaskFactory(
        campaign=campaign, code="P50", title="排班", role="cs", phase="execution", owner=cast.cs, must_have=True
    )
    TaskFactory(
        campaign=campaign, code="P01", title="立项", title_en="Kick-off", role="lead", due_at=NOW.replace(year=2025)
    )
    TaskHelper.objects.create(task=helped, user=cast.designer)
    assert codes(cast, campaign, role="design") == {"P24"}
    assert codes(cast, campaign, phase="execution") == {"P50"}
    assert codes(cast, campaign, person="nobody") == {"P01"}
    assert codes(cast, campaign, person=str(cast.cs.pk)) == {"P50"}
    assert codes(cast, campaign, "designer", person="mine") == {"P24", "P50"}
    assert codes(cast, campaign, mark="gate") == {"P24"}
    assert codes(cast, campaign, mark="must") == {"P50"}
    assert codes(cast, campaign, late=True) == {"P01"}
    assert codes(cast, campaign, text="图") == {"P24"}
    assert codes(cast, campaign, text="zhut") == codes(cast, campaign, text="zt") == {"P24"}
    assert codes(cast, campaign, text="p5") == {"P50"}
    assert codes(cast, campaign, text="xm") == {"P24"}
    assert codes(cast, campaign, text="kick") == {"P01"}
    assert codes(cast, campaign, text="阿敏 排") == {"P50"}
    assert codes(cast, campaign, text="阿敏 图") == set()
    assert codes(cast, campaign, role="cs", phase="prep") == set()


def test_each_filter_in_use_is_a_chip_that_leads_to_the_board_without_it(cast: Cast, campaign: Campaign) -> None:
    asked = BoardAsked(role="design", person=str(cast.cs.pk), late=True, text="图", group="role", cancelled=True)
    screen = board_screen(cast.actor("manager"), campaign.pk, asked, NOW)
    whole = parse_qs(asked.query)
    left = [whole.keys() - parse_qs(chip.query).keys() for chip in screen.chips]
    assert left == [{"role"}, {"person"}, {"late"}, {"text"}]
    assert "阿敏" in {chip.text for chip in screen.chips}
    assert board_screen(cast.actor("manager"), campaign.pk, BoardAsked(group="role"), NOW).chips == ()


@pytest.mark.parametrize(
    ("group", "lanes"),
    [
        ("role", [("design", 2, 1), ("cs", 1, 0)]),
        ("phase", [("prep", 2, 1), ("execution", 1, 0)]),
        ("quadrants", [("", 3, 1)]),
        ("", [("", 3, 1)]),
    ],
)
def test_lanes_count_their_cards_and_empty_ones_are_left_out(
    cast: Cast, campaign: Campaign, group: str, lanes: list[tuple[str, int, int]]
) -> None:
    TaskFactory(campaign=campaign, role="design", due_at=NOW.replace(year=2025))
    TaskFactory(campaign=campaign, role="design", status="doing")
    TaskFactory(campaign=campaign, role="cs", phase="execution")
    screen = board_screen(cast.actor("viewer"), campaign.pk, BoardAsked(group=group), NOW)
    assert [(lane.key, lane.count, lane.late) for lane in screen.lanes] == lanes


def test_lanes_of_people_come_in_the_teams_order_and_nobody_is_last(cast: Cast, campaign: Campaign) -> None:
    for owner in (None, cast.cs, cast.manager):
        TaskFactory(campaign=campaign, owner=owner)
    screen = board_screen(cast.actor("viewer"), campaign.pk, BoardAsked(group="person"), NOW)
    assert [lane.name for lane in screen.lanes] == ["陈主管", "阿敏", "暂无负责人"]


def test_the_quadrants_hold_open_work_by_importance_and_urgency(cast: Cast, campaign: Campaign) -> None:
    for important in (True, False):
        for urgent in (True, False):
            TaskFactory(campaign=campaign, code=f"{important:d}{urgent:d}", important=important, urgent=urgent)
    TaskFactory(campaign=campaign, code="done", status="done", done_at=NOW)
    screen = board_screen(cast.actor("viewer"), campaign.pk, BoardAsked(group="quadrants"), NOW)
    found = [(cell.place.column, [card.code for card in cell.cards]) for cell in screen.lanes[0].cells]
    assert found == [("q11", ["11"]), ("q10", ["10"]), ("q01", ["01"]), ("q00", ["00"])]
    assert screen.count == 4


def test_cancelled_tasks_are_counted_and_shown_only_when_asked(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, code="gone", status="cancelled")
    TaskFactory(campaign=campaign, code="here")
    screen = board_screen(cast.actor("viewer"), campaign.pk, BoardAsked(), NOW)
    assert (screen.count, screen.cancelled, [card.code for card in shown(screen)]) == (1, 1, ["here"])
    assert codes(cast, campaign, cancelled=True) == {"gone", "here"}
    assert "Show cancelled (1)" in text(as_(cast, "viewer").get(url("board", campaign.pk)))


@pytest.mark.parametrize("group", ["", "role"])
def test_a_long_column_goes_on_behind_its_window_without_a_gap_or_a_repeat(
    cast: Cast, campaign: Campaign, group: str
) -> None:
    # Some share a position: the id decides.
    for index in range(WINDOW * 2 + 7):
        TaskFactory(campaign=campaign, code=f"N{index}", role="design", position=float(index // 3))
    viewer, asked = cast.actor("viewer"), BoardAsked(group=group)
    screen = board_screen(viewer, campaign.pk, asked, NOW)
    cell = screen.lanes[0].cells[0]
    assert (len(cell.cards), cell.count, cell.hidden) == (WINDOW, WINDOW * 2 + 7, WINDOW + 7)
    seen = [card.code for card in cell.cards]
    query = cell.more_query
    while query:
        given = parse_qs(query)
        place = Place(given["column"][0], given.get("lane", [""])[0])
        more = board_more(viewer, campaign.pk, asked, place, given["cursor"][0], NOW)
        seen += [card.code for card in more.cell.cards]
        query = more.cell.more_query
    assert seen == [f"N{index}" for index in range(WINDOW * 2 + 7)]
    # What was loaded stays when the board comes anew.
    again = board_screen(viewer, campaign.pk, asked, NOW, f"{cell.place}:{WINDOW + 3},x:9,todo")
    assert len(again.lanes[0].cells[0].cards) == WINDOW + 3
    assert f"{WINDOW + 3}" in again.live_query


def test_the_next_cards_of_a_column_are_a_fragment_and_without_script_a_page(cast: Cast, campaign: Campaign) -> None:
    TaskFactory.create_batch(WINDOW + 1, campaign=campaign)
    client = as_(cast, "viewer")
    found = re.search(r'class="more">\s*<a[^>]*href="([^"]+)"', text(client.get(url("board", campaign.pk))))
    assert found
    address = found[1].replace("&amp;", "&")
    fragment, page = text(client.get(address, headers=HTMX)), text(client.get(address))
    assert fragment.strip().startswith("<li")
    assert fragment.count("<li") == 1
    assert "Back to the board" in page
    assert page.count('class="task-card"') == 1
    assert client.get(address + "x", headers=HTMX).status_code == 409


def test_windows_grow_smaller_with_the_places_a_board_has() -> None:
    assert window_size(1) == window_size(4) == WINDOW
    assert window_size(40) * 40 <= PAGE_CARDS
    assert window_size(10_000) == 1


@pytest.mark.parametrize("group", ["", *Group])
def test_the_number_of_queries_does_not_grow_with_the_tasks(cast: Cast, campaign: Campaign, group: str) -> None:
    def fill() -> None:
        for index in range(24):
            status = list(Status)[index % 6]
            task = TaskFactory(
                campaign=campaign,
                owner=[cast.designer, cast.cs, None][index % 3],
                role=["design", "cs"][index % 2],
                status=status,
                done_at=NOW if status is Status.DONE else None,
            )
            ChecklistItemFactory.create_batch(2, task=task)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            board_screen(cast.actor("manager"), campaign.pk, BoardAsked(group=group, cancelled=True), NOW)
        return len(queries)

    fill()
    few = cost()
    fill()
    assert cost() == few


def test_an_empty_board_says_what_to_do_first(cast: Cast, campaign: Campaign) -> None:
    assert "New task" in text(as_(cast, "manager").get(url("board", campaign.pk)))
    assert "New task" not in text(as_(cast, "viewer").get(url("board", campaign.pk)))
    assert "No task fits" in text(as_(cast, "viewer").get(url("board", campaign.pk) + "?role=cs"))


def test_the_board_answers_204_until_something_changes(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, role="design", owner=cast.designer)
    client = as_(cast, "designer")
    asked = re.search(r'data-live="([^"]+version=\d+)"', text(client.get(url("board", campaign.pk) + "?role=design")))
    assert asked
    again = asked[1].replace("&amp;", "&")
    assert client.get(again, headers=HTMX).status_code == 204
    client.post(url("start_task", task.pk))
    response = client.get(again, headers=HTMX)
    assert response.status_code == 200
    assert re.match(r'\s*<div\s+id="board"', text(response))
    assert "HX-Push-Url" not in response


def test_chosen_filters_stand_in_the_address_without_the_blank_ones(cast: Cast, campaign: Campaign) -> None:
    response = as_(cast, "viewer").get(url("board", campaign.pk) + "?role=cs&phase=&text=&group=role", headers=HTMX)
    assert response["HX-Push-Url"] == url("board", campaign.pk) + "?role=cs&group=role"


def test_filters_that_cannot_be_meant_are_left_out(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, title="主图")
    wrong = "?person=x'1&role=king&phase=closed&group=all&mark=x&shown=<&column=todo&text=" + "图" * 90
    response = as_(cast, "viewer").get(url("board", campaign.pk) + wrong)
    assert response.status_code == 200
    assert "主图" in text(response)


def test_a_card_moves_by_a_plain_form_and_by_htmx(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.designer)
    client = as_(cast, "designer")
    response = client.post(url("move_task", task.pk), {"status": "doing", "version": 1, "back": "role=design"})
    assert (response.status_code, response["Location"]) == (302, url("board", campaign.pk) + "?role=design")
    response = client.post(url("move_task", task.pk), {"status": "todo", "version": 2}, headers=HTMX)
    assert response.status_code == 200
    assert re.match(r'\s*<div\s+id="board"', text(response))
    response = client.post(url("move_task", task.pk), {"status": "blocked", "reason": "等样品", "version": 3})
    assert response.status_code == 302
    task.refresh_from_db()
    assert (task.status, task.status_reason, task.version) == ("blocked", "等样品", 4)


def test_the_move_menu_says_where_a_card_may_go_and_why_not(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.designer)
    ChecklistItemFactory(task=task, text="白底")
    client = as_(cast, "designer")
    page, fragment = client.get(url("move_task", task.pk)), client.get(url("move_task", task.pk), headers=HTMX)
    assert "Back to the board" in text(page)
    assert "<html" not in text(fragment)
    for response in (page, fragment):
        assert "Not ticked: 白底" in text(response)
        assert 'name="reason"' in text(response)
        assert 'name="reviewer_id"' in text(response)
    dropped = text(client.get(url("move_task", task.pk) + "?to=blocked&after_id=7", headers=HTMX))
    assert 'name="after_id" value="7"' in dropped
    assert "Doing" not in dropped
    assert "<form" not in text(as_(cast, "viewer").get(url("move_task", task.pk), headers=HTMX))


def test_the_move_menu_orders_among_the_cards_that_its_reader_sees(cast: Cast, campaign: Campaign) -> None:
    first, _, third, last = (
        TaskFactory(campaign=campaign, role=role, position=float(index))
        for index, role in enumerate(("design", "cs", "design", "design"))
    )
    screen = move_screen(cast.actor("manager"), last.pk, BoardAsked(role="design"), NOW)
    assert (screen.top_id, screen.above_id, screen.below_id, screen.end_id) == (first.pk, third.pk, None, None)
    screen = move_screen(cast.actor("manager"), first.pk, BoardAsked(group="role"), NOW)
    assert (screen.above_id, screen.below_id, screen.end_id) == (None, third.pk, last.pk)
    assert not move_screen(cast.actor("viewer"), first.pk, BoardAsked(), NOW).may_order


def test_a_lane_is_another_owner_role_or_priority_and_its_rules_hold(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.designer, role="design")
    manager, designer = cast.actor("manager"), cast.actor("designer")
    actions.move_card(
        actor=manager,
        task_id=task.pk,
        group=Group.PERSON,
        lane=str(cast.cs.pk),
        status=Status.DOING,
        version=1,
        now=NOW,
    )
    task.refresh_from_db()
    assert (task.owner, task.status, task.version) == (cast.cs, "doing", 3)
    actions.move_card(actor=manager, task_id=task.pk, group=Group.PERSON, lane=str(cast.designer.pk), now=NOW)
    actions.move_card(actor=designer, task_id=task.pk, group=Group.QUADRANTS, lane="q10", now=NOW)
    with pytest.raises(NotAllowed):
        actions.move_card(
            actor=designer, task_id=task.pk, group=Group.ROLE, lane="cs", status=Status.TODO, version=5, now=NOW
        )
    with pytest.raises(NotAllowed):
        actions.move_card(actor=designer, task_id=task.pk, group=Group.PERSON, lane=str(cast.cs.pk), now=NOW)
    task.refresh_from_db()
    assert (task.owner, task.role, task.status, task.important, task.urgent) == (
        cast.designer,
        "design",
        "doing",
        True,
        False,
    )


def test_a_move_and_its_lane_happen_both_or_not_at_all(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.designer)
    ChecklistItemFactory(task=task)
    with pytest.raises(Refused):
        actions.move_card(
            actor=cast.actor("manager"),
            task_id=task.pk,
            group=Group.PERSON,
            lane=str(cast.cs.pk),
            status=Status.DONE,
            now=NOW,
        )
    assert Task.objects.get(pk=task.pk).owner == cast.designer


def test_a_stale_move_is_answered_with_both_values_and_writes_nothing(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.designer)
    as_(cast, "manager").post(url("block_task", task.pk), {"reason": "等样品", "version": 1})
    response = as_(cast, "designer").post(url("move_task", task.pk), {"status": "done", "version": 1}, headers=HTMX)
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#notice"
    assert "Blocked" in text(response)
    assert "Done" in text(response)
    task.refresh_from_db()
    assert task.status == "blocked"
