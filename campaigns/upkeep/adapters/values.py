"""Values of rows in a form that belongs to no engine: what JSON has, and text where it has nothing."""

import base64
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey

# Only the type checker can ask what a field holds.
if TYPE_CHECKING:
    AnyField = Field[Any, Any]
else:
    AnyField = Field
Change = Callable[[Any], Any]


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number")
    return value


def _bytes(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()


# By internal type: how a value is written, and how it is read. None is as it is.
_CHANGES: dict[str, tuple[Change | None, Change | None]] = {
    "DateTimeField": (_moment, datetime.fromisoformat),
    "DateField": (date.isoformat, date.fromisoformat),
    "TimeField": (time.isoformat, time.fromisoformat),
    "DecimalField": (str, Decimal),
    "UUIDField": (str, UUID),
    "BinaryField": (_bytes, base64.b64decode),
    "FloatField": (_number, None),
    "JSONField": (None, None),
}
_PLAIN = {"BooleanField", "CharField", "EmailField", "FileField", "GenericIPAddressField", "SlugField", "TextField"}
_PLAIN |= {"AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "PositiveBigIntegerField"}
_PLAIN |= {"PositiveIntegerField", "PositiveSmallIntegerField", "SmallAutoField", "SmallIntegerField", "URLField"}


def _changes(field: AnyField) -> tuple[Change | None, Change | None]:
    while isinstance(field, ForeignKey):
        field = field.target_field
    kind = field.get_internal_type()
    if kind in _PLAIN:
        return None, None
    if kind not in _CHANGES:
        raise TypeError(f"{field} is a {kind}: say in {__name__} how its values are kept")
    return _CHANGES[kind]


def writers(fields: list[AnyField]) -> list[tuple[int, Change]]:
    """What has to be done to a row before it is JSON: (place in the row, change)."""
    return [(place, write) for place, field in enumerate(fields) if (write := _changes(field)[0])]


def readers(fields: list[AnyField], connection: BaseDatabaseWrapper) -> list[tuple[int, Change]]:
    """What has to be done to a row out of JSON before this database takes it: (place in the row, change)."""
    return [(place, change) for place, field in enumerate(fields) if (change := _reader(field, connection))]


def _reader(field: AnyField, connection: BaseDatabaseWrapper) -> Change | None:
    read = _changes(field)[1]
    if field.get_internal_type() == "JSONField":
        return lambda value: connection.ops.adapt_json_value(value, getattr(field, "encoder", None))
    if read is None:
        return None
    return lambda value: field.get_db_prep_save(read(value), connection)


def is_null_json(field: AnyField) -> bool:
    """Whether None in this column is JSON's null, because the column takes no other."""
    return field.get_internal_type() == "JSONField" and not field.null
