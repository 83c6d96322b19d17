"""Which version a verb may use, its steps, and what a form offers of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from campaigns.campaign.rules import OPTIONAL_ANCHORS, Anchor, Kind, Phase, Platform
from campaigns.sop.models import SopStep, SopVersion
from campaigns.sop.rules import Offset, Step, Words, used_anchors
from planner.core.errors import Refused
from planner.core.words import say
from planner.web.words import in_language
from staff.people.rules import Actor, Role


def _usable(team_id: int) -> Q:
    # Versions that a plan of the team may use.
    return Q(template__team__isnull=True) | Q(template__team_id=team_id)


@dataclass(frozen=True)
class TemplateChoice:
    """The newest version of a template, to choose from."""

    version_id: int
    name: str
    purpose: str
    steps: int
    hours: Decimal
    # The optional anchors that its steps hang on, in their order.
    anchors: tuple[Anchor, ...]


def template_choices(team_id: int) -> list[TemplateChoice]:
    """What a new campaign of the team may be made of: its own templates first, those that stand alone before others."""
    newest: dict[int, SopVersion] = {}
    for row in SopVersion.objects.filter(_usable(team_id)).select_related("template").order_by("number"):
        newest[row.template_id] = row
    rows = sorted(
        newest.values(), key=lambda row: (row.template.team_id is None, row.base_id is not None, row.template.key)
    )
    dues: dict[int, list[tuple[Anchor, Decimal]]] = {row.pk: [] for row in rows}
    steps = SopStep.objects.filter(version_id__in=list(dues)).order_by().values_list("version_id", "due", "hours")
    for version_id, due, hours in steps:
        dues[version_id].append((Offset.parse(due).anchor, hours))
    return [
        TemplateChoice(
            version_id=row.pk,
            name=f"{in_language(row.template.name, row.template.name_en)} v{row.number}",
            purpose=in_language(row.template.purpose, row.template.purpose_en),
            steps=len(dues[row.pk]),
            hours=sum((hours for _, hours in dues[row.pk]), Decimal(0)),
            anchors=tuple(anchor for anchor in OPTIONAL_ANCHORS if anchor in {found for found, _ in dues[row.pk]}),
        )
        for row in rows
    ]


def used_anchors_of(version_id: int) -> frozenset[Anchor]:
    """The anchors that a campaign of this version needs; the caller has checked that it may be used."""
    return used_anchors(steps_of(version_id))


def base_of(team_id: int | None, key: str, *, without: Any) -> int | None:
    """The newest version to derive from: of the team's own template, unless it is the very file, or the shipped one."""
    rows = SopVersion.objects.filter(template__key=key).order_by("-number")
    own = rows.filter(template__team_id=team_id) if team_id is not None and key != without else rows.none()
    shipped = rows.filter(template__team__isnull=True) if team_id is not None or key != without else rows.none()
    found = own.first() or shipped.first()
    return found.pk if found else None


def steps_of(version_id: int) -> tuple[Step, ...]:
    """The steps of a version in their order; the caller has checked that it may be seen."""
    return tuple(
        Step(
            code=row.code,
            phase=Phase(row.phase),
            stage=Words(row.stage, row.stage_en),
            title=Words(row.title, row.title_en),
            role=Role(row.role),
            due=Offset.parse(row.due),
            due_time=row.due_time,
            hours=row.hours,
            depends_on=tuple(row.depends_on),
            platforms=tuple(Platform(name) for name in row.platforms),
            important=row.important,
            urgent=row.urgent,
            must_have=row.must_have,
            is_gate=row.is_gate,
            acceptance=Words(row.acceptance, row.acceptance_en),
            checklist=tuple(Words(item["zh"], item["en"]) for item in row.checklist),
            needs_evidence=row.needs_evidence,
        )
        for row in SopStep.objects.filter(version_id=version_id).order_by("position")
    )


def version_of_team(team_id: int, version_id: int | None, kind: Kind) -> int | None:
    """The version as a plan may use it: shipped or the team's own, none for routine work; `Refused` otherwise."""
    if kind is Kind.ROUTINE:
        return None
    if version_id is None or not SopVersion.objects.filter(_usable(team_id), pk=version_id).exists():
        fault = say("Choose a template.")
        raise Refused("invalid", say("Please correct what is marked."), reasons=(fault,), fields={"version_id": fault})
    return version_id


def newest_version(actor: Actor, team_id: int, key: str) -> int:
    """The newest version of the team's template with this key, or of the shipped one; `Refused` when there is none."""
    rows = SopVersion.objects.filter(_usable(team_id), template__key=key)
    own_first = sorted(rows.values_list("template__team_id", "number", "id"), key=lambda row: (row[0] is None, -row[1]))
    if not own_first or not (actor.is_system or team_id in actor.team_ids):
        raise Refused("no_template", say("There is no template %(key)s: load one first.", key=key))
    return own_first[0][2]
