"""Every page as wide as a phone, in both languages, light and dark, for each level: nothing sticks out or unnamed."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.campaigns.metrics.files import csv_bytes, order
from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served

# WCAG 2.2 AA, and what its authors count as good practice.
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
AUDIT = (Path(__file__).parent / "audit.js").read_text()
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
# What people paste: no blank in it where a line could break.
LINK = "https://detail.tmall.com/item.htm?id=672839405761&spm=a1z10.3-b-s.w4011-23456789.87.5f8b2c1aQwErTy"
NAME = "618预热超长名称家居旗舰店年中大促全渠道联合推广活动第二波返场加价保专场" + "2027" * 6


@dataclass(frozen=True)
class Scene:
    """A campaign in which everything has happened that a page can show."""

    team: Team
    campaign: int
    task: int
    routine: int
    version: int
    # A person's page and the team's log.
    staff: tuple[str, ...]

    @property
    def pages(self) -> list[str]:
        """The way to every page."""
        inside = ("", "board/", "tasks/", "numbers/", "review/", "reminders/", "log/", "bin/", "tasks/new/")
        return [
            "/",
            "/campaigns/",
            "/campaigns/new/",
            *(f"/campaigns/{self.campaign}/{page}" for page in inside),
            f"/campaigns/{self.campaign}/board/?text=nothing-is-called-so",
            f"/campaigns/{self.routine}/",
            f"/campaigns/{self.routine}/board/",
            f"/tasks/{self.task}/",
            f"/tasks/{self.task}/edit/",
            f"/tasks/{self.task}/finish/",
            f"/tasks/{self.task}/delete/",
            "/requests/",
            "/requests/new/",
            "/quick-add/",
            "/search/?q=P0",
            "/sop/",
            f"/sop/{self.version}/",
            "/people/",
            *self.staff,
            "/account/tokens/",
            "/notices/",
            "/account/",
            "/account/password/",
            "/account/factor/",
            "/forgot/?asked=1",
        ]


def fill(team: Team, window: Page, folder: Path) -> Scene:
    """Plays everything that a page can show, most of it as the manager in `window`."""
    now = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
    start, end = now - timedelta(days=4), now + timedelta(days=16)
    campaign = people.create_campaign(team, NAME, start=f"{start:%Y-%m-%dT%H:%M}", end=f"{end:%Y-%m-%dT%H:%M}")
    path = f"/campaigns/{campaign}"
    window.goto(team.address(f"{path}/board/?text=P01"))
    window.goto(team.address(window.locator(".task-card a[data-drawer]").first.get_attribute("href") or ""))
    task = int(window.url.rstrip("/").rpartition("/")[2])
    items = [(button.get_attribute("id") or "").removeprefix("tick-") for button in window.locator("button.tick").all()]

    def post(address: str, **fields: str) -> None:
        people.send(window, team.address(address), **fields)

    post(f"/items/{items[0]}/tick/")
    post(f"/items/{items[1]}/waive/", reason=f"这次不用 {LINK}")
    post(f"/tasks/{task}/comments/", body=f"@{LINK[:20]} 看这里 {LINK}")
    post(f"/tasks/{task}/block/", reason=f"等 {LINK}")
    post(f"{path}/tasks/new/", title=LINK, role="design", phase="prep", acceptance=LINK, checklist=f"{LINK}\n拍照")
    first, second = (f"{start + timedelta(days=days):%Y-%m-%d}" for days in (0, 1))
    post(f"{path}/numbers/target/", paid_amount="1234567890.12", visitors="400000", conversion="5", version="0")
    post(f"{path}/numbers/visitors/paste/", pasted=f"{first} 1200300\n{second} 800")
    file = folder / f"{'ExportOrderList' * 5}.csv"
    file.write_bytes(
        csv_bytes([order(1, "987654321.10", "40.0", on=first), order(2, on=second), order(3, on="2020-02-01")])
    )
    people.command(team.served, "import_orders", str(file), "--campaign", str(campaign))
    for phase in ("execution", "wrap_up", "review"):
        post(f"{path}/phase/", to=phase, override_reason=f"原因见 {LINK}")
    people.command(team.served, "compile_review", "--campaign", str(campaign))
    window.goto(team.address(f"{path}/review/"))
    expect(window.locator("#summary svg.curve")).to_be_visible()
    me = window.locator("#lesson-owner-new").input_value()
    post(
        f"{path}/review/notes/",
        notes=f"{LINK}\n\n第二段",
        version=window.locator("#notes input[name=version]").input_value(),
    )
    for kind in ("keep", "improve"):
        post(f"{path}/review/lessons/", kind=kind, text=LINK, owner_id=me, due_on="2027-07-01")
    window.goto(team.address("/campaigns/new/"))
    team_id = window.locator("input[name=team]").first.input_value()
    usual = {"team": team_id, "step": "confirm", "kind": "routine", "platforms": "tmall", "version": ""}
    post("/campaigns/new/", name="日常运营", starts_at="2026-01-01T00:00", ends_at="2027-12-31T23:59", **usual)
    routine = people.campaign_id_of(window, team, "日常运营")
    window.goto(team.address("/sop/"))
    version = window.locator("a[href^='/sop/']:not([href='/sop/'])").first.get_attribute("href") or ""
    window.goto(team.address("/people/"))
    staff = [
        window.locator(where).first.get_attribute("href") or "" for where in (".person > a.button", "a[href$='/log/']")
    ]
    return Scene(team, campaign, task, routine, int(version.strip("/").rpartition("/")[2]), tuple(staff))


@pytest.fixture(scope="module")
def scene(served: Served, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Written once for this module."""
    team = people.found_team(served, "松间旗舰店", manager="songjian", display="松间家居旗舰店运营总监欧阳")
    context = browser.new_context()
    window = context.new_page()
    people.log_in(window, served, team.manager)
    people.speak_english(window)
    people.add_person(window, team, "阿" * 30, "page-designer-with-a-very-long-log-in-name", "Design", "Advertising")
    people.add_person(window, team, "小敏", "page-agent", "Customer service", "Live and content", "Warehouse")
    people.add_person(window, team, "老周", "page-viewer", level="Viewer")
    filled = fill(team, window, tmp_path_factory.mktemp("orders"))
    context.close()
    return filled


def faults_of(window: Page) -> list[str]:
    """What is wrong with the page in light and in dark."""
    found: dict[str, None] = {}
    for scheme in ("light", "dark"):
        window.emulate_media(color_scheme=scheme)
        found |= dict.fromkeys(f"{scheme} {fault}" for fault in [*window.evaluate(AUDIT), *violations(window)])
    return list(found)


def violations(window: Page) -> list[str]:
    """What axe finds, with the first places of each."""
    return [
        f"{found['id']}: {found['help']}: " + " | ".join(node["html"][:160] for node in found["nodes"][:3])
        for found in Axe().run(window, options=AXE).response["violations"]
    ]


def check(window: Page, scene: Scene, pages: list[str]) -> None:
    """Opens them all before it complains, so that one run shows every fault."""
    faults = {}
    for page in pages:
        answer = window.goto(scene.team.address(page))
        assert answer is not None
        assert answer.ok, page
        faults[page] = faults_of(window)
    faults = {page: found for page, found in faults.items() if found}
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("language", ["中文", "English"])
def test_every_page_of_a_manager(scene: Scene, open_window: OpenWindow, language: str) -> None:
    window = open_window(**PHONE)
    window.goto(scene.team.address("/login/"))
    assert faults_of(window) == []
    people.log_in(window, scene.team.served, scene.team.manager)
    window.locator(".side .menu > summary").click()
    window.locator(".side .menu").get_by_role("button", name=language).click()
    window.goto(scene.team.address("/account/"))
    access = window.locator("main a[href$='/access/']").first.get_attribute("href") or ""
    check(window, scene, [*scene.pages, access])


@pytest.mark.parametrize("login", ["page-agent", "page-viewer"])
def test_every_page_of_those_who_do_not_manage(scene: Scene, open_window: OpenWindow, login: str) -> None:
    window = open_window(**PHONE)
    people.log_in(window, scene.team.served, login)
    inside = [
        f"/campaigns/{scene.campaign}/{page}" for page in ("", "board/", "tasks/", "numbers/", "review/", "reminders/")
    ]
    check(window, scene, ["/", "/campaigns/", *inside, f"/tasks/{scene.task}/", "/people/"])


def test_the_preview_of_a_plan_and_a_refusal(scene: Scene, open_window: OpenWindow) -> None:
    window = open_window(**PHONE)
    people.log_in(window, scene.team.served, scene.team.manager)
    people.speak_english(window)
    window.goto(scene.team.address("/campaigns/new/"))
    window.get_by_label("Name", exact=True).fill("手机上的 618")
    window.get_by_label("Start (S)").fill("2027-05-20T20:00")
    window.get_by_label("End (E)").fill("2027-05-20T19:00")
    window.get_by_role("button", name="Preview the plan").click()
    expect(window.locator("#notice .notice")).to_be_visible()
    assert faults_of(window) == []
    window.get_by_label("End (E)").fill("2027-06-20T23:59")
    window.get_by_role("button", name="Preview the plan").click()
    expect(window.locator("#plan-preview h2")).to_be_visible()
    assert faults_of(window) == []
