"""Templates, their versions and steps as their readers may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from campaigns.campaign.rules import Kind, Phase, Platform
from campaigns.sop.models import SopStep, SopTemplate, SopVersion
from campaigns.sop.rules import Offset, Step, Tally, Words
from planner.core.errors import Missing, Refused
from planner.core.words import say
from planner.web.words import in_language
from staff.people.rules import Actor, Role


def visible(actor: Actor) -> Q:
    """The filter on templates that this actor may see: shipped ones, and those of their teams."""
    return Q() if actor.is_system else Q(team__isnull=True) | Q(team_id__in=actor.team_ids)


@dataclass(frozen=True)
class VersionLine:
    """One version in a list."""

    id: int
    number: int
    created_at: datetime
    steps: int
    hours: Decimal


@dataclass(frozen=True)
class TemplateCard:
    """A template with its versions, newest first."""

    id: int
    key: str
    name: str
    # Empty for a shipped template.
    team_name: str
    versions: tuple[VersionLine, ...]


def _counted(versions: QuerySet[SopVersion]) -> list[SopVersion]:
    return list(versions.annotate(step_count=Count("steps"), hours=Sum("steps__hours")).order_by("-number"))


def templates_of(actor: Actor) -> list[TemplateCard]:
    """Every template the actor may see, their teams' own first."""
    templates = SopTemplate.objects.filter(visible(actor)).select_related("team").order_by("team_id", "key")
    lines: dict[int, list[VersionLine]] = {}
    for row in _counted(SopVersion.objects.filter(template__in=templates)):
        line = VersionLine(row.pk, row.number, row.created_at, row.step_count, row.hours)  # type: ignore[attr-defined]
        lines.setdefault(row.template_id, []).append(line)
    cards = [
        TemplateCard(
            id=row.pk,
            key=row.key,
            name=in_language(row.name, row.name_en),
            team_name=row.team.name if row.team else "",
            versions=tuple(lines.get(row.pk, ())),
        )
        for row in templates
    ]
    return sorted(cards, key=lambda card: not card.team_name)


@dataclass(frozen=True)
class StepLine:
    """A step in both languages, ready to show."""

    code: str
    title: str
    title_en: str
    role: Role
    due: str
    due_time: str
    hours: Decimal
    depends_on: tuple[str, ...]
    platforms: tuple[str, ...]
    important: bool
    urgent: bool
    must_have: bool
    is_gate: bool
    acceptance: str
    acceptance_en: str
    checklist: tuple[Words, ...]


@dataclass(frozen=True)
class StageGroup:
    """The steps of one stage."""

    name: str
    steps: tuple[StepLine, ...]


@dataclass(frozen=True)
class PhaseGroup:
    """The stages of one phase with their sums."""

    phase: Phase
    tally: Tally
    stages: tuple[StageGroup, ...]


@dataclass(frozen=True)
class VersionScreen:
    """One version of a procedure."""

    id: int
    number: int
    key: str
    name: str
    team_name: str
    created_at: datetime
    author: str
    total: Tally
    checklist_items: int
    phases: tuple[PhaseGroup, ...]
    other_versions: tuple[tuple[int, int], ...]


def _line(step: Step) -> StepLine:
    return StepLine(
        code=step.code,
        title=step.title.zh,
        title_en=step.title.en,
        role=step.role,
        due=str(step.due),
        due_time=f"{step.due_time:%H:%M}" if step.due_time else "",
        hours=step.hours,
        depends_on=step.depends_on,
        platforms=tuple(step.platforms),
        important=step.important,
        urgent=step.urgent,
        must_have=step.must_have,
        is_gate=step.is_gate,
        acceptance=step.acceptance.zh,
        acceptance_en=step.acceptance.en,
        checklist=step.checklist,
    )


def _phase_group(phase: Phase, steps: Sequence[Step]) -> PhaseGroup:
    stages = {step.stage: [other for other in steps if other.stage == step.stage] for step in steps}
    return PhaseGroup(
        phase=phase,
        tally=Tally(len(steps), sum((step.hours for step in steps), Decimal(0))),
        stages=tuple(
            StageGroup(in_language(stage.zh, stage.en), tuple(_line(step) for step in members))
            for stage, members in stages.items()
        ),
    )


def version_screen(actor: Actor, version_id: int) -> VersionScreen:
    """The whole of one version, by phase and stage; `Missing` when it is not the actor's to see."""
    rows = SopVersion.objects.filter(template__in=SopTemplate.objects.filter(visible(actor)))
    version = rows.select_related("template__team", "created_by").filter(pk=version_id).first()
    if version is None:
        raise Missing
    template, steps = version.template, steps_of(version_id)
    phases = [phase for phase in Phase if any(step.phase is phase for step in steps)]
    others = SopVersion.objects.filter(template=template).order_by("-number").values_list("id", "number")
    return VersionScreen(
        id=version.pk,
        number=version.number,
        key=template.key,
        name=in_language(template.name, template.name_en),
        team_name=template.team.name if template.team else "",
        created_at=version.created_at,
        author=version.created_by.display_name if version.created_by else "",
        total=Tally(len(steps), sum((step.hours for step in steps), Decimal(0))),
        checklist_items=sum(len(step.checklist) for step in steps),
        phases=tuple(_phase_group(phase, [step for step in steps if step.phase is phase]) for phase in phases),
        other_versions=tuple((pk, number) for pk, number in others if pk != version.pk),
    )


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
        )
        for row in SopStep.objects.filter(version_id=version_id).order_by("position")
    )


def version_of_team(team_id: int, version_id: int | None, kind: Kind) -> int | None:
    """The version as a plan may use it: shipped or the team's own, none for routine work; `Refused` otherwise."""
    if kind is Kind.ROUTINE:
        return None
    own = Q(template__team__isnull=True) | Q(template__team_id=team_id)
    if version_id is None or not SopVersion.objects.filter(own, pk=version_id).exists():
        fault = say("Choose a template.")
        raise Refused("invalid", say("Please correct what is marked."), reasons=(fault,), fields={"version": fault})
    return version_id


def newest_version(actor: Actor, team_id: int, key: str) -> int:
    """The newest version of the team's template with this key, or of the shipped one; `Refused` when there is none."""
    rows = SopVersion.objects.filter(Q(template__team_id=team_id) | Q(template__team__isnull=True), template__key=key)
    own_first = sorted(rows.values_list("template__team_id", "number", "id"), key=lambda row: (row[0] is None, -row[1]))
    if not own_first or not (actor.is_system or team_id in actor.team_ids):
        raise Refused("no_template", say("There is no template %(key)s: load one first.", key=key))
    return own_first[0][2]
