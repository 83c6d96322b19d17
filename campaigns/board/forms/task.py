"""What people type about tasks."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.board.queries import FieldClash
from campaigns.board.rules import Status
from campaigns.campaign.rules import Phase
from planner.web.forms import IdField
from planner.web.templatetags.words import label
from staff.people.rules import Role

PHASES = [phase for phase in Phase if phase is not Phase.CLOSED]
PERSON = r"^(mine|nobody|[0-9]{1,9})$"
MAX_DIGITS = len(str(2**63))


def moment_input() -> forms.DateTimeInput:
    """The browser's own way to choose a moment, to the minute."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Choices of stored codes by their names."""
    return [(str(code), label(code)) for code in codes]


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Fills the choices of a form's field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # nosec B101 # for the type checker
    field.choices = list(choices)


class FilterForm(forms.Form):
    """The board's filters; what cannot be meant is left out instead of refused."""

    role = forms.ChoiceField(choices=[(role.value, role.value) for role in Role], required=False)
    person = forms.RegexField(PERSON, required=False)
    phase = forms.ChoiceField(choices=[(phase.value, phase.value) for phase in PHASES], required=False)
    mark = forms.ChoiceField(choices=[("must", "must"), ("gate", "gate")], required=False)
    late = forms.BooleanField(required=False)
    text = forms.CharField(max_length=80, required=False)

    def wanted(self) -> dict[str, Any]:
        """The filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class VersionForm(forms.Form):
    """The version of the task that the sender saw."""

    version = forms.IntegerField(required=False, min_value=1)


class MoveForm(VersionForm):
    """A column, a neighbour, a lane, or several of these; with what the column asks for."""

    status = forms.TypedChoiceField(
        label=_("Status"),
        choices=[(status.value, status.value) for status in Status],
        coerce=Status,
        empty_value=None,
        required=False,
    )
    before_id = IdField(required=False)
    after_id = IdField(required=False)
    lane = forms.CharField(max_length=20, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
    reviewer_id = IdField(label=_("Checked by"), required=False)


class ReasonForm(VersionForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)


class DeleteForm(forms.Form):
    """Why it goes; gates and must-haves need it."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)


class CompleteForm(VersionForm):
    """Done, and how long it took."""

    actual_hours = forms.DecimalField(label=_("Hours worked"), required=False, max_digits=6, decimal_places=1)


class HoursForm(forms.Form):
    """Hours to add; negative takes wrong ones back."""

    hours = forms.DecimalField(label=_("Hours"), max_digits=6, decimal_places=1)


class ReviewForm(VersionForm):
    """The second person."""

    reviewer_id = IdField(label=_("Checked by"), required=False)


class AssignForm(VersionForm):
    """The new owner; blank is nobody."""

    owner_id = IdField(label=_("Owner"), required=False)


class HelpersForm(VersionForm):
    """Everyone who helps."""

    user_ids = forms.TypedMultipleChoiceField(label=_("Helpers"), coerce=int, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        # Whether these people may help is the rule's question; here they only have to be numbers that an id can be.
        given = [value for value in data.getlist("user_ids") if value.isdecimal() and len(value) < MAX_DIGITS]
        offer(self, "user_ids", [(value, value) for value in given])


class DependencyForm(forms.Form):
    """Another task of the campaign."""

    predecessor_id = IdField(label=_("Waits for"))


class FindPredecessorForm(forms.Form):
    """What another task of the campaign is looked for by."""

    text = forms.CharField(label=_("Code or words"), max_length=80, required=False)


class AddDependencyForm(FindPredecessorForm):
    """Another task of the campaign: the chosen one, or what was typed."""

    predecessor_id = IdField(label=_("Waits for"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two is given."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (values["predecessor_id"] or values["text"]):
            self.add_error("text", _("Type the code of a task, or words of its title."))
        return values


class WaiveDependencyForm(DependencyForm):
    """Another task, and why this one need not wait for it."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)


class NewItemForm(forms.Form):
    """One more line of a checklist."""

    text = forms.CharField(label=_("Checklist item"), required=False)


class ItemForm(NewItemForm):
    """What a line is to say, and what the sender saw."""

    was = forms.CharField(required=False, empty_value=None)


class MoveItemForm(forms.Form):
    """One place up or down."""

    to = forms.ChoiceField(label=_("Position"), choices=[("up", "up"), ("down", "down")])


class EvidenceForm(forms.Form):
    """A link or a file, and what it shows."""

    url = forms.CharField(label=_("Link"), required=False)
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    note = forms.CharField(label=_("Note"), required=False)


class FinishForm(EvidenceForm):
    """Lines that are done, evidence, and how long it took."""

    item_ids = forms.TypedMultipleChoiceField(label=_("Checklist"), coerce=int, required=False)
    actual_hours = forms.DecimalField(label=_("Hours worked"), required=False, max_digits=6, decimal_places=1)
    version = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files)
        given = [value for value in data.getlist("item_ids") if value.isdecimal() and len(value) < MAX_DIGITS]
        offer(self, "item_ids", [(value, value) for value in given])


class CommentForm(forms.Form):
    """What somebody says."""

    body = forms.CharField(label=_("Comment"), required=False)


class TaskForm(forms.Form):
    """The fields that a new task and an edited one have in common."""

    title = forms.CharField(label=_("Title"), max_length=120)
    role = forms.TypedChoiceField(label=_("Role"), coerce=Role)
    phase = forms.TypedChoiceField(label=_("Phase"), coerce=Phase)
    start_at = forms.DateTimeField(label=_("Start"), required=False, widget=moment_input())
    due_at = forms.DateTimeField(label=_("Due"), required=False, widget=moment_input())
    estimate_hours = forms.DecimalField(
        label=_("Estimated hours"), required=False, min_value=0, max_digits=6, decimal_places=1
    )
    important = forms.BooleanField(label=_("Important"), required=False)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    must_have = forms.BooleanField(label=_("Must be done before the phase ends"), required=False)
    acceptance = forms.CharField(
        label=_("Accepted when"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, may_plan: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        offer(self, "role", named(Role))
        offer(self, "phase", named(PHASES))
        if not may_plan:
            del self.fields["must_have"]

    def clean_estimate_hours(self) -> Any:
        """Blank is no estimate: zero hours."""
        return self.cleaned_data["estimate_hours"] or 0


class CreateTaskForm(TaskForm):
    """A new task."""

    owner_id = forms.TypedChoiceField(label=_("Owner"), coerce=int, empty_value=None, required=False)
    checklist = forms.CharField(
        label=_("Checklist"),
        required=False,
        max_length=6000,
        help_text=_("One line each."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, owners: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner_id", [("", _("Nobody yet")), *owners])

    def clean_checklist(self) -> list[str]:
        """The lines."""
        lines: list[str] = self.cleaned_data["checklist"].splitlines()
        return lines


class EditTaskForm(TaskForm):
    """A task's fields together with what the screen showed, so that only what the reader changed is sent on."""

    title_en = forms.CharField(label=_("Title in English"), max_length=160, required=False)
    acceptance_en = forms.CharField(
        label=_("Accepted when, in English"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needs_evidence = forms.BooleanField(label=_("Done only with evidence"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, may_plan: bool, only: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, may_plan=may_plan, **kwargs)
        managers = () if may_plan else ("due_at", "role", "phase", "needs_evidence")
        for name in list(self.fields):
            if name in managers or (only and name not in {*only, "version"}):
                del self.fields[name]
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version"

    def changes(self) -> dict[str, Any]:
        """The fields that the reader changed, with their new values; call it on a clean form.

        Where two people changed one, and the reader took the other's value, it is not among them.
        """
        names = [name for name in self.changed_data if name != "version"]
        return {name: self.cleaned_data[name] for name in names if self.data.get(f"settle-{name}") != "theirs"}

    def settling(self, clashes: Iterable[FieldClash], now: "EditTaskForm") -> "EditTaskForm":
        """The same typed values against what the task holds `now`: sent once more, they are saved."""
        data: Any = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = now["version"].value()
        found = {clash.name: clash for clash in clashes}
        for name in found:
            value = now[name].value()
            data[now[name].html_initial_name] = "" if value is None else str(value)
        form = EditTaskForm(data, may_plan=True, only=list(self.fields), auto_id=self.auto_id)
        for name, clash in found.items():
            form.fields[name].theirs = clash.theirs  # type: ignore[attr-defined]  # shown beside the field
        return form
