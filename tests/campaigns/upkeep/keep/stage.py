"""An installation in which every table has rows, and looks at what stands in one."""

import decimal
import uuid
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db.models import Field, Model

from campaigns.demo.actions import build_demo
from campaigns.management.commands.load_sop import Command as LoadSop
from campaigns.upkeep.adapters.places import Installation, sqlite_at, standing_in
from campaigns.upkeep.adapters.rows import lines_of
from campaigns.upkeep.adapters.schema import (
    applied_migrations,
    known_migrations,
    make_tables,
    migrate_on,
    models_at,
    tables_at,
)
from campaigns.upkeep.rules.restoring import Secret
from planner.core.swap import DATABASE
from planner.env import postgres
from staff.accounts.models import SecondFactor
from staff.people.models import Team, User
from staff.people.rules import SYSTEM

TAKEN = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SECRET = settings.SECRET_KEY
# Words that must not be found outside of the rows.
CANARY = "canary-7f3d"
UPLOAD = "evidence/2026/11/0123456789abcdef0123456789abcdef"
CONTENT = b"\x89PNG " + CANARY.encode() + bytes(range(256)) * 40
# What a check wants and a made-up value would not have.
_WANTED = {"link.purpose": "reset", "evidence.file": UPLOAD, "evidence.url": "", "invitation.level": "member"}
_WANTED["apitoken.expires_at"] = datetime(2027, 1, 1, tzinfo=UTC)
_VALUES: dict[str, Any] = {
    "BigIntegerField": 2**40,
    "BinaryField": b"\x00\xff" + CANARY.encode(),
    "BooleanField": True,
    "CharField": CANARY,
    "DateField": date(2026, 2, 28),
    "DateTimeField": datetime(2026, 2, 28, 23, 59, 59, 123456, UTC),
    "DecimalField": decimal.Decimal("1.5"),
    "EmailField": f"{CANARY}@example.test",
    "FileField": UPLOAD,
    "FloatField": 0.1,
    "JSONField": {"z": [1, None, {"b": "大促", "a": 1.5}], "a": CANARY},
    "PositiveIntegerField": 7,
    "PositiveSmallIntegerField": 7,
    "SlugField": CANARY,
    "TextField": f"{CANARY}\n'\"\\\t大促 🎉",
    "TimeField": time(8, 30),
    "URLField": "https://example.test/",
}


def installation(folder: Path, database: dict[str, Any] | None = None, secret: str = SECRET) -> Installation:
    """An installation in a folder, empty or not."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret_key").write_text(secret)
    return Installation(
        database or sqlite_at(folder / DATABASE, scratch=True), folder, folder / "uploads", Secret(secret, is_file=True)
    )


def on_postgres(url: str) -> dict[str, Any]:
    """The connection to a new database of that server."""
    name = f"t{uuid.uuid4().hex}"
    made = postgres(url)
    with psycopg.connect(host=made["HOST"], user=made["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return connections.configure_settings({"default": made | {"NAME": name}})["default"]


def live_in(place: Installation) -> None:
    """The demonstration and, in every table that it leaves empty, a row."""
    with standing_in(place.database):
        migrate_on()
        LoadSop().run(file=None, team=None)
        build_demo(actor=SYSTEM, now=TAKEN)
        SecondFactor.objects.create(
            user=User.objects.get(login="xiaomei"), nonce="n", created_at=TAKEN, confirmed_at=TAKEN
        )
        for table in tables_at(models_at(applied_migrations())):
            if not table.model._base_manager.exists():
                _made_up(table.model)
    (place.uploads / UPLOAD).parent.mkdir(parents=True)
    (place.uploads / UPLOAD).write_bytes(CONTENT)


def _made_up(model: type[Model]) -> Model:
    values = {field.attname: _value(field) for field in model._meta.concrete_fields if not field.primary_key}
    return model._base_manager.create(**values)


def _value(field: "Field[Any, Any]") -> Any:
    asked = f"{field.model._meta.model_name}.{field.name}"
    if asked in _WANTED:
        return _WANTED[asked]
    if field.remote_field:
        rows = field.remote_field.model._base_manager
        return (rows.order_by("pk").last() or _made_up(field.remote_field.model)).pk
    if field.has_default():
        return field.get_default()
    value = _VALUES[field.get_internal_type()]
    return value[: field.max_length] if isinstance(value, str) else value


def digests(place: Installation) -> dict[str, list[bytes]]:
    """Every row of every table, as lines of JSON."""
    with standing_in(place.database):
        tables = tables_at(models_at(applied_migrations()))
        return {table.label: [line for line, _ in lines_of(table)] for table in tables}


def live_in_brief(place: Installation) -> None:
    """One team and nobody in it."""
    with standing_in(place.database):
        make_tables(known_migrations())
        Team.objects.create(name="brief", created_at=TAKEN)
