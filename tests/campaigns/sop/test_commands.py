"""The same actions from the command line: JSON, words, and an exit code."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from campaigns.sop.actions import Loaded
from campaigns.sop.models import SopTemplate, SopVersion
from staff.calendars.models import CalendarDay
from tests.campaigns.sop.conftest import shipped_text
from tests.factories import TeamFactory

CREATE = {"name": "618 2025", "template": "double11", "start": "2025-05-16T20:00", "end": "2025-06-10T23:59"}


def run(command: str, *arguments: str, **options: Any) -> Any:
    """What the command prints as JSON."""
    out = StringIO()
    flags = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    call_command(command, *arguments, "--json", *flags, stdout=out)
    return json.loads(out.getvalue())


def refused(command: str, *arguments: str) -> str:
    """What the command says on stderr when it is refused."""
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(command, *arguments, stderr=err)
    assert ended.value.code == 1
    return err.getvalue()


def test_without_a_file_every_shipped_procedure_and_the_calendar_are_loaded(db: None) -> None:
    loaded = {row["key"]: (row["version"], row["steps"], row["new"]) for row in run("load_sop")["loaded"]}
    assert loaded == {
        "double11": (1, 109, True),
        "b2b_1688": (1, 110, True),
        "light": (1, 40, True),
        "no_presale": (1, 107, True),
        "single_wave": (1, 106, True),
    }
    assert CalendarDay.objects.filter(on__year=2025).exists()
    assert [row["new"] for row in run("load_sop")["loaded"]] == [False] * 5
    assert SopVersion.objects.count() == 5


def test_a_broken_file_exits_with_every_fault(db: None, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(shipped_text().replace("role: lead", "role: boss"), encoding="utf-8")
    said = refused("load_sop", str(file))
    assert "P01" in said
    assert "R09" in said
    body = json.loads(refused("load_sop", str(file), "--json"))
    assert (body["code"], len(body["reasons"])) == ("sop_invalid", 20)
    assert not SopTemplate.objects.exists()
    with pytest.raises(CommandError, match="nowhere"):
        call_command("load_sop", str(tmp_path / "nowhere.yaml"))


def test_a_file_for_one_team(db: None, tmp_path: Path) -> None:
    TeamFactory(name="青禾")
    file = tmp_path / "own.yaml"
    file.write_text(shipped_text(), encoding="utf-8-sig")
    run("load_sop", str(file), team="青禾")
    assert SopTemplate.objects.get().team is not None
    assert refused("load_sop", str(file), "--team", "没有")


def test_a_preview_tells_all_and_writes_nothing(loaded: Loaded) -> None:
    TeamFactory()
    told = run("create_campaign", "--preview", **CREATE)
    assert (told["id"], told["tasks"], told["hours"]) == (None, 109, 710)
    assert {phase: sums["tasks"] for phase, sums in told["phases"].items()} == {
        "prep": 66,
        "execution": 22,
        "wrap_up": 11,
        "review": 10,
    }
    assert told["roles"]["design"]["hours"] == 175
    assert len(told["collisions"]) == 12
    assert len(told["late"]) == 109
    assert told["anchors"]["presale_start"] == "2025-05-11 20:00 (default)"
    assert not Campaign.objects.exists()


def test_a_campaign_is_written_and_its_id_told(loaded: Loaded) -> None:
    TeamFactory()
    told = run("create_campaign", platforms="pdd", presale_start="2025-05-10T20:00", **CREATE)
    assert Task.objects.filter(campaign_id=told["id"]).count() == told["tasks"] == 104
    assert told["anchors"]["presale_start"] == "2025-05-10 20:00"


def test_a_year_without_a_notice_is_told_as_provisional(loaded: Loaded) -> None:
    TeamFactory()
    dates = {"start": "2040-05-20T20:00", "end": "2040-06-20T23:59"}
    assert run("create_campaign", "--preview", **{**CREATE, **dates})["provisional_years"] == [2040]


def test_words_for_people(loaded: Loaded) -> None:
    TeamFactory()
    out = StringIO()
    flags = [part for name, value in CREATE.items() for part in (f"--{name}", value)]
    call_command("create_campaign", "--preview", *flags, stdout=out)
    assert "tasks: 109" in out.getvalue()
    assert "collisions: 12" in out.getvalue()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"end": "2025-05-01T20:00"}, "invalid"),
        ({"platforms": "ebay"}, "invalid"),
        ({"template": "none"}, "no_template"),
        ({"team": "没有"}, "missing"),
    ],
)
def test_a_refusal_ends_with_exit_code_1_and_the_reasons(loaded: Loaded, change: dict[str, str], code: str) -> None:
    TeamFactory()
    flags = [part for name, value in {**CREATE, **change}.items() for part in (f"--{name}", value)]
    assert json.loads(refused("create_campaign", "--json", *flags))["code"] == code
    assert not Campaign.objects.exists()


def test_a_date_that_is_none_is_told_before_anything_runs(loaded: Loaded) -> None:
    TeamFactory()
    flags = [part for name, value in {**CREATE, "start": "soon"}.items() for part in (f"--{name}", value)]
    with pytest.raises(CommandError, match="soon"):
        call_command("create_campaign", *flags)
