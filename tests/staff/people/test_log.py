"""The team's log: for its managers, filtered, page by page, and out into a spreadsheet."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.core.errors import Refused
from staff.people import rules
from staff.people.actions import add_person, export_log, log, record_team_event
from staff.people.models import TeamEvent, User
from staff.people.queries import LogFilter
from staff.people.rules import SYSTEM, Actor, Level
from tests.cast import Cast
from tests.factories import NOW
from tests.staff.tokens.conftest import WORD

DAY = timedelta(days=1)


@pytest.fixture
def browser(client: Client, cast: Cast) -> Client:
    User.objects.update(language="en")
    client.force_login(User.objects.get(pk=cast.manager.pk))
    return client


def note(cast: Cast, verb: str = "change_place", *, who: str = "cs", at: datetime = NOW, **values: Any) -> None:
    record_team_event(
        team_id=cast.team.pk,
        actor=values.pop("actor", None) or cast.actor("manager"),
        verb=verb,
        subject_kind="user",
        subject_id=getattr(cast, who).pk,
        now=at,
        **values,
    )


def page(browser: Client, cast: Cast, **asked: Any) -> str:
    answer = browser.get(reverse("staff:team_log", args=[cast.team.pk]), asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def export(browser: Client, cast: Cast, **asked: Any) -> list[list[str]]:
    answer = browser.post(reverse("staff:export_team_log", args=[cast.team.pk]), asked)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_the_log_says_who_did_what_in_words(browser: Client, cast: Cast) -> None:
    note(cast, before={"level": "member", "roles": ["cs"]}, after={"level": "viewer", "roles": ["cs"], "version": 2})
    text = page(browser, cast)
    assert "陈主管 changed the place of 阿敏." in text
    assert "<del>Member</del>" in text
    assert "<ins>Viewer</ins>" in text
    assert "Version" not in text


@pytest.mark.parametrize(("who", "status"), [("designer", 403), ("cs", 403), ("viewer", 403), ("outsider", 404)])
def test_nobody_else_reads_or_takes_it(client: Client, cast: Cast, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(reverse("staff:team_log", args=[cast.team.pk])).status_code == status
    assert client.post(reverse("staff:export_team_log", args=[cast.team.pk])).status_code == status
    assert not TeamEvent.objects.exists()


def test_filters_by_person_verb_and_days_of_the_team(browser: Client, cast: Cast) -> None:
    # 23:30 and 00:30 in Shanghai, around the midnight between the 23rd and the 24th.
    late, early = datetime.fromisoformat("2026-11-23T15:30:00Z"), datetime.fromisoformat("2026-11-23T16:30:00Z")
    note(cast, at=late)
    note(cast, "deactivate_person", who="designer", at=early)
    note(cast, "change_password", who="viewer", actor=cast.actor("viewer"), at=early)

    def seen(**asked: Any) -> list[bool]:
        # Without the form, whose choices name everybody.
        text = page(browser, cast, **asked).partition('id="log-title"')[2]
        return [words in text for words in ("place of 阿敏", "deactivated 小美", "changed their password")]

    assert seen() == [True, True, True]
    assert seen(person=cast.cs.pk) == [True, False, False]
    assert seen(person=cast.manager.pk) == [True, True, False]
    assert seen(person=cast.viewer.pk) == [False, False, True]
    assert seen(person=cast.outsider.pk) == [False, False, False]
    assert seen(verb="deactivate_person") == [False, True, False]
    assert seen(since="2026-11-24") == [False, True, True]
    assert seen(until="2026-11-23") == [True, False, False]
    assert seen(since="2026-11-23", until="2026-11-24", verb="change_place") == [True, False, False]
    assert seen(until="9999-12-31") == [True, True, True]
    assert [row[2] for row in export(browser, cast, person=cast.cs.pk)[1:]] == ["Place in the team changed"]


@pytest.mark.parametrize(
    "asked",
    [{"person": "x"}, {"person": "-1"}, {"person": 2**70}, {"since": "soon"}, {"before": "0"}, {"verb": "x" * 99}],
)
def test_a_faulty_filter_is_refused(browser: Client, cast: Cast, asked: dict[str, Any]) -> None:
    assert browser.get(reverse("staff:team_log", args=[cast.team.pk]), asked).status_code == 409


def test_another_teams_events_are_in_no_page_and_no_export(browser: Client, cast: Cast) -> None:
    record_team_event(
        team_id=cast.other_team.pk,
        actor=cast.actor("outsider"),
        verb="change_place",
        subject_kind="user",
        subject_id=cast.cs.pk,
        now=NOW,
    )
    assert "外人" not in page(browser, cast)
    assert "外人" not in page(browser, cast, person=cast.cs.pk)
    assert "change_place" not in page(browser, cast)
    assert export(browser, cast)[1:] == []


def test_older_lines_follow_page_by_page_with_the_filter(browser: Client, cast: Cast) -> None:
    for number in range(120):
        note(cast, "change_place" if number % 2 else "add_person", after={"login": f"n{number}x"})
    seen, address = [], f"{reverse('staff:team_log', args=[cast.team.pk])}?verb=add_person"
    while address:
        text = browser.get(address).content.decode()
        seen += [number for number in range(120) if f"n{number}x" in text]
        older = [part for part in text.split('href="') if "before=" in part.split('"')[0]]
        address = urljoin(address, older[-1].split('"')[0].replace("&amp;", "&")) if older else ""
    assert sorted(seen) == list(range(0, 120, 2))


@time_machine.travel(NOW, tick=False)
def test_the_export_is_safe_complete_and_logged(browser: Client, cast: Cast) -> None:
    evil = "=HYPERLINK(1)"
    cast.cs.display_name = evil
    cast.cs.save()
    note(cast, before={"name": "＝1"}, after={"name": "x"}, at=NOW - DAY)
    note(cast, actor=SYSTEM, at=NOW - DAY)
    rows = export(browser, cast, verb="change_place")
    assert rows[0] == ["When", "Who", "What was done", "Person", "Before the change", "After the change"]
    assert rows[2] == [
        "2026-11-22 09:00:00+08:00",
        "陈主管",
        "Place in the team changed",
        "'=HYPERLINK(1)",
        "Name: ＝1",
        "Name: x",
    ]
    assert rows[1][1] == "The system"
    taken = TeamEvent.objects.get(verb="export_log")
    assert (taken.actor, taken.after) == (cast.manager, {"rows": 2, "verb": "change_place"})
    assert "exported this log" in page(browser, cast)


def test_an_export_that_is_too_long_is_refused_and_not_logged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (log, rules):
        monkeypatch.setattr(module, "EXPORT_LINES", 2)
    for _ in range(3):
        note(cast)
    manager: Actor = cast.actor("manager")
    with pytest.raises(Refused, match="too_many_lines"):
        export_log(actor=manager, team_id=cast.team.pk, asked=LogFilter(), now=NOW)
    assert len(export_log(actor=manager, team_id=cast.team.pk, asked=LogFilter(until=(NOW - DAY).date()), now=NOW)) == 0
    assert TeamEvent.objects.filter(verb="export_log").count() == 1


def test_looking_writes_nothing_and_taking_takes_a_post(browser: Client, cast: Cast) -> None:
    note(cast)
    page(browser, cast)
    assert browser.get(reverse("staff:export_team_log", args=[cast.team.pk])).status_code == 405
    assert TeamEvent.objects.count() == 1


def test_many_lines_ask_no_more_than_few(browser: Client, cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(browser, cast)
        return len(asked)

    note(cast)
    few = queries()
    for who in ("cs", "designer", "viewer", "manager") * 5:
        note(cast, who=who)
    assert queries() == few > 4


def test_no_password_ever_stands_in_the_log(browser: Client, cast: Cast) -> None:
    add_person(
        actor=cast.actor("manager"),
        team_id=cast.team.pk,
        login="newbie",
        name="陈小北",
        password=WORD,
        level=Level.MEMBER,
        now=NOW,
    )
    assert WORD not in page(browser, cast)
    assert WORD not in str(export(browser, cast))
