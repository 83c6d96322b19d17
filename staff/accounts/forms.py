"""Shape of what people type to get in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from planner.web.theme import THEMES
from staff.people.rules import Level, Role

LEVELS = [(level.value, level.value) for level in Level]
# More than any log-in name has: a longer one is nobody's.
LONGEST_NAME = 254
ROLES = [(role.value, role.value) for role in Role]


class LoginForm(AuthenticationForm):
    """Log-in name and password; one answer for an unknown name and for a wrong password."""

    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": _("The log-in name or the password is not right."),
        "inactive": _("The log-in name or the password is not right."),
    }

    def clean(self) -> Any:
        """Asks for the account, by a name that one could have: databases choke on comparing 50,000 characters."""
        if len(self.cleaned_data.get("username") or "") > LONGEST_NAME:
            raise self.get_invalid_login_error()
        return super().clean()


class CodeForm(forms.Form):
    """A code of the phone, or a recovery code."""

    code = forms.CharField(label=_("Code of the second step"), max_length=40)


class LanguageForm(forms.Form):
    """One of the languages that pages are written in."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    next = forms.CharField(required=False)


class ThemeForm(forms.Form):
    """How bright the pages are in this browser."""

    theme = forms.ChoiceField(choices=[(theme, theme) for theme in ("auto", *THEMES)])
    next = forms.CharField(required=False)


class _Twice(forms.Form):
    def clean_again(self) -> str:
        """Both must be the same."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("The two new passwords differ."))
        return again


class NewPasswordForm(_Twice):
    """A new password, twice."""

    new = forms.CharField(label=_("New password"), strip=False, max_length=512)
    again = forms.CharField(label=_("New password again"), strip=False, max_length=512)


class PasswordForm(_Twice):
    """The old password, and the new one twice."""

    old = forms.CharField(label=_("Old password"), strip=False, max_length=512)
    new = forms.CharField(label=_("New password"), strip=False, max_length=512)
    again = forms.CharField(label=_("New password again"), strip=False, max_length=512)


class ForgotForm(forms.Form):
    """A log-in name or an e-mail address."""

    asked = forms.CharField(label=_("Log-in name or e-mail"), max_length=254)


class PersonForm(forms.Form):
    """Who somebody is going to be here."""

    login = forms.CharField(label=_("Log-in name"), max_length=60)
    name = forms.CharField(label=_("Your name"), max_length=60)
    password = forms.CharField(label=_("Password"), strip=False, max_length=512)


class SetupForm(PersonForm):
    """The first team and its manager."""

    token = forms.CharField(label=_("Token from the console"), max_length=200)
    team = forms.CharField(label=_("Team"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)


class InvitationForm(forms.Form):
    """For whom a place is held, and which."""

    address = forms.CharField(label=_("E-mail or phone"), max_length=254)
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=Level)
    roles = forms.TypedMultipleChoiceField(label=_("Roles"), choices=ROLES, coerce=Role, required=False)
    capacity_hours = forms.DecimalField(
        label=_("Hours a day"), min_value=Decimal("0.5"), max_value=Decimal(24), max_digits=4, decimal_places=1
    )


class NameForm(forms.Form):
    """The name that colleagues see."""

    name = forms.CharField(label=_("Name"), max_length=60)


class ConfirmForm(forms.Form):
    """The password, asked for again."""

    password = forms.CharField(label=_("Password"), strip=False, max_length=512)


class AddressForm(ConfirmForm):
    """One's own e-mail address and phone number."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)


class RemoveFactorForm(ConfirmForm, CodeForm):
    """The password and a code, asked for again."""
