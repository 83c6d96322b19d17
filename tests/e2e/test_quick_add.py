"""A lead adds tasks in one line each, hands on the keyboard; the same on a phone, and without a server for a while."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team whose manager has two campaigns."""
    team = people.found_team(served, "快笔旗舰店", manager="kuaibi", display="沈主管")
    people.create_campaign(team, "一句话 618", start="2027-05-20T20:00", end="2027-06-20T23:59")
    people.create_campaign(team, "一句话 双11", start="2027-10-31T20:00", end="2027-11-11T23:59")
    return team


def add(window: Page, line: str) -> None:
    """Types a line where the cursor stands and sends it."""
    window.keyboard.type(line)
    window.keyboard.press("Enter")


def test_three_tasks_by_keyboard_only(team: Team, open_window: OpenWindow) -> None:
    window = open_window()
    people.log_in(window, team.served, team.manager)
    line, reading = window.locator("#quick-lines"), window.locator("#quick-reading")
    window.locator("main").focus()
    window.keyboard.press("c")
    expect(line).to_be_focused()

    # Read below while it is written; Enter saves, the line is empty and the cursor stays in it.
    window.keyboard.type("核对赠品 @我 周五18点 #618 !重要 ~2h")
    expect(reading).to_contain_text("一句话 618")
    expect(reading).to_contain_text("18:00")
    window.keyboard.press("Enter")
    expect(reading.get_by_role("link", name="核对赠品")).to_be_visible()
    expect(line).to_have_value("")
    expect(line).to_be_focused()

    # The campaign last used is meant; quicker than the preview is fine, too.
    add(window, "补拍首焦 明天")
    expect(reading.get_by_role("link", name="补拍首焦")).to_be_visible()

    # What is asked is focused, and the words are still there; the answer goes into the line.
    add(window, "排班表 #一句话")
    answers = reading.locator("[data-quick-answer]")
    expect(answers.first).to_be_focused()
    expect(line).to_have_value("排班表 #一句话")
    window.keyboard.press("Enter")
    expect(line).to_be_focused()
    expect(line).not_to_have_value("排班表 #一句话")
    window.keyboard.press("Enter")
    expect(reading.get_by_role("link", name="排班表")).to_be_visible()

    # From a page without a line, the key opens one in a dialog that is about that page's campaign.
    window.goto(team.address("/people/"))
    window.locator("main").focus()
    window.keyboard.press("c")
    expect(window.locator("#quick-dialog #quick-lines")).to_be_focused()
    window.keyboard.press("Escape")
    expect(window.locator("#quick-dialog")).to_be_hidden()


def test_several_lines_on_a_phone(team: Team, open_window: OpenWindow) -> None:
    window = open_window()
    window.set_viewport_size({"width": 360, "height": 740})
    people.log_in(window, team.served, team.manager)
    line, reading = window.locator("#quick-lines"), window.locator("#quick-reading")
    line.fill("点货 周六 #618\n装箱 #618\n发车 2月30日 #618")
    expect(reading.locator("tbody tr")).to_have_count(3)
    assert window.evaluate("document.documentElement.scrollWidth") == 360
    window.locator("#quick button.button").click()
    expect(reading.locator("[data-weight=fault]")).to_have_count(1)
    line.fill("点货 周六 #618\n装箱 #618\n发车 明天 #618")
    expect(reading.locator("[data-weight=fault]")).to_have_count(0)
    window.locator("#quick button.button").click()
    expect(reading.get_by_role("link")).to_have_count(3)


def test_what_is_typed_outlives_a_server_that_is_away(team: Team, open_window: OpenWindow) -> None:
    window = open_window()
    people.log_in(window, team.served, team.manager)
    line = window.locator("#quick-lines")
    window.context.set_offline(True)
    line.focus()
    add(window, "断网也在 #618")
    expect(window.locator("#offline")).to_be_visible()
    expect(line).to_have_value("断网也在 #618")
    window.context.set_offline(False)
    expect(window.locator("#quick-reading").get_by_role("link", name="断网也在")).to_be_visible(timeout=60_000)
