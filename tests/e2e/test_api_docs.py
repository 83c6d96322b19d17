"""The schema as a page: found from the tokens, nothing from elsewhere, and calls that work in the reader's session."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.harness import Served

DARK = "rgb(28, 32, 34)"


@pytest.fixture(scope="module")
def team(served: Served) -> people.Team:
    return people.found_team(served, "云帆旗舰店", manager="yunfan", display="云主管")


def try_out(window: Page, operation: str) -> str:
    """Opens an operation, calls it as it stands, and returns the status."""
    block = window.locator(f"[id$='-{operation}']")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    status = block.locator(".live-responses-table tbody .response-col_status").first
    expect(status).to_have_text(re.compile(r"\d{3}"))
    return status.inner_text().split()[0]


def test_the_docs_are_found_and_try_calls_in_the_session(team: people.Team, open_window: OpenWindow) -> None:
    window = open_window()
    people.log_in(window, team.served, team.manager)
    window.locator(".side .menu > summary").click()
    window.locator(".side .menu-body a[href='/account/']").click()
    window.locator("main a[href='/account/tokens/']").click()
    window.locator("main a[href='/api/docs/']").click()
    expect(window.locator(".opblock").first).to_be_visible()
    assert try_out(window, "get_me") == "200"
    expect(window.locator("[id$='-get_me'] .live-responses-table")).to_contain_text("云主管")
    # A change: refused without the CSRF token of the session.
    assert try_out(window, "read_all_notices") == "200"


def test_descriptions_stand_beside_the_fields(team: people.Team, open_window: OpenWindow) -> None:
    window = open_window()
    people.log_in(window, team.served, team.manager)
    window.goto(team.address("/api/docs/"))
    block = window.locator("[id$='-set_role_holder']")
    block.locator(".opblock-summary-control").click()
    expect(block).to_contain_text("A member or manager of the campaign's team.")


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgba(0, 0, 0, 0)"), ("dark", DARK)])
def test_it_fits_a_phone_and_the_readers_scheme(
    team: people.Team, open_window: OpenWindow, scheme: str, background: str
) -> None:
    window = open_window(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    people.log_in(window, team.served, team.manager)
    window.goto(team.address("/api/docs/"))
    expect(window.locator(".opblock").first).to_be_visible()
    assert window.evaluate("document.documentElement.scrollWidth") == 360
    assert window.evaluate("getComputedStyle(document.documentElement).backgroundColor") == background
