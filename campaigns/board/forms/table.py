"""The table's filters, and a change of many tasks."""

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.board.forms.task import PHASES, FilterForm, moment_input, named, offer
from campaigns.board.queries import TaskFilters
from campaigns.board.queries.table import DEFAULT_ORDER, ORDERS
from campaigns.board.rules import BULK_STATES, MOST_TASKS, BulkChanges, Status
from campaigns.campaign.rules import Phase
from planner.core.errors import Refused
from planner.core.words import say
from planner.web.forms import IdField
from staff.people.rules import Role

# A chosen task and the version of it that the page showed: "12:3".
_CHOSEN = re.compile(r"^([1-9][0-9]{0,17}):([1-9][0-9]{0,8})$")


class TableForm(FilterForm):
    """The table's filters and order, where its page begins, and what else it shows."""

    status = forms.ChoiceField(
        choices=[("open", "open"), *((status.value, status.value) for status in Status)], required=False
    )
    order = forms.RegexField(rf"^-?({'|'.join(ORDERS)})$", required=False)
    cursor = forms.CharField(max_length=500, required=False)
    # The bulk edit that the reader has just made.
    edit = IdField(required=False)
    # Everything on the page is chosen: the way without script.
    all = forms.BooleanField(required=False)

    def filters(self) -> TaskFilters:
        """The filters that were understood."""
        known = {field.name for field in fields(TaskFilters)}
        asked: dict[str, Any] = {name: value for name, value in self.wanted().items() if name in known}
        return TaskFilters(**asked)

    def sorted_by(self) -> str:
        """The order that was understood."""
        return self.wanted().get("order", DEFAULT_ORDER)


class ChosenForm(forms.Form):
    """The tasks that were ticked; whether they are here is the query's question."""

    def seen(self) -> dict[int, int]:
        """The ids with the versions that the page showed."""
        data: Any = self.data
        found = [_CHOSEN.match(value) for value in data.getlist("task")[: MOST_TASKS + 1]]
        if not all(found):
            fault = say("Choose tasks of the table.")
            raise Refused("invalid", fault, fields={"tasks": fault})
        return {int(each[1]): int(each[2]) for each in found if each}


def _yes_or_no(label: Any) -> forms.ChoiceField:
    choices = [("", _("Leave as it is")), ("yes", _("Yes")), ("no", _("No"))]
    return forms.ChoiceField(label=label, choices=choices, required=False)


class BulkForm(ChosenForm):
    """What changes for all the ticked tasks; blank leaves a field as it is."""

    owner = forms.RegexField(r"^(nobody|[1-9][0-9]{0,17})$", label=_("Owner"), required=False, widget=forms.Select)
    due_shift_days = forms.IntegerField(
        label=_("Move the due date by days"),
        required=False,
        widget=forms.NumberInput(attrs={"placeholder": "+3, -1"}),
        help_text=_("Later when positive, earlier when negative."),
    )
    due_at = forms.DateTimeField(label=_("Or due at"), required=False, widget=moment_input())
    important = _yes_or_no(_("Important"))
    urgent = _yes_or_no(_("Urgent"))
    must_have = _yes_or_no(_("Must be done before the phase ends"))
    role = forms.TypedChoiceField(label=_("Role"), coerce=Role, empty_value=None, required=False)
    phase = forms.TypedChoiceField(label=_("Phase"), coerce=Phase, empty_value=None, required=False)
    status = forms.TypedChoiceField(label=_("Status"), coerce=Status, empty_value=None, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, required=False, help_text=_("Needed to call tasks off.")
    )

    def __init__(self, data: Any = None, *, owners: Iterable[tuple[int, str]], may_plan: bool) -> None:
        super().__init__(data, auto_id="bulk-%s")
        self.label_suffix = ""
        leave = ("", _("Leave as it is"))
        nobody = [("nobody", _("Nobody"))] if may_plan else []
        select: Any = self.fields["owner"].widget
        select.choices = [leave, *nobody, *((str(pk), name) for pk, name in owners)]
        offer(self, "role", [leave, *named(Role)])
        offer(self, "phase", [leave, *named(PHASES)])
        offer(self, "status", [leave, *named(each for each in BULK_STATES if may_plan or each != Status.CANCELLED)])
        if not may_plan:
            for name in ("due_shift_days", "due_at", "must_have", "role", "phase", "reason"):
                del self.fields[name]

    def changes(self) -> BulkChanges:
        """What was asked; call it on a clean form."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        for name in ("important", "urgent", "must_have"):
            if name in given:
                given[name] = given[name] == "yes"
        if "owner" in given:
            owner = given.pop("owner")
            given["owner_id"] = None if owner == "nobody" else int(owner)
        return BulkChanges(**given)  # type: ignore[typeddict-item]  # the fields above are its own

    def sent(self) -> list[tuple[str, str]]:
        """The filled fields as they were typed, to be sent once more."""
        return [(name, str(self.data[name])) for name in self.fields if self.data.get(name)]
