"""With scripts switched off everything still works: plain links, plain forms."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def team(served: Served) -> Team:
    """A team whose manager leads and operates."""
    return people.found_team(served, "素纸旗舰店", manager="suzhi", display="素经理")


def test_a_day_by_plain_forms(team: Team, open_window: OpenWindow) -> None:
    number = people.create_campaign(team, "无脚本 618", start="2027-05-20T20:00", end="2027-06-20T23:59")
    window = open_window(java_script_enabled=False)
    people.log_in(window, team.served, team.manager)
    people.speak_english(window)

    # Today, then the board with a filter, then the task.
    expect(window.get_by_role("heading", name="Today", level=1)).to_be_visible()
    window.get_by_role("navigation", name="Main").get_by_role("link", name="Campaigns").click()
    window.get_by_role("link", name="无脚本 618").click()
    people.tab_link(window, "Board").click()
    expect(window.locator("#board .task-card")).not_to_have_count(0)
    window.locator("#board-text").fill("P01")
    window.get_by_role("button", name="Show", exact=True).click()
    expect(window.locator("#board")).to_contain_text("1 task")
    window.get_by_role("link", name="P01 Kick-off and war-room roster").click()

    # Ticked, refused, commented, done.
    items = window.locator("#task-checklist button.tick")
    for done in range(3):
        items.nth(done).click()
        expect(window.locator("#task-checklist header")).to_contain_text(f"{done + 1}/4")
    expect(window.locator("#task-blockers")).to_contain_text("1 thing before it can be done")
    items.nth(3).click()
    window.get_by_label("Comment").fill("群已建好")
    window.get_by_role("button", name="Comment").click()
    expect(window.locator("#task-comments")).to_contain_text("群已建好")
    window.locator("#verb-complete").click()
    expect(window.locator("#task-work .badge").first).to_have_text("Done")

    # A task of one's own, done from Today by one tap, and a refusal that is a page with a way back.
    people.tab_link(window, "Board").click()
    window.get_by_role("link", name="New task").first.click()
    window.get_by_label("Title", exact=True).fill("早会")
    window.get_by_label("Owner", exact=True).select_option(label="素经理")
    tomorrow = datetime.now(SHANGHAI).date() + timedelta(days=1)
    window.get_by_label("Due", exact=True).fill(f"{tomorrow}T09:00")
    window.get_by_role("button", name="Add task").click()
    expect(window.locator("#task-work h2").first).to_contain_text("早会")
    window.get_by_role("navigation", name="Main").get_by_role("link", name="Today").click()
    window.get_by_role("button", name="Mark done: 早会").click()
    expect(window.get_by_role("heading", name="Today", level=1)).to_be_visible()
    expect(window.get_by_role("button", name="Mark done: 早会")).to_have_count(0)
    window.goto(team.address(f"/campaigns/{number}/"))
    window.locator("summary", has_text="Go on all the same").click()
    window.get_by_label("Why it may go on").fill("  ")
    window.locator(".button.danger", has_text="Go on to: Execution").click()
    expect(window.locator("#notice")).to_contain_text("A manager may go on with a written reason.")
    window.get_by_role("link", name="Back", exact=True).click()
    expect(window).to_have_url(team.address(f"/campaigns/{number}/"))
