"""SOP templates over the API: the list, one version with its steps, and loading one."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.campaign.rules import Phase, Platform
from campaigns.sop import actions
from campaigns.sop.adapters.yaml_file import MAX_CHARACTERS
from campaigns.sop.api.campaigns import NamedStepOut, TallyOut, named_steps
from campaigns.sop.queries import Derived, VersionScreen, templates_of, version_screen
from planner.web.api import ApiView, Choice, Hours, Id, In, Moment, Out, Page, Text, cut, operation
from staff.people.queries import actor_for
from staff.people.rules import Role


class VersionLineOut(Out):
    """One version of a template."""

    id = Id(help_text="The version's id: the `version_id` of a new campaign.")
    number = serializers.IntegerField(help_text="1, 2, 3 … within the template.")
    created_at = Moment(help_text="When it was loaded.")
    steps = serializers.IntegerField(help_text="How many steps it has.")
    hours = Hours(max_digits=9, help_text="Their estimated person-hours.")


class TemplateOut(Out):
    """A procedure with its versions."""

    id = Id(help_text="The template's id.")
    key = serializers.CharField(help_text="The word that files and commands know it by.")
    name = serializers.CharField(help_text="Its name, in the caller's language.")
    purpose = serializers.CharField(
        allow_blank=True, help_text="One line on what it is for, in the caller's language; may be empty."
    )
    team_id = Id(allow_null=True, help_text="The team that owns it; null for one that is shipped with the product.")
    team_name = serializers.CharField(allow_blank=True, help_text="That team's name; empty for a shipped one.")
    versions = VersionLineOut(many=True, help_text="Its versions, newest first; new campaigns use the first.")


class LoadIn(In):
    """A procedure to be loaded."""

    team_id = Id(help_text="The team whose template it becomes; the caller manages it.")
    yaml = Text(
        max_length=MAX_CHARACTERS,
        trim_whitespace=False,
        help_text=(
            "The file's text: key, name and steps; or key, name, base and what is kept or dropped, changed and added."
        ),
    )


class LoadedOut(Out):
    """What loading came to."""

    template_id = Id(help_text="The template.")
    version_id = Id(help_text="Its newest version.")
    key = serializers.CharField(help_text="The template's key.")
    number = serializers.IntegerField(help_text="The version's number within the template.")
    steps = serializers.IntegerField(help_text="How many steps it has.")
    is_new = serializers.BooleanField(help_text="False when the newest version had these very steps already.")


class TemplatesView(ApiView):
    """The procedures that the caller may use."""

    @operation("list_templates", gives=TemplateOut, pages=True)
    def get(self, request: Request, *, query: dict[str, Any]) -> Page:
        """The templates of the caller's teams, then the shipped ones."""
        return cut(templates_of(actor_for(request.user)), query)

    @operation("load_sop", takes=LoadIn, gives=LoadedOut, refuses=(404,))
    def post(self, request: Request, *, values: dict[str, Any]) -> actions.Loaded:
        """Loads a procedure as the newest version of the team's template. A manager's to do.

        One with faults is refused with all of them, each led by its step's code, and nothing is written.
        """
        return actions.load_sop(
            actor=actor_for(request.user), team_id=values["team_id"], text=values["yaml"], now=timezone.now()
        )


class WordsOut(Out):
    """A text in both languages."""

    zh = serializers.CharField(help_text="In Chinese.")
    en = serializers.CharField(allow_blank=True, help_text="In English; may be empty.")


class SopStepOut(Out):
    """One step: who, when relative to an anchor, how long, after what, and how it is accepted."""

    code = serializers.CharField(help_text="Its code, unique in the version.")
    phase = Choice(Phase, help_text="The phase that it belongs to.")
    stage = serializers.CharField(allow_blank=True, help_text="The stage within the phase, in the caller's language.")
    title = serializers.CharField(help_text="Its title in Chinese.")
    title_en = serializers.CharField(allow_blank=True, help_text="Its title in English; may be empty.")
    role = Choice(Role, help_text="The functional role that does it.")
    due = serializers.CharField(
        help_text="Its due moment as a distance from an anchor: `S-45d` in calendar days, `S+1h` in exact hours."
    )
    due_time = serializers.CharField(
        allow_blank=True, help_text="The time of day of a distance in days, as 10:30; empty for the usual 18:00."
    )
    hours = Hours(help_text="Estimated person-hours.")
    depends_on = serializers.ListField(
        child=serializers.CharField(help_text="A step's code."), help_text="The steps that it waits for."
    )
    platforms = serializers.ListField(
        child=Choice(Platform, help_text="A platform's code."), help_text="Where it applies; empty for everywhere."
    )
    important = serializers.BooleanField(help_text="True when it is important.")
    urgent = serializers.BooleanField(help_text="True when it is urgent.")
    must_have = serializers.BooleanField(help_text="True when its phase cannot be left before it is done.")
    is_gate = serializers.BooleanField(help_text="True for a gate: one person does it, another confirms it.")
    needs_evidence = serializers.BooleanField(help_text="True when its task is done only with a piece of evidence.")
    acceptance = serializers.CharField(allow_blank=True, help_text="What makes it good, in Chinese.")
    acceptance_en = serializers.CharField(allow_blank=True, help_text="The same in English; may be empty.")
    checklist = WordsOut(many=True, help_text="The lines to tick.")


class DerivedOut(Out):
    """What a derived version made of the one it is derived from."""

    base_id = Id(help_text="The version that it is derived from.")
    base_name = serializers.CharField(help_text="That template's name, in the caller's language.")
    base_number = serializers.IntegerField(help_text="That version's number.")
    left_out = NamedStepOut(many=True, help_text="Steps of the base that it does not have.")
    added = NamedStepOut(many=True, help_text="Steps that the base does not have.")
    changed = NamedStepOut(many=True, help_text="Steps that it has otherwise than the base.")


class VersionOut(Out):
    """One version of a procedure, whole."""

    id = Id(help_text="The version's id.")
    number = serializers.IntegerField(help_text="Its number within the template.")
    key = serializers.CharField(help_text="The template's key.")
    name = serializers.CharField(help_text="The template's name, in the caller's language.")
    purpose = serializers.CharField(allow_blank=True, help_text="One line on what it is for; may be empty.")
    team_name = serializers.CharField(
        allow_blank=True, help_text="The team that owns the template; empty for a shipped one."
    )
    created_at = Moment(help_text="When it was loaded.")
    author = serializers.CharField(allow_blank=True, help_text="Who loaded it; empty for the system.")
    total = TallyOut(help_text="All steps.")
    derived = DerivedOut(allow_null=True, help_text="What it is derived from; null when its file stands alone.")
    steps = SopStepOut(many=True, help_text="Its steps, by phase and stage, in the file's order.")


def _derived(derived: Derived | None) -> dict[str, Any] | None:
    if derived is None:
        return None
    named = {name: named_steps(getattr(derived, name)) for name in ("left_out", "added", "changed")}
    return {**asdict(derived), **named}


def _steps(screen: VersionScreen) -> list[dict[str, Any]]:
    return [
        {"phase": group.phase, "stage": stage.name, **vars(step)}
        for group in screen.phases
        for stage in group.stages
        for step in stage.steps
    ]


class VersionView(ApiView):
    """One version of a procedure."""

    @operation("get_sop_version", gives=VersionOut)
    def get(self, request: Request, *, version_id: int) -> dict[str, Any]:
        """The version with all its steps."""
        screen = version_screen(actor_for(request.user), version_id)
        return {**vars(screen), "derived": _derived(screen.derived), "steps": _steps(screen)}
