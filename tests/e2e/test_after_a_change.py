"""What stands on the screen right after a change: one message, out of the way, and the reader where they were."""

import pytest
from playwright.sync_api import expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team with one campaign and its plan."""
    team = people.found_team(served, "提示旗舰店", manager="tishi", display="任主管")
    people.create_campaign(team, "提示 618", start="2027-05-20T20:00", end="2027-06-20T23:59")
    return team


def test_z_takes_back_what_was_added_from_the_emptied_line(team: Team, open_window: OpenWindow) -> None:
    window = open_window()
    people.log_in(window, team.served, team.manager)
    line, added, toast = window.locator("#quick-lines"), window.locator(".quick-added"), window.locator("[data-toast]")
    line.focus()
    for title in ("核对赠品 明天", "zebra 后天"):
        # Typed into a line that is not empty any more, z is a letter.
        window.keyboard.type(title)
        window.keyboard.press("Enter")
        expect(added).to_contain_text(title.split()[0])
        expect(toast).to_have_count(1)
        toast.locator("[data-toast-close]").click()
        line.focus()
    window.keyboard.type("补拍 明天")
    window.keyboard.press("Enter")
    expect(toast).to_contain_text("补拍")
    expect(line).to_be_focused()
    window.keyboard.press("z")
    expect(added).to_have_count(0)
    expect(toast).to_have_count(1)
    expect(toast.locator("[data-key=z]")).to_have_count(0)
    expect(line).to_have_value("")


def test_evidence_on_a_phone_leaves_its_reader_there_and_the_bar_free(team: Team, open_window: OpenWindow) -> None:
    window = open_window(viewport=PHONE)
    people.log_in(window, team.served, team.manager)
    window.locator("#quick-lines").fill("主图返工 @我 明天")
    window.locator("#quick-lines").press("Enter")
    window.locator(".quick-added a").click()
    body = window.locator("#drawer-body")
    form = body.locator("#add-evidence")
    form.locator("summary").click()
    form.locator("[name=url]").fill("https://example.com/main.png")
    # Clicking may scroll by itself: what counts is where the reader is when it is sent.
    body.evaluate("each => document.addEventListener('submit', () => { window.stood = each.scrollTop }, true)")
    form.locator("form button").click()
    expect(body.locator("li.evidence")).to_have_count(1)
    expect(body.locator("#task-evidence")).to_be_focused()
    assert body.evaluate("each => Math.abs(each.scrollTop - window.stood)") <= 1
    toast = window.locator("[data-toast]")
    expect(toast).to_have_count(1)
    window.wait_for_function(
        "() => document.querySelector('[data-toast]').getBoundingClientRect().bottom"
        " <= document.querySelector('#drawer .task-bar').getBoundingClientRect().top"
    )
    # Taken back, the reader is still in the drawer.
    toast.locator("[data-key=z]").click()
    expect(body.locator("li.evidence")).to_have_count(0)
    expect(body).to_be_focused()
    assert body.evaluate("each => Math.abs(each.scrollTop - window.stood)") <= 1


def test_the_undo_on_a_line_takes_the_place_of_the_message(team: Team, open_window: OpenWindow) -> None:
    window = open_window(viewport=PHONE)
    people.log_in(window, team.served, team.manager)
    window.locator("#quick-lines").fill("盘点赠品 @我 今天23点59分")
    window.locator("#quick-lines").press("Enter")
    expect(window.locator(".quick-added")).to_have_count(1)
    window.goto(team.address("/"))
    line = window.locator(".task-line", has_text="盘点赠品")
    done, undo = (line.locator(f"form[action$='/line/{verb}/'] button") for verb in ("complete", "reopen"))
    toast = window.locator("[data-toast]")
    done.click()
    expect(toast.locator("[data-key=z]")).to_have_count(1)
    undo.click()
    expect(done).to_have_count(1)
    expect(toast).to_have_count(1)
    expect(toast.locator("[data-key=z]")).to_have_count(0)
