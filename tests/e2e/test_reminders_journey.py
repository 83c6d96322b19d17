"""People are told: the bell in an open window, a mail, and a ledger that says so, by the real worker and beat."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenWindow
from tests.e2e.people import Team
from tests.harness import Served

# A sweep every 15 s and a bell that looks every 30 s.
BELL_MS = 50_000


@pytest.fixture
def team(served: Served) -> Team:
    """A team with a plan to be told about."""
    return people.found_team(served, "远山旗舰店", manager="yuanshan", display="方经理")


def mails_to(folder: Path, address: str) -> list[EmailMessage]:
    """Every mail to this address among the files that stand for a mail server."""
    texts = [text for file in folder.glob("*.log") for text in re.split(r"(?m)^-{79}$", file.read_text())]
    mails = [email.message_from_string(text.lstrip(), policy=email.policy.default) for text in texts if text.strip()]
    return [mail for mail in mails if isinstance(mail, EmailMessage) and mail["To"] == address]


def lines_about(window: Page, kind: str) -> list[tuple[str, str]]:
    """(channel, state) of the ledger's lines of a kind."""
    rows = window.locator("#ledger tbody tr", has_text=kind)
    return sorted(
        (row.locator("td").nth(3).inner_text(), row.locator(".badge").first.inner_text()) for row in rows.all()
    )


def test_a_mention_and_a_plan_reach_their_person(team: Team, open_window: OpenWindow) -> None:
    manager = open_window()
    people.log_in(manager, team.served, team.manager)
    people.speak_english(manager)
    people.add_person(manager, team, "周敏", "zhoumin-r", "Customer service")
    agent = open_window()
    people.log_in(agent, team.served, "zhoumin-r")
    expect(agent.locator("#bell")).to_be_visible()
    expect(agent.locator(".bell-count")).to_have_count(0)

    # The only one for customer service: its tasks are hers, and the plan tells her so.
    number = people.create_campaign(team, "双十二 提醒", start="2027-12-09T20:00", end="2027-12-13T23:59")
    manager.goto(team.address(f"/campaigns/{number}/board/?text=P52"))
    manager.get_by_role("link", name="P52 Campaign knowledge base and scripts").click()
    task = manager.url
    manager.get_by_label("Comment").fill("@周敏 话术里先把价保说清楚")
    manager.get_by_role("button", name="Comment").click()
    expect(manager.locator("#task-comments .log")).to_contain_text("话术里先把价保说清楚")
    expect(manager.get_by_label("Comment")).to_have_value("")

    # Her window was open all the time and nobody touched it.
    expect(agent.locator(".bell-count")).to_be_visible(timeout=BELL_MS)
    agent.locator("#bell").click()
    mention = agent.locator("#notices").get_by_role("button", name="方经理 named you in").first
    people.reload_until(agent, mention)
    plan = agent.locator("#notices").get_by_role("button", name="The plan of 双十二 提醒 is ready.").first
    people.reload_until(agent, plan)
    expect(mention).to_contain_text("Campaign knowledge base and scripts: @周敏 话术里先把价保说清楚")
    mention.click()
    expect(agent).to_have_url(task)
    expect(agent.locator("#task-comments")).to_contain_text("话术里先把价保说清楚")

    # What was opened is read, and so is what is called read, in the list and on the bell.
    expect(agent.locator(".bell-count")).to_have_text("1")
    agent.locator("#bell").click()
    expect(agent.locator("#notices [data-new]")).to_have_count(1)
    agent.get_by_role("button", name="Mark all as read").click()
    expect(agent.locator(".bell-count")).to_have_count(0)
    expect(agent.locator("#notices [data-new]")).to_have_count(0)

    # The ledger: each message once per channel.
    manager.goto(team.address(f"/campaigns/{number}/reminders/"))
    manager.locator("#ledger tbody").get_by_role("link", name="周敏").first.click()
    people.reload_until(manager, manager.locator("#ledger:not(:has([data-tone='info']))"))
    once_each = [("E-mail", "Sent"), ("In the app", "Sent")]
    assert lines_about(manager, "Named in a comment") == once_each
    assert lines_about(manager, "Plan is ready") == once_each

    # The mails are files, and their link leads to the task.
    mails = mails_to(Path(team.served.env["DATA_DIR"]) / "mail", "zhoumin-r@example.com")
    assert len(mails) == len({mail["Message-ID"] for mail in mails}) == 2
    told = [mail for mail in mails if "named you" in mail["Subject"]]
    assert len(told) == 1
    body = told[0].get_body(("plain",))
    assert body is not None
    assert task in body.get_content()
    html = told[0].get_body(("html",))
    assert html is not None
    assert task in html.get_content()
