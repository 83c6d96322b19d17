"""Shapes of what comes in and what goes out; two classes for two directions, never one for both."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from planner.core.words import Said
from planner.web.limits import BIGGEST_ID
from planner.web.words import translate


class In(serializers.Serializer[Any]):
    """What a caller may send: a field that is not declared is refused instead of being ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """The clean values, or a refusal that names every field at fault, unknown ones included."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            fault = gettext("There is no such field.")
            raise serializers.ValidationError({str(name)[:80]: [fault] for name in unknown[:20]})
        if isinstance(data, Mapping) and (too_long := self._too_long(data)):
            raise serializers.ValidationError(too_long)
        return super().to_internal_value(data)

    def _too_long(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        """The lists with more than is taken; DRF looks at each entry first, for half a minute at 2 MB of them."""
        return {
            name: [field.error_messages["max_length"].format(max_length=field.max_length)]
            for name, field in self.fields.items()
            if isinstance(field, serializers.ListField)
            and field.max_length is not None
            and isinstance(given := data.get(name), list)
            and len(given) > field.max_length
        }


class Out(serializers.Serializer[Any]):
    """What an answer holds, read from a query's screen value."""


class Id(serializers.IntegerField):
    """The id of a row: a number that the database can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": BIGGEST_ID, **options})


class Moment(serializers.DateTimeField):
    """A moment in ISO 8601 with its offset; answers are in UTC. Without an offset it is refused, not guessed."""

    default_error_messages = {"naive": _("Give the moment with its offset, as in 2027-10-20T20:00:00+08:00.")}  # noqa: RUF012 - DRF's own attribute

    def __init__(self, **options: Any) -> None:
        # Not the active zone: that one is for sentences.
        super().__init__(**{"default_timezone": UTC, **options})

    def enforce_timezone(self, value: datetime) -> datetime:
        """The aware moment in UTC."""
        if value.tzinfo is None or value.utcoffset() is None:
            self.fail("naive")
        return super().enforce_timezone(value)


class Choice(serializers.ChoiceField):
    """A member of an enumeration, by its value."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        self.enum = enum
        super().__init__(choices=[(member.value, member.value) for member in enum], **options)

    def to_internal_value(self, data: Any) -> StrEnum:
        """The member itself; a number is none, even where it is spelled like one."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return self.enum(super().to_internal_value(data))


class Day(serializers.DateField):
    """A calendar date in the team's time zone, as 2027-10-20."""


@extend_schema_field(OpenApiTypes.BINARY)
class File(serializers.FileField):
    """A file of a multipart form; an empty one is the action's to judge. Only for bodies."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_empty_file": True, **options})


class Hours(serializers.DecimalField):
    """Person-hours with one decimal place, as a string."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 6, "decimal_places": 1, **options})


class Money(serializers.DecimalField):
    """An amount in CNY (yuan) with two decimal places, as a string."""

    def __init__(self, **options: Any) -> None:
        # Without a bound on digits: a sum must never fail to be shown.
        super().__init__(**{"max_digits": None, "decimal_places": 2, "rounding": ROUND_HALF_UP, **options})


class Percent(serializers.DecimalField):
    """A rate in per cent with four decimal places, as a string, from a share; only for answers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=None, decimal_places=4, rounding=ROUND_HALF_UP, **options)

    def to_representation(self, value: Decimal) -> str:
        """A share of 0.0325 as 3.2500."""
        return str(super().to_representation(value * 100))


class Text(serializers.CharField):
    """Text of bounded length; NUL, half characters and what is no text are refused."""

    def __init__(self, **options: Any) -> None:
        least = {} if options.get("allow_blank") else {"min_length": 1}
        super().__init__(**{"max_length": 4000, **least, **options})

    def to_internal_value(self, data: Any) -> str:
        """The text without blanks around it; a number is not taken for one."""
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text


class Sentence(serializers.CharField):
    """A sentence in the caller's language, from one that the rules said; only for answers."""

    def to_representation(self, value: Said | str) -> str:
        """The translated sentence; plain text as it is."""
        return translate(value) if isinstance(value, Said) else value
