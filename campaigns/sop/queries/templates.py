"""Templates, their versions and steps as their readers may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from campaigns.campaign.rules import Phase
from campaigns.sop.models import SopTemplate, SopVersion
from campaigns.sop.queries.versions import steps_of
from campaigns.sop.rules import Step, Tally, Words, leave_out
from planner.core.errors import Missing
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
    purpose: str
    # None and empty for a shipped template.
    team_id: int | None
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
            purpose=in_language(row.purpose, row.purpose_en),
            team_id=row.team_id,
            team_name=row.team.name if row.team else "",
            versions=tuple(lines.get(row.pk, ())),
        )
        for row in templates
    ]
    derived = {row.template_id for row in SopVersion.objects.filter(template__in=templates, base__isnull=False)}
    return sorted(cards, key=lambda card: (not card.team_name, card.id in derived))


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
    needs_evidence: bool
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
class Derived:
    """What a derived version made of the one it is derived from; each step as (code, title)."""

    base_id: int
    base_name: str
    base_number: int
    left_out: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...]
    # Otherwise than by what was left out before it.
    changed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class VersionScreen:
    """One version of a procedure."""

    id: int
    number: int
    key: str
    name: str
    purpose: str
    team_name: str
    derived: Derived | None
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
        needs_evidence=step.needs_evidence,
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


def _derived(base: SopVersion, steps: Sequence[Step]) -> Derived:
    own, before = {step.code: step for step in steps}, steps_of(base.pk)
    known = {step.code for step in before}
    kept = {step.code: step for step in leave_out(before, known - own.keys())}

    def named(found: Iterable[Step]) -> tuple[tuple[str, str], ...]:
        return tuple((step.code, in_language(step.title.zh, step.title.en)) for step in found)

    return Derived(
        base_id=base.pk,
        base_name=in_language(base.template.name, base.template.name_en),
        base_number=base.number,
        left_out=named(step for step in before if step.code not in own),
        added=named(step for step in steps if step.code not in known),
        changed=named(step for step in steps if step.code in kept and step != kept[step.code]),
    )


def version_screen(actor: Actor, version_id: int) -> VersionScreen:
    """The whole of one version, by phase and stage; `Missing` when it is not the actor's to see."""
    rows = SopVersion.objects.filter(template__in=SopTemplate.objects.filter(visible(actor)))
    version = rows.select_related("template__team", "base__template", "created_by").filter(pk=version_id).first()
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
        purpose=in_language(template.purpose, template.purpose_en),
        derived=_derived(version.base, steps) if version.base else None,
        team_name=template.team.name if template.team else "",
        created_at=version.created_at,
        author=version.created_by.display_name if version.created_by else "",
        total=Tally(len(steps), sum((step.hours for step in steps), Decimal(0))),
        checklist_items=sum(len(step.checklist) for step in steps),
        phases=tuple(_phase_group(phase, [step for step in steps if step.phase is phase]) for phase in phases),
        other_versions=tuple((pk, number) for pk, number in others if pk != version.pk),
    )
