"""Hands on the keyboard only, and two people at the same task."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served

# Day, month, year, hour, minute and the calendar of a date field are stops of their own.
MOST_STOPS = 80
FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  // The parts of a date field are the browser's own, and so are their rings.
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const ring = outlined || element.matches("[type^=date]");
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return ring && seen ? "" : `${ring ? "out of sight" : "no ring"}: ${element.outerHTML.slice(0, 300)}`;
}"""


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team whose manager works alone."""
    return people.found_team(served, "云栖旗舰店", manager="yunqi", display="许经理")


@pytest.fixture(scope="module")
def campaign(team: Team) -> int:
    """A campaign with a plan."""
    return people.create_campaign(team, "键盘 618", start="2027-05-20T20:00", end="2027-06-20T23:59")


def tab_to(window: Page, wanted: Locator) -> None:
    """Tab by Tab to the element; every stop on the way shows where it is."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        window.keyboard.press("Tab")
        assert window.evaluate(FOCUS) == ""
    raise AssertionError(f"{MOST_STOPS} times Tab do not lead to {wanted}")


def test_a_task_is_made_ticked_and_done_without_a_mouse(
    team: Team, campaign: int, open_window: OpenWindow, served: Served
) -> None:
    window = open_window()
    # The log-in waits with the cursor in the right place.
    window.goto(f"{served.url}/login/?next=/campaigns/{campaign}/board/")
    expect(window.locator("#id_username")).to_be_focused()
    window.keyboard.type(team.manager)
    window.keyboard.press("Tab")
    window.keyboard.type(people.PASSWORD)
    window.keyboard.press("Enter")
    window.wait_for_url(team.address(f"/campaigns/{campaign}/board/"))

    # The first stop jumps over the head of the page; the menu opens and closes by keys.
    window.keyboard.press("Tab")
    expect(window.locator(".skip")).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("main")).to_be_focused()
    window.reload()
    tab_to(window, window.locator(".side .menu > summary"))
    window.keyboard.press("Enter")
    expect(window.locator(".side .menu-body")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.locator(".side .menu-body")).to_be_hidden()
    expect(window.locator(".side .menu > summary")).to_be_focused()
    window.keyboard.press("Enter")
    tab_to(window, window.locator(".side .menu").get_by_role("button", name="English"))
    window.keyboard.press("Enter")
    expect(window.locator("html")).to_have_attribute("lang", "en")

    tab_to(window, window.get_by_role("link", name="New task").first)
    window.keyboard.press("Enter")
    tab_to(window, window.get_by_label("Title", exact=True))
    window.keyboard.type("核对赠品库存")
    tab_to(window, window.get_by_label("Owner", exact=True))
    window.keyboard.type("许")
    tab_to(window, window.get_by_label("Checklist"))
    window.keyboard.type("点数")
    window.keyboard.press("Enter")
    window.keyboard.type("拍照存档")
    tab_to(window, window.get_by_role("button", name="Add task"))
    window.keyboard.press("Enter")
    expect(window.locator("#task-work h2").first).to_contain_text("核对赠品库存")

    items = window.locator("#task-checklist button.tick")
    expect(items).to_have_count(2)
    for number in range(2):
        tab_to(window, items.nth(number))
        window.keyboard.press("Space")
        expect(items.nth(number)).to_have_attribute("aria-pressed", "true")
        # The page changed under the finger, and the finger is where it was.
        expect(items.nth(number)).to_be_focused()
    # Once round the page, which is how keyboards get back to its top.
    window.locator("main").focus()
    tab_to(window, window.locator("#verb-complete"))
    window.keyboard.press("Enter")
    expect(window.locator("#task-work .badge").first).to_have_text("Done")


def test_a_campaign_is_planned_and_written_without_a_mouse(team: Team, open_window: OpenWindow, served: Served) -> None:
    window = open_window()
    people.log_in(window, served, team.manager)
    people.speak_english(window)
    # n makes a new one where campaigns are listed; what the form suggests can be taken as it is.
    window.keyboard.press("g")
    window.keyboard.press("c")
    window.wait_for_url(team.address("/campaigns/"))
    window.locator("main").focus()
    window.keyboard.press("n")
    window.wait_for_url(re.compile("/campaigns/new/"))
    tab_to(window, window.get_by_label("Name", exact=True))
    window.keyboard.press("Control+a")
    window.keyboard.type("键盘双11")
    tab_to(window, window.get_by_role("button", name="Preview the plan"))
    window.keyboard.press("Enter")
    create = window.get_by_role("button", name="Create it as shown").first
    expect(create).to_be_visible()
    tab_to(window, create)
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", name="键盘双11")).to_be_visible()
    expect(window.locator(".task-card").first).to_be_visible()
    # And what is at risk is two keys away.
    window.keyboard.press("g")
    window.keyboard.press("o")
    expect(window.locator("#overview")).to_be_visible()


def test_two_people_edit_one_task(team: Team, campaign: int, open_window: OpenWindow) -> None:
    here, there = open_window(), open_window()
    for window in (here, there):
        people.log_in(window, team.served, team.manager)
    people.speak_english(here)
    here.goto(team.address(f"/campaigns/{campaign}/board/?text=P08"))
    here.get_by_role("link", name="P08 Licence and certificate check").click()
    task = here.url

    def open_both() -> None:
        for window in (here, there):
            window.goto(f"{task}edit/")

    # Different fields: both hold.
    open_both()
    here.get_by_label("Estimated hours").fill("7.5")
    here.get_by_role("button", name="Save").click()
    expect(here).to_have_url(task)
    there.get_by_label("Accepted when", exact=True).fill("全部证照在有效期内，并留存扫描件")
    there.get_by_role("button", name="Save").click()
    expect(there).to_have_url(task)
    there.goto(f"{task}edit/")
    expect(there.get_by_label("Estimated hours")).to_have_value("7.5")
    expect(there.get_by_label("Accepted when", exact=True)).to_have_value("全部证照在有效期内，并留存扫描件")

    # The same field: the first holds, the second sees both values and keeps what was typed, in every field.
    open_both()
    here.get_by_label("Title in English").fill("Licences checked by legal")
    here.get_by_role("button", name="Save").click()
    expect(here).to_have_url(task)
    there.get_by_label("Title in English").fill("Licences checked by operations")
    there.get_by_label("Accepted when", exact=True).fill("写了很久的一段话")
    there.get_by_role("button", name="Save").click()
    clash = there.locator(".clash")
    expect(clash).to_have_count(1)
    expect(clash).to_contain_text("Licences checked by legal")
    expect(there.get_by_label("Title in English")).to_have_value("Licences checked by operations")
    expect(there.get_by_label("Accepted when", exact=True)).to_have_value("写了很久的一段话")
    expect(there).to_have_url(f"{task}edit/")
    # One more press saves it all.
    there.get_by_role("button", name="Save").click()
    expect(there).to_have_url(task)
    expect(there.locator("#task-work h2").first).to_contain_text("Licences checked by operations")
    there.goto(f"{task}edit/")
    expect(there.get_by_label("Accepted when", exact=True)).to_have_value("写了很久的一段话")

    # On the task's page: done here, while it is called off there.
    for window in (here, there):
        window.goto(task)
    here.locator("summary", has_text="It cannot go on").click()
    here.get_by_label("Reason").locator("visible=true").fill("等工商换证")
    here.get_by_role("button", name="It cannot go on").click()
    expect(here.locator("#task-work .badge").first).to_have_text("Blocked")
    there.get_by_role("button", name="Start", exact=True).click()
    expect(there.locator("#notice .notice")).to_be_visible()
    there.reload()
    expect(there.locator("#task-work .badge").first).to_have_text("Blocked")
    expect(there.locator("#task-work")).to_contain_text("等工商换证")
