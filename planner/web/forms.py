"""Plain forms as refusals: what and where, in one place."""

from typing import Any

from django.forms import Form, IntegerField

from planner.core.errors import Refused
from planner.core.words import Said, say
from planner.web.limits import BIGGEST_ID


class IdField(IntegerField):
    """The id of a row: a number that the database can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=BIGGEST_ID, **options)


def cleaned(form: Form) -> dict[str, object]:
    """The form's clean values, or `Refused("invalid")` naming each field and its fault."""
    if form.is_valid():
        return form.cleaned_data
    fields, reasons = {}, []
    for name, errors in form.errors.items():
        label = form.fields[name].label or name if name in form.fields else ""
        fault = " ".join(str(error) for error in errors)
        fields[name] = Said(fault)
        reasons.append(say("%(label)s: %(fault)s", label=label, fault=fault) if label else Said(fault))
    raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(reasons), fields=fields)
