"""A backup holds every row and upload and brings each of them back as it was, on either engine."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from campaigns.board.models import Task
from campaigns.demo.rules import PASSWORD
from campaigns.upkeep.actions.backup import Kept, take_backup
from campaigns.upkeep.actions.restore import restore_backup
from campaigns.upkeep.adapters.places import Installation, sqlite_at, standing_in
from campaigns.upkeep.adapters.schema import known_migrations, make_tables, migrate_on, models_at
from campaigns.upkeep.rules.manifest import LEFT_OUT
from planner.core.errors import Refused
from staff.accounts.adapters.secrets import factor_key
from staff.accounts.models import SecondFactor
from staff.people.models import Team, User
from staff.runs.queries import last_restore
from tests.campaigns.upkeep.keep.stage import CONTENT, TAKEN, UPLOAD, digests, installation, on_postgres
from tests.staff.accounts.conftest import JSON, enter

LATER = TAKEN + timedelta(days=7)
# Written while restoring.
MOVED = {"campaigns.delivery", "staff.link", "staff.resetrequest", "staff.restore"}


def same(one: Installation, other: Installation) -> bool:
    """Every table has the same rows but for what the restore itself wrote."""
    left, right = digests(one), digests(other)
    assert left.keys() == right.keys()
    assert [label for label in left if left[label] != right[label] and label not in MOVED] == []
    return True


def bring_back(kept: Kept, target: Installation, **asked: Any) -> Any:
    """Restores it a week later."""
    return restore_backup(target=target, path=kept.path, version="1.0", now=LATER, **asked)


def test_every_table_is_kept_or_left_out_for_a_reason(lived: Installation, kept: Kept) -> None:
    entries = {entry.model: entry for entry in kept.manifest.tables}
    with standing_in(lived.database):
        labels = {
            model._meta.label_lower for model in models_at(known_migrations()).get_models(include_auto_created=True)
        }
    assert entries.keys() | LEFT_OUT.keys() == labels
    assert not entries.keys() & LEFT_OUT.keys()
    # Without rows in it, a table would prove nothing below.
    assert [label for label, entry in entries.items() if not entry.rows] == []
    assert kept.manifest.rows > 4000
    assert [upload.name for upload in kept.manifest.uploads] == [UPLOAD]


def test_a_restored_installation_is_the_same(lived: Installation, kept: Kept, fresh: Installation) -> None:
    done = bring_back(kept, fresh)
    assert same(lived, fresh)
    assert (fresh.uploads / UPLOAD).read_bytes() == CONTENT
    assert (done.replaced, done.new_secret) == (None, False)
    with standing_in(fresh.database):
        found = last_restore()
    assert found
    assert (found.taken_at, found.restored_at) == (TAKEN, LATER)
    # What is the same twice is backed up the same: nothing hangs on the moment or the place.
    again = take_backup(source=fresh, path=fresh.data_dir / "again.zip", version="1.0", now=LATER)
    known = {entry.model: entry.piece for entry in kept.manifest.tables if entry.model not in MOVED}
    assert known == {entry.model: entry.piece for entry in again.manifest.tables if entry.model not in MOVED}


@pytest.mark.postgres
def test_from_sqlite_to_postgresql_and_back(
    lived: Installation, kept: Kept, tmp_path: Path, postgres_url: str, django_db_blocker: Any
) -> None:
    there = installation(tmp_path / "there", on_postgres(postgres_url))
    back = installation(tmp_path / "back")
    with django_db_blocker.unblock():
        bring_back(kept, there)
        assert same(lived, there)
        # A number that a row had is not given again.
        with standing_in(there.database):
            newest = Task.everything.order_by("-pk").values_list("pk", flat=True)[0]
            assert Task.everything.create(campaign_id=1, title="x", role="ops", created_at=LATER).pk > newest
            Task.everything.filter(pk__gt=newest).delete()
        again = take_backup(source=there, path=tmp_path / "pg.zip", version="1.0", now=LATER)
        assert again.manifest.engine == "postgresql"
        bring_back(again, back)
        assert same(there, back)
        assert (back.uploads / UPLOAD).read_bytes() == CONTENT


@pytest.mark.postgres
def test_restoring_over_people_on_postgresql_is_one_transaction(
    lived: Installation, kept: Kept, tmp_path: Path, postgres_url: str, django_db_blocker: Any
) -> None:
    there = installation(tmp_path / "there", on_postgres(postgres_url))
    with django_db_blocker.unblock():
        bring_back(kept, there)
        with standing_in(there.database):
            Team.objects.update(name="later")
        with pytest.raises(Refused, match="not_empty"):
            bring_back(kept, there)
        done = bring_back(kept, there, replace=True)
        assert same(lived, there)
        assert done.replaced.exists()
        with standing_in(there.database), pytest.raises(IntegrityError):
            # The constraints are the migrations' own.
            Team.objects.create(name=Team.objects.get().name, created_at=LATER)


def test_tables_are_those_that_the_migrations_make(tmp_path: Path, django_db_blocker: Any) -> None:
    places = [sqlite_at(tmp_path / name, scratch=True) for name in ("migrated", "made")]
    with django_db_blocker.unblock():
        assert_same_tables(*places)


@pytest.mark.postgres
def test_tables_are_those_that_the_migrations_make_on_postgresql(postgres_url: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert_same_tables(on_postgres(postgres_url), on_postgres(postgres_url))


def assert_same_tables(migrated: dict[str, Any], made: dict[str, Any]) -> None:
    """Columns, keys, checks and indexes, by name."""
    with standing_in(migrated):
        migrate_on()
        wanted = _tables()
    with standing_in(made):
        make_tables(known_migrations())
        found = _tables()
    assert found == wanted


def _tables() -> dict[str, Any]:
    from django.db import connection

    tables = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            described = connection.introspection.get_table_description(cursor, name)
            columns = {each.name: (each.type_code, each.null_ok, each.default, each.collation) for each in described}
            # SQLite's own names of constraints are numbers.
            rules = connection.introspection.get_constraints(cursor, name).items()
            tables[name] = (columns, {f"{'' if key.startswith('__') else key} {rule}" for key, rule in rules})
    return tables


def test_it_can_be_signed_in_with_password_and_second_step(
    kept: Kept, fresh: Installation, django_db_blocker: Any
) -> None:
    bring_back(kept, fresh)
    with django_db_blocker.unblock(), standing_in(fresh.database):
        user = User.objects.get(login="xiaomei")
        row = SecondFactor.objects.get(user=user)
        client = Client()
        assert enter(client, "xiaomei", PASSWORD).url == reverse("staff:login_code")
        code = f"{totp(factor_key(row.nonce)):06}"
        assert client.post(reverse("staff:login_code"), {"code": code}, headers=JSON).status_code == 302
        assert get_user(client) == user
