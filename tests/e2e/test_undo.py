"""A slip of the finger on Today, taken back by mouse, by key, and without script."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served

TITLE = "核对赠品库存"


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team whose manager works alone."""
    return people.found_team(served, "撤销旗舰店", manager="chexiao", display="何经理")


@pytest.fixture(scope="module")
def campaign(team: Team) -> int:
    """A campaign with a plan."""
    return people.create_campaign(team, "撤销 618", start="2027-05-20T20:00", end="2027-06-20T23:59")


def make_own_task(window: Page, team: Team, campaign: int) -> None:
    """A task that its maker sees on Today."""
    window.goto(team.address(f"/campaigns/{campaign}/tasks/new/"))
    window.locator("[name=title]").fill(TITLE)
    window.locator("[name=role]").select_option("ops")
    window.locator("[name=owner_id]").select_option(label="何经理")
    # Late: first of all on Today.
    window.locator("[name=due_at]").fill("2026-01-05T18:00")
    window.locator("main form button.primary, main form .form-actions button").first.click()
    window.wait_for_url("**/tasks/*/")


def test_a_slip_on_today_goes_back_by_mouse_and_by_key(team: Team, campaign: int, open_window: OpenWindow) -> None:
    window = open_window()
    people.log_in(window, team.served, team.manager)
    make_own_task(window, team, campaign)
    # Made by a form: the page after it offers the way back.
    expect(window.locator("[data-toast]")).to_contain_text(TITLE)
    window.goto(team.address("/"))
    line = window.locator(".task-line", has_text=TITLE)
    done = line.locator("form[action$='/line/complete/'] button")
    for by_key in (False, True):
        done.click()
        toast = window.locator("[data-toast]", has_text=TITLE)
        expect(toast.locator("[data-key=z]")).to_be_visible()
        expect(done).to_have_count(0)
        if by_key:
            window.keyboard.press("z")
        else:
            toast.locator("[data-key=z]").click()
        expect(done).to_have_count(1)
        expect(window.locator("[data-toast] [data-key=z]")).to_have_count(0)
        for close in window.locator("[data-toast-close]").all():
            close.click()


def test_without_script_the_next_page_offers_it(team: Team, campaign: int, open_window: OpenWindow) -> None:
    window = open_window(java_script_enabled=False)
    people.log_in(window, team.served, team.manager)
    make_own_task(window, team, campaign)
    window.locator("[data-toast] [data-key=z]").click()
    window.wait_for_url(f"**/campaigns/{campaign}/board/")
    expect(window.locator("[data-toast]")).to_be_visible()
    expect(window.locator("[data-toast] [data-key=z]")).to_have_count(0)
