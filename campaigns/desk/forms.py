"""What the forms and addresses of the screens carry."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.board.forms.task import moment_input, named, offer
from campaigns.board.rules import Priority
from campaigns.desk.rules.campaigns import State
from campaigns.desk.rules.requests import When
from campaigns.desk.rules.today import LANES, Part
from planner.web.forms import IdField
from staff.people.rules import Role

# A place in a list by due moment, as `cursor_of` writes it.
CURSOR = r"^[0-9]{1,19}\.[0-9]{1,18}$"
ROLES = [(role.value, role.value) for role in Role]


class RoleHolderForm(forms.Form):
    """A role of the campaign and the person who holds it from now on."""

    role = forms.TypedChoiceField(label=_("Role"), choices=ROLES, coerce=Role)
    user = forms.IntegerField(label=_("Person"), min_value=1)


class TodayForm(forms.Form):
    """Which part of the first page is asked for: a list from a place on, or news since a version."""

    section = forms.ChoiceField(choices=[(name, name) for name in (*Part, *LANES, "unassigned")], required=False)
    after = forms.RegexField(CURSOR, required=False)
    version = forms.CharField(max_length=40, required=False)


class CampaignsForm(forms.Form):
    """Which part of the list of campaigns; all that are in use when none is named."""

    state = forms.ChoiceField(choices=[(state.value, state.value) for state in State], required=False)


class TeamPartForm(forms.Form):
    """The one team that a fragment is asked for."""

    team = IdField(required=False)


class SearchForm(forms.Form):
    """What is looked for, and the campaign in which the reader is."""

    q = forms.CharField(label=_("Search"), required=False)
    at = IdField(required=False)


class RequestFilterForm(forms.Form):
    """The filters of the design requests; what cannot be meant is left out instead of refused."""

    designer = forms.RegexField(r"^(nobody|[0-9]{1,9})$", required=False)
    for_campaign = IdField(required=False)
    rush = forms.BooleanField(required=False)
    waiting = forms.BooleanField(required=False)
    mine = forms.BooleanField(required=False)
    show = forms.ChoiceField(choices=[(when.value, when.value) for when in When], required=False)
    after = forms.RegexField(CURSOR, required=False)

    def wanted(self) -> dict[str, Any]:
        """The filters that were understood; a place is one in a section."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return found if "show" in found else {name: value for name, value in found.items() if name != "after"}


class RequestForm(forms.Form):
    """What is asked of the designers."""

    for_campaign = forms.TypedChoiceField(label=_("Campaign"), coerce=int)
    title = forms.CharField(label=_("Title"), max_length=120)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=200, help_text=_("Where it is used: main image, detail page, poster, venue …")
    )
    sizes = forms.CharField(
        label=_("Pictures and sizes"),
        max_length=800,
        help_text=_("One picture a line, with its size: each becomes a line of the checklist."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wording = forms.CharField(
        label=_("Wording"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    references = forms.CharField(
        label=_("References"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_at = forms.DateTimeField(label=_("Needed by"), widget=moment_input())
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=Priority, empty_value=None)
    estimate_hours = forms.DecimalField(
        label=_("Estimated hours"), required=False, min_value=0, max_digits=6, decimal_places=1
    )
    owner_id = forms.TypedChoiceField(label=_("Designer"), coerce=int, empty_value=None, required=False)

    def __init__(
        self, *args: Any, campaigns: Iterable[tuple[int, str]], owners: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        offer(self, "for_campaign", campaigns)
        offer(self, "priority", [("", _("Choose one")), *named(Priority)])
        offer(self, "owner_id", [("", _("Nobody yet")), *owners])
        if not list(owners):
            del self.fields["owner_id"]

    def clean_estimate_hours(self) -> Any:
        """Blank is no estimate: zero hours."""
        return self.cleaned_data["estimate_hours"] or 0


class HintForm(forms.Form):
    """The campaign and the need date that somebody is typing; what is not whole yet says nothing."""

    for_campaign = IdField(required=False)
    due_at = forms.DateTimeField(required=False)

    def wanted(self) -> dict[str, Any]:
        """What was understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
