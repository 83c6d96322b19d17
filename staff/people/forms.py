"""Shape of what people type about the people of their team."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planner.web.forms import IdField
from staff.people.rules import Level, Role

LEVELS = [(level.value, level.value) for level in Level]
ROLES = [(role.value, role.value) for role in Role]


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


class LogFilterForm(forms.Form):
    """Which part of a log; everything may be left out."""

    person = IdField(label=_("Person"), required=False)
    verb = forms.CharField(label=_("What was done"), required=False, max_length=40)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)


class LogPageForm(LogFilterForm):
    """One page of it; `before` is the line that it goes on from."""

    before = IdField(required=False)


class GuideForm(forms.Form):
    """Whether the guide of the first steps is shown."""

    is_open = forms.BooleanField(required=False)
