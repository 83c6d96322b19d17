"""What a phase move carries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.campaign.rules import Phase

PHASES = [(phase.value, phase.value) for phase in Phase]


class AdvanceForm(forms.Form):
    """The phase the sender saw as the next one, and the reason for going there although something blocks."""

    to = forms.TypedChoiceField(label=_("Phase"), choices=PHASES, coerce=Phase)
    override_reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)


class StepBackForm(forms.Form):
    """The phase to go back to, and why."""

    to = forms.TypedChoiceField(label=_("Phase"), choices=PHASES, coerce=Phase)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
