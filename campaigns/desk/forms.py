"""What the forms and addresses of the screens carry."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.desk.rules.today import LANES, Part
from planner.web.forms import IdField
from staff.people.rules import Role

ROLES = [(role.value, role.value) for role in Role]


class RoleHolderForm(forms.Form):
    """A role of the campaign and the person who holds it from now on."""

    role = forms.TypedChoiceField(label=_("Role"), choices=ROLES, coerce=Role)
    user = forms.IntegerField(label=_("Person"), min_value=1)


class TodayForm(forms.Form):
    """Which part of the first page is asked for: a list from a place on, or news since a version."""

    section = forms.ChoiceField(choices=[(name, name) for name in (*Part, *LANES, "unassigned")], required=False)
    after = forms.RegexField(r"^[0-9]{1,19}\.[0-9]{1,18}$", required=False)
    version = forms.CharField(max_length=40, required=False)


class TeamPartForm(forms.Form):
    """The one team that a fragment is asked for."""

    team = IdField(required=False)


class SearchForm(forms.Form):
    """What is looked for, and the campaign in which the reader is."""

    q = forms.CharField(label=_("Search"), required=False)
    at = IdField(required=False)
