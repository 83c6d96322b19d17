"""The palette and the keys in a real browser: Chinese typed as people type it, nothing but keys, and the way back."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.e2e.test_every_page import AUDIT, PHONE, violations
from tests.harness import Served

ENTER = {"windowsVirtualKeyCode": 229, "code": "Enter"}


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team whose manager looks for things."""
    return people.found_team(served, "寻芳旗舰店", manager="xunfang", display="寻经理")


@pytest.fixture(scope="module")
def campaign(team: Team) -> int:
    """A campaign with a plan."""
    return people.create_campaign(team, "寻宝 618", start="2027-05-20T20:00", end="2027-06-20T23:59")


@pytest.fixture
def window(team: Team, campaign: int, open_window: OpenWindow) -> Page:
    """The manager's window, on the campaign's overview."""
    window = open_window()
    people.log_in(window, team.served, team.manager)
    window.goto(team.address(f"/campaigns/{campaign}/"))
    return window


def open_palette(window: Page) -> None:
    window.keyboard.press("Control+k")
    expect(window.locator("#palette-q")).to_be_focused()


def test_a_task_is_found_by_initials_and_opened_by_keys_alone(window: Page) -> None:
    window.keyboard.press("/")
    expect(window.locator("#palette-q")).to_be_focused()
    window.keyboard.type("p24 zt")
    option = window.locator("#palette [role=option][aria-selected=true]")
    expect(option).to_contain_text("主图")
    expect(window.locator("#palette-q")).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "-")
    address = option.get_attribute("href") or ""
    window.keyboard.press("Enter")
    window.wait_for_url(f"**{address}")
    expect(window.locator("#palette")).to_be_hidden()
    expect(window.get_by_role("heading", name="主图").first).to_be_visible()


def test_letters_of_a_word_in_the_making_are_neither_looked_for_nor_keys(window: Page) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url) if "/search/" in request.url else None)
    keyboard = window.context.new_cdp_session(window)
    # On the page: what the input method takes is no key.
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "/", **ENTER})
    expect(window.locator("#palette")).to_be_hidden()

    open_palette(window)
    # What it shows on opening.
    expect(window.locator("#palette [role=option]").first).to_be_visible()
    asked.clear()
    for text in ("z", "zh", "zhu", "zhu t", "zhu tu"):
        keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    # The Enter that chooses the characters opens nothing.
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", **ENTER})
    window.wait_for_timeout(300)
    assert asked == []
    expect(window.locator("#palette")).to_be_visible()
    keyboard.send("Input.insertText", {"text": "主图"})
    expect(window.locator("#palette-results")).to_have_attribute("data-q", "主图")
    expect(window.locator("#palette mark").first).to_have_text("主图")
    assert len(asked) == 1


def test_a_command_runs_where_the_reader_is(team: Team, campaign: int, window: Page) -> None:
    open_palette(window)
    window.keyboard.type("kb")
    expect(window.locator("#palette [aria-selected=true]")).to_contain_text("看板")
    window.keyboard.press("Enter")
    window.wait_for_url(f"**/campaigns/{campaign}/board/")
    open_palette(window)
    window.keyboard.type("dark")
    expect(window.locator("#palette [aria-selected=true]")).to_contain_text("深色")
    window.keyboard.press("Enter")
    expect(window.locator("html")).to_have_attribute("data-theme", "dark")
    assert window.url == team.address(f"/campaigns/{campaign}/board/")
    # The browser's own colours follow: the choice is stronger than the device.
    assert window.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_enter_before_the_answer_opens_what_was_typed(campaign: int, window: Page) -> None:
    open_palette(window)
    expect(window.locator("#palette [role=option]").first).to_be_visible()
    window.keyboard.type("shuju")
    window.keyboard.press("Enter")
    window.wait_for_url(f"**/campaigns/{campaign}/numbers/")


def test_an_older_answer_never_takes_the_place_of_a_newer_one(window: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    older = re.compile(r"/search/\?q=zhu(&|$)")
    window.route(older, hold)
    open_palette(window)
    with window.expect_request(older):
        window.keyboard.type("zhu")
    window.keyboard.type("tu")
    expect(window.locator("#palette-results")).to_have_attribute("data-q", "zhutu")
    assert held
    for route in held:
        # It was broken off already.
        with suppress(Error):
            route.continue_()
    window.wait_for_timeout(300)
    expect(window.locator("#palette-results")).to_have_attribute("data-q", "zhutu")


def test_arrows_go_around_and_escape_leads_back(window: Page) -> None:
    link = window.get_by_role("navigation").get_by_role("link", name="表格")
    link.focus()
    open_palette(window)
    options = window.locator("#palette [role=option]")
    expect(options.first).to_have_attribute("aria-selected", "true")
    window.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    window.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert violations(window) == []
    window.keyboard.press("Escape")
    expect(window.locator("#palette")).to_be_hidden()
    expect(link).to_be_focused()


def test_pages_opened_before_stand_first_and_go_with_the_log_out(team: Team, campaign: int, window: Page) -> None:
    window.goto(team.address("/people/"))
    open_palette(window)
    first = window.locator("#palette [role=option]").first
    expect(first).to_have_attribute("href", f"/campaigns/{campaign}/")
    expect(first).to_have_text("寻宝 618")
    window.keyboard.type("退出登录")
    expect(window.locator("#palette [aria-selected=true]")).to_have_text("退出")
    window.keyboard.press("Enter")
    window.wait_for_url(re.compile("/login/"))
    assert window.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('recent'))") == []


def test_another_tab_by_control_enter(window: Page) -> None:
    open_palette(window)
    window.keyboard.type("看板")
    expect(window.locator("#palette [aria-selected=true]")).to_contain_text("看板")
    with window.context.expect_page() as opened:
        window.keyboard.press("Control+Enter")
    opened.value.wait_for_url("**/board/")
    expect(window.locator("#palette")).to_be_visible()


def test_keys_lead_through_the_pages_and_not_while_somebody_types(team: Team, campaign: int, window: Page) -> None:
    window.keyboard.press("g")
    window.keyboard.press("b")
    window.wait_for_url(f"**/campaigns/{campaign}/board/")
    window.locator("input[name=text]").first.focus()
    window.keyboard.type("gt/?")
    expect(window.locator("input[name=text]").first).to_have_value("gt/?")
    expect(window.locator("#keys")).to_be_hidden()
    window.locator("h1").click()
    # With a modifier a key is the browser's.
    window.keyboard.press("Alt+g")
    window.keyboard.press("t")
    assert "/board/" in window.url
    window.keyboard.press("g")
    window.keyboard.press("c")
    window.wait_for_url("**/campaigns/")


def test_the_map_names_the_keys_of_the_page_and_switches_them_off(window: Page) -> None:
    window.keyboard.press("?")
    keys = window.locator("#keys")
    expect(keys).to_be_visible()
    for part, name, caps in (("everywhere", "今日", ["g", "t"]), ("page", "看板", ["g", "b"])):
        row = keys.locator(f"[data-keys-of={part}] > div").filter(has_text=name)
        expect(row.locator("kbd")).to_have_text(caps)
    assert violations(window) == []
    keys.get_by_label("启用单键快捷键").uncheck()
    window.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    window.reload()
    window.keyboard.press("/")
    window.keyboard.press("?")
    expect(window.locator("#palette")).to_be_hidden()
    expect(keys).to_be_hidden()
    open_palette(window)
    window.keyboard.press("Escape")
    # It is switched on again without a key.
    window.locator(".side .menu > summary").click()
    window.get_by_role("button", name="键盘快捷键").click()
    keys.get_by_label("启用单键快捷键").check()
    window.keyboard.press("Escape")
    window.keyboard.press("Escape")
    window.keyboard.press("/")
    expect(window.locator("#palette")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_and_the_palette_fit_a_phone(team: Team, campaign: int, open_window: OpenWindow, scheme: str) -> None:
    window = open_window(**PHONE, color_scheme=scheme)
    people.log_in(window, team.served, team.manager)
    for path in ("/search/", "/search/?q=主图", "/search/?q=没有"):
        window.goto(team.address(path))
        assert [*window.evaluate(AUDIT), *violations(window)] == [], path
    window.goto(team.address("/"))
    window.locator("[data-palette]").click()
    window.keyboard.type("zhutu")
    expect(window.locator("#palette mark, #palette [role=option]").first).to_be_visible()
    assert [*window.evaluate(AUDIT), *violations(window)] == []


def test_without_script_search_is_a_page(team: Team, campaign: int, open_window: OpenWindow) -> None:
    window = open_window(java_script_enabled=False)
    people.log_in(window, team.served, team.manager)
    window.get_by_role("link", name="搜索").click()
    window.wait_for_url("**/search/")
    window.get_by_role("searchbox").fill("zt 寻宝")
    window.get_by_role("searchbox").press("Enter")
    window.locator("main a.hit[data-drawer]").first.click()
    window.wait_for_url("**/tasks/*/")
    window.goto(team.address("/search/?q=深色"))
    window.get_by_role("button", name="深色主题").click()
    expect(window.locator("html")).to_have_attribute("data-theme", "dark")


def test_quick_add_opens_where_the_reader_is(campaign: int, window: Page) -> None:
    open_palette(window)
    window.keyboard.type("quick")
    expect(window.locator("#palette [aria-selected=true]")).to_contain_text("快速")
    window.keyboard.press("Enter")
    expect(window.locator("#quick-dialog textarea")).to_be_focused()
    assert f"/campaigns/{campaign}/" in window.url
