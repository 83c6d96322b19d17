"""Verbs on procedures, and the verbs that turn one into a campaign's plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from campaigns.board.actions import create_plan_tasks
from campaigns.campaign.actions import create_campaign, create_store, record_event
from campaigns.campaign.queries import anchors_of, lock_campaign, role_holders
from campaigns.campaign.rules import (
    OPTIONAL_ANCHORS,
    PINYIN_LENGTH,
    Anchor,
    Kind,
    check_may_change,
    check_open,
    resolve_anchors,
)
from campaigns.sop.adapters.yaml_file import read_yaml
from campaigns.sop.models import PlanGeneration, SopStep, SopTemplate, SopVersion
from campaigns.sop.queries import base_of, ground_of, owners_for, plan_on, steps_of, used_anchors_of, version_of_team
from campaigns.sop.rules import (
    Head,
    Plan,
    Procedure,
    Step,
    base_key,
    digest_of,
    no_base,
    read_derived,
    read_procedure,
    refused,
    to_drafts,
)
from planner.core.errors import NotAllowed, Refused
from planner.core.pinyin import search_words
from planner.core.words import say
from staff.people.actions import record_team_event
from staff.people.rules import Actor, Role, check_manage


@dataclass(frozen=True)
class Loaded:
    """What loading a file came to."""

    template_id: int
    version_id: int
    key: str
    number: int
    steps: int
    # False when the newest version says the same already.
    is_new: bool


@transaction.atomic
def load_sop(*, actor: Actor, text: str, team_id: int | None = None, now: datetime) -> Loaded:
    """The procedure in this YAML as the newest version of the team's template, or of the shipped one without a team.

    The same steps again change nothing; a file with faults is refused with all of them and nothing is written. A file
    with a `base` is derived from the newest version of the team's own template of that key, or of the shipped one.
    """
    if team_id is not None:
        check_manage(actor, team_id)
    elif not actor.is_system:
        raise NotAllowed
    procedure, base_id = _read(read_yaml(text), team_id)
    template = _template(procedure.head, team_id)
    newest = SopVersion.objects.filter(template=template).order_by("-number").first()
    digest = digest_of(procedure.steps)
    if newest and newest.digest == digest:
        return Loaded(template.pk, newest.pk, template.key, newest.number, len(procedure.steps), is_new=False)
    version = SopVersion.objects.create(
        template=template,
        number=newest.number + 1 if newest else 1,
        base_id=base_id,
        digest=digest,
        created_by_id=actor.user_id,
        created_at=now,
    )
    SopStep.objects.bulk_create(_row(version, position, step) for position, step in enumerate(procedure.steps, start=1))
    if team_id is not None:
        record_team_event(
            team_id=team_id,
            actor=actor,
            verb="load_sop",
            subject_kind="sop_version",
            subject_id=version.pk,
            before={"version": newest.number if newest else None},
            after={"key": template.key, "version": version.number, "steps": len(procedure.steps), "digest": digest},
            now=now,
        )
    return Loaded(template.pk, version.pk, template.key, version.number, len(procedure.steps), is_new=True)


def _read(data: Any, team_id: int | None) -> tuple[Procedure, int | None]:
    """The procedure in this data, and the version that it is derived from."""
    key = base_key(data)
    if key is None:
        return read_procedure(data), None
    base_id = base_of(team_id, key, without=data.get("key"))
    if base_id is None:
        raise refused([no_base(key)])
    return read_derived(data, steps_of(base_id)), base_id


def _template(head: Head, team_id: int | None) -> SopTemplate:
    """The template that the file names, with its newest words."""
    owner: dict[str, Any] = {"team__isnull": True} if team_id is None else {"team_id": team_id}
    words = {
        "name": head.name.zh,
        "name_en": head.name.en,
        "pinyin": search_words(head.name.zh, PINYIN_LENGTH),
        "purpose": head.purpose.zh,
        "purpose_en": head.purpose.en,
    }
    template, _ = SopTemplate.objects.get_or_create(**owner, key=head.key, defaults={"team_id": team_id, **words})
    # Locked, so that two loads at once number their versions one after the other.
    template = SopTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if any(getattr(template, name) != value for name, value in words.items()):
        SopTemplate.objects.filter(pk=template.pk).update(**words)
    return template


def _row(version: SopVersion, position: int, step: Step) -> SopStep:
    return SopStep(
        version=version,
        position=position,
        code=step.code,
        phase=step.phase,
        stage=step.stage.zh,
        stage_en=step.stage.en,
        title=step.title.zh,
        title_en=step.title.en,
        role=step.role,
        due=str(step.due),
        due_time=step.due_time,
        hours=step.hours,
        depends_on=list(step.depends_on),
        platforms=list(step.platforms),
        important=step.important,
        urgent=step.urgent,
        must_have=step.must_have,
        is_gate=step.is_gate,
        needs_evidence=step.needs_evidence,
        acceptance=step.acceptance.zh,
        acceptance_en=step.acceptance.en,
        checklist=[{"zh": item.zh, "en": item.en} for item in step.checklist],
    )


@transaction.atomic
def generate_plan(*, actor: Actor, campaign_id: int, version_id: int, now: datetime) -> int:
    """Writes the version's steps as the campaign's tasks and returns how many; a second time adds none."""
    campaign = lock_campaign(actor, campaign_id)
    check_may_change(actor, campaign.team_id)
    check_open(campaign)
    if campaign.kind is Kind.ROUTINE:
        raise Refused("no_phases", say("Routine work has no phases: it takes no plan from a template."))
    version_of_team(campaign.team_id, version_id, campaign.kind)
    there = PlanGeneration.objects.filter(campaign_id=campaign_id).first()
    if there and there.version_id != version_id:
        raise Refused("plan_there", say("%(name)s has its plan from another version already.", name=campaign.name))
    if there:
        return 0
    given = {Anchor(kind): at for kind, (at, is_default) in anchors_of(campaign_id).items() if not is_default}
    anchors = resolve_anchors(campaign.starts_at, campaign.ends_at, given, ZoneInfo(campaign.zone))
    owners = role_holders(campaign_id)
    plan = plan_on(ground_of(campaign.team_id, anchors, owners), version_id, anchors, campaign.platforms)
    # The row first: the tasks' messages are told apart from later assignments by it.
    PlanGeneration.objects.create(
        campaign_id=campaign_id, version_id=version_id, created_by_id=actor.user_id, created_at=now
    )
    tasks = create_plan_tasks(actor=actor, campaign_id=campaign_id, drafts=to_drafts(plan, owners), now=now)
    record_event(
        campaign_id=campaign_id,
        actor=actor,
        verb="generate_plan",
        subject_kind="campaign",
        subject_id=campaign_id,
        subject_label=campaign.name,
        after=_told(plan, SopVersion.objects.select_related("template").get(pk=version_id)),
        now=now,
    )
    return len(tasks)


def _told(plan: Plan, version: SopVersion) -> dict[str, object]:
    """What the log keeps of a plan: how much, and every date that is not where its offset puts it."""
    return {
        "template": f"{version.template.key} v{version.number}",
        "tasks": len(plan.tasks),
        "hours": sum(task.step.hours for task in plan.tasks),
        "left_out": [step.code for step in plan.left_out],
        "moved": {task.step.code: [task.raw_due, task.due_at] for task in plan.tasks if task.moves},
    }


@transaction.atomic
def create_campaign_from_sop(
    *,
    actor: Actor,
    team_id: int,
    name: str,
    platforms: tuple[str, ...],
    starts_at: datetime,
    ends_at: datetime,
    version_id: int | None = None,
    kind: Kind = Kind.PROMOTION,
    store_id: int | None = None,
    new_store: str = "",
    anchors: Mapping[Anchor, datetime] | None = None,
    roles: Mapping[Role, int | None] | None = None,
    now: datetime,
) -> int:
    """A campaign with its whole plan, or nothing; returns its id.

    A role that only one member holds is theirs unless `roles` says otherwise (None: nobody). Routine work needs no
    version. Anchors that no step of the version hangs on are left out. `new_store` names a shop on the first platform,
    made when the team has none of that name.
    """
    check_may_change(actor, team_id)
    version_id = version_of_team(team_id, version_id, kind)
    used = used_anchors_of(version_id) if version_id else OPTIONAL_ANCHORS
    if new_store.strip() and platforms:
        store_id, _ = create_store(actor=actor, team_id=team_id, name=new_store, platform=platforms[0], now=now)
    campaign_id = create_campaign(
        actor=actor,
        team_id=team_id,
        name=name,
        platforms=platforms,
        starts_at=starts_at,
        ends_at=ends_at,
        kind=kind,
        store_id=store_id,
        anchors={anchor: at for anchor, at in (anchors or {}).items() if anchor in used},
        used=used,
        roles=owners_for(team_id, roles or {}),
        now=now,
    )
    if version_id is not None:
        generate_plan(actor=actor, campaign_id=campaign_id, version_id=version_id, now=now)
    return campaign_id
