"""A manager's season in a real browser: from the SOP to a plan, past a gate, to figures and a compiled review."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.campaigns.metrics.files import csv_bytes, order
from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served, data_dir

COMPILE_MS = 30_000


@pytest.fixture(scope="module")
def team(served: Served) -> Team:
    """A team that starts from nothing."""
    return people.found_team(served, "青竹旗舰店", manager="qingzhu", display="林经理")


@pytest.fixture
def manager(team: Team, open_window: OpenWindow) -> Page:
    """The manager's window, in English."""
    window = open_window()
    people.log_in(window, team.served, team.manager)
    people.speak_english(window)
    return window


def go_on(window: Page, phase: str, reason: str) -> None:
    """A manager moves the campaign on although something is in the way, from its overview."""
    people.tab_link(window, "Overview").click()
    window.locator("summary", has_text="Go on all the same").click()
    window.get_by_label("Why it may go on").fill(reason)
    window.locator(".button.danger", has_text=f"Go on to: {phase}").click()
    expect(window.locator(".page-head .badge")).to_have_text(phase)


def stat(window: Page, label: str, within: str = "") -> str:
    """The value of one of the page's big figures."""
    return (
        window.locator(f"{within} .stat", has=window.get_by_text(label, exact=True)).locator(".stat-value").inner_text()
    )


def test_from_the_sop_over_a_gate(team: Team, manager: Page, open_window: OpenWindow) -> None:
    # The team takes shape: two designers, so that no design task finds its owner by itself.
    people.add_person(manager, team, "小美", "journey-mei", "Design")
    people.add_person(manager, team, "小艺", "journey-yi", "Design")
    people.add_person(manager, team, "阿敏", "journey-min", "Customer service")

    # A campaign from the procedure: everything is seen before anything is written.
    manager.get_by_role("navigation", name="Main").get_by_role("link", name="Campaigns").click()
    manager.get_by_role("link", name="New campaign").first.click()
    manager.get_by_label("Name", exact=True).fill("618 2027")
    manager.get_by_label("Start (S)").fill("2027-05-20T20:00")
    manager.get_by_label("End (E)").fill("2027-06-20T23:59")
    for platform in ("JD", "Douyin", "Pinduoduo"):
        manager.get_by_label(platform, exact=True).check()
    manager.get_by_label("New store").fill("青竹天猫店")
    expect(manager.get_by_label("Customer service", exact=True)).to_have_value(
        manager.get_by_label("Customer service", exact=True).locator("option", has_text="阿敏").get_attribute("value")
        or ""
    )
    manager.get_by_role("button", name="Preview the plan").click()
    preview = manager.locator("#plan-preview")
    expect(preview.get_by_role("heading", name="Preview: 618 2027")).to_be_visible()
    assert stat(manager, "Tasks", "#plan-preview") == "109"
    assert stat(manager, "Hours", "#plan-preview") == "710"
    assert int(stat(manager, "Holiday collisions", "#plan-preview")) > 0
    expect(preview.get_by_text("Provisional calendar")).to_be_visible()
    expect(preview).to_contain_text("the holiday notice for 2027 is not out")
    expect(preview.locator("#preview-collisions")).to_be_visible()
    expect(preview).to_contain_text("Nobody for")
    preview.get_by_role("button", name="Create it as shown").first.click()

    # The board; one task changes hands.
    expect(manager.locator("#board")).to_contain_text("109 tasks")
    manager.locator("#board").get_by_role("link", name="P01 Kick-off and war-room roster").click()
    manager.locator("#fact-owner-edit > summary").click()
    manager.get_by_label("Owner", exact=True).select_option(label="小美")
    manager.get_by_role("button", name="Assign", exact=True).click()
    expect(manager.locator("#fact-owner-edit .fact-value")).to_contain_text("小美")

    # Its new owner finds it, ticks it off and is done.
    designer = open_window()
    people.log_in(designer, team.served, "journey-mei")
    designer.get_by_text("1 task later or without a date").click()
    designer.get_by_role("link", name="P01 Kick-off and war-room roster").click()
    expect(designer.locator("#task-blockers")).to_contain_text("4 things before it can be done")
    items = designer.locator("#task-checklist button.tick")
    expect(items).to_have_count(4)
    for number in range(4):
        items.nth(number).click()
        expect(items.nth(number)).to_have_attribute("aria-pressed", "true")
    designer.get_by_label("Hours worked").fill("2.5")
    designer.locator("#verb-complete").click()
    expect(designer.locator("#task-work .badge").first).to_have_text("Done")
    expect(designer.locator("#task-history")).to_contain_text("小美")

    # Who does not manage sees where it stands and cannot move it.
    designer.locator("[data-drawer-page]").click()
    people.tab_link(designer, "Overview").click()
    expect(designer.locator("#phases")).to_contain_text("A manager of the team moves the campaign on.")
    expect(designer.locator("#phases form")).to_have_count(0)

    # The gate holds, and says what holds it.
    people.tab_link(manager, "Overview").click()
    assert stat(manager, "Tasks done") == "1 / 109"
    expect(manager.get_by_role("button", name="Go on to: Execution").first).to_be_disabled()
    expect(manager.locator("#phase-blockers")).to_contain_text("P64 Final gate and change freeze is not done")
    manager.locator("summary", has_text="Go on all the same").click()
    reason = manager.get_by_label("Why it may go on")
    reason.fill("   ")
    manager.locator(".button.danger", has_text="Go on to: Execution").click()
    expect(manager.locator("#notice")).to_contain_text("A manager may go on with a written reason.")
    expect(manager.locator("#notice li").first).to_contain_text("is not done")
    expect(manager.locator(".page-head .badge")).to_have_text("Preparation")

    # With a written reason it opens, and the reason stays.
    reason.fill("平台提前开售，剩余项由李想今晚补完")
    manager.locator(".button.danger", has_text="Go on to: Execution").click()
    expect(manager.locator(".page-head .badge")).to_have_text("Execution")
    people.tab_link(manager, "Log").click()
    entry = manager.locator(".log li", has_text="平台提前开售，剩余项由李想今晚补完")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("林经理")
    expect(entry).to_contain_text("Preparation → Execution")
    people.tab_link(designer, "Overview").click()
    expect(designer.locator(".page-head .badge")).to_have_text("Execution")


@dataclass(frozen=True)
class Orders:
    """An order file and what the pages must say about it."""

    name: str
    shown: tuple[str, ...]
    first_day: date
    days: int
    target: dict[str, str]
    difference: str

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        if self.name == "tmall_order_report.csv":
            return (data_dir() or Path()).joinpath(self.name).read_bytes()
        rows = [order(1, "200.0", "40.0", on="2027-05-20"), order(2, "100.0", on="2027-05-21"), order(3, on=None)]
        return csv_bytes(rows)


MADE_UP = Orders(
    name="ExportOrderList.csv",
    shown=("300.00", "40.00", "260.00", "13.33 %", "200.00"),
    first_day=date(2027, 5, 20),
    days=2,
    target={"Paid amount": "200", "Visitors": "50", "Conversion, per cent": "4"},
    difference="100.00",
)
REAL = Orders(
    name="tmall_order_report.csv",
    shown=(
        "2,474,823.07",
        "572,335.92",
        "1,902,487.15",
        "23.13 %",
        "24,087",
        "5,132",
        "28,010",
        "299,421.20",
        "228,983.20",
    ),
    first_day=date(2020, 2, 1),
    days=30,
    target={"Paid amount": "2000000", "Visitors": "400000", "Conversion, per cent": "5"},
    difference="474,823.07",
)


def give_figures(team: Team, window: Page, number: int, orders: Orders) -> None:
    """A file that the worker reads, a target, and the visitors that no order file has."""
    window.goto(team.address(f"/campaigns/{number}/numbers/"))
    expect(window.locator("#figures")).to_contain_text("No orders yet.")
    window.get_by_label("Order file").set_input_files(
        {"name": orders.name, "mimeType": "text/csv", "buffer": orders.data}
    )
    window.get_by_role("button", name="Import", exact=True).click()
    expect(window.locator("#imports")).to_contain_text(orders.name)
    if orders is REAL:
        # Long enough to be watched.
        expect(window.locator("#imports progress")).to_be_visible()
    expect(window.locator("#imports .badge").first).to_have_text("Imported", timeout=COMPILE_MS)
    for figure in orders.shown:
        # Counts may stand with or without commas.
        expect(window.locator("#figures .stats")).to_contain_text(re.compile(re.escape(figure).replace(",", ",?")))
    expect(window.locator("#imports")).to_contain_text("Dropped before storing: 收货地址")

    for label, value in orders.target.items():
        window.locator("#target").get_by_label(label, exact=True).fill(value)
    window.get_by_role("button", name="Save the target").click()
    # Order value follows from the other three.
    expect(window.locator("#target dl")).to_contain_text("100.00")
    window.locator("summary", has_text="Paste days and visitors").click()
    lines = [f"{orders.first_day + timedelta(days=day)} {20 + day}" for day in range(orders.days)]
    window.get_by_label("Days and visitors", exact=True).fill("\n".join(lines))
    window.get_by_role("button", name="Save these days").click()
    expect(window.locator("#figures .stat", has_text="Visitors")).to_be_visible()
    expect(window.locator("#figures .stat", has_text="Visitors")).not_to_contain_text("none")


def check_summary(window: Page, orders: Orders) -> None:
    """The compiled review says what the numbers page said, and where the difference comes from."""
    summary = window.locator("#summary")
    expect(summary).to_contain_text(orders.shown[0])
    expect(summary).to_contain_text(orders.shown[3])
    split = summary.locator("section", has=window.get_by_role("heading", name="Where the difference comes from"))
    expect(split.locator("tr", has_text="Difference")).to_contain_text(orders.difference)
    expect(summary.locator("svg.curve")).to_be_visible()


@pytest.mark.data
def test_the_real_orders(team: Team, manager: Page) -> None:
    number = people.create_campaign(team, "618 2027 真实订单", start="2027-05-20T20:00", end="2027-06-20T23:59")
    give_figures(team, manager, number, REAL)
    people.tab_link(manager, "Review").click()
    manager.get_by_role("button", name="Compile the review").click()
    expect(manager.get_by_role("heading", name="Goal and result")).to_be_visible(timeout=COMPILE_MS)
    check_summary(manager, REAL)


def test_orders_become_a_review(team: Team, manager: Page) -> None:
    number = people.create_campaign(team, "618 2027 复盘", start="2027-05-20T20:00", end="2027-06-20T23:59")
    review = team.address(f"/campaigns/{number}/review/")
    give_figures(team, manager, number, MADE_UP)

    # The same file a second time is refused, and nothing changes.
    manager.get_by_label("Order file").set_input_files(
        {"name": "again.csv", "mimeType": "text/csv", "buffer": MADE_UP.data}
    )
    manager.get_by_role("button", name="Import", exact=True).click()
    expect(manager.locator("#notice .notice")).to_be_visible()
    expect(manager.locator("#imports")).not_to_contain_text("again.csv")

    # Review opens; the worker compiles by itself.
    go_on(manager, "Execution", "演练：直接进入执行")
    go_on(manager, "Wrap-up", "演练：直接进入收尾")
    go_on(manager, "Review", "数据已导入，其余收尾并行")
    manager.goto(review)
    people.reload_until(manager, manager.get_by_role("heading", name="Goal and result"), COMPILE_MS)
    check_summary(manager, MADE_UP)
    expect(manager.locator("#summary")).to_contain_text("数据已导入，其余收尾并行")

    # People's words stand beside it; an improvement becomes a task of its owner.
    manager.get_by_role("textbox", name="Notes").fill("第一天流量不足，主图点击率低")
    manager.get_by_role("button", name="Save the notes").click()
    expect(manager.locator("#notes > div")).to_contain_text("第一天流量不足")
    lessons = manager.locator("#lessons")
    lessons.get_by_label("Lesson", exact=True).fill("主图提前两周定稿")
    lessons.get_by_label("Kind").select_option(label="Improve")
    lessons.get_by_label("By when").fill("2027-07-01")
    lessons.get_by_role("button", name="Add the lesson").click()
    lessons.get_by_role("link", name="Its task").click()
    expect(manager.locator("#task-work h2").first).to_contain_text("主图提前两周定稿")
    expect(manager.locator("#fact-owner-edit .fact-value")).to_contain_text("林经理")

    # Compiled again, the notes and the lesson are still there.
    manager.goto(review)
    manager.get_by_role("button", name="Compile again").click()
    expect(manager.get_by_role("button", name="Compile again")).to_be_visible(timeout=COMPILE_MS)
    expect(manager.locator("#notes > div")).to_contain_text("第一天流量不足")
    expect(manager.locator("#lessons")).to_contain_text("主图提前两周定稿")
