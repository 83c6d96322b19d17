"""`manage.py doctor`: what it gathers, how it answers, and that nothing which is gone keeps it from answering."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from campaigns.upkeep.queries.facts import gather
from campaigns.upkeep.queries.ground import disk_facts, mail_facts, newest_backup
from campaigns.upkeep.rules.facts import YearState
from planner.web import broker as broker_module
from staff.calendars.models import CalendarDay
from staff.runs.actions import beat_heart, note_sweep
from staff.runs.rules import Life, Part
from tests.harness import ROOT, clean_env


@pytest.fixture(autouse=True)
def no_broker(settings: Any) -> Iterator[None]:
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/queue.sock"
    broker_module._client.cache_clear()
    yield
    broker_module._client.cache_clear()


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", *words)
    return int(ended.value.code or 0), capsys.readouterr().out


def test_it_says_what_is_wrong_and_what_to_do(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = asked(capsys)
    assert code == 2
    assert "FAULT   broker" in said
    assert "→ Start one: celery -A planner worker" in said


def test_json_holds_the_same(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = asked(capsys, "--json")
    body = json.loads(said)
    by_code = {one["code"]: one for one in body["findings"]}
    assert (code, body["grade"], by_code["worker.absent"]["grade"]) == (2, "fault", "fault")
    assert by_code["worker.absent"]["todo"]


def test_it_speaks_chinese(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有" in asked(capsys, "--language", "zh-hans")[1]


def test_a_database_that_is_gone_is_a_finding(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("gone\nand more")

    with connection.execute_wrapper(gone):
        code, said = asked(capsys, "--json")
    codes = {one["code"] for one in json.loads(said)["findings"]}
    assert code == 2
    assert "database.gone" in codes
    assert not [one for one in codes if one.startswith(("worker", "sweeps", "calendar"))]


def test_settings_that_cannot_be_read_are_the_worst() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=clean_env(DATABASE_URL="mysql://x"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "DATABASE_URL must look like" in ended.stderr


def test_what_it_gathers_from_the_rows(db: None) -> None:
    now = timezone.now()
    beat_heart(life=Life(Part.WORKER, "one", 7, now), now=now)
    note_sweep(name="reminders", now=now)
    CalendarDay.objects.create(on=now.date(), kind="holiday", official=False)
    facts = gather(now, thorough=False)
    assert [sign.life.pid for sign in facts.signs] == [7]
    assert {sweep.name: sweep.done_at for sweep in facts.sweeps}["reminders"] == now
    assert [(each.name, each.count) for each in facts.waiting] == [("messages", 0), ("runs", 0), ("account_mails", 0)]
    assert facts.years == {now.year: YearState.PROVISIONAL, now.year + 1: YearState.MISSING}
    assert facts.database.version


@pytest.mark.processes
def test_a_broker_tells_of_itself(db: None, broker: str, settings: Any) -> None:
    settings.CELERY_BROKER_URL = broker
    broker_module._client.cache_clear()
    facts = gather(timezone.now(), thorough=False).broker
    assert (facts.answers, facts.keeps_queue, facts.policy, facts.waiting) == (True, False, "noeviction", 0)
    assert facts.version
    assert abs(facts.clock_ahead or 9) < 5


def test_backups_and_folders(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    assert newest_backup() is None
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, hours in (("a.zip", 5), ("b.zip", 2), ("before-restore-c.zip", 0), (".copy.zip", 0), ("d.txt", 0)):
        (folder / name).write_bytes(b"x" * 7)
        at = (timezone.now() - timedelta(hours=hours)).timestamp()
        os.utime(folder / name, (at, at))
    newest = newest_backup()
    assert newest is not None
    assert (newest.name, newest.bytes) == ("b.zip", 7)
    tmp_path.chmod(0o755)
    assert disk_facts().is_open
    tmp_path.chmod(0o700)
    found = disk_facts()
    assert (found.is_open, found.is_writable, found.uploads_writable) == (False, True, True)
    settings.DATA_DIR = tmp_path / "nowhere"
    assert not disk_facts().is_writable


def test_a_mail_server_is_asked_and_nothing_sent(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", False, False
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]

        def serve() -> None:
            client, _ = server.accept()
            with client, client.makefile("rwb") as talk:
                talk.write(b"220 here\r\n")
                talk.flush()
                for line in talk:
                    heard.append(line.strip())
                    talk.write(b"221 bye\r\n")
                    talk.flush()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        found = mail_facts(ask=True)
        thread.join(5)
    assert (found.answers, found.is_encrypted) == (True, False)
    assert heard == [b"quit"]
    refused = mail_facts(ask=True)
    assert refused.answers is False
    assert "refused" in refused.why.lower()
    assert mail_facts(ask=False).answers is None


def test_without_a_mail_server_the_folder_is_named(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    assert mail_facts(ask=True).folder == str(settings.EMAIL_FILE_PATH)
