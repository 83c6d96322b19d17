"""Places end and come back: at once, in one team only, and never with the last manager."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client

from campaigns.board.actions import assign_task, hand_over_role
from campaigns.board.models import Task
from campaigns.campaign.actions import set_role_holder
from campaigns.campaign.queries import role_holders
from campaigns.desk.queries.overview import overview_screen
from campaigns.desk.queries.today import today_screen
from campaigns.desk.rules.overview import Risk
from campaigns.reminders.queries.planning import leads_of
from planner.core.errors import Missing, NotAllowed, Refused
from staff.people.actions import change_place, deactivate_person, reactivate_person
from staff.people.models import Membership, TeamEvent, User
from staff.people.queries import actor_by_id, actor_for, names_of_team, people_of, worker_ids
from staff.people.rules import SYSTEM, Level, Role, check_keeps_manager
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory, UserFactory, hold_role, join


def leave(cast: Cast, who: str = "designer", by: str = "manager") -> None:
    deactivate_person(actor=cast.actor(by), team_id=cast.team.pk, user_id=getattr(cast, who).pk, now=NOW)


def come_back(cast: Cast, who: str = "designer") -> None:
    reactivate_person(actor=cast.actor("manager"), team_id=cast.team.pk, user_id=getattr(cast, who).pk, now=NOW)


def place(cast: Cast, who: str = "designer") -> Membership:
    return Membership.objects.get(team=cast.team, user=getattr(cast, who))


def change(cast: Cast, who: str = "designer", by: str = "manager", version: int = 1, **changes: Any) -> None:
    change_place(
        actor=cast.actor(by),
        team_id=cast.team.pk,
        user_id=getattr(cast, who).pk,
        version=version,
        now=NOW,
        **changes,
    )


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("managers", "user", "holds"), [({1}, 1, False), ({1, 2}, 1, True), ({2}, 1, True), (set(), 1, True)]
)
def test_the_last_manager_stays(managers: set[int], user: int, holds: bool) -> None:
    if holds:
        check_keeps_manager(managers, user)
    else:
        with pytest.raises(Refused, match="last_manager"):
            check_keeps_manager(managers, user)


def test_with_the_last_place_the_account_is_shut_and_with_it_comes_back(cast: Cast) -> None:
    leave(cast)
    assert (fresh(cast.designer).is_active, fresh(cast.designer).epoch) == (False, 2)
    assert (place(cast).left_at, place(cast).version) == (NOW, 2)
    with pytest.raises(Missing):
        actor_for(fresh(cast.designer))
    assert actor_by_id(cast.designer.pk) is None
    come_back(cast)
    assert (fresh(cast.designer).is_active, fresh(cast.designer).epoch) == (True, 2)
    back = actor_for(fresh(cast.designer)).seat(cast.team.pk)
    assert (back.level, back.roles) == (Level.MEMBER, {Role.DESIGN})
    assert list(TeamEvent.objects.order_by("id").values_list("verb", flat=True)) == [
        "deactivate_person",
        "reactivate_person",
    ]


def test_twice_is_once(cast: Cast) -> None:
    come_back(cast)
    leave(cast)
    leave(cast)
    assert TeamEvent.objects.count() == 1
    assert (fresh(cast.designer).epoch, place(cast).version) == (2, 2)


def test_a_manager_ends_a_place_in_their_own_team_only(cast: Cast) -> None:
    join(cast.designer, cast.other_team, "manager", "ads")
    leave(cast)
    person = fresh(cast.designer)
    assert (person.is_active, person.epoch) == (True, 1)
    assert [(seat.team_id, seat.level) for seat in actor_for(person).seats] == [(cast.other_team.pk, Level.MANAGER)]
    deactivate_person(actor=cast.actor("outsider"), team_id=cast.other_team.pk, user_id=person.pk, now=NOW)
    assert not fresh(cast.designer).is_active
    come_back(cast)
    assert [seat.team_id for seat in actor_for(fresh(cast.designer)).seats] == [cast.team.pk]


@pytest.mark.parametrize(
    ("who", "refusal"), [("designer", NotAllowed), ("cs", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)]
)
def test_nobody_else_ends_or_gives_back_places(cast: Cast, who: str, refusal: type[Exception]) -> None:
    for verb in (deactivate_person, reactivate_person):
        for target in (cast.cs, cast.manager, getattr(cast, who)):
            with pytest.raises(refusal):
                verb(actor=cast.actor(who), team_id=cast.team.pk, user_id=target.pk, now=NOW)
    assert not Membership.objects.exclude(left_at=None).exists()


def test_who_has_no_place_here_is_not_there(cast: Cast) -> None:
    for verb in (deactivate_person, reactivate_person):
        with pytest.raises(Missing):
            verb(actor=cast.actor("manager"), team_id=cast.team.pk, user_id=cast.outsider.pk, now=NOW)
        with pytest.raises(Missing):
            verb(actor=SYSTEM, team_id=10**9, user_id=cast.cs.pk, now=NOW)


def test_the_last_active_manager_neither_leaves_nor_is_lowered(cast: Cast) -> None:
    second = UserFactory()
    join(second, cast.team, "manager")
    deactivate_person(actor=cast.actor("manager"), team_id=cast.team.pk, user_id=second.pk, now=NOW)
    with pytest.raises(Refused, match="last_manager"):
        leave(cast, "manager")
    with pytest.raises(Refused, match="last_manager"):
        change(cast, "manager", level=Level.VIEWER)
    reactivate_person(actor=cast.actor("manager"), team_id=cast.team.pk, user_id=second.pk, now=NOW)
    leave(cast, "manager")
    assert fresh(cast.manager).is_active is False


def test_a_manager_lowered_meanwhile_manages_no_more(cast: Cast) -> None:
    second = UserFactory()
    join(second, cast.team, "manager")
    before = actor_for(second)
    change_place(
        actor=cast.actor("manager"), team_id=cast.team.pk, user_id=second.pk, version=1, level=Level.MEMBER, now=NOW
    )
    with pytest.raises(NotAllowed):
        deactivate_person(actor=before, team_id=cast.team.pk, user_id=cast.cs.pk, now=NOW)


def test_an_ended_place_is_nowhere_but_in_names(cast: Cast) -> None:
    leave(cast)
    manager = cast.actor("manager")
    assert cast.designer.pk not in {person.user_id for person in people_of(manager, cast.team.pk)}
    assert cast.designer.pk not in worker_ids(cast.team.pk)
    assert names_of_team(cast.team.pk)[cast.designer.pk] == "小美"
    campaign = CampaignFactory(team=cast.team)
    task = TaskFactory(campaign=campaign)
    with pytest.raises(Refused):
        assign_task(actor=manager, task_id=task.pk, owner_id=cast.designer.pk, now=NOW)
    with pytest.raises(Refused):
        set_role_holder(actor=manager, campaign_id=campaign.pk, role=Role.DESIGN, user_id=cast.designer.pk, now=NOW)


def test_who_left_but_works_elsewhere_is_nowhere_here_either(cast: Cast) -> None:
    join(cast.designer, cast.other_team, "member")
    hold_role(campaign := CampaignFactory(team=cast.team), "lead", cast.designer)
    assert [person.user_id for person in leads_of([campaign.pk])[campaign.pk]] == [cast.designer.pk]
    leave(cast)
    assert role_holders(campaign.pk) == {}
    assert [person.user_id for person in leads_of([campaign.pk])[campaign.pk]] == [cast.manager.pk]
    assert cast.designer.pk not in worker_ids(cast.team.pk)
    assert cast.designer.pk in worker_ids(cast.other_team.pk)


def test_open_work_of_who_left_keeps_the_name_and_waits_for_an_owner(cast: Cast) -> None:
    campaign = CampaignFactory(team=cast.team)
    task = TaskFactory(campaign=campaign, role="design", owner=cast.designer)
    other = TaskFactory(campaign=campaign, role="ops", owner=cast.designer)
    TaskFactory(campaign=campaign, role="cs", owner=cast.cs)
    manager = cast.actor("manager")
    assert overview_screen(manager, campaign.pk, now=NOW).risks == ()
    leave(cast)
    screen = overview_screen(manager, campaign.pk, now=NOW)
    assert [(line.task_id, line.owner_name, line.owner_left, line.risks) for line in screen.risks] == [
        (task.pk, "小美", True, (Risk.UNASSIGNED,)),
        (other.pk, "小美", True, (Risk.UNASSIGNED,)),
    ]
    today = today_screen(manager, now=NOW)
    assert [line.id for line in today.unassigned.lines] == [other.pk]
    assert hand_over_role(actor=manager, campaign_id=campaign.pk, role=Role.DESIGN, user_id=cast.cs.pk, now=NOW) == 1
    assert Task.objects.get(pk=task.pk).owner == cast.cs
    come_back(cast)
    assert overview_screen(manager, campaign.pk, now=NOW).risks == ()


def test_a_session_feels_the_end_and_the_cut_with_the_next_request(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.cs)
    address = f"/people/{cast.team.pk}/add/"
    change(cast, "cs", level=Level.MANAGER)
    assert browser.post(address, {}).status_code == 409
    change(cast, "cs", version=2, level=Level.VIEWER)
    place_address = f"/people/{cast.team.pk}/{cast.designer.pk}/place/"
    form = {"level": "manager", "capacity_hours": "6", "version": "1"}
    assert browser.post(place_address, form).status_code == 403
    leave(cast, "cs")
    assert browser.get("/").status_code == 302
    assert not get_user(browser).is_authenticated
    come_back(cast, "cs")
    assert browser.get("/").status_code == 302


def test_the_session_of_who_works_elsewhere_stays_without_the_team(cast: Cast) -> None:
    join(cast.designer, cast.other_team, "member")
    campaign = CampaignFactory(team=cast.team)
    browser = Client()
    browser.force_login(cast.designer)
    assert browser.get(f"/campaigns/{campaign.pk}/").status_code == 200
    leave(cast)
    assert browser.get(f"/campaigns/{campaign.pk}/").status_code == 404
    assert browser.get("/").status_code == 200


def test_edits_of_different_fields_both_hold_and_of_the_same_field_only_one(cast: Cast) -> None:
    change(cast, capacity_hours=Decimal(4))
    change(cast, level=Level.VIEWER)
    assert (place(cast).level, place(cast).capacity_hours, place(cast).version) == ("viewer", 4, 3)
    with pytest.raises(Refused) as stale:
        change(cast, level=Level.MANAGER, capacity_hours=Decimal(8))
    assert stale.value.code == "stale"
    assert stale.value.current == {"level": "viewer", "capacity_hours": Decimal(4)}
    assert stale.value.yours == {"level": "manager", "capacity_hours": Decimal(8)}
    change(cast, roles=[Role.CS])
    change(cast, level=Level.VIEWER)
    assert place(cast).version == 4


def test_a_change_that_changes_nothing_is_no_event(cast: Cast) -> None:
    change(cast, level=Level.MEMBER, roles=[Role.DESIGN], capacity_hours=Decimal("6.0"))
    assert (TeamEvent.objects.count(), place(cast).version) == (0, 1)


def test_who_left_is_not_changed(cast: Cast) -> None:
    leave(cast)
    with pytest.raises(Refused, match="left"):
        change(cast, level=Level.MANAGER, version=2)
