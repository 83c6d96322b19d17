"""Loading a procedure and making a campaign of it: whole or not at all, and only once."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from campaigns.board.models import ChecklistItem, Task, TaskDependency
from campaigns.campaign.models import Campaign, CampaignEvent, Store
from campaigns.campaign.queries import role_holders
from campaigns.campaign.rules import Anchor, Kind
from campaigns.sop.actions import Loaded, create_campaign_from_sop, generate_plan, load_sop
from campaigns.sop.models import PlanGeneration, SopStep, SopTemplate, SopVersion
from campaigns.sop.queries import generation_of, newest_version, plan_preview, steps_of, templates_of, version_screen
from campaigns.sop.rules import Procedure
from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.pinyin import search_words
from staff.people.models import TeamEvent
from staff.people.rules import SYSTEM, Role
from tests.campaigns.sop.conftest import shipped_text
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory

ZONE = ZoneInfo("Asia/Shanghai")
DRAFT: dict[str, Any] = {
    "name": "双11 2025",
    "platforms": ("tmall", "jd", "douyin", "pdd"),
    "starts_at": datetime(2025, 10, 20, 20, 0, tzinfo=ZONE),
    "ends_at": datetime(2025, 11, 14, 23, 59, tzinfo=ZONE),
    "now": NOW,
}


def changed(**values: Any) -> str:
    """The shipped file with its first step changed."""
    data = yaml.safe_load(shipped_text())
    data["steps"][0] |= values
    return yaml.safe_dump(data, allow_unicode=True)


# --- loading ----------------------------------------------------------------------------------


def test_the_shipped_file_becomes_a_version_that_reads_back_the_same(loaded: Loaded, double11: Procedure) -> None:
    assert (loaded.number, loaded.steps, loaded.is_new) == (1, 109, True)
    assert steps_of(loaded.version_id) == double11.steps
    assert SopTemplate.objects.get().pinyin == search_words(double11.head.name.zh)
    assert sum(len(step.checklist) for step in steps_of(loaded.version_id)) == 424


def test_loading_the_same_twice_changes_nothing(loaded: Loaded) -> None:
    again = load_sop(actor=SYSTEM, text=shipped_text(), now=NOW + timedelta(days=1))
    assert (again.version_id, again.is_new) == (loaded.version_id, False)
    assert SopVersion.objects.count() == 1
    assert SopStep.objects.count() == 109


def test_a_changed_file_becomes_the_next_version_and_the_old_one_stays(loaded: Loaded) -> None:
    second = load_sop(actor=SYSTEM, text=changed(hours=5), now=NOW)
    assert (second.template_id, second.number) == (loaded.template_id, 2)
    assert steps_of(loaded.version_id)[0].hours == 3
    assert steps_of(second.version_id)[0].hours == 5


def test_a_broken_file_is_refused_with_every_fault_and_nothing_is_written(db: None) -> None:
    with pytest.raises(Refused, match="sop_invalid") as refused:
        load_sop(actor=SYSTEM, text=changed(role="boss", due="S-5w", hours=0), now=NOW)
    assert [str(reason)[:4] for reason in refused.value.reasons] == ["P01:"] * 3
    assert not SopTemplate.objects.exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("key: [1", "Line 2"),
        ("key: a\nsteps: *all", "Line 2"),
        ("key: !!python/object/apply:os.getcwd []", "Line 1"),
        ("[" * 40, "Line 1"),
        ('key: "a\\0"', "Line 1"),
        ("key: a\n\tname: b", "Line 2"),
        ('key: a\nname: !!int ""', "Line 2"),
        ("key: a\nname: !!timestamp x", "Line 2"),
        (f"key: a\nhours: 0x{'F' * 5000}", "Line 2"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(db: None, text: str, line: str) -> None:
    with pytest.raises(Refused, match="sop_unreadable") as refused:
        load_sop(actor=SYSTEM, text=text, now=NOW)
    assert str(refused.value.reasons[0]).startswith(line)


def test_a_file_without_end_is_refused(db: None) -> None:
    with pytest.raises(Refused, match="sop_unreadable"):
        load_sop(actor=SYSTEM, text="#" * 1_000_001, now=NOW)


def test_a_manager_loads_a_template_for_the_team_which_goes_before_the_shipped_one(cast: Cast, loaded: Loaded) -> None:
    own = load_sop(actor=cast.actor("manager"), text=shipped_text(), team_id=cast.team.pk, now=NOW)
    assert (own.number, own.is_new) == (1, True)
    assert newest_version(SYSTEM, cast.team.pk, "double11") == own.version_id
    assert newest_version(SYSTEM, cast.other_team.pk, "double11") == loaded.version_id
    assert TeamEvent.objects.get(verb="load_sop").after["steps"] == 109


@pytest.mark.parametrize(("who", "refusal"), [("designer", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)])
def test_only_managers_load_templates_for_their_team(cast: Cast, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        load_sop(actor=cast.actor(who), text=shipped_text(), team_id=cast.team.pk, now=NOW)
    with pytest.raises(NotAllowed):
        load_sop(actor=cast.actor(who), text=shipped_text(), now=NOW)
    assert not SopTemplate.objects.exists()


def test_another_teams_template_is_not_there(cast: Cast, loaded: Loaded) -> None:
    own = load_sop(actor=cast.actor("manager"), text=shipped_text(), team_id=cast.team.pk, now=NOW)
    assert len(templates_of(cast.actor("viewer"))) == 2
    assert len(templates_of(cast.actor("outsider"))) == 1
    with pytest.raises(Missing):
        version_screen(cast.actor("outsider"), own.version_id)
    with pytest.raises(Refused, match="invalid"):
        create_campaign_from_sop(
            actor=cast.actor("outsider"), team_id=cast.other_team.pk, version_id=own.version_id, **DRAFT
        )
    assert not Campaign.objects.exists()


# --- a campaign of it -------------------------------------------------------------------------


def test_a_campaign_comes_with_its_whole_plan(cast: Cast, loaded: Loaded) -> None:
    campaign_id = create_campaign_from_sop(
        actor=cast.actor("manager"), team_id=cast.team.pk, version_id=loaded.version_id, **DRAFT
    )
    tasks = Task.objects.filter(campaign_id=campaign_id)
    assert tasks.count() == 109
    assert sum(task.estimate_hours for task in tasks) == 710
    assert {phase: tasks.filter(phase=phase).count() for phase in ("prep", "execution", "wrap_up", "review")} == {
        "prep": 66,
        "execution": 22,
        "wrap_up": 11,
        "review": 10,
    }
    assert ChecklistItem.objects.filter(task__in=tasks).count() == 424
    assert TaskDependency.objects.filter(task__in=tasks).count() == sum(
        len(step.depends_on) for step in steps_of(loaded.version_id)
    )
    moved = tasks.get(code="P26")
    assert moved.due_at == datetime(2025, 9, 30, 18, 0, tzinfo=ZONE)
    generation = generation_of(campaign_id)
    assert generation is not None
    assert (generation.version_id, generation.number) == (loaded.version_id, 1)
    event = CampaignEvent.objects.get(verb="generate_plan")
    assert (event.actor, event.after["tasks"]) == (cast.manager, 109)
    assert "P26" in event.after["moved"]


def test_tasks_belong_to_who_holds_the_role(cast: Cast, loaded: Loaded) -> None:
    campaign_id = create_campaign_from_sop(
        actor=cast.actor("manager"),
        team_id=cast.team.pk,
        version_id=loaded.version_id,
        roles={Role.ADS: cast.designer.pk, Role.CS: None},
        **DRAFT,
    )
    # The manager is the only lead and operator, 小美 the only designer; 客服 was left to nobody on purpose.
    assert role_holders(campaign_id) == {
        Role.LEAD: cast.manager.pk,
        Role.OPS: cast.manager.pk,
        Role.DESIGN: cast.designer.pk,
        Role.ADS: cast.designer.pk,
    }
    owners = dict(Task.objects.filter(campaign_id=campaign_id).values_list("role", "owner_id").distinct())
    assert owners["design"] == owners["ads"] == cast.designer.pk
    assert owners["cs"] is owners["warehouse"] is None


def test_generating_twice_adds_nothing(cast: Cast, loaded: Loaded) -> None:
    campaign = CampaignFactory(team=cast.team, starts_at=DRAFT["starts_at"], ends_at=DRAFT["ends_at"])
    verb: dict[str, Any] = {"actor": cast.actor("manager"), "campaign_id": campaign.pk, "now": NOW}
    written = generate_plan(version_id=loaded.version_id, **verb)
    assert written == Task.objects.count() > 100
    assert generate_plan(version_id=loaded.version_id, **verb) == 0
    assert Task.objects.count() == written
    assert CampaignEvent.objects.filter(verb="generate_plan").count() == PlanGeneration.objects.count() == 1
    other = load_sop(actor=SYSTEM, text=changed(hours=5), now=NOW)
    with pytest.raises(Refused, match="plan_there"):
        generate_plan(version_id=other.version_id, **verb)


@pytest.mark.parametrize(
    ("values", "refusal"), [({"phase": "closed"}, "campaign_closed"), ({"kind": "routine"}, "no_phases")]
)
def test_closed_and_routine_campaigns_take_no_plan(
    cast: Cast, loaded: Loaded, values: dict[str, Any], refusal: str
) -> None:
    campaign = CampaignFactory(team=cast.team, **values)
    with pytest.raises(Refused, match=refusal):
        generate_plan(actor=cast.actor("manager"), campaign_id=campaign.pk, version_id=loaded.version_id, now=NOW)
    assert not Task.objects.exists()


@pytest.mark.parametrize(("who", "refusal"), [("designer", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)])
def test_only_managers_of_the_team_plan(cast: Cast, loaded: Loaded, who: str, refusal: type[Exception]) -> None:
    campaign = CampaignFactory(team=cast.team)
    with pytest.raises(refusal):
        generate_plan(actor=cast.actor(who), campaign_id=campaign.pk, version_id=loaded.version_id, now=NOW)
    with pytest.raises(refusal):
        create_campaign_from_sop(actor=cast.actor(who), team_id=cast.team.pk, version_id=loaded.version_id, **DRAFT)
    with pytest.raises(refusal):
        plan_preview(actor=cast.actor(who), team_id=cast.team.pk, version_id=loaded.version_id, **DRAFT)
    assert not Task.objects.exists()
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"ends_at": DRAFT["starts_at"]}, "ends_at"),
        ({"platforms": ()}, "platforms"),
        ({"version_id": None}, "version_id"),
        ({"version_id": 999_999}, "version_id"),
        ({"anchors": {Anchor.PRESALE_START: DRAFT["ends_at"]}}, "anchors.presale_start"),
        ({"starts_at": DRAFT["starts_at"].replace(year=1)}, "starts_at"),
        ({"ends_at": DRAFT["ends_at"].replace(year=9999)}, "ends_at"),
        ({"anchors": {Anchor.PRICE_PROTECT_END: DRAFT["ends_at"].replace(year=9999)}}, "anchors.price_protect_end"),
        ({"name": "开过了"}, "name"),
    ],
)
def test_preview_and_creation_refuse_the_same(cast: Cast, loaded: Loaded, fault: dict[str, Any], field: str) -> None:
    CampaignFactory(team=cast.team, name="开过了")
    values = {"team_id": cast.team.pk, "version_id": loaded.version_id, **DRAFT, **fault}
    for verb in (plan_preview, create_campaign_from_sop):
        with pytest.raises(Refused) as refused:
            verb(actor=cast.actor("manager"), **values)
        assert field in refused.value.fields
    assert Campaign.objects.count() == 1


def test_a_refused_plan_leaves_no_campaign_and_no_store_behind(cast: Cast, loaded: Loaded) -> None:
    with pytest.raises(Refused):
        create_campaign_from_sop(
            actor=cast.actor("manager"),
            team_id=cast.team.pk,
            version_id=loaded.version_id,
            new_store="新店",
            roles={Role.CS: cast.outsider.pk},
            **DRAFT,
        )
    assert not Campaign.objects.exists()
    assert not Store.objects.exists()


def test_the_preview_shows_what_creating_writes(cast: Cast, loaded: Loaded) -> None:
    values = {"team_id": cast.team.pk, "version_id": loaded.version_id, **DRAFT, "platforms": ("pdd",)}
    shown = plan_preview(actor=cast.actor("manager"), **values)
    assert not Task.objects.exists()
    campaign_id = create_campaign_from_sop(actor=cast.actor("manager"), **values)
    tasks = Task.objects.filter(campaign_id=campaign_id)
    assert shown.total.tasks == tasks.count() == 104
    assert [code for code, _ in shown.left_out] == ["P38", "P41", "X17", "X18", "X20"]
    assert {line.code: line.due_at for line in shown.collisions} == {
        code: due
        for code, due in tasks.values_list("code", "due_at")
        if code in {line.code for line in shown.collisions}
    }


def test_routine_work_starts_empty_and_needs_no_template(cast: Cast) -> None:
    values = {"team_id": cast.team.pk, "kind": Kind.ROUTINE, **DRAFT}
    assert plan_preview(actor=cast.actor("manager"), **values).total.tasks == 0
    campaign_id = create_campaign_from_sop(actor=cast.actor("manager"), new_store="青禾天猫店", **values)
    campaign = Campaign.objects.get(pk=campaign_id)
    assert (campaign.kind, campaign.store.name if campaign.store else "") == ("routine", "青禾天猫店")
    assert not Task.objects.exists()
    assert generation_of(campaign_id) is None
