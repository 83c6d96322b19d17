"""The person of a session comes with their seats in one statement, and the seats do not outlive their moment."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planner.core.errors import Missing
from staff.people.models import Membership, MembershipRole, User
from staff.people.queries import actor_for, person_with_seats
from staff.people.queries.people import actor_by_id
from tests.factories import CampaignFactory, TaskFactory, TeamFactory, UserFactory, join

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("teams", [1, 4])
def test_one_statement_gives_what_two_gave(teams: int, django_assert_num_queries: Any) -> None:
    user = UserFactory()
    for index in range(teams):
        join(user, TeamFactory(), "manager" if index else "viewer", "ops", "design")
    join(user, TeamFactory(), "member")
    slow = actor_by_id(user.pk)
    with django_assert_num_queries(1):
        found = person_with_seats(user.pk)
        assert found is not None
        fast = actor_for(found)
    assert fast == slow
    assert len(fast.seats) == teams + 1
    stored = User.objects.get(pk=user.pk)
    names = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(stored, name) for name in names]


def test_a_place_that_has_ended_is_no_seat() -> None:
    user, here, there = UserFactory(), TeamFactory(), TeamFactory()
    join(user, here, "member", "ops")
    join(user, there, "manager", "ops")
    Membership.objects.filter(team=there).update(left_at=timezone.now())
    found = person_with_seats(user.pk)
    assert found is not None
    assert [seat.team_id for seat in actor_for(found).seats] == [here.pk]


def test_who_asks_again_looks_again() -> None:
    user, team = UserFactory(), TeamFactory()
    place = join(user, team, "member", "ops")
    found = person_with_seats(user.pk)
    assert found is not None
    actor_for(found)
    MembershipRole.objects.create(membership=place, role="design")
    assert {str(role) for role in actor_for(found).seats[0].roles} == {"ops", "design"}


def test_seats_that_waited_for_a_slow_body_are_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    user, team = UserFactory(), TeamFactory()
    join(user, team, "manager", "ops")
    found = person_with_seats(user.pk)
    assert found is not None
    Membership.objects.update(left_at=timezone.now())
    monkeypatch.setattr("staff.people.queries.seats.monotonic", lambda: float("inf"))
    assert actor_for(found).seats == ()


def test_nobody_and_the_deactivated_have_no_session(client: Client) -> None:
    assert person_with_seats(10**9) is None
    user = UserFactory()
    join(user, TeamFactory(), "member", "ops")
    client.force_login(user)
    assert client.get(reverse("campaigns:today")).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(reverse("campaigns:today")).status_code == 302
    with pytest.raises(Missing):
        actor_for(User.objects.get(pk=user.pk))


def test_a_session_that_is_over_opens_nothing(client: Client) -> None:
    user = UserFactory()
    join(user, TeamFactory(), "member", "ops")
    client.force_login(user)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert client.get(reverse("campaigns:today")).status_code == 302


@pytest.mark.parametrize("size", [2, 4])
def test_an_unchanged_board_costs_three_statements(client: Client, size: int, django_assert_num_queries: Any) -> None:
    user, campaign = UserFactory(), CampaignFactory()
    for _ in range(size):
        join(user if _ == 0 else UserFactory(), campaign.team, "manager", "ops")
        TaskFactory(campaign=campaign)
    client.force_login(user)
    board = reverse("campaigns:board", args=[campaign.pk])
    with django_assert_num_queries(3):
        response = client.get(f"{board}?version={campaign.board_version}", headers={"HX-Request": "true"})
    assert response.status_code == 204
