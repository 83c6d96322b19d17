"""Tasks in a line each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.board.rules.quick import TEXT_LENGTH
from planner.web.forms import IdField


class QuickPageForm(forms.Form):
    """The campaign that is meant when a line names none, and lines to begin with."""

    campaign_id = IdField(required=False)
    lines = forms.CharField(label=_("Tasks, one a line"), required=False, max_length=TEXT_LENGTH, strip=False)


class QuickForm(QuickPageForm):
    """The lines, and of the reading that was shown: its moment and its tag."""

    as_of = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])
    seen = forms.CharField(required=False, max_length=40)

    def reading(self) -> dict[str, Any]:
        """What reading takes; call it on a clean form."""
        values = {name: self.cleaned_data[name] for name in ("campaign_id", "as_of")}
        return {**values, "text": self.cleaned_data["lines"]}
