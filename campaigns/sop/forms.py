"""Shape of what a manager types to create a campaign or to load a procedure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.campaign.rules import OPTIONAL_ANCHORS, Anchor, Kind, Platform
from campaigns.sop.queries import Choices, TemplateChoice
from planner.web.forms import cleaned
from planner.web.templatetags.words import label
from staff.people.rules import Level, Role

MAX_BYTES = 1_000_000
USUAL = {
    Anchor.PRESALE_START: _("Usually 5 days before the start, at 20:00."),
    Anchor.WAVE2_START: _("Usually 11 days after the start, at 20:00."),
    Anchor.PRICE_PROTECT_END: _("Usually 15 days after the end, at 23:59."),
}
YEARS = range(2000, 2101)


class TeamMoment(forms.DateTimeField):
    """A day and a time on the team's clock, whatever zone the reader lives in."""

    def __init__(self, zone: str, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)
        self.zone = ZoneInfo(zone)

    def prepare_value(self, value: Any) -> Any:
        """A moment as its field shows it, on the team's clock too."""
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        """The aware moment, in a year that can be meant."""
        with timezone.override(self.zone):
            moment: datetime | None = super().to_python(value)
        if moment and moment.year not in YEARS:
            raise forms.ValidationError(_("Check the year."))
        return moment


class TemplateRadios(forms.RadioSelect):
    """Radio buttons that say which optional anchors their template needs: the others need not be asked for."""

    anchors: ClassVar[Mapping[str, str]] = {}

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        """One radio button."""
        option: dict[str, Any] = super().create_option(*args, **options)
        option["attrs"]["data-anchors"] = self.anchors.get(str(option["value"]), "")
        return option


class TeamForm(forms.Form):
    """Which team it is for, when somebody manages several."""

    team = forms.IntegerField(required=False, min_value=1)
    # Which of the suggested sales the form begins with.
    pick = forms.IntegerField(required=False, min_value=0, max_value=9)


class NewCampaignForm(forms.Form):
    """One form for a whole campaign: dates, platforms, template, and a person per role."""

    team = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.value) for kind in Kind])
    platforms = forms.MultipleChoiceField(
        label=_("Platforms"),
        choices=[(platform.value, platform.value) for platform in Platform],
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.TypedChoiceField(
        label=_("Template"), required=False, coerce=int, empty_value=None, widget=TemplateRadios
    )
    store = forms.TypedChoiceField(label=_("Store"), required=False, coerce=int, empty_value=None)
    new_store = forms.CharField(label=_("New store"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, choices: Choices, pick: int = 0) -> None:
        super().__init__(data, initial={"team": choices.team_id, **_first(choices, pick)})
        fields: Any = self.fields
        fields["kind"].choices = [(kind.value, label(kind)) for kind in Kind]
        fields["platforms"].choices = [(platform.value, label(platform)) for platform in Platform]
        self.templates = {template.version_id: template for template in choices.templates}
        fields["version"].choices = [(pk, template.name) for pk, template in self.templates.items()]
        fields["version"].widget.anchors = {
            str(pk): " ".join(template.anchors) for pk, template in self.templates.items()
        }
        fields["store"].choices = [("", "—"), *choices.stores]
        fields["starts_at"] = TeamMoment(choices.zone, label=_("Start (S)"))
        fields["ends_at"] = TeamMoment(choices.zone, label=_("End (E)"))
        for anchor in OPTIONAL_ANCHORS:
            fields[anchor.value] = TeamMoment(choices.zone, label=label(anchor), required=False)
        for role in Role:
            # Whoever holds the role comes first; anybody who works here may be chosen.
            workers = sorted(
                (person for person in choices.people if person.level is not Level.VIEWER),
                key=lambda person: role not in person.roles,
            )
            fields[f"role_{role}"] = forms.TypedChoiceField(
                label=label(role),
                required=False,
                coerce=int,
                empty_value=None,
                initial=choices.only_holders.get(role),
                choices=[("", _("Nobody yet")), *((person.user_id, person.name) for person in workers)],
            )

    def anchor_fields(self) -> list[tuple[forms.BoundField, str]]:
        """The optional anchors, and where each is when nobody gives it."""
        return [(self[anchor.value], str(USUAL[anchor])) for anchor in OPTIONAL_ANCHORS]

    def template_rows(self) -> list[tuple[BoundWidget, TemplateChoice]]:
        """Every template with its radio button."""
        return list(zip(self["version"], self.templates.values(), strict=True))

    def role_fields(self) -> list[forms.BoundField]:
        """A person per role."""
        return [self[f"role_{role}"] for role in Role]

    def typed(self) -> list[tuple[str, str]]:
        """Every value as it was typed, to travel on in hidden fields."""
        data: Any = self.data
        return [(name, value) for name in self.fields for value in data.getlist(name)]

    def draft(self) -> dict[str, Any]:
        """The values as creating and previewing take them; `Refused` names what cannot be read."""
        values: dict[str, Any] = cleaned(self)
        kind = Kind(values["kind"])
        return {
            "team_id": values["team"],
            "name": values["name"],
            "kind": kind,
            "platforms": tuple(values["platforms"]),
            "version_id": values["version"],
            "starts_at": values["starts_at"],
            "ends_at": values["ends_at"],
            "anchors": {Anchor(name): values[name] for name in OPTIONAL_ANCHORS if values[name]},
            "roles": {role: values[f"role_{role}"] for role in Role},
        }

    def store_values(self) -> dict[str, Any]:
        """The chosen store, or the new one's name; call after `draft`."""
        return {"store_id": self.cleaned_data["store"], "new_store": self.cleaned_data["new_store"]}


def _first(choices: Choices, pick: int) -> dict[str, Any]:
    # What it most likely is: the next sale, where the last one sold, and the first template of the list.
    first: dict[str, Any] = {"platforms": list(choices.habits.platforms) or [Platform.TMALL]}
    if choices.habits.store_id:
        first["store"] = choices.habits.store_id
    if choices.templates:
        first["version"] = choices.templates[0].version_id
    if pick < len(choices.suggestions):
        first |= vars(choices.suggestions[pick])
    return first


class ProcedureForm(forms.Form):
    """A YAML file for a team's own template."""

    team = forms.IntegerField()
    file = forms.FileField(label=_("File"))

    def clean_file(self) -> str:
        """The text of the file."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        try:
            text: str = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not text in UTF-8.")) from None
        return text
