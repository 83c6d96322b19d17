"""A designer on a phone: what is missing is asked for in the drawer over Today, and done in one go."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.factories import PNG
from tests.harness import Served


@pytest.fixture
def team(served: Served) -> Team:
    return people.found_team(served, "抽屉旗舰店", manager="chouti", display="方经理")


def test_a_designer_on_a_phone_ticks_shows_and_is_done(team: Team, open_window: OpenWindow) -> None:
    manager = open_window()
    people.log_in(manager, team.served, team.manager)
    people.speak_english(manager)
    people.add_person(manager, team, "小美", "chouti-mei", "Design")
    number = people.create_campaign(team, "抽屉 618", start="2027-05-20T20:00", end="2027-06-20T23:59")
    tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)
    manager.goto(team.address(f"/campaigns/{number}/tasks/new/"))
    manager.get_by_label("Title", exact=True).fill("主图终稿")
    manager.get_by_label("Role", exact=True).select_option(label="Design")
    manager.get_by_label("Owner", exact=True).select_option(label="小美")
    manager.get_by_label("Due", exact=True).fill(f"{tomorrow}T09:00")
    manager.get_by_label("Checklist").fill("白底\n水印")
    manager.get_by_role("button", name="Add task").click()
    # What is done has to be shown: one tap.
    manager.locator("#flag-needs_evidence").click()
    expect(manager.locator("#flag-needs_evidence")).to_have_attribute("aria-pressed", "true")
    expect(manager.locator("#task-blockers")).to_contain_text("Evidence is missing")

    phone = open_window(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    people.log_in(phone, team.served, "chouti-mei")
    people.speak_english(phone)
    # The circle before the line opens what is missing, over Today.
    phone.get_by_role("link", name="3 things first: 主图终稿").tap()
    drawer = phone.locator("#drawer")
    expect(drawer.locator("#task-finish h2")).to_have_text("主图终稿")
    assert drawer.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    done = drawer.get_by_role("button", name="Mark done")
    box = done.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    for line in ("白底", "水印"):
        drawer.get_by_label(line).check()
    done.tap()
    # Nothing silently: the picture is missing, and the ticks are still there.
    expect(drawer.locator("#notice")).to_contain_text("Evidence is missing")
    expect(drawer.get_by_label("水印")).to_be_checked()
    drawer.get_by_label("File").set_input_files({"name": "终稿.png", "mimeType": "image/png", "buffer": PNG})
    drawer.get_by_label("Hours worked").fill("1.5")
    done.tap()
    expect(drawer.locator("#task-work .badge").first).to_have_text("Done")
    expect(drawer.get_by_role("link", name="终稿.png").last).to_be_visible()
    shown = drawer.locator(".thumb img")
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 1
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    drawer.get_by_role("button", name="Close").tap()
    expect(drawer).to_be_hidden()

    # The manager sees it without asking for the page again.
    expect(manager.locator("#task-work .badge").first).to_have_text("Done", timeout=15_000)
    expect(manager.locator("#task-evidence")).to_contain_text("终稿.png")
