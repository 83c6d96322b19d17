"""Teams and places in them: whole or not at all, and logged."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from planner.core.errors import Missing, Refused
from staff.people.actions import change_password, found_team
from staff.people.models import Membership, Team, TeamEvent, User
from staff.people.queries import log_lines
from staff.people.rules import SYSTEM
from tests.cast import Cast
from tests.factories import NOW

FIRST = {"name": "新店", "login": "boss", "display_name": "陈小美", "password": "qinghe-2026", "now": NOW}


@pytest.mark.django_db
def test_a_team_starts_with_its_manager() -> None:
    team_id = found_team(actor=SYSTEM, **FIRST)
    place = Membership.objects.get(team_id=team_id)
    assert (place.level, place.user.login, place.user.pinyin) == ("manager", "boss", "chenxiaomei cxm")
    assert set(place.roles.values_list("role", flat=True)) == {"lead", "ops"}
    assert place.user.check_password("qinghe-2026")
    assert list(TeamEvent.objects.order_by("id").values_list("verb", flat=True)) == ["create_team", "add_person"]


def test_a_team_without_a_good_password_is_not_made(cast: Cast) -> None:
    with pytest.raises(Refused, match="weak_password"):
        found_team(actor=SYSTEM, **FIRST | {"password": "123"})
    with pytest.raises(Refused, match="login_taken"):
        found_team(actor=SYSTEM, **FIRST | {"login": "AMIN"})
    with pytest.raises(Refused, match="name_taken"):
        found_team(actor=SYSTEM, **FIRST | {"name": cast.team.name})
    assert Team.objects.count() == 2


def test_only_the_machine_founds_teams(cast: Cast) -> None:
    with pytest.raises(Missing):
        found_team(actor=cast.actor("manager"), **FIRST)


def test_the_system_has_no_password_to_change(cast: Cast) -> None:
    with pytest.raises(Missing):
        change_password(actor=SYSTEM, old="a", new="qinghe-2026", now=NOW)


def test_the_log_is_for_managers_and_reads_as_words(cast: Cast) -> None:
    team_id = found_team(actor=SYSTEM, **FIRST)
    lines = [str(line.sentence.text % line.sentence.params) for line in log_lines(SYSTEM, team_id, limit=9)]
    assert lines == ["The system added 陈小美.", "The system made the team."]
    with pytest.raises(Missing):
        log_lines(cast.actor("manager"), team_id, limit=9)


@pytest.mark.django_db
def test_the_command_makes_a_team_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PASSWORD", "qinghe-2026")
    out = StringIO()
    call_command("create_team", "--name", "新店", "--login", "boss", "--display", "陈小美", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"team": Team.objects.get().pk, "login": "boss"}
    assert User.objects.get().check_password("qinghe-2026")


@pytest.mark.django_db
def test_the_command_fails_with_reasons_and_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PASSWORD", "123")
    fault = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("create_team", "--name", "新店", "--login", "boss", "--display", "陈小美", "--json", stderr=fault)
    assert stopped.value.code == 1
    assert json.loads(fault.getvalue())["code"] == "weak_password"
    assert not Team.objects.exists()
