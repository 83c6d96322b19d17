"""Managers at the same moment: one stays, nothing deadlocks, and the account follows the last place."""

import pytest

from staff.people.actions import change_place, deactivate_person
from staff.people.models import IN_TEAM, Membership, User
from staff.people.queries import actor_for
from staff.people.rules import Level
from tests.campaigns.board.test_concurrency import at_once
from tests.cast import Cast, make_cast
from tests.factories import NOW, UserFactory, join

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crew(transactional_db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize("verb", ["leave", "lower"])
def test_two_managers_who_end_each_other_leave_one(crew: Cast, verb: str) -> None:
    second = UserFactory()
    join(second, crew.team, "manager")
    actors = {crew.manager.pk: crew.actor("manager"), second.pk: actor_for(second)}

    def end(by: int, whom: int) -> None:
        if verb == "leave":
            deactivate_person(actor=actors[by], team_id=crew.team.pk, user_id=whom, now=NOW)
        else:
            change_place(actor=actors[by], team_id=crew.team.pk, user_id=whom, version=1, level=Level.MEMBER, now=NOW)

    answers = at_once(
        lambda: end(crew.manager.pk, second.pk),
        lambda: end(second.pk, crew.manager.pk),
    )
    assert sorted(answers) == ["not_allowed", "ok"]
    assert Membership.objects.filter(IN_TEAM, team=crew.team, level="manager").count() == 1


def test_two_managers_who_both_leave_leave_one(crew: Cast) -> None:
    second = UserFactory()
    join(second, crew.team, "manager")
    people = [(crew.actor("manager"), crew.manager.pk), (actor_for(second), second.pk)]
    answers = at_once(
        *(
            lambda actor=actor, pk=pk: deactivate_person(  # type: ignore[misc]
                actor=actor, team_id=crew.team.pk, user_id=pk, now=NOW
            )
            for actor, pk in people
        )
    )
    assert sorted(answers) == ["last_manager", "ok"]
    assert Membership.objects.filter(IN_TEAM, team=crew.team, level="manager").count() == 1


def test_two_teams_that_end_their_places_at_once_shut_the_account(crew: Cast) -> None:
    join(crew.designer, crew.other_team, "member")
    answers = at_once(
        lambda: deactivate_person(actor=crew.actor("manager"), team_id=crew.team.pk, user_id=crew.designer.pk, now=NOW),
        lambda: deactivate_person(
            actor=crew.actor("outsider"), team_id=crew.other_team.pk, user_id=crew.designer.pk, now=NOW
        ),
    )
    assert answers == ["ok", "ok"]
    person = User.objects.get(pk=crew.designer.pk)
    assert (person.is_active, person.epoch) == (False, 2)
