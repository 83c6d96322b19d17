"""Everything that can be known about this installation; what is gone is a fact and not an exception."""

import platform
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import celery
import django
from celery import current_app
from django.conf import settings
from django.core.checks import WARNING, Tags, run_checks
from django.db import Error
from redis.exceptions import RedisError

from campaigns.reminders.queries import waiting_deliveries
from campaigns.upkeep.queries.database import database_facts
from campaigns.upkeep.queries.ground import disk_facts, mail_facts, newest_backup
from campaigns.upkeep.rules.facts import Broker, Build, Database, Facts, Secret, Sweep, Waiting, YearState
from planner.web.broker import broker_facts
from staff.accounts.queries import waiting_mails
from staff.calendars.queries import known_years
from staff.runs.queries import signs, sweeps_done, waiting_runs


def gather(now: datetime, *, thorough: bool) -> Facts:
    """The facts as of `now`; `thorough` also asks the mail server, the migrations and Django's own checks."""
    rows: dict[str, Any] = {}
    database = database_facts(now, thorough=thorough)
    if database.answers and not database.pending:
        try:
            rows = _rows(now)
        except Error as error:
            database = Database(database.engine, answers=False, why=str(error).strip().split("\n")[0])
    return Facts(
        now=now,
        build=_build(thorough=thorough),
        database=database,
        broker=_broker(now),
        mail=mail_facts(ask=thorough),
        disk=disk_facts(),
        secret=_secret(),
        backup=newest_backup(),
        **rows,
    )


def _rows(now: datetime) -> dict[str, Any]:
    kinds = {"messages": waiting_deliveries, "runs": waiting_runs, "account_mails": waiting_mails}
    done = sweeps_done()
    sweeps = [
        Sweep(name, float(entry["schedule"]), done.get(name)) for name, entry in current_app.conf.beat_schedule.items()
    ]
    official = known_years(now.year, now.year + 1)
    years = {year: _year(official.get(year)) for year in (now.year, now.year + 1)}
    return {
        "signs": signs(now),
        "sweeps": tuple(sweeps),
        "waiting": tuple(Waiting(name, *count(now)) for name, count in kinds.items()),
        "years": years,
    }


def _year(official: bool | None) -> YearState:
    if official is None:
        return YearState.MISSING
    return YearState.OFFICIAL if official else YearState.PROVISIONAL


def _broker(now: datetime) -> Broker:
    embedded = not settings.REDIS_URL
    try:
        info = broker_facts()
    except (RedisError, OSError) as error:
        return Broker(embedded, answers=False, why=str(error).strip().split("\n")[0] or type(error).__name__)
    theirs = datetime.fromtimestamp(int(info.get("server_time_usec", 0)) / 1e6, UTC)
    return Broker(
        embedded,
        version=str(info.get("valkey_version") or info.get("redis_version", "")),
        keeps_queue=bool(info["aof_enabled"]) if "aof_enabled" in info else None,
        policy=str(info.get("maxmemory_policy", "")),
        waiting=int(info["waiting"]),
        clock_ahead=(theirs - now).total_seconds() if info.get("server_time_usec") else None,
    )


def _build(*, thorough: bool) -> Build:
    static = settings.STATIC_ROOT
    return Build(
        version=settings.VERSION,
        python=platform.python_version(),
        django=django.get_version(),
        celery=celery.__version__,
        is_production=settings.PRODUCTION,
        warnings=_warnings() if thorough and settings.PRODUCTION else (),
        zone=settings.TIME_ZONE,
        has_static=(Path(static) / "staticfiles.json").exists() if static else None,
        has_messages=all(map(_is_compiled, Path(settings.BASE_DIR).glob("locale/*/LC_MESSAGES/django.po"))),
    )


def _is_compiled(text: Path) -> bool:
    compiled = text.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= text.stat().st_mtime


def _warnings() -> tuple[str, ...]:
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return tuple(str(each.id) for each in found if each.level >= WARNING)


def _secret() -> Secret:
    path = Path(settings.DATA_DIR) / "secret_key"
    try:
        is_file = path.read_text().strip() == settings.SECRET_KEY
        about = path.stat()
    except OSError:
        return Secret(is_file=False)
    is_open = bool(about.st_mode & (stat.S_IRWXG | stat.S_IRWXO)) and sys.platform != "win32"
    return Secret(is_file, is_file and is_open, datetime.fromtimestamp(about.st_mtime, UTC) if is_file else None)
