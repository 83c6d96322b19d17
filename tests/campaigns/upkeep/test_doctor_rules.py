"""From facts to findings: every fault has its code, its grade and what to do; nothing is said of what is not known."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from campaigns.upkeep.rules.doctor import Area, Grade, exit_code, findings, worst
from campaigns.upkeep.rules.facts import (
    Backup,
    Broker,
    Build,
    Database,
    Disk,
    Facts,
    Mail,
    Secret,
    Sweep,
    Waiting,
    YearState,
)
from staff.runs.rules import Life, Part, Sign
from tests.factories import NOW

H = timedelta(hours=1)
S = timedelta(seconds=1)


def sign(part: Part, pid: int = 7, silent: int = 1, version: str = "1.0") -> Sign:
    return Sign(Life(part, "one", pid, NOW - H), version, NOW - silent * S)


SIGNS = (sign(Part.WEB), sign(Part.WORKER), sign(Part.BEAT))
YEARS = {NOW.year: YearState.OFFICIAL, NOW.year + 1: YearState.OFFICIAL}
SQLITE = Database("sqlite", version="3.51.3", journal="wal", journal_due="WAL", synchronous="2", clock_ahead=0.1)
POSTGRES = Database("postgresql", version="16.1", most_connections=100, connections=12, pools=10, clock_ahead=0.1)
WELL = Facts(
    now=NOW,
    build=Build("1.0", zone="Asia/Shanghai"),
    database=SQLITE,
    broker=Broker(is_embedded=True, version="9.1", keeps_queue=True, policy="noeviction", clock_ahead=0.0),
    mail=Mail("mail.example", 587, is_encrypted=True, has_login=True, answers=True),
    disk=Disk("/data", free=50 * 2**30, uploads="/data/uploads"),
    secret=Secret(is_file=True, made_at=NOW - H),
    signs=SIGNS,
    sweeps=(Sweep("reminders", 15.0, NOW - 10 * S), Sweep("bin", 3600.0, NOW - 2 * H)),
    waiting=(Waiting("messages", 3, NOW - 20 * S), Waiting("runs")),
    years=YEARS,
    backup=Backup("night.zip", NOW - 3 * H, 10**6),
)


def wrong(**changes: Any) -> list[tuple[str, str]]:
    found = findings(replace(WELL, **changes))
    assert all(one.todo for one in found if one.grade is not Grade.OK)
    assert all(str(one.what) and str(one.todo) for one in found)
    return [(one.grade.value, one.code) for one in found if one.grade is not Grade.OK]


def test_a_sound_installation_is_fine_in_every_area() -> None:
    found = findings(WELL)
    assert wrong() == []
    assert [one.area for one in found] == list(Area)
    assert exit_code(found) == 0


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"database": replace(SQLITE, pending=("staff.0009_x",))}, ("fault", "database.not_migrated")),
        ({"database": replace(SQLITE, journal="delete")}, ("fault", "database.journal")),
        ({"database": replace(SQLITE, synchronous="1")}, ("fault", "database.synchronous")),
        ({"database": replace(POSTGRES, pools=95)}, ("warning", "database.pools")),
        ({"database": replace(POSTGRES, connections=95)}, ("warning", "database.connections")),
        ({"database": replace(SQLITE, clock_ahead=-6.0)}, ("warning", "clock.database")),
        ({"database": replace(SQLITE, clock_ahead=61.0)}, ("fault", "clock.database")),
        ({"broker": replace(WELL.broker, answers=False, why="refused")}, ("fault", "broker.gone")),
        ({"broker": replace(WELL.broker, keeps_queue=False)}, ("warning", "broker.not_kept")),
        ({"broker": replace(WELL.broker, policy="allkeys-lru")}, ("warning", "broker.evicts")),
        ({"broker": replace(WELL.broker, clock_ahead=7.0)}, ("warning", "clock.broker")),
        ({"signs": (sign(Part.WEB), sign(Part.BEAT))}, ("fault", "worker.absent")),
        ({"signs": (sign(Part.WEB), sign(Part.WORKER))}, ("fault", "beat.absent")),
        ({"signs": (*SIGNS, sign(Part.WORKER, 8, silent=41))}, ("fault", "worker.silent")),
        ({"signs": (*SIGNS, sign(Part.WEB, 8, silent=41))}, ("fault", "web.silent")),
        ({"signs": (*SIGNS, sign(Part.WORKER, 8, version="0.9"))}, ("warning", "worker.version")),
        ({"sweeps": (Sweep("reminders", 15.0, NOW - 61 * S),)}, ("fault", "sweeps.late")),
        ({"sweeps": (Sweep("bin", 3600.0, NOW - 4 * H),)}, ("fault", "sweeps.late")),
        ({"sweeps": (Sweep("reminders", 15.0),)}, ("fault", "sweeps.late")),
        ({"waiting": (Waiting("messages", 3, NOW - 121 * S),)}, ("fault", "waiting.behind")),
        ({"mail": Mail(folder="/data/mail")}, ("warning", "mail.files")),
        ({"mail": replace(WELL.mail, answers=False, why="no")}, ("fault", "mail.gone")),
        ({"mail": replace(WELL.mail, is_encrypted=False)}, ("warning", "mail.plain")),
        ({"disk": replace(WELL.disk, free=900 * 2**20)}, ("warning", "disk.room")),
        ({"disk": replace(WELL.disk, free=100 * 2**20)}, ("fault", "disk.room")),
        ({"disk": replace(WELL.disk, is_writable=False)}, ("fault", "disk.not_writable")),
        ({"disk": replace(WELL.disk, uploads_writable=False)}, ("fault", "disk.not_writable")),
        ({"disk": replace(WELL.disk, is_open=True)}, ("warning", "disk.open")),
        ({"backup": None}, ("warning", "backup.none")),
        ({"backup": Backup("old.zip", NOW - 27 * H, 10)}, ("warning", "backup.old")),
        ({"backup": Backup("old.zip", NOW - 169 * H, 10)}, ("fault", "backup.old")),
        ({"backup": Backup("cut.zip", NOW - H, 0)}, ("fault", "backup.empty")),
        ({"years": YEARS | {NOW.year: YearState.MISSING}}, ("warning", "calendar.missing")),
        ({"years": YEARS | {NOW.year: YearState.PROVISIONAL}}, ("warning", "calendar.provisional")),
        ({"secret": Secret(is_file=True, is_open=True)}, ("fault", "secret.open")),
        ({"secret": Secret(is_file=True, made_at=NOW - 800 * 24 * H)}, ("warning", "secret.old")),
        ({"build": replace(WELL.build, warnings=("security.W009",))}, ("warning", "settings.checks")),
        ({"build": replace(WELL.build, has_static=False)}, ("fault", "files.static")),
        ({"build": replace(WELL.build, has_messages=False)}, ("fault", "files.messages")),
    ],
)
def test_what_is_wrong_is_said_once_with_what_to_do(changes: dict[str, Any], due: tuple[str, str]) -> None:
    assert wrong(**changes) == [due]


@pytest.mark.parametrize(
    "changes",
    [
        {"database": POSTGRES},
        {"database": replace(SQLITE, version="3.40.1", journal="delete", journal_due="DELETE")},
        {"database": replace(SQLITE, clock_ahead=None)},
        {"broker": replace(WELL.broker, keeps_queue=None, policy="")},
        {"mail": replace(WELL.mail, answers=None)},
        {"signs": SIGNS[1:]},
        {"years": YEARS | {NOW.year + 1: YearState.PROVISIONAL}},
        {"secret": Secret(is_file=False)},
        {"build": replace(WELL.build, has_static=True, is_production=True)},
    ],
)
def test_what_is_allowed_or_unknown_is_no_fault(changes: dict[str, Any]) -> None:
    assert wrong(**changes) == []


def test_of_a_database_that_is_gone_nothing_is_said_but_that() -> None:
    gone = Database("postgresql", answers=False, why="refused")
    assert wrong(database=gone, signs=(), sweeps=(), waiting=(), years=None) == [("fault", "database.gone")]


def test_a_clock_that_has_just_begun_is_given_a_minute() -> None:
    young = Sign(Life(Part.BEAT, "one", 9, NOW - 30 * S), "1.0", NOW)
    assert wrong(signs=(SIGNS[0], SIGNS[1], young), sweeps=(Sweep("reminders", 15.0),)) == []


def test_the_worst_finding_is_the_exit_code() -> None:
    assert exit_code(findings(replace(WELL, backup=None))) == 1
    assert exit_code(findings(replace(WELL, backup=None, signs=()))) == 2
    assert worst(()) is Grade.OK
