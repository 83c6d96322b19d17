"""Shape of what people type about themselves and their team."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from staff.people.rules import Level, Role

LEVELS = [(level.value, level.value) for level in Level]
ROLES = [(role.value, role.value) for role in Role]


class LoginForm(AuthenticationForm):
    """Log-in name and password; one answer for an unknown name and for a wrong password."""

    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": _("The log-in name or the password is not right."),
        "inactive": _("The log-in name or the password is not right."),
    }


class LanguageForm(forms.Form):
    """One of the languages that pages are written in."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    next = forms.CharField(required=False)


class PasswordForm(forms.Form):
    """The old password, and the new one twice."""

    old = forms.CharField(label=_("Old password"), strip=False)
    new = forms.CharField(label=_("New password"), strip=False)
    again = forms.CharField(label=_("New password again"), strip=False)

    def clean_again(self) -> str:
        """Both new ones must be the same."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("The two new passwords differ."))
        return again


class PlaceForm(forms.Form):
    """A member's level, functional roles and hours a day."""

    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=Level)
    roles = forms.TypedMultipleChoiceField(label=_("Roles"), choices=ROLES, coerce=Role, required=False)
    capacity_hours = forms.DecimalField(
        label=_("Hours a day"), min_value=Decimal("0.5"), max_value=Decimal(24), max_digits=4, decimal_places=1
    )


class SeenPlaceForm(PlaceForm):
    """A change of a place, with the version that the screen showed."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class PersonForm(PlaceForm):
    """A new member of the team."""

    login = forms.CharField(label=_("Log-in name"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(label=_("First password"), strip=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
