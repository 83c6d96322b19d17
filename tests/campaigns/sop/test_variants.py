"""Derived templates in the database and on the pages: loaded, offered, and made into campaigns."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.board.models import Task, TaskDependency
from campaigns.campaign.models import CampaignStage
from campaigns.campaign.rules import Anchor
from campaigns.sop.actions import Loaded, create_campaign_from_sop, load_sop
from campaigns.sop.models import SopTemplate, SopVersion
from campaigns.sop.queries import plan_preview, steps_of, template_choices, version_screen
from planner.core.errors import Missing, Refused
from staff.people.rules import SYSTEM
from tests.campaigns.sop.conftest import shipped_text, variant_text
from tests.campaigns.sop.test_actions import DRAFT, changed
from tests.cast import Cast
from tests.factories import NOW

As = Callable[[str], Client]
OWN: dict[str, Any] = {"key": "own", "name": {"zh": "我们的", "en": "Ours"}, "base": "double11", "drop": ["P38"]}


@pytest.fixture
def browse(cast: Cast) -> As:
    """A browser in which this member of the cast is signed in, reading English."""

    def client(name: str) -> Client:
        user = getattr(cast, name)
        user.language = "en"
        user.save(update_fields=["language"])
        browser = Client()
        browser.force_login(user)
        return browser

    return client


@pytest.fixture
def variants_there(loaded: Loaded) -> dict[str, Loaded]:
    """The shipped variants, loaded."""
    keys = ("light", "no_presale", "single_wave", "b2b_1688")
    return {key: load_sop(actor=SYSTEM, text=variant_text(key), now=NOW) for key in keys}


def own(cast: Cast, who: str = "manager", **values: Any) -> Loaded:
    """A derived template of the team's own."""
    text = yaml.safe_dump({**OWN, **values}, allow_unicode=True, sort_keys=False)
    return load_sop(actor=cast.actor(who), text=text, team_id=cast.team.pk, now=NOW)


# --- loading ----------------------------------------------------------------------------------


def test_a_variant_reads_back_and_knows_its_base(variants_there: dict[str, Loaded], loaded: Loaded) -> None:
    version = SopVersion.objects.get(pk=variants_there["light"].version_id)
    assert (version.base_id, len(steps_of(version.pk))) == (loaded.version_id, 40)
    assert version.template.purpose.startswith("三个人")
    assert load_sop(actor=SYSTEM, text=variant_text("light"), now=NOW).is_new is False


def test_loaded_again_after_its_base_a_variant_follows_it(variants_there: dict[str, Loaded]) -> None:
    newer = load_sop(actor=SYSTEM, text=changed(hours=5), now=NOW)
    again = load_sop(actor=SYSTEM, text=variant_text("light"), now=NOW)
    assert (again.number, again.is_new) == (2, True)
    assert SopVersion.objects.get(pk=again.version_id).base_id == newer.version_id
    assert [step.hours for step in steps_of(again.version_id) if step.code == "P01"] == [5]
    # What was loaded before stays what it was.
    assert [step.hours for step in steps_of(variants_there["light"].version_id) if step.code == "P01"] == [3]


def test_a_team_derives_from_its_own_template_before_the_shipped_one(cast: Cast, loaded: Loaded) -> None:
    assert SopVersion.objects.get(pk=own(cast).version_id).base_id == loaded.version_id
    mine = load_sop(actor=cast.actor("manager"), text=changed(hours=7), team_id=cast.team.pk, now=NOW)
    assert SopVersion.objects.get(pk=own(cast).version_id).base_id == mine.version_id
    # Under the shipped key it is derived from the shipped one, not from itself.
    same = own(cast, key="double11")
    assert SopVersion.objects.get(pk=same.version_id).base_id == loaded.version_id


def test_another_teams_template_is_no_base(cast: Cast, loaded: Loaded) -> None:
    own(cast, key="secret")
    text = yaml.safe_dump({**OWN, "base": "secret"}, allow_unicode=True)
    with pytest.raises(Refused, match="sop_invalid") as refused:
        load_sop(actor=cast.actor("outsider"), text=text, team_id=cast.other_team.pk, now=NOW)
    assert [str(reason) for reason in refused.value.reasons] == ["base: there is no template secret to derive from."]
    assert not SopTemplate.objects.filter(team=cast.other_team).exists()


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"base": "nowhere"}, ["base"]),
        ({"base": "own", "key": "own"}, ["base"]),
        ({"drop": ["Z1", "P38"], "change": {"Z2": {}, "P38": {"hours": 2}, "P17": {"hours": 0}}},
         ["Z1", "Z2", "P38", "P17"]),
    ],
)  # fmt: skip
def test_a_faulty_derivation_is_refused_with_every_fault_and_nothing_is_written(
    cast: Cast, loaded: Loaded, values: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(Refused, match="sop_invalid") as refused:
        own(cast, **values)
    assert [str(reason).split(":")[0] for reason in refused.value.reasons] == faults
    assert SopTemplate.objects.count() == SopVersion.objects.count() == 1


def test_without_its_base_a_shipped_variant_is_refused(db: None) -> None:
    with pytest.raises(Refused, match="sop_invalid"):
        load_sop(actor=SYSTEM, text=variant_text("light"), now=NOW)
    assert not SopTemplate.objects.exists()


# --- campaigns of them ------------------------------------------------------------------------


def test_a_light_campaign_has_forty_tasks_and_no_optional_dates(cast: Cast, variants_there: dict[str, Loaded]) -> None:
    version_id = variants_there["light"].version_id
    # A date that no step hangs on does not count, even one that could not be meant.
    given = {"anchors": {Anchor.PRESALE_START: DRAFT["ends_at"]}, "version_id": version_id, "team_id": cast.team.pk}
    shown = plan_preview(actor=cast.actor("manager"), **given, **DRAFT)
    assert (shown.total.tasks, [anchor for anchor, _, _ in shown.anchors]) == (40, ["S", "E"])
    campaign_id = create_campaign_from_sop(actor=cast.actor("manager"), **given, **DRAFT)
    assert Task.objects.filter(campaign_id=campaign_id).count() == 40
    assert not CampaignStage.objects.exists()
    befores = TaskDependency.objects.filter(task__code="X01").order_by("pk")
    assert [row.predecessor.code for row in befores] == ["P64", "P28", "P50"]


def test_without_a_second_wave_its_date_is_neither_kept_nor_shown(
    cast: Cast, variants_there: dict[str, Loaded]
) -> None:
    version_id = variants_there["single_wave"].version_id
    shown = plan_preview(actor=cast.actor("manager"), team_id=cast.team.pk, version_id=version_id, **DRAFT)
    assert [anchor for anchor, _, _ in shown.anchors] == ["S", "E", "presale_start", "price_protect_end"]
    create_campaign_from_sop(actor=cast.actor("manager"), team_id=cast.team.pk, version_id=version_id, **DRAFT)
    assert set(CampaignStage.objects.values_list("kind", flat=True)) == {"presale_start", "price_protect_end"}


def test_a_wholesale_campaign_brings_the_daily_duties(cast: Cast, variants_there: dict[str, Loaded]) -> None:
    values = {**DRAFT, "platforms": ("1688", "tmall"), "version_id": variants_there["b2b_1688"].version_id}
    campaign_id = create_campaign_from_sop(actor=cast.actor("manager"), team_id=cast.team.pk, **values)
    duties = Task.objects.filter(campaign_id=campaign_id, code__startswith="C0")
    assert duties.count() == 4
    # 阿敏 is the only one in customer service.
    assert set(duties.values_list("owner_id", "due_at")) == {(cast.cs.pk, DRAFT["ends_at"])}


# --- pages ------------------------------------------------------------------------------------


def test_the_form_offers_every_template_and_says_which_dates_each_needs(
    browse: As, cast: Cast, variants_there: dict[str, Loaded], loaded: Loaded
) -> None:
    own(cast)
    page = browse("manager").get(reverse("campaigns:create"))
    form = page.context["form"]
    offered = [template.version_id for template in template_choices(cast.team.pk)]
    assert [template.version_id for _, template in form.template_rows()] == offered
    # The team's own goes first, then the whole procedure, then what is derived from it.
    assert [pk for pk, _ in form.fields["version"].choices][1] == loaded.version_id
    shown = page.content.decode()
    assert "Three people and one store" in shown
    by_version = {str(choice.data["value"]): choice.data["attrs"]["data-anchors"] for choice in form["version"]}
    assert by_version[str(loaded.version_id)] == "presale_start wave2_start price_protect_end"
    assert by_version[str(variants_there["light"].version_id)] == ""
    assert by_version[str(variants_there["no_presale"].version_id)] == "wave2_start price_protect_end"
    for anchor in ("presale_start", "wave2_start", "price_protect_end"):
        assert f'data-anchor="{anchor}"' in shown


def test_a_variants_page_says_what_it_is_derived_from_and_what_is_left_out(
    browse: As, variants_there: dict[str, Loaded], loaded: Loaded
) -> None:
    client = browse("viewer")
    page = client.get(reverse("campaigns:sop_version", args=[variants_there["b2b_1688"].version_id])).content.decode()
    assert "Derived from 618 / Double 11 full campaign, version 1" in page
    assert reverse("campaigns:sop_version", args=[loaded.version_id]) in page
    assert "3 steps left out" in page
    assert "P33 Negotiate placements" in page
    screen = version_screen(SYSTEM, variants_there["b2b_1688"].version_id)
    assert screen.derived is not None
    assert [code for code, _ in screen.derived.added] == ["C01", "C02", "C03", "C04"]
    # Only what the file changed itself: what was linked around a step left out is no change.
    assert [code for code, _ in screen.derived.changed] == ["P17"]
    assert version_screen(SYSTEM, loaded.version_id).derived is None
    assert "Derived from" not in client.get(reverse("campaigns:sop_version", args=[loaded.version_id])).content.decode()


def test_the_list_of_templates_says_what_each_is_for(browse: As, variants_there: dict[str, Loaded]) -> None:
    page = browse("viewer").get(reverse("campaigns:sop")).content.decode()
    assert page.index("618 / Double 11 full campaign") < page.index("Single wave")
    assert "A wholesale store on 1688" in page


@pytest.mark.parametrize(("who", "status"), [("manager", 302), ("designer", 403), ("viewer", 403), ("outsider", 404)])
def test_a_manager_loads_a_derived_file_by_the_page(
    browse: As, cast: Cast, loaded: Loaded, who: str, status: int
) -> None:
    file = SimpleUploadedFile("own.yaml", yaml.safe_dump(OWN, allow_unicode=True).encode())
    answer = browse(who).post(reverse("campaigns:load_sop"), {"team": cast.team.pk, "file": file})
    assert answer.status_code == status
    assert SopVersion.objects.filter(template__key="own").count() == (status == 302)


def test_a_teams_variant_is_not_there_for_others(browse: As, cast: Cast, loaded: Loaded) -> None:
    mine = own(cast)
    with pytest.raises(Missing):
        version_screen(cast.actor("outsider"), mine.version_id)
    assert browse("outsider").get(reverse("campaigns:sop_version", args=[mine.version_id])).status_code == 404


def test_the_form_asks_the_database_as_often_for_many_templates_as_for_one(
    browse: As, cast: Cast, loaded: Loaded
) -> None:
    def queries() -> int:
        client = browse("manager")
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("campaigns:create"))
        return len(seen)

    once = queries()
    for number in range(5):
        own(cast, key=f"own{number}")
    assert queries() == once


def test_the_shipped_file_says_what_it_is_for(loaded: Loaded) -> None:
    template = SopTemplate.objects.get(key="double11")
    assert template.purpose and template.purpose_en
    # New words alone make no new version.
    data = yaml.safe_load(shipped_text())
    data["purpose"] = {"zh": "改了", "en": "changed"}
    again = load_sop(actor=SYSTEM, text=yaml.safe_dump(data, allow_unicode=True), now=NOW)
    assert again.is_new is False
    template.refresh_from_db()
    assert (template.purpose, template.purpose_en) == ("改了", "changed")
