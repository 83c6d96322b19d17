"""A campaign's first page: readiness, countdown, risks, progress, people, activity."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns.board.actions import assign_task, edit_task
from campaigns.campaign.actions import record_event
from campaigns.campaign.models import Campaign, CampaignStage
from campaigns.campaign.queries import role_holders
from campaigns.desk.queries.overview import RISK_LINES, Overview, Share, overview_screen
from planner.core.errors import Missing
from staff.calendars.models import CalendarDay
from staff.people.models import User
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory, hold_role

DAY = timedelta(days=1)
DONE = {"status": "done", "done_at": NOW}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027", starts_at=NOW + 10 * DAY, ends_at=NOW + 35 * DAY)


def screen(cast: Cast, campaign: Campaign, who: str = "manager") -> Overview:
    return overview_screen(cast.actor(who), campaign.pk, now=NOW)


def test_the_next_date_is_counted_down_and_a_default_one_is_marked(cast: Cast, campaign: Campaign) -> None:
    CampaignStage.objects.create(campaign=campaign, kind="presale_start", at=NOW + 5 * DAY, is_default=True)
    CampaignStage.objects.create(campaign=campaign, kind="wave2_start", at=NOW + 20 * DAY)
    shown = screen(cast, campaign)
    assert [anchor.anchor for anchor in shown.anchors] == ["presale_start", "S", "wave2_start", "E"]
    assert shown.next_anchor is shown.anchors[0]
    assert (shown.next_anchor.is_default, str(shown.next_anchor.away)) == (True, "5 d 0 h")
    later = overview_screen(cast.actor("manager"), campaign.pk, now=NOW + 40 * DAY)
    assert later.next_anchor is None


def test_risks_come_gravest_first_with_every_reason(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, title="没人", due_at=NOW + DAY)
    TaskFactory(campaign=campaign, title="卡住", status="blocked", owner=cast.cs)
    TaskFactory(campaign=campaign, title="闸门", is_gate=True, owner=cast.cs)
    TaskFactory(campaign=campaign, title="迟了没人", due_at=NOW - DAY)
    TaskFactory(campaign=campaign, title="好好的", owner=cast.cs)
    shown = screen(cast, campaign)
    assert [(line.label, list(line.risks)) for line in shown.risks] == [
        ("迟了没人", ["late", "unassigned"]), ("卡住", ["blocked"]), ("闸门", ["gate"]), ("没人", ["unassigned"]),
    ]  # fmt: skip
    assert dict(shown.risk_counts) == {"late": 1, "blocked": 1, "gate": 1, "unassigned": 2}


def test_a_long_risk_list_is_cut_and_counted(cast: Cast, campaign: Campaign) -> None:
    TaskFactory.create_batch(RISK_LINES + 4, campaign=campaign)
    shown = screen(cast, campaign)
    assert (len(shown.risks), shown.more_risks) == (RISK_LINES, 4)


def test_progress_is_counted_by_role_and_phase_without_cancelled_work(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, role="ops", **DONE)
    TaskFactory(campaign=campaign, role="ops")
    TaskFactory(campaign=campaign, role="ops", status="cancelled")
    TaskFactory(campaign=campaign, role="cs", phase="execution")
    shown = screen(cast, campaign)
    assert [(row.role, row.cells[:2], row.all) for row in shown.progress] == [
        ("ops", (Share(1, 2), None), Share(1, 2)), ("cs", (None, Share(0, 1)), Share(0, 1)),
    ]  # fmt: skip
    assert (shown.done, shown.total, shown.progress_sum.all) == (1, 3, Share(1, 3))


def test_people_stand_by_role_with_what_is_left(cast: Cast, campaign: Campaign) -> None:
    hold_role(campaign, "design", cast.designer)
    TaskFactory.create_batch(2, campaign=campaign, role="design", owner=cast.designer, estimate_hours=Decimal("1.5"))
    TaskFactory(campaign=campaign, role="design")
    TaskFactory(campaign=campaign, role="design", **DONE)
    (design,) = [line for line in screen(cast, campaign).people.roles if line.role is Role.DESIGN]
    assert (design.holder_name, design.open_tasks, design.open_hours, design.unassigned) == ("小美", 3, Decimal(7), 1)
    assert design.choices[0].name == "小美"
    assert [choice.user_id for choice in design.choices if choice.is_chosen] == [cast.designer.pk]
    assert all(line.choices == () for line in screen(cast, campaign, "designer").people.roles)


def test_years_without_an_official_calendar_are_called_provisional(cast: Cast, campaign: Campaign) -> None:
    campaign.ends_at = NOW + 45 * DAY
    campaign.save()
    TaskFactory(campaign=campaign, due_at=NOW + 60 * DAY)
    assert screen(cast, campaign).provisional_years == (2026, 2027)
    CalendarDay.objects.create(on=date(2026, 10, 1), kind="holiday", name="National Day")
    guess = CalendarDay.objects.create(on=date(2027, 1, 1), kind="holiday", name="New Year's Day", official=False)
    assert screen(cast, campaign).provisional_years == (2027,)
    guess.official = True
    guess.save()
    assert screen(cast, campaign).provisional_years == ()


def test_the_last_events_read_as_sentences_that_lead_to_the_task(
    client: Client, cast: Cast, campaign: Campaign
) -> None:
    task = TaskFactory(campaign=campaign, code="P24", title="主图")
    record_event(
        campaign_id=campaign.pk,
        actor=cast.actor("designer"),
        verb="block_task",
        subject_kind="task",
        subject_id=task.pk,
        subject_label="P24 主图",
        reason="等样品",
        now=NOW,
    )
    User.objects.update(language="en")
    client.force_login(cast.viewer)
    page = client.get(reverse("campaigns:overview", args=[campaign.pk])).content.decode()
    assert "小美 reported that P24 主图 is blocked." in page
    assert "等样品" in page
    assert page.count(reverse("campaigns:task", args=[task.pk])) == 2


@pytest.mark.parametrize(
    ("who", "status", "manages"),
    [
        ("manager", 200, True),
        ("designer", 200, False),
        ("cs", 200, False),
        ("viewer", 200, False),
        ("outsider", 404, False),
    ],
)
def test_the_team_sees_the_page_and_managers_its_forms(
    client: Client, cast: Cast, campaign: Campaign, who: str, status: int, manages: bool
) -> None:
    TaskFactory(campaign=campaign, must_have=True)
    client.force_login(getattr(cast, who))
    answer = client.get(reverse("campaigns:overview", args=[campaign.pk]))
    page = answer.content.decode()
    assert answer.status_code == status
    for route in ("advance_phase", "set_role_holder"):
        assert (reverse(f"campaigns:{route}", args=[campaign.pk]) in page) is manages
    assert ('name="override_reason"' in page) is manages


def test_the_button_is_grey_while_something_blocks(client: Client, cast: Cast, campaign: Campaign) -> None:
    client.force_login(cast.manager)
    grey = 'disabled aria-describedby="phase-blockers"'
    assert grey not in client.get(reverse("campaigns:overview", args=[campaign.pk])).content.decode()
    TaskFactory(campaign=campaign, must_have=True)
    assert grey in client.get(reverse("campaigns:overview", args=[campaign.pk])).content.decode()


@pytest.mark.parametrize("values", [{"kind": "routine"}, {"phase": "closed"}, {"phase": "review"}])
def test_every_kind_of_campaign_has_a_page(client: Client, cast: Cast, values: dict[str, str]) -> None:
    campaign = CampaignFactory(team=cast.team, **values)
    TaskFactory(campaign=campaign)
    client.force_login(cast.manager)
    assert client.get(reverse("campaigns:overview", args=[campaign.pk])).status_code == 200


def test_a_manager_names_who_holds_a_role(client: Client, cast: Cast, campaign: Campaign) -> None:
    client.force_login(cast.manager)
    address = reverse("campaigns:set_role_holder", args=[campaign.pk])
    answer = client.post(address, {"role": "cs", "user": cast.cs.pk})
    assert answer.url == reverse("campaigns:overview", args=[campaign.pk])
    assert role_holders(campaign.pk) == {Role.CS: cast.cs.pk}
    page = client.post(address, {"role": "cs", "user": cast.manager.pk}, headers={"HX-Request": "true"})
    assert page.content.decode().lstrip().startswith('<section id="people"')
    assert role_holders(campaign.pk) == {Role.CS: cast.manager.pk}


@pytest.mark.parametrize(
    ("data", "status"), [({"role": "boss"}, 409), ({"user": ""}, 409), ({"user": "0"}, 409), ({"user": "999999"}, 409)]
)
def test_a_faulty_role_holder_is_refused(
    client: Client, cast: Cast, campaign: Campaign, data: dict[str, str], status: int
) -> None:
    client.force_login(cast.manager)
    given = {"role": "cs", "user": str(cast.cs.pk)} | data
    assert client.post(reverse("campaigns:set_role_holder", args=[campaign.pk]), given).status_code == status
    assert role_holders(campaign.pk) == {}


@pytest.mark.parametrize(("who", "status"), [("designer", 403), ("viewer", 403), ("outsider", 404)])
def test_nobody_else_names_role_holders(client: Client, cast: Cast, campaign: Campaign, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    given = {"role": "cs", "user": cast.cs.pk}
    assert client.post(reverse("campaigns:set_role_holder", args=[campaign.pk]), given).status_code == status


def test_another_teams_campaign_is_not_there(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(Missing):
        screen(cast, campaign, "outsider")


def test_the_page_asks_the_same_for_many_tasks_as_for_few(client: Client, cast: Cast, campaign: Campaign) -> None:
    def grow(count: int) -> None:
        TaskFactory.create_batch(count, campaign=campaign, owner=cast.cs, must_have=True)
        TaskFactory.create_batch(count, campaign=campaign, role="design", is_gate=True)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("campaigns:overview", args=[campaign.pk])).status_code == 200
        return len(asked)

    client.force_login(cast.manager)
    grow(5)
    few = queries()
    grow(5)
    assert queries() == few > 5


def test_the_curve_stands_with_its_sentence_and_its_table(client: Client, cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, due_at=NOW - DAY)
    TaskFactory(campaign=campaign, due_at=NOW + DAY, **DONE)
    TaskFactory(campaign=campaign, due_at=NOW - DAY, status="cancelled")
    User.objects.update(language="en")
    client.force_login(cast.viewer)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("campaigns:overview", args=[campaign.pk])).content.decode()
    assert "1 tasks were to be done by now, and as many are." in page
    assert 'aria-labelledby="burn-name burn-desc"' in page
    assert 'id="burn-up-numbers"' in page
    shown = screen(cast, campaign).burn_up
    assert shown is not None
    assert [(day.planned, day.done, day.scope) for day in shown.days][-1] == (2, None, 2)
    routine = CampaignFactory(team=cast.team, kind="routine")
    TaskFactory(campaign=routine)
    assert screen(cast, routine).burn_up is None


def test_who_has_more_to_do_than_fits_in_is_named(cast: Cast, campaign: Campaign) -> None:
    # Five working days of six hours; what is due elsewhere counts, what is due later or closed does not.
    other = CampaignFactory(team=cast.team)
    TaskFactory(campaign=campaign, owner=cast.designer, estimate_hours=20)
    TaskFactory(campaign=other, owner=cast.designer, estimate_hours=10, due_at=NOW - DAY)
    TaskFactory(campaign=other, owner=cast.designer, estimate_hours=99, due_at=NOW + 8 * DAY)
    TaskFactory(campaign=CampaignFactory(team=cast.team, phase="closed"), owner=cast.designer, estimate_hours=99)
    assert screen(cast, campaign).over == ()
    TaskFactory(campaign=other, owner=cast.designer, estimate_hours=1)
    (over,) = screen(cast, campaign).over
    assert (over.name, over.hours, over.fits) == ("小美", 31, 30)
    hold_role(campaign, "design", cast.designer)
    (design,) = [line for line in screen(cast, campaign).people.roles if line.role is Role.DESIGN]
    assert design.load == over


def test_an_event_shows_what_was_before_and_after(cast: Cast, campaign: Campaign) -> None:
    task = TaskFactory(campaign=campaign, title="主图", owner=cast.cs)
    edit_task(actor=cast.actor("manager"), task_id=task.pk, version=1, changes={"title": "主图两版"}, now=NOW)
    assign_task(actor=cast.actor("manager"), task_id=task.pk, owner_id=cast.designer.pk, version=2, now=NOW)
    with translation.override("en"):
        assigned, edited = screen(cast, campaign).activity
    assert edited.changes == (("Title", "主图", "主图两版"),)
    assert assigned.changes == (("Owner", cast.cs.display_name, "小美"),)


def test_blockers_beyond_three_are_folded_away(client: Client, cast: Cast, campaign: Campaign) -> None:
    TaskFactory.create_batch(3, campaign=campaign, must_have=True, owner=cast.cs)
    client.force_login(cast.viewer)
    address = reverse("campaigns:overview", args=[campaign.pk])
    assert 'id="phase-blockers-more"' not in client.get(address).content.decode()
    TaskFactory(campaign=campaign, must_have=True, owner=cast.cs)
    assert 'id="phase-blockers-more"' in client.get(address).content.decode()


def test_news_is_only_sent_when_there_is_some(client: Client, cast: Cast, campaign: Campaign) -> None:
    address = reverse("campaigns:overview", args=[campaign.pk])
    client.force_login(cast.viewer)
    with time_machine.travel(NOW, tick=False):
        seen = {"version": screen(cast, campaign).version}
        assert client.get(address, seen, headers={"HX-Request": "true"}).status_code == 204
        assert client.get(address, seen).status_code == 200
        record_event(
            campaign_id=campaign.pk, actor=cast.actor("cs"), verb="x", subject_kind="campaign",
            subject_id=campaign.pk, subject_label="618", now=NOW,
        )  # fmt: skip
        news = client.get(address, seen, headers={"HX-Request": "true"})
    assert news.status_code == 200
    assert news.content.decode().lstrip().startswith("<div")
    # The head above says its phase anew.
    assert 'hx-swap-oob="true"' in news.content.decode()
