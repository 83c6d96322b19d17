"""Shape of the form for a new token."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.tokens.rules import NAME_LENGTH

DAYS = [(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("One year"))]


class TokenForm(forms.Form):
    """A name, what it may do, how long it holds, and the password again."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    may_write = forms.BooleanField(label=_("May change things"), required=False)
    expires_at = forms.TypedChoiceField(label=_("Holds for"), choices=DAYS, coerce=int)
    password = forms.CharField(label=_("Your password"), strip=False, max_length=4096)

    def clean_expires_at(self) -> datetime:
        """The last moment, from the number of days."""
        return timezone.now() + timedelta(days=self.cleaned_data["expires_at"])
