"""Shapes of what is typed into the numbers page."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.metrics.rules.visitors import YEARS

_DAY_FIELD = re.compile(r"day-(\d{4}-\d{2}-\d{2})")
MAX_DAYS = 400


class ImportForm(forms.Form):
    """An order file. One above the limit never arrives: uploads stay in memory, because they hold addresses."""

    file = forms.FileField(
        label=_("Order file"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a CSV file of at most 50 MB.")},
    )


class TargetForm(forms.Form):
    """Four figures, any of which may stay empty; the rules say which belong together."""

    paid_amount = forms.DecimalField(label=_("Paid amount"), required=False, max_digits=16, decimal_places=2)
    visitors = forms.IntegerField(label=_("Visitors"), required=False)
    conversion = forms.DecimalField(label=_("Conversion, per cent"), required=False, max_digits=10, decimal_places=4)
    order_value = forms.DecimalField(label=_("Order value"), required=False, max_digits=16, decimal_places=2)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PasteForm(forms.Form):
    """Two columns of text."""

    pasted = forms.CharField(label=_("Days and visitors"), widget=forms.Textarea, max_length=50_000)


class DaysForm(forms.Form):
    """The visitors of each day on the page, and what the page had shown."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        days = [match[1] for name in data if (match := _DAY_FIELD.fullmatch(name))]
        for day in days[:MAX_DAYS]:
            self.fields[f"day-{day}"] = forms.IntegerField(label=day, required=False, min_value=0)
            self.fields[f"was-{day}"] = forms.IntegerField(label=day, required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        """Days as dates: `visitors` as typed, `seen` as shown before."""
        values = super().clean() or {}
        found: dict[str, dict[date, int | None]] = {"day": {}, "was": {}}
        for name, value in values.items():
            part, _dash, day = name.partition("-")
            try:
                on = date.fromisoformat(day)
            except ValueError:
                on = date.min
            if on.year not in YEARS:
                raise forms.ValidationError(_("There is no such day."))
            found[part][on] = value
        return {"visitors": found["day"], "seen": found["was"]}
