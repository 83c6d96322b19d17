"""Others' changes by themselves, a server that goes away, and details beside the page."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A round of asking and its answer, on a busy machine.
SOON_MS = 15_000


def now() -> datetime:
    """On the wall clock of the team."""
    return datetime.now(SHANGHAI).replace(tzinfo=None)


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team of two managers' windows."""
    return people.found_team(served, "听雨旗舰店", manager="tingyu", display="听雨")


@pytest.fixture(scope="module")
def campaign(team: Team) -> int:
    """A campaign that runs."""
    start, end = now() + timedelta(days=60), now() + timedelta(days=90)
    return people.create_campaign(team, "听雨 618", start=f"{start:%Y-%m-%dT%H:%M}", end=f"{end:%Y-%m-%dT%H:%M}")


@pytest.fixture
def window(team: Team, open_window: OpenWindow) -> Page:
    """The manager's window on Today, in Chinese."""
    window = open_window()
    people.log_in(window, team.served, team.manager)
    return window


def add_task(window: Page, team: Team, campaign: int, title: str) -> None:
    """A task of the reader's own, due tomorrow."""
    due = now() + timedelta(days=1)
    window.goto(team.address(f"/campaigns/{campaign}/tasks/new/"))
    own = window.locator("select[name=owner_id] option", has_text="听雨").first.get_attribute("value") or ""
    people.send(
        window,
        team.address(f"/campaigns/{campaign}/tasks/new/"),
        title=title,
        role="ops",
        phase="prep",
        owner_id=own,
        due_at=f"{due:%Y-%m-%dT%H:%M}",
    )
    window.goto(team.address("/"))


def test_what_one_adds_the_other_sees_without_a_reload(
    team: Team, campaign: int, window: Page, open_window: OpenWindow
) -> None:
    other = open_window()
    people.log_in(other, team.served, team.manager)
    add_task(other, team, campaign, "另一个窗口里加的任务")
    expect(window.get_by_role("link", name=re.compile("另一个窗口里加的任务"))).to_be_visible(timeout=SOON_MS)


def test_details_open_beside_the_page_and_back_closes_them(team: Team, campaign: int, window: Page) -> None:
    add_task(window, team, campaign, "抽屉里的任务")
    link = window.get_by_role("link", name=re.compile("抽屉里的任务"))
    link.click()
    drawer = window.locator("#drawer")
    expect(drawer.get_by_role("heading", name=re.compile("抽屉里的任务"))).to_be_visible()
    expect(window).to_have_url(re.compile(r"/tasks/\d+/$"))
    window.go_back()
    expect(drawer).to_be_hidden()
    expect(window).to_have_url(team.address("/"))
    expect(link).to_be_focused()

    # Opened by the keyboard, closed by Escape, and the address leads to the page itself.
    window.keyboard.press("Enter")
    expect(drawer.get_by_role("heading", name=re.compile("抽屉里的任务"))).to_be_visible()
    address = window.url
    window.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(window).to_have_url(team.address("/"))
    window.goto(address)
    expect(window.get_by_role("heading", name=re.compile("抽屉里的任务")).first).to_be_visible()
    expect(drawer).to_be_hidden()


def test_what_is_typed_outlives_the_server_and_is_sent_when_it_is_back(team: Team, campaign: int, window: Page) -> None:
    add_task(window, team, campaign, "断网时评论的任务")
    window.get_by_role("link", name=re.compile("断网时评论的任务")).click()
    drawer = window.locator("#drawer")
    box = drawer.locator("textarea[name=body]")
    box.fill("素材已经发到群里")

    # Not even a reload of the tab loses it.
    window.reload()
    box = window.locator("#comment-body")
    expect(box).to_have_value("素材已经发到群里")

    window.context.set_offline(True)
    box.locator("xpath=ancestor::form").get_by_role("button").last.click()
    expect(window.locator("#offline")).to_be_visible()
    expect(box).to_have_value("素材已经发到群里")
    window.context.set_offline(False)
    expect(window.locator("#task-comments").get_by_text("素材已经发到群里").first).to_be_visible(timeout=SOON_MS)
    expect(window.locator("#offline")).to_be_hidden()
    expect(window.locator("#comment-body")).to_have_value("")


def test_two_at_one_board_see_each_others_moves(
    team: Team, campaign: int, window: Page, open_window: OpenWindow
) -> None:
    add_task(window, team, campaign, "两个人看着的卡片")
    board = team.address(f"/campaigns/{campaign}/board/?text=两个人看着的卡片")
    other = open_window()
    people.log_in(other, team.served, team.manager)
    for each in (window, other):
        each.goto(board)
        expect(each.locator(".task-card", has_text="两个人看着的卡片")).to_be_visible()

    # One moves it by keys; the other, who touches nothing, finds it in its new column.
    window.locator(".task-card a[data-drawer]").first.focus()
    window.keyboard.press("m")
    window.get_by_role("button", name="进行中").first.click()
    for each in (window, other):
        expect(each.locator("#column-doing")).to_contain_text("1", timeout=SOON_MS)
        expect(each.locator("#column-todo")).not_to_contain_text("1")
