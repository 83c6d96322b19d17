"""Into the archive and back: who, what it refuses meanwhile, where it is not seen, and what is told afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.board.actions import (
    add_comment,
    add_dependency,
    assign_task,
    complete_task,
    create_task,
    edit_task,
    hand_over_role,
    tick_item,
)
from campaigns.board.models import Task
from campaigns.campaign.actions import archive_campaign, create_campaign, restore_campaign, set_role_holder
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.queries import archived_count, campaign_for, campaigns_of, open_routine_of
from campaigns.campaign.rules import CampaignFacts, Kind, Phase, check_archived, check_in_use, check_open
from campaigns.desk.queries.people import person_screen
from campaigns.desk.queries.today import today_screen
from campaigns.metrics.actions import set_daily_figures, set_target, start_import
from campaigns.phases.actions import advance_phase, close_routine, step_back
from campaigns.reminders.actions import dispatch_due, plan_deliveries, retry_delivery
from campaigns.reminders.models import Delivery, Notice
from campaigns.reviews.actions import add_lesson, ask_compile, queue_due_reviews, write_notes
from campaigns.sop.actions import generate_plan
from planner.core.errors import Missing, NotAllowed, Refused
from staff.people.rules import Role
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, ChecklistItemFactory, TaskFactory, hold_role

As = Callable[[str], Client]
H, D = timedelta(hours=1), timedelta(days=1)
FACTS = CampaignFacts(1, 1, "双11", Kind.PROMOTION, (), Phase.PREP, NOW, NOW + D, "Asia/Shanghai", 1, 0)


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
def campaign(cast: Cast) -> Campaign:
    """A campaign of the cast's team."""
    return CampaignFactory(team=cast.team, name="双11 2026")


def archive(cast: Cast, campaign: Campaign, at: datetime = NOW, **values: Any) -> CampaignFacts:
    """The manager archives it."""
    return archive_campaign(actor=cast.actor("manager"), campaign_id=campaign.pk, now=at, **values)


def restore(cast: Cast, campaign: Campaign, at: datetime = NOW) -> CampaignFacts:
    """The manager restores it."""
    return restore_campaign(actor=cast.actor("manager"), campaign_id=campaign.pk, now=at)


# Routes of verbs on a whole campaign that its pages offer while it is in use.
VERBS = (
    "create_task",
    "advance_phase",
    "step_back",
    "set_role_holder",
    "import_orders",
    "set_target",
    "set_visitors",
    "compile_review",
    "write_notes",
    "add_lesson",
    "archive_campaign",
)


# --- rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "in_use", "is_open", "archived"),
    [
        ({}, "", "", "not_archived"),
        ({"phase": Phase.CLOSED}, "", "campaign_closed", "not_archived"),
        ({"archived_at": NOW}, "campaign_archived", "campaign_archived", ""),
        ({"phase": Phase.CLOSED, "archived_at": NOW}, "campaign_archived", "campaign_archived", ""),
    ],
)
def test_what_a_campaign_refuses(values: dict[str, Any], in_use: str, is_open: str, archived: str) -> None:
    facts = CampaignFacts(**{**FACTS.__dict__, **values})
    for check, code in ((check_in_use, in_use), (check_open, is_open), (check_archived, archived)):
        if code:
            with pytest.raises(Refused, match=code):
                check(facts)
        else:
            check(facts)
    assert facts.is_frozen is bool(is_open)


# --- verbs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["prep", "execution", "wrap_up", "review", "closed"])
def test_it_goes_in_from_any_phase_and_comes_back_as_it_was(cast: Cast, campaign: Campaign, phase: str) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(phase=phase)
    task = TaskFactory(campaign=campaign, owner=cast.designer)
    before = Campaign.objects.filter(pk=campaign.pk).values().get()
    assert archive(cast, campaign, reason=" 重复建了 ").archived_at == NOW
    assert restore(cast, campaign, NOW + D).archived_at is None
    after = Campaign.objects.filter(pk=campaign.pk).values().get()
    raised = {"version": before["version"] + 2, "board_version": before["board_version"] + 2}
    assert after == {**before, **raised}
    assert Task.objects.get(pk=task.pk).version == task.version
    events = CampaignEvent.objects.order_by("pk")
    assert [(event.verb, event.reason, event.actor) for event in events] == [
        ("archive_campaign", "重复建了", cast.manager),
        ("restore_campaign", "", cast.manager),
    ]


@pytest.mark.parametrize(("who", "refusal"), [("designer", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)])
def test_only_managers_of_the_team_archive_and_restore(
    cast: Cast, campaign: Campaign, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        archive_campaign(actor=cast.actor(who), campaign_id=campaign.pk, now=NOW)
    archive(cast, campaign)
    with pytest.raises(refusal):
        restore_campaign(actor=cast.actor(who), campaign_id=campaign.pk, now=NOW)
    assert archived_count(cast.actor("manager")) == 1


def test_twice_is_once(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(Refused, match="not_archived"):
        restore(cast, campaign)
    archive(cast, campaign)
    with pytest.raises(Refused, match="campaign_archived"):
        archive(cast, campaign)
    assert CampaignEvent.objects.count() == 1


def test_a_reason_without_end_is_refused(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(Refused, match="invalid"):
        archive(cast, campaign, reason="长" * 1001)
    assert not CampaignEvent.objects.exists()


def test_its_name_stays_taken(cast: Cast, campaign: Campaign) -> None:
    archive(cast, campaign)
    with pytest.raises(Refused, match="name_taken"):
        create_campaign(
            actor=cast.actor("manager"),
            team_id=cast.team.pk,
            name=campaign.name,
            platforms=("tmall",),
            starts_at=NOW,
            ends_at=NOW + D,
            now=NOW,
        )


def test_while_archived_it_refuses_every_change(cast: Cast, campaign: Campaign) -> None:
    first, second = TaskFactory.create_batch(2, campaign=campaign)
    item = ChecklistItemFactory(task=first)
    routine = CampaignFactory(team=cast.team, kind="routine")
    dead = Delivery.objects.create(
        campaign=campaign, task=first, recipient=cast.cs, kind="overdue", channel="email", subject="task:1",
        occurrence="1", due_at=NOW, next_try_at=NOW, created_at=NOW, state="dead",
    )  # fmt: skip
    archive(cast, campaign)
    archive(cast, routine)
    usual: dict[str, Any] = {"actor": cast.actor("manager"), "now": NOW}
    whole: dict[str, Any] = {**usual, "campaign_id": campaign.pk}
    task: dict[str, Any] = {**usual, "task_id": first.pk}
    day = NOW.date()
    verbs: list[Callable[[], Any]] = [
        lambda: create_task(title="新", role=Role.OPS, **whole),
        lambda: edit_task(changes={"title": "改"}, **task),
        lambda: assign_task(owner_id=cast.cs.pk, **task),
        lambda: complete_task(**task),
        lambda: add_comment(body="@小美 看一下", **task),
        lambda: add_dependency(predecessor_id=second.pk, **task),
        lambda: tick_item(item_id=item.pk, **usual),
        lambda: set_role_holder(role=Role.CS, user_id=cast.cs.pk, **whole),
        lambda: hand_over_role(role=Role.CS, user_id=cast.cs.pk, **whole),
        lambda: generate_plan(version_id=1, **whole),
        lambda: advance_phase(to=Phase.EXECUTION, override_reason="必须", **whole),
        lambda: step_back(to=Phase.PREP, reason="退回", **whole),
        lambda: close_routine(campaign_id=routine.pk, **usual),
        lambda: start_import(file_name="a.csv", data=b"", **whole),
        lambda: set_daily_figures(visitors={day: 1}, **whole),
        lambda: set_target(visitors=1, version=0, **whole),
        lambda: ask_compile(**whole),
        lambda: write_notes(notes="记", version=0, **whole),
        lambda: add_lesson(kind="keep", text="好", owner_id=cast.cs.pk, due_on=day, **whole),
        lambda: retry_delivery(delivery_id=dead.pk, **whole),
    ]
    before = CampaignEvent.objects.count()
    for number, verb in enumerate(verbs):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.code == "campaign_archived", number
    assert CampaignEvent.objects.count() == before


# --- where it is not seen ---------------------------------------------------------------------


def on_today(cast: Cast) -> bool:
    """Whether anything waits on the designer's or the manager's first page."""
    screens = [today_screen(cast.actor(who), now=NOW) for who in ("designer", "manager")]
    return any(each.lines for today in screens for each in (*today.sections, *today.lanes, today.unassigned))


def test_it_leaves_the_lists_and_stays_readable(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, owner=cast.designer, due_at=NOW - H)
    other = CampaignFactory(team=cast.team)
    assert on_today(cast)
    archive(cast, campaign)
    assert [row.id for row in campaigns_of(cast.actor("viewer"))] == [other.pk]
    assert [row.id for row in campaigns_of(cast.actor("viewer"), archived=True)] == [campaign.pk]
    assert campaigns_of(cast.actor("outsider"), archived=True) == []
    assert not on_today(cast)
    assert campaign_for(cast.actor("viewer"), campaign.pk).is_archived
    restore(cast, campaign)
    assert on_today(cast)


def test_it_is_nobodys_work_on_the_peoples_pages(cast: Cast, campaign: Campaign) -> None:
    hold_role(campaign, "design", cast.designer)
    TaskFactory(campaign=campaign, owner=cast.designer)

    def held() -> tuple[int, int]:
        shown = person_screen(cast.actor("manager"), cast.team.pk, cast.designer.pk, NOW)
        return len(shown.campaigns), shown.open_tasks

    assert held() == (1, 1)
    archive(cast, campaign)
    assert held() == (0, 0)


def test_archived_routine_work_takes_no_improvements(cast: Cast) -> None:
    routine = CampaignFactory(team=cast.team, kind="routine")
    assert open_routine_of(cast.team.pk) == routine.pk
    archive(cast, routine)
    assert open_routine_of(cast.team.pk) is None


def test_no_review_is_compiled_in_the_archive(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(phase="review")
    archive(cast, campaign)
    assert queue_due_reviews(now=NOW) == 0
    restore(cast, campaign)
    assert queue_due_reviews(now=NOW) == 1


# --- what is told -----------------------------------------------------------------------------


def owned(cast: Cast, campaign: Campaign, due_at: datetime, **values: Any) -> Task:
    """A task that the designer has had for a month."""
    before = NOW - 30 * D
    return TaskFactory(
        campaign=campaign, owner=cast.designer, due_at=due_at, created_at=before, assigned_at=before, **values
    )


def states() -> dict[tuple[str, str], set[str]]:
    """(kind, channel) → the states of its lines."""
    found: dict[tuple[str, str], set[str]] = {}
    for kind, channel, state, reason in Delivery.objects.values_list("kind", "channel", "state", "reason"):
        found.setdefault((kind, channel), set()).add(f"{state} {reason}".strip())
    return found


def test_what_was_planned_is_kept_silent_with_its_reason_and_nothing_new_is_planned(
    cast: Cast, campaign: Campaign
) -> None:
    task = owned(cast, campaign, NOW + 23 * H)
    assert plan_deliveries(now=NOW) == 2
    archive(cast, campaign)
    assert dispatch_due(now=NOW) == {"suppressed": 2}
    assert states() == {
        ("due_24h", "in_app"): {"suppressed campaign_archived"},
        ("due_24h", "email"): {"suppressed campaign_archived"},
    }
    # Long past its deadline, with nobody owning another, and with a mention in a comment: silence.
    TaskFactory(campaign=campaign, owner=None, due_at=NOW + D, created_at=NOW - 30 * D)
    task.comments.create(author=cast.manager, body="@小美", at=NOW).mentions.create(user=cast.designer)
    for days in range(1, 14):
        assert plan_deliveries(now=NOW + days * D) == 0
        assert dispatch_due(now=NOW + days * D) == {}
    assert not Notice.objects.exists()


def test_restored_before_its_moment_has_passed_it_tells_as_if_nothing_had_been(cast: Cast, campaign: Campaign) -> None:
    owned(cast, campaign, NOW + 23 * H)
    plan_deliveries(now=NOW)
    archive(cast, campaign)
    dispatch_due(now=NOW)
    restore(cast, campaign, NOW + H)
    plan_deliveries(now=NOW + H)
    assert dispatch_due(now=NOW + H) == {"sent": 2}
    assert plan_deliveries(now=NOW + H) == 0
    assert Delivery.objects.count() == 2


def test_restored_after_ten_days_each_task_is_told_once_and_not_five_times(cast: Cast, campaign: Campaign) -> None:
    tasks = [owned(cast, campaign, NOW + hours * H) for hours in range(2, 26)]
    archive(cast, campaign, NOW - D)
    back = NOW + 10 * D
    restore(cast, campaign, back)
    plan_deliveries(now=back)
    dispatch_due(now=back)
    told = Delivery.objects.filter(state="sent", recipient=cast.designer, channel="in_app")
    # The last word about each deadline; everything before it gave way, each line with its reason.
    assert set(told.values_list("kind", flat=True)) == {"overdue_24h"}
    assert told.count() == len(tasks)
    kept = Delivery.objects.filter(recipient=cast.designer, channel="in_app", state="suppressed")
    assert set(kept.values_list("kind", "reason")) == {
        ("due_24h", "too_late"),
        ("due_2h", "too_late"),
        ("overdue", "too_late"),
    }
    assert kept.count() == 3 * len(tasks)
    # And a second sweep has nothing to add.
    plan_deliveries(now=back)
    assert dispatch_due(now=back) == {}


def test_what_lies_further_back_than_a_sweep_looks_is_not_told(cast: Cast, campaign: Campaign) -> None:
    owned(cast, campaign, NOW + 2 * H)
    archive(cast, campaign, NOW - D)
    back = NOW + 40 * D
    restore(cast, campaign, back)
    assert plan_deliveries(now=back) == 0


def test_it_is_told_as_after_an_outage_of_the_same_length(cast: Cast, campaign: Campaign) -> None:
    """Two campaigns alike: one lay in the archive, for the other the machine was switched off."""
    other = CampaignFactory(team=cast.team)
    archived, quiet = owned(cast, campaign, NOW + 2 * H), owned(cast, other, NOW + 2 * H)
    archive(cast, campaign, NOW - D)
    back = NOW + 3 * D
    restore(cast, campaign, back)
    plan_deliveries(now=back)
    dispatch_due(now=back)

    def ledger(task: Task) -> list[tuple[Any, ...]]:
        rows = Delivery.objects.filter(task=task).order_by("kind", "channel", "recipient_id")
        return list(rows.values_list("kind", "channel", "recipient_id", "state", "reason", "due_at"))

    assert ledger(archived) == ledger(quiet) != []


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status", "archived"),
    [("manager", 302, True), ("designer", 403, False), ("viewer", 403, False), ("outsider", 404, False)],
)
def test_the_buttons_as_each_of_the_cast(browse: As, campaign: Campaign, who: str, status: int, archived: bool) -> None:
    client, overview = browse(who), reverse("campaigns:overview", args=[campaign.pk])
    offered = reverse("campaigns:archive_campaign", args=[campaign.pk])
    assert (offered in client.get(overview).content.decode()) is archived
    answer = client.post(offered, {"reason": "重复"})
    assert answer.status_code == status
    assert (Campaign.objects.get().archived_at is not None) is archived
    Campaign.objects.update(archived_at=NOW)
    back = reverse("campaigns:restore_campaign", args=[campaign.pk])
    assert (back in client.get(overview).content.decode()) is archived
    assert client.post(back, {}, headers={"HX-Request": "true"}).status_code == (200 if archived else status)
    assert (Campaign.objects.get().archived_at is None) is archived


def test_strangers_sign_in_first(campaign: Campaign) -> None:
    for name in ("archive_campaign", "restore_campaign"):
        assert Client().post(reverse(f"campaigns:{name}", args=[campaign.pk])).status_code == 302
    assert Campaign.objects.get().archived_at is None


def test_the_list_shows_it_only_in_the_archive(browse: As, cast: Cast, campaign: Campaign) -> None:
    CampaignFactory(team=cast.team, name="618 在办")
    client, address = browse("viewer"), reverse("campaigns:campaigns")
    assert "state=archived" not in client.get(address).content.decode()
    archive(cast, campaign)
    page = client.get(address).content.decode()
    assert "618 在办" in page
    assert campaign.name not in page
    assert "state=archived" in page
    kept = client.get(f"{address}?state=archived").content.decode()
    assert campaign.name in kept
    assert "618 在办" not in kept
    assert "The archive is empty." in browse("outsider").get(f"{address}?state=archived").content.decode()


def test_every_page_of_an_archived_campaign_says_so_and_offers_no_change(
    browse: As, cast: Cast, campaign: Campaign
) -> None:
    task = TaskFactory(campaign=campaign, owner=cast.manager)
    archive(cast, campaign)
    client = browse("manager")
    for name in ("overview", "board", "tasks", "numbers", "review", "ledger", "log"):
        page = client.get(reverse(f"campaigns:{name}", args=[campaign.pk])).content.decode()
        assert "Archived since" in page, name
        for verb in VERBS:
            assert f'"{reverse(f"campaigns:{verb}", args=[campaign.pk])}"' not in page, (name, verb)
    page = client.get(reverse("campaigns:task", args=[task.pk])).content.decode()
    assert "Archived since" in page
    assert "Mark done" not in page


def test_the_archive_asks_the_database_as_often_for_many_campaigns_as_for_one(browse: As, cast: Cast) -> None:
    def queries() -> int:
        client = browse("manager")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"{reverse('campaigns:campaigns')}?state=archived")
        return len(seen)

    CampaignFactory(team=cast.team, archived_at=NOW)
    once = queries()
    CampaignFactory.create_batch(5, team=cast.team, archived_at=NOW)
    assert queries() == once
