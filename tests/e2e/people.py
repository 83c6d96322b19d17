"""What people of every journey do: found a team, log in, take colleagues in, and the like."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotYet

from tests.harness import Served

PASSWORD = "qinghe-618-2027"
# A worker on a busy machine: one sweep of 15 s and what it then does.
WORKER_MS = 45_000


@dataclass(frozen=True)
class Team:
    """A team of its own for one journey, and the log-in name of its manager."""

    served: Served
    name: str
    manager: str

    def address(self, path: str) -> str:
        """The whole address of a path."""
        return f"{self.served.url}{path}"


def command(served: Served, *arguments: str) -> dict[str, Any]:
    """What `manage.py` answered; the password of new people travels in its surroundings."""
    knowing = replace(served, env=served.env | {"PLANNER_PASSWORD": PASSWORD})
    done = knowing.manage(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def found_team(served: Served, name: str, *, manager: str, display: str) -> Team:
    """A team with its first manager, from the command line as its installer does it."""
    command(served, "create_team", "--name", name, "--login", manager, "--display", display)
    return Team(served, name, manager)


def create_campaign(team: Team, name: str, *, start: str, end: str) -> int:
    """A campaign with its whole plan, from the command line; its id."""
    dates = ("--start", start, "--end", end)
    made = command(
        team.served, "create_campaign", "--name", name, "--template", "double11", "--team", team.name, *dates
    )
    number: int = made["id"]
    return number


def log_in(window: Page, served: Served, login: str) -> None:
    """Name and password on the first page; ends on Today."""
    window.goto(f"{served.url}/login/")
    window.locator("#id_username").fill(login)
    window.locator("#id_password").fill(PASSWORD)
    window.locator("#id_password").press("Enter")
    window.wait_for_url(f"{served.url}/")


def speak_english(window: Page) -> None:
    """Chooses English in the menu behind one's own name."""
    window.locator(".side .menu > summary").click()
    window.locator(".side .menu").get_by_role("button", name="English").click()
    expect(window.locator("html")).to_have_attribute("lang", "en")


def add_person(window: Page, team: Team, name: str, login: str, *roles: str, level: str = "Member") -> None:
    """A manager takes somebody in on the people page."""
    if not window.url.endswith("/people/"):
        window.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    opener = window.locator("summary", has_text="Add a person")
    opener.click()
    form = window.locator("form", has=window.get_by_role("button", name="Add", exact=True))
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Log-in name").fill(login)
    form.get_by_label("First password").fill(PASSWORD)
    form.get_by_label("E-mail").fill(f"{login}@example.com")
    form.get_by_label("Language").select_option(label="English")
    form.get_by_label("Level").select_option(label=level)
    for role in roles:
        form.get_by_label(role, exact=True).check()
    form.get_by_role("button", name="Add", exact=True).click()
    expect(window.locator("li.person").filter(has_text=login)).to_be_visible()


def tab_link(window: Page, name: str) -> Locator:
    """One of the tabs of a campaign, by how its name begins."""
    return (
        window.locator("#content")
        .get_by_role("navigation", name="Campaign")
        .get_by_role("link", name=re.compile(f"^{name}"))
        .first
    )


def campaign_id_of(window: Page, team: Team, name: str) -> int:
    """The campaign of this name, as the list of campaigns links it."""
    window.goto(team.address("/campaigns/"))
    found = re.search(r"/campaigns/(\d+)/", window.get_by_role("link", name=name).first.get_attribute("href") or "")
    assert found, name
    return int(found[1])


def send(window: Page, address: str, **fields: str) -> None:
    """Sends a form as the person in this window without opening its page; for scenery, not for what is under test."""
    token = next(cookie["value"] for cookie in window.context.cookies() if cookie.get("name") == "csrftoken")
    asked: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token, **fields}
    answer = window.request.post(address, form=asked, headers={"Accept": "application/json"})
    assert answer.ok, f"{address}: {answer.status} {answer.text()[:1000]}"


def reload_until(window: Page, wanted: Locator, timeout_ms: int = WORKER_MS) -> None:
    """Looks at the page again and again, as people do who wait for something."""
    for _ in range(timeout_ms // 1000):
        try:
            wanted.wait_for(timeout=1000)
        except NotYet:
            window.reload()
        else:
            return
    expect(wanted).to_be_visible()
