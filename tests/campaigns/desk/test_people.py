"""The people page and a person's page, as each kind of person, with few and with many."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from staff.people.models import Membership, User
from staff.tokens.actions import create_token
from tests.cast import Cast
from tests.factories import CampaignFactory, TaskFactory, UserFactory, hold_role, join

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(client: Client, cast: Cast) -> Client:
    User.objects.update(language="en")
    client.force_login(User.objects.get(pk=cast.manager.pk))
    return client


def person(cast: Cast, who: str = "designer") -> str:
    return reverse("campaigns:person", args=[cast.team.pk, getattr(cast, who).pk])


def verb(cast: Cast, name: str, who: str = "designer") -> str:
    return reverse(f"staff:{name}", args=[cast.team.pk, getattr(cast, who).pk])


def test_everybody_sees_what_colleagues_hold_in_campaigns_that_run(client: Client, cast: Cast) -> None:
    running = CampaignFactory(team=cast.team, name="双11 甲")
    closed = CampaignFactory(team=cast.team, name="618 乙", phase="closed")
    foreign = CampaignFactory(team=cast.other_team, name="别家 丙")
    hold_role(running, "design", cast.designer)
    hold_role(running, "live", cast.designer)
    hold_role(closed, "design", cast.designer)
    hold_role(foreign, "design", cast.designer)
    client.force_login(cast.viewer)
    text = client.get(reverse("campaigns:people")).content.decode()
    assert text.count("双11 甲") == 1
    assert "618 乙" not in text
    assert "别家 丙" not in text
    assert person(cast) not in text


def test_a_manager_ends_a_place_and_gives_it_back_on_the_persons_page(browser: Client, cast: Cast) -> None:
    TaskFactory(campaign=CampaignFactory(team=cast.team), owner=cast.designer)
    assert "1 open task" in browser.get(person(cast)).content.decode()
    assert browser.post(verb(cast, "deactivate_person")).url == person(cast)
    text = browser.get(person(cast)).content.decode()
    assert verb(cast, "reactivate_person") in text
    assert verb(cast, "deactivate_person") not in text
    listed = browser.get(reverse("campaigns:people")).content.decode()
    assert "1 person has left" in listed
    answer = browser.post(verb(cast, "reactivate_person"), headers=HTMX, follow=True)
    assert answer.content.decode().lstrip().startswith('<div id="person"')
    assert verb(cast, "deactivate_person") in answer.content.decode()
    assert "has left" not in browser.get(reverse("campaigns:people")).content.decode()


@pytest.mark.parametrize(("who", "status"), [("designer", 403), ("cs", 403), ("viewer", 403), ("outsider", 404)])
def test_nobody_else_opens_a_person_or_ends_a_place(client: Client, cast: Cast, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(person(cast)).status_code == status
    assert client.post(verb(cast, "deactivate_person")).status_code == status
    assert client.post(verb(cast, "reactivate_person")).status_code == status
    assert Membership.objects.get(user=cast.designer).left_at is None


def test_a_person_of_another_team_is_not_here(browser: Client, cast: Cast) -> None:
    assert browser.get(person(cast, "outsider")).status_code == 404
    for name in ("deactivate_person", "reactivate_person"):
        assert browser.post(verb(cast, name, "outsider")).status_code == 404
    foreign = reverse("campaigns:person", args=[cast.other_team.pk, cast.outsider.pk])
    assert browser.get(foreign).status_code == 404
    assert browser.get(reverse("campaigns:people"), {"team": cast.other_team.pk}, headers=HTMX).status_code == 404


def test_two_managers_edits_of_one_place_meet_with_both_values(browser: Client, cast: Cast) -> None:
    form = {"version": "1", "level": "member", "roles": ["design"], "capacity_hours": "6"}
    address = verb(cast, "change_place")
    assert browser.post(address, form | {"level": "viewer"}).status_code == 302
    answer = browser.post(address, form | {"level": "manager"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Viewer" in text
    assert "Manager" in text
    assert Membership.objects.get(user=cast.designer).level == "viewer"
    assert 'name="version" value="2"' in browser.get(person(cast)).content.decode()


def test_who_gives_up_their_own_place_is_led_to_the_list(browser: Client, cast: Cast) -> None:
    join(second := UserFactory(), cast.team, "manager")
    answer = browser.post(verb(cast, "change_place", "manager"), {"version": 1, "level": "member", "capacity_hours": 6})
    assert answer.url == reverse("campaigns:people")
    assert browser.get(person(cast)).status_code == 403
    browser.force_login(second)
    answer = browser.post(reverse("staff:deactivate_person", args=[cast.team.pk, second.pk]), headers=HTMX)
    assert (answer.status_code, Membership.objects.get(user=second).left_at) == (409, None)


def test_managers_see_names_and_use_of_tokens_and_no_more(browser: Client, cast: Cast) -> None:
    cast.designer.set_password("qinghe-2026")
    cast.designer.save()
    now = timezone.now()
    made = create_token(
        actor=cast.actor("designer"),
        name="小美的报表",
        may_write=False,
        expires_at=now + timedelta(days=1),
        password="qinghe-2026",
        now=now,
    )
    text = browser.get(person(cast)).content.decode()
    assert "小美的报表" in text
    assert made.secret[:10] not in text
    assert reverse("staff:revoke_token", args=[made.token_id]) not in text


@pytest.mark.parametrize("address", ["people", "person"])
def test_many_people_ask_no_more_than_few(browser: Client, cast: Cast, address: str) -> None:
    campaign = CampaignFactory(team=cast.team)

    def queries() -> int:
        where = reverse("campaigns:people") if address == "people" else person(cast)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(where).status_code == 200
        return len(asked)

    hold_role(campaign, "design", cast.designer)
    Membership.objects.filter(user=cast.cs).update(left_at=timezone.now())
    few = queries()
    for number in range(12):
        join(user := UserFactory(), cast.team, "member", "ops", "ads")
        hold_role(CampaignFactory(team=cast.team), "ops", user)
        if number % 3 == 0:
            Membership.objects.filter(user=user).update(left_at=timezone.now())
    assert queries() == few > 5


def test_two_hundred_people_are_one_light_page(browser: Client, cast: Cast) -> None:
    for _ in range(200):
        join(UserFactory(), cast.team, "member", "ops")
    answer: Any = browser.get(reverse("campaigns:people"), headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) < 60_000
