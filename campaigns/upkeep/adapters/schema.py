"""Tables as the migrations that a database has been through made them, whatever today's models say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from campaigns.upkeep.adapters.values import AnyField
from campaigns.upkeep.rules.restoring import Node, is_kept


@dataclass(frozen=True)
class Table:
    """A table of some moment in the history of the migrations."""

    model: type[Model]
    fields: list[AnyField]

    @property
    def label(self) -> str:
        """The model it is the table of: `campaigns.task`."""
        return self.model._meta.label_lower

    @property
    def columns(self) -> tuple[str, ...]:
        """In the order of its rows."""
        return tuple(str(field.column) for field in self.fields)


def known_migrations() -> frozenset[Node]:
    """The migrations that this program has."""
    return frozenset(MigrationLoader(None).graph.nodes)


def applied_migrations() -> frozenset[Node]:
    """The migrations that the database has been through; none where there are no tables."""
    return frozenset(MigrationRecorder(connection).applied_migrations())


def pending_migrations() -> bool:
    """Whether this program's tables are not all there yet."""
    return bool(known_migrations() - applied_migrations())


def models_at(nodes: Iterable[Node]) -> Apps:
    """The models as they were after these migrations."""
    return MigrationLoader(None).project_state(list(nodes)).apps


def tables_at(apps: Apps) -> list[Table]:
    """Every table that is kept, the ones between two models included, by name."""
    models = apps.get_models(include_auto_created=True)
    kept = [each for each in models if each._meta.managed and not each._meta.proxy and is_kept(each._meta.label_lower)]
    made = [Table(model, list(model._meta.concrete_fields)) for model in kept]
    return sorted(made, key=lambda table: table.label)


def is_inhabited(nodes: frozenset[Node]) -> bool:
    """Whether a team or a person is in the database."""
    apps = models_at(nodes)
    there = [name for name in ("Team", "User") if ("staff", name.lower()) in _names(apps)]
    return any(apps.get_model("staff", name)._base_manager.exists() for name in there)


def _names(apps: Apps) -> set[tuple[str, str]]:
    return {(model._meta.app_label, model._meta.model_name or "") for model in apps.get_models()}


def settle_constraints() -> None:
    """Looks at the foreign keys of all rows now, so that PostgreSQL lets tables be changed in the same transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make_tables(nodes: frozenset[Node]) -> None:
    """Makes the tables of an empty database as these migrations leave them, and notes them as done.

    At once and not step by step: what the steps do to rows, they have done to those of the backup.
    """
    with connection.schema_editor() as editor:
        for model in models_at(nodes).get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for node in sorted(nodes):
        recorder.record_applied(*node)


class _Settling(Migrate):
    """Django's `migrate`, within one transaction."""

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        super().migration_progress_callback(action, migration, fake)
        if action == "apply_success":
            settle_constraints()


def migrate_on() -> None:
    """Brings the database to this program's tables."""
    call_command(_Settling(), verbosity=0, interactive=False)


def drop_tables(nodes: frozenset[Node]) -> None:
    """Takes all of our tables away, and nobody else's."""
    there = set(connection.introspection.table_names())
    ours: list[type[Model]] = [*models_at(nodes).get_models(), MigrationRecorder.Migration]
    with connection.schema_editor() as editor:
        for model in ours:
            if model._meta.db_table in there:
                editor.delete_model(model)
