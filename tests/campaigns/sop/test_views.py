"""The pages of the procedures and the form for a new campaign, as each of the cast, with and without htmx."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignStage
from campaigns.campaign.queries import role_holders
from campaigns.sop.actions import Loaded, load_sop
from campaigns.sop.models import SopTemplate, SopVersion
from staff.people.rules import SYSTEM, Role
from tests.campaigns.sop.conftest import shipped_text
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, StoreFactory, TeamFactory, join

ZONE = ZoneInfo("Asia/Shanghai")
HTMX = {"HX-Request": "true"}
As = Callable[[str], Client]


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


def typed(cast: Cast, loaded: Loaded, **changes: Any) -> dict[str, Any]:
    """What a manager types for Double 11."""
    return {
        "team": cast.team.pk,
        "name": "双11 2025",
        "kind": "promotion",
        "platforms": ["tmall", "jd", "douyin", "pdd"],
        "version": loaded.version_id,
        "starts_at": "2025-10-20T20:00",
        "ends_at": "2025-11-14T23:59",
        "role_design": cast.designer.pk,
        "step": "preview",
        **changes,
    }


# --- the procedures ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "designer", "cs", "viewer", "outsider"])
def test_everybody_reads_the_shipped_procedure_in_both_languages(browse: As, loaded: Loaded, who: str) -> None:
    listing = browse(who).get(reverse("campaigns:sop"))
    assert "618 / Double 11 full campaign" in listing.content.decode()
    page = browse(who).get(reverse("campaigns:sop_version", args=[loaded.version_id])).content.decode()
    assert "大促立项与作战小组" in page
    assert "Kick-off and war-room roster" in page
    assert page.count('<tr id="step-') == 109


def test_strangers_sign_in_first(db: None) -> None:
    for name in ("sop", "create"):
        assert Client().get(reverse(f"campaigns:{name}")).status_code == 302


def test_an_empty_list_says_how_to_begin(browse: As) -> None:
    assert "There is no template yet." in browse("manager").get(reverse("campaigns:sop")).content.decode()


def test_another_teams_version_is_not_there(browse: As, cast: Cast) -> None:
    own = load_sop(actor=SYSTEM, text=shipped_text(), team_id=cast.team.pk, now=NOW)
    address = reverse("campaigns:sop_version", args=[own.version_id])
    assert browse("viewer").get(address).status_code == 200
    assert browse("outsider").get(address).status_code == 404


def test_the_list_asks_the_database_as_often_for_many_templates_as_for_one(browse: As, cast: Cast) -> None:
    def queries() -> int:
        client = browse("manager")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("campaigns:sop"))
        return len(seen)

    def template(key: str) -> None:
        row = SopTemplate.objects.create(team=cast.team, key=key, name=key)
        SopVersion.objects.create(template=row, number=1, digest=key, created_at=NOW)

    template("a")
    once = queries()
    for key in "bcd":
        template(key)
    assert queries() == once


def upload(text: str, team_id: int) -> dict[str, Any]:
    """The form with a file."""
    return {"team": team_id, "file": SimpleUploadedFile("own.yaml", text.encode())}


def test_a_manager_loads_a_file_and_sees_it(browse: As, cast: Cast) -> None:
    client = browse("manager")
    answer = client.post(reverse("campaigns:load_sop"), upload(shipped_text(), cast.team.pk))
    version = SopVersion.objects.get()
    assert answer.headers["Location"] == reverse("campaigns:sop_version", args=[version.pk])
    assert version.created_by == cast.manager
    by_htmx = client.post(reverse("campaigns:load_sop"), upload(shipped_text(), cast.team.pk), headers=HTMX)
    assert by_htmx.headers["HX-Redirect"] == answer.headers["Location"]


def test_a_file_with_faults_is_answered_with_all_of_them(browse: As, cast: Cast) -> None:
    broken = shipped_text().replace("role: lead", "role: boss")
    answer = browse("manager").post(reverse("campaigns:load_sop"), upload(broken, cast.team.pk), headers=HTMX)
    assert answer.status_code == 409
    assert answer.content.decode().count("unknown role boss") == 20
    assert not SopTemplate.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("designer", 403), ("cs", 403), ("viewer", 403), ("outsider", 404)])
def test_loading_is_a_managers(browse: As, cast: Cast, who: str, status: int) -> None:
    answer = browse(who).post(reverse("campaigns:load_sop"), upload(shipped_text(), cast.team.pk))
    assert answer.status_code == status
    assert not SopTemplate.objects.exists()


# --- a new campaign ---------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("designer", 403), ("cs", 403), ("viewer", 403)])
def test_the_form_is_a_managers(browse: As, loaded: Loaded, who: str, status: int) -> None:
    assert browse(who).get(reverse("campaigns:create")).status_code == status


def test_the_form_offers_the_template_and_who_holds_a_role_alone(browse: As, cast: Cast, loaded: Loaded) -> None:
    page = browse("manager").get(reverse("campaigns:create"))
    form = page.context["form"]
    assert form["version"].value() == loaded.version_id
    assert form["role_design"].value() == cast.designer.pk
    assert form["role_lead"].value() == cast.manager.pk
    assert form["role_live"].value() is None
    assert "老周" not in page.content.decode()


def test_the_preview_shows_the_whole_plan_and_writes_nothing(browse: As, cast: Cast, loaded: Loaded) -> None:
    client, address = browse("manager"), reverse("campaigns:create")
    page = client.post(address, typed(cast, loaded)).content.decode()
    fragment = client.post(address, typed(cast, loaded), headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<section id="plan-preview"')
    assert "<html" not in fragment
    for shown in ("16 preparation tasks fall in holidays", "National Day", "710", "P26", "Nobody for", "default"):
        assert shown in page
        assert shown in fragment
    # What was typed stays in the form and travels on to the confirmation.
    assert page.count('value="2025-10-20T20:00"') == 2
    assert fragment.count('name="platforms"') == 4
    assert not Campaign.objects.exists()


def test_confirming_writes_it_all_and_leads_to_the_board(browse: As, cast: Cast, loaded: Loaded) -> None:
    store = StoreFactory(team=cast.team, name="青禾天猫店")
    values = typed(cast, loaded, step="confirm", store=store.pk, presale_start="2025-10-14T20:00", role_cs=cast.cs.pk)
    answer = browse("manager").post(reverse("campaigns:create"), values)
    campaign = Campaign.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("campaigns:board", args=[campaign.pk])
    assert campaign.starts_at == datetime(2025, 10, 20, 20, 0, tzinfo=ZONE)
    assert (campaign.store, campaign.created_by) == (store, cast.manager)
    stage = CampaignStage.objects.get(campaign=campaign, kind="presale_start")
    assert (stage.at, stage.is_default) == (datetime(2025, 10, 14, 20, 0, tzinfo=ZONE), False)
    # Chosen people only: the empty selects mean nobody, though the manager alone is lead and operator.
    assert role_holders(campaign.pk) == {Role.DESIGN: cast.designer.pk, Role.CS: cast.cs.pk}
    assert Task.objects.filter(campaign=campaign).count() == 109


def test_dates_are_on_the_teams_clock_whatever_the_readers_zone(browse: As, cast: Cast, loaded: Loaded) -> None:
    cast.manager.zone = "Europe/London"
    cast.manager.save(update_fields=["zone"])
    browse("manager").post(reverse("campaigns:create"), typed(cast, loaded, step="confirm"))
    assert Campaign.objects.get().starts_at == datetime(2025, 10, 20, 20, 0, tzinfo=ZONE)


def test_confirming_twice_makes_one_campaign(browse: As, cast: Cast, loaded: Loaded) -> None:
    client, values = browse("manager"), typed(cast, loaded, step="confirm")
    assert "HX-Redirect" in client.post(reverse("campaigns:create"), values, headers=HTMX).headers
    again = client.post(reverse("campaigns:create"), values, headers=HTMX)
    assert again.status_code == 409
    assert "already" in again.content.decode()
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Name"),
        ({"platforms": []}, "Platforms"),
        ({"starts_at": "soon"}, "Start"),
        ({"starts_at": "0001-01-01T00:00"}, "Check the year."),
        ({"ends_at": "2025-10-01T00:00"}, "The end must be later than the start."),
        ({"version": ""}, "Choose a template."),
        ({"role_cs": "999999"}, "Customer service"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "confirm"])
def test_what_cannot_be_meant_is_answered_in_place(
    browse: As, cast: Cast, loaded: Loaded, change: dict[str, Any], said: str, step: str
) -> None:
    values = typed(cast, loaded, step=step, **change)
    answer = browse("manager").post(reverse("campaigns:create"), values, headers=HTMX)
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#notice"
    assert said in answer.content.decode()
    assert not Campaign.objects.exists()


def test_routine_work_needs_no_template(browse: As, cast: Cast, loaded: Loaded) -> None:
    values = typed(cast, loaded, kind="routine", version="", new_store="日常店")
    client = browse("manager")
    assert "It starts without tasks" in client.post(reverse("campaigns:create"), values).content.decode()
    client.post(reverse("campaigns:create"), {**values, "step": "confirm"})
    campaign = Campaign.objects.get()
    assert (campaign.kind, campaign.store.name if campaign.store else "") == ("routine", "日常店")
    assert not Task.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("designer", 403), ("viewer", 403), ("outsider", 404)])
def test_nobody_else_makes_a_campaign_for_the_team(
    browse: As, cast: Cast, loaded: Loaded, who: str, status: int
) -> None:
    answer = browse(who).post(reverse("campaigns:create"), typed(cast, loaded, step="confirm"))
    assert answer.status_code == status
    assert not Campaign.objects.exists()


def test_whoever_manages_two_teams_chooses_one(browse: As, cast: Cast, loaded: Loaded) -> None:
    second = TeamFactory(name="二店")
    join(cast.manager, second, "manager", "lead")
    client = browse("manager")
    assert "二店" in client.get(reverse("campaigns:create")).content.decode()
    chosen = client.get(reverse("campaigns:create"), {"team": second.pk})
    assert chosen.context["form"]["team"].value() == second.pk
    assert client.get(reverse("campaigns:create"), {"team": cast.other_team.pk}).status_code == 404
    client.post(reverse("campaigns:create"), typed(cast, loaded, team=second.pk, role_design="", step="confirm"))
    assert Campaign.objects.get().team == second


def test_the_form_begins_with_the_next_sale_where_the_last_one_sold(browse: As, cast: Cast, loaded: Loaded) -> None:
    store = StoreFactory(team=cast.team, platform="jd")
    CampaignFactory(team=cast.team, name="618 2027", platforms=["jd", "pdd"], store=store, created_at=NOW)
    CampaignFactory(team=cast.team, kind="routine", platforms=["douyin"], created_at=NOW + timedelta(days=1))
    cast.manager.zone = "Europe/London"
    cast.manager.save()
    with time_machine.travel(NOW, tick=False):
        first = browse("manager").get(reverse("campaigns:create"))
        second = browse("manager").get(reverse("campaigns:create"), {"pick": 1})
        none = browse("manager").get(reverse("campaigns:create"), {"pick": 9})
    form = first.context["form"]
    assert (form["name"].value(), form["platforms"].value(), form["store"].value()) == (
        "双11 2027", ["jd", "pdd"], store.pk,
    )  # fmt: skip
    # On the team's clock, wherever the manager is.
    assert 'value="2027-10-20T20:00"' in first.content.decode()
    assert second.context["form"]["name"].value() == "618 2028"
    assert none.context["form"]["name"].value() is None


def test_without_script_faults_come_back_beside_what_was_typed(browse: As, cast: Cast, loaded: Loaded) -> None:
    answer = browse("manager").post(
        reverse("campaigns:create"), typed(cast, loaded, starts_at="", platforms=[], name="年货节")
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="年货节"' in page
    assert page.count('class="error"') == 2
    assert 'aria-invalid="true"' in page


def test_a_refusal_names_its_fields_in_the_notice(browse: As, cast: Cast, loaded: Loaded) -> None:
    answer = browse("manager").post(
        reverse("campaigns:create"), typed(cast, loaded, ends_at="2025-10-01T00:00"), headers=HTMX
    )
    assert answer.status_code == 409
    assert '<li data-field="ends_at">The end must be later than the start.</li>' in answer.content.decode()


def test_the_preview_names_who_has_more_to_do_than_fits_in(browse: As, cast: Cast, loaded: Loaded) -> None:
    page = browse("manager").post(reverse("campaigns:create"), typed(cast, loaded), headers=HTMX).content.decode()
    assert "More than fits in" in page
    assert "Design, 小美:" in page
