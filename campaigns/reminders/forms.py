"""What the ledger and the list of notices can be asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.reminders.queries.screens import TWICE
from campaigns.reminders.rules.sending import State
from planner.web.forms import IdField

STATES = [*((state.value, state.value) for state in State), (TWICE, TWICE)]


class LedgerForm(forms.Form):
    """Which lines of the ledger to show."""

    state = forms.ChoiceField(label=_("State"), choices=[("", ""), *STATES], required=False)
    task = IdField(label=_("Task"), required=False)
    person = IdField(label=_("Person"), required=False)
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=10_000, required=False)


class NoticesForm(forms.Form):
    """Where the list of notices goes on."""

    before = forms.IntegerField(label=_("Before"), min_value=1, required=False)
