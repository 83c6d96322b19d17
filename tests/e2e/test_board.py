"""The board in hand: the mouse, the keys, a finger."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team whose manager works alone."""
    return people.found_team(served, "看板旗舰店", manager="kanban", display="江经理")


@pytest.fixture
def campaign(team: Team, request: pytest.FixtureRequest) -> int:
    """A campaign of its own for each test, with a plan, nothing of it begun."""
    name = f"618 {request.node.name}"[:60]
    return people.create_campaign(team, name, start="2027-05-20T20:00", end="2027-06-20T23:59")


@pytest.fixture
def window(team: Team, campaign: int, open_window: OpenWindow) -> Page:
    """The manager before the board."""
    window = open_window()
    people.log_in(window, team.served, team.manager)
    window.goto(team.address(f"/campaigns/{campaign}/board/"))
    return window


def cell(window: Page, column: str) -> Locator:
    return window.locator(f"#cell-{column}")


def lift(window: Page, card: Locator) -> None:
    """Presses on the card and carries it a little."""
    box = card.bounding_box()
    assert box
    window.mouse.move(box["x"] + 30, box["y"] + 14)
    window.mouse.down()
    window.mouse.move(box["x"] + 60, box["y"] + 40, steps=4)


def carry(window: Page, to: Locator) -> None:
    """Over the upper part of a column."""
    box = to.bounding_box()
    assert box
    window.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30, steps=8)


def drag(window: Page, card: Locator, to: Locator) -> None:
    lift(window, card)
    carry(window, to)
    expect(to.locator(".drop-line")).to_be_attached()
    window.mouse.up()


def way(window: Page, status: str) -> Locator:
    """The form of the move menu that leads into a column."""
    return window.locator(f"#move form:has(input[name=status][value={status}])")


def test_cards_are_dragged_with_the_mouse(window: Page) -> None:
    cards = cell(window, "todo").locator(".task-card")
    first = cards.first.get_attribute("id")
    second = cards.nth(1).get_attribute("id")
    assert first
    assert second

    # A pointer that is lost leaves it where it was.
    lift(window, window.locator(f"#{first}"))
    carry(window, cell(window, "doing"))
    window.evaluate("window.dispatchEvent(new Event('blur'))")
    expect(window.locator(".ghost")).to_have_count(0)
    window.mouse.up()
    expect(cards.first).to_have_attribute("id", first)

    # Escape leaves it where it was; and so does a move that ends where it began.
    lift(window, window.locator(f"#{first}"))
    carry(window, cell(window, "doing"))
    window.keyboard.press("Escape")
    expect(window.locator(".ghost")).to_have_count(0)
    window.mouse.up()
    expect(cards.first).to_have_attribute("id", first)

    # Into another column, and it is there after a reload; the drag opened nothing.
    drag(window, window.locator(f"#{first}"), cell(window, "doing"))
    expect(cell(window, "doing").locator(f"#{first}")).to_have_attribute("data-version", "2")
    expect(window).to_have_url(re.compile("/board/$"))
    window.reload()
    expect(cell(window, "doing").locator(f"#{first}")).to_be_visible()

    # What is not ready is refused in words, and goes home.
    drag(window, window.locator(f"#{second}"), cell(window, "done"))
    expect(window.locator("#notice li").first).to_be_visible()
    expect(cards.first).to_have_attribute("id", second)
    # What is missing opens beside the board, and closes as all that does.
    expect(window.locator("#drawer #task-finish")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.locator("#drawer")).to_be_hidden()
    expect(window.locator("#notice .notice")).to_have_count(0)

    # A column that wants a reason asks for it right there; closed without one, the card goes home.
    drag(window, window.locator(f"#{second}"), cell(window, "blocked"))
    expect(way(window, "blocked").locator("textarea")).to_be_focused()
    window.keyboard.press("Escape")
    expect(cards.first).to_have_attribute("id", second)
    drag(window, window.locator(f"#{second}"), cell(window, "blocked"))
    way(window, "blocked").locator("textarea").fill("等样品")
    way(window, "blocked").get_by_role("button").click()
    expect(cell(window, "blocked").locator(f"#{second}")).to_have_attribute("data-version", "2")
    expect(window.locator("#move")).to_be_hidden()


def test_cards_are_put_in_order_with_the_mouse(window: Page) -> None:
    cards = cell(window, "todo").locator(".task-card")
    ids = [cards.nth(index).get_attribute("id") for index in range(3)]
    drag(window, window.locator(f"#{ids[2]}"), window.locator(f"#{ids[0]}").locator("xpath=.."))
    expect(window.locator(f"#{ids[2]}")).to_have_attribute("data-version", "2")
    window.reload()
    order = [cards.nth(index).get_attribute("id") for index in range(3)]
    assert order.index(ids[2]) < order.index(ids[1])


def test_a_card_is_moved_by_keys_alone(window: Page) -> None:
    cards = cell(window, "todo").locator(".task-card")
    first, second = (cards.nth(index).get_attribute("id") for index in range(2))
    window.locator("main").focus()
    window.keyboard.press("j")
    expect(window.locator(f"#{first} > a").first).to_be_focused()
    window.keyboard.press("ArrowDown")
    expect(window.locator(f"#{second} > a").first).to_be_focused()
    window.keyboard.press("m")
    expect(way(window, "doing").get_by_role("button")).to_be_focused()
    window.keyboard.press("Enter")
    expect(cell(window, "doing").locator(f"#{second}")).to_be_visible()
    expect(window.locator(f"#{second} > a").first).to_be_focused()
    # Sideways, to the same height or the last card.
    window.keyboard.press("h")
    expect(window.locator(f"#{first} > a").first).to_be_focused()
    window.keyboard.press("l")
    expect(window.locator(f"#{second} > a").first).to_be_focused()
    # Done by one key, which here is refused.
    window.keyboard.press("x")
    expect(window.locator("#notice li").first).to_be_visible()


def test_filters_are_chips_and_the_way_back_works(window: Page) -> None:
    window.locator(".filter-menu > summary").click()
    window.locator("select[name=role]").select_option("design")
    expect(window).to_have_url(re.compile(r"\?role=design$"))
    chip = window.locator("#board a.chip")
    expect(chip).to_have_count(1)
    window.locator("select[name=group]").select_option("phase")
    expect(window).to_have_url(re.compile(r"\?role=design&group=phase$"))
    window.go_back()
    expect(window).to_have_url(re.compile(r"\?role=design$"))
    expect(window.locator("#board .lane h2")).to_have_count(0)
    chip.click()
    expect(window).to_have_url(re.compile(r"/board/\??$"))
    expect(chip).to_have_count(0)


def test_a_long_column_goes_on_by_itself_and_stays_after_a_move(window: Page) -> None:
    cards = cell(window, "todo").locator(".task-card")
    expect(cards).to_have_count(50)
    cards.nth(49).scroll_into_view_if_needed()
    window.mouse.wheel(0, 2000)
    expect(cards).to_have_count(100)
    window.mouse.wheel(0, 20000)
    expect(cards).to_have_count(109)
    cards.nth(80).locator("[data-move]").click()
    way(window, "doing").get_by_role("button").click()
    expect(cell(window, "doing").locator(".task-card")).to_have_count(1)
    expect(cards).to_have_count(108)


def test_on_a_phone_one_column_fills_the_width_and_a_finger_moves_a_card(
    team: Team, campaign: int, open_window: OpenWindow
) -> None:
    window = open_window(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    people.log_in(window, team.served, team.manager)
    window.goto(team.address(f"/campaigns/{campaign}/board/"))
    assert window.evaluate("document.documentElement.scrollWidth") == 360
    card = cell(window, "todo").locator(".task-card").first
    name = card.get_attribute("id")
    box = card.locator("[data-move]").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    card.locator("[data-move]").tap()
    way(window, "doing").get_by_role("button").tap()
    expect(cell(window, "doing").locator(f"#{name}")).to_be_attached()
    window.locator(".board-jumps a[href='#column-doing']").tap()
    expect(window.locator(f"#{name}")).to_be_in_viewport(ratio=0.9)
