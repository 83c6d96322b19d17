"""The first thing anybody sees, in a real browser and from a real tree of processes."""

from playwright.sync_api import Page, expect

from tests.harness import Served


def test_the_log_in_page_opens_and_obeys_its_own_rules(page: Page, served: Served) -> None:
    page.goto(served.url)
    expect(page.locator("input[name=password]")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_it_fits_a_phone(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(served.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
