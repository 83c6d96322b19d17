"""New campaigns over the API: the whole plan first, then the campaign with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.campaign import api as campaign
from campaigns.campaign.api import CampaignOut
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import (
    NAME_LENGTH,
    STORE_NAME_LENGTH,
    Anchor,
    CampaignFacts,
    Kind,
    Phase,
    Platform,
)
from campaigns.sop import actions
from campaigns.sop.queries import PreviewScreen, plan_preview
from planner.web.api import ApiView, Choice, Day, Hours, Id, In, Moment, Out, Sentence, Text, operation
from staff.people.queries import actor_for
from staff.people.rules import Role


class AnchorsIn(In):
    """Dates that steps hang on, beside start and end; those that no step of the template needs are left out."""

    presale_start = Moment(
        required=False, help_text="When the presale starts; left out, 5 days before the start at 20:00."
    )
    wave2_start = Moment(
        required=False, help_text="When the second wave starts; left out, 11 days after the start at 20:00."
    )
    price_protect_end = Moment(
        required=False, help_text="When price protection ends; left out, 15 days after the end at 23:59."
    )


def _person(what: str) -> Id:
    return Id(
        required=False,
        allow_null=True,
        help_text=f"Who holds {what}; null for nobody. Left out, the only person of the team who holds the role.",
    )


class RolesIn(In):
    """A person per functional role: their tasks are theirs."""

    lead = _person("the lead of operations")
    ops = _person("operations")
    design = _person("design")
    cs = _person("customer service")
    warehouse = _person("the warehouse")
    ads = _person("advertising")
    purchase = _person("purchasing")
    live = _person("live and content")


class DraftIn(In):
    """A campaign before it is made."""

    team_id = Id(help_text="The team that it belongs to; the caller manages it.")
    name = Text(max_length=NAME_LENGTH, help_text="Its name, unique in the team, archived campaigns included.")
    kind = Choice(
        Kind,
        required=False,
        default=Kind.PROMOTION,
        help_text="`promotion` has phases and a plan, `routine` neither. Left out, `promotion`.",
    )
    platforms = serializers.ListField(
        child=Choice(Platform, help_text="A platform's code."),
        min_length=1,
        max_length=len(Platform),
        help_text="Where it sells; steps for other platforms are left out of the plan.",
    )
    version_id = Id(
        required=False,
        allow_null=True,
        help_text="Which plan: a version's id from `list_templates`, shipped or the team's own. None for `routine`.",
    )
    starts_at = Moment(help_text="S, the first moment buyers can pay in full.")
    ends_at = Moment(help_text="E, the last minute of the campaign.")
    anchors = AnchorsIn(required=False, help_text="Further dates that steps hang on.")
    roles = RolesIn(required=False, help_text="A person per role, by user ids from `list_people`.")


class CreateIn(DraftIn):
    """A campaign to be made."""

    store_id = Id(required=False, allow_null=True, help_text="The store that it is for, an id from `list_stores`.")
    new_store = Text(
        required=False,
        allow_blank=True,
        max_length=STORE_NAME_LENGTH,
        help_text="A store by name instead: made on the first platform when the team has none of that name.",
    )


def drafted(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as previewing and creating take them."""
    given = dict(values)
    anchors, roles = given.pop("anchors", {}), given.pop("roles", {})
    return {
        **given,
        "platforms": tuple(dict.fromkeys(given["platforms"])),
        "anchors": {Anchor(name): at for name, at in anchors.items()},
        "roles": {Role(name): user_id for name, user_id in roles.items()},
    }


class TallyOut(Out):
    """How much."""

    tasks = serializers.IntegerField(help_text="How many tasks.")
    hours = Hours(max_digits=9, help_text="Their estimated person-hours.")


class PhaseTallyOut(Out):
    """How much in one phase."""

    phase = Choice(Phase, help_text="The phase.")
    total = TallyOut(help_text="How much.")


class BusiestWeekOut(Out):
    """A week of one role: what is due in it against its person's hours."""

    monday = Day(help_text="Its first day, in the team's zone.")
    hours = Hours(max_digits=9, help_text="Hours of the tasks that are due in it.")
    fits = Hours(max_digits=9, help_text="Hours that the person has in its working days.")
    is_over = serializers.BooleanField(help_text="True when more is due than fits in.")


class RoleTallyOut(Out):
    """How much in one role."""

    role = Choice(Role, help_text="The functional role.")
    person = serializers.CharField(allow_blank=True, help_text="Who would hold it; empty for nobody.")
    total = TallyOut(help_text="How much in all phases.")
    busiest = BusiestWeekOut(allow_null=True, help_text="The week that asks the most of that person; null for nobody.")


class PlannedOut(Out):
    """A task of the plan that deserves a look."""

    code = serializers.CharField(help_text="The step's code.")
    title = serializers.CharField(help_text="Its title, in the caller's language.")
    role = Choice(Role, help_text="The functional role that does it.")
    raw_due = Moment(help_text="Where its distance from the anchor puts it.")
    due_at = Moment(help_text="When it is due after holidays and predecessors had their say.")
    holiday = serializers.CharField(
        allow_blank=True,
        help_text="The public holiday that `raw_due` falls in, in the caller's language; may be empty.",
    )
    reasons = serializers.ListField(
        child=Sentence(help_text="One reason, in the caller's language."), help_text="Why it is due when it is."
    )


class PlanAnchorOut(Out):
    """A date that steps hang on."""

    anchor = Choice(Anchor, help_text="Which one: `S` start, `E` end, and the optional ones.")
    at = Moment(help_text="When it is.")
    is_default = serializers.BooleanField(help_text="True when nobody gave it: it has its usual distance from S or E.")


class NamedStepOut(Out):
    """A step by name."""

    code = serializers.CharField(help_text="Its code.")
    title = serializers.CharField(help_text="Its title, in the caller's language.")


class PreviewOut(Out):
    """The whole plan before it is written."""

    total = TallyOut(help_text="All tasks.")
    phases = PhaseTallyOut(many=True, help_text="Per phase that has tasks, in order.")
    roles = RoleTallyOut(many=True, help_text="Per role that has tasks.")
    late = PlannedOut(many=True, help_text="Tasks that would be late the moment they are made.")
    collisions = PlannedOut(many=True, help_text="Preparation whose own date falls in a public holiday, moved or not.")
    moved = PlannedOut(many=True, help_text="Every other task that is not due where its distance puts it.")
    roles_without_person = serializers.ListField(
        child=Choice(Role, help_text="A functional role."), help_text="Roles with tasks that nobody would hold."
    )
    provisional_years = serializers.ListField(
        child=serializers.IntegerField(help_text="A year."),
        help_text="Years of its dates whose official calendar of holidays and make-up workdays is not known yet.",
    )
    anchors = PlanAnchorOut(many=True, help_text="The dates that the template's steps hang on.")
    left_out = NamedStepOut(many=True, help_text="Steps left out because none of their platforms is chosen.")


def named_steps(steps: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Steps as pairs, with their names."""
    return [{"code": code, "title": title} for code, title in steps]


def _shown(screen: PreviewScreen) -> dict[str, Any]:
    return {
        "total": screen.total,
        "phases": [{"phase": phase, "total": tally} for phase, tally in screen.phases],
        "roles": screen.roles,
        "late": screen.late,
        "collisions": screen.collisions,
        "moved": screen.moved,
        "roles_without_person": screen.roles_without_person,
        "provisional_years": screen.provisional_years,
        "anchors": [{"anchor": anchor, "at": at, "is_default": usual} for anchor, at, usual in screen.anchors],
        "left_out": named_steps(screen.left_out),
    }


class PreviewView(ApiView):
    """A look at a plan."""

    group = "campaign"
    only_reads = True

    @operation("preview_campaign", takes=DraftIn, gives=PreviewOut, refuses=(404,))
    def post(self, request: Request, *, values: dict[str, Any]) -> dict[str, Any]:
        """The plan that creating this campaign would write, refused for the same reasons; nothing is written."""
        screen = plan_preview(actor=actor_for(request.user), now=timezone.now(), **drafted(values))
        return _shown(screen)


class CampaignsView(campaign.CampaignsView):
    """The campaigns of the caller's teams, and new ones."""

    group = "campaign"

    @operation("create_campaign", takes=CreateIn, gives=CampaignOut, status=201, refuses=(404,))
    def post(self, request: Request, *, values: dict[str, Any]) -> CampaignFacts:
        """Makes a campaign with its whole plan, or nothing. A manager's to do.

        Preview it first: the same values to `preview/` tell what would be written. Send an `Idempotency-Key`, so that
        a lost answer does not leave you guessing.
        """
        actor = actor_for(request.user)
        campaign_id = actions.create_campaign_from_sop(actor=actor, now=timezone.now(), **drafted(values))
        return campaign_for(actor, campaign_id)
